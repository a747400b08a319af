#include "openssl_ca.hpp"

#include "../../support/shell.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace quietus::testing_support {
namespace {

constexpr auto ca_configuration = R"([ca]
default_ca = here
[here]
database = index.txt
crlnumber = crlnumber
default_md = sha384
default_crl_days = 3000
)";

std::string ca_extensions(const std::string& pathlen) {
    return "basicConstraints=critical,CA:TRUE,pathlen:" + pathlen +
           "\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n"
           "authorityKeyIdentifier=keyid\n";
}

} // namespace

OpensslCa::OpensslCa(const std::string& root_pathlen, const std::string& issuing_more) {
    std::string pattern = testing::TempDir() + "quietus-ca-XXXXXX";
    directory_ = mkdtemp(pattern.data());
    write("root.ext", "[x]\n" + ca_extensions(root_pathlen));
    write("issuing.ext", ca_extensions("0") + issuing_more);
    const std::string p384 = "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out ";
    run(p384 + "root.key && " + p384 + "issuing.key");
    run("openssl req -new -key root.key -subj '/O=dept/CN=root' -out root.csr && "
        "openssl x509 -req -in root.csr -signkey root.key -sha384 -days 3650 -extfile root.ext "
        "-extensions x -out root.pem");
    run("openssl req -new -key issuing.key -subj '/O=dept/CN=issuing' -out issuing.csr && "
        "openssl x509 -req -in issuing.csr -CA root.pem -CAkey root.key -sha384 -days 3650 "
        "-extfile issuing.ext -out issuing.pem");
}

OpensslCa::~OpensslCa() {
    std::filesystem::remove_all(directory_);
}

Party OpensslCa::issue(const std::string& name, const LeafWish& wish) const {
    write("leaf.ext",
          "basicConstraints=critical,CA:FALSE\nkeyUsage=" + wish.usage +
              (wish.extended.empty() ? "" : "\nextendedKeyUsage=" + wish.extended) +
              (wish.key_period.empty() ? "" : "\nprivateKeyUsagePeriod=" + wish.key_period) +
              "\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n" + wish.more);
    const std::string subject = wish.subject.empty() ? "/O=dept/CN=" + name : wish.subject;
    run("openssl genpkey " + wish.key + " -out leaf.key");
    run("openssl req -new -utf8 -key leaf.key -subj '" + subject + "' -out leaf.csr && " +
        "openssl x509 -req -in leaf.csr -CA issuing.pem -CAkey issuing.key -" + wish.digest +
        " -days 3600 -extfile leaf.ext -out leaf.pem");
    return {read("leaf.key"), read("leaf.pem") + read("issuing.pem")};
}

Party OpensslCa::issue_one_deeper() const {
    write("deep.ext", ca_extensions("0"));
    run("openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-384 -nodes -keyout deep.key "
        "-subj /O=dept/CN=deep -out deep.csr && openssl x509 -req -in deep.csr -CA issuing.pem "
        "-CAkey issuing.key -sha384 -days 3600 -extfile deep.ext -out deep.pem");
    run("openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out leaf.key && "
        "openssl req -new -key leaf.key -subj /O=dept/CN=DEEP01 -out leaf.csr && openssl x509 "
        "-req -in leaf.csr -CA deep.pem -CAkey deep.key -sha384 -days 3600 -extfile leaf.ext "
        "-out leaf.pem");
    return {read("leaf.key"), read("leaf.pem") + read("deep.pem") + read("issuing.pem")};
}

std::string OpensslCa::crls(const Party* revoked, const std::string& reason) const {
    write("ca.cnf", ca_configuration);
    write("index.txt", "");
    write("crlnumber", "01\n");
    const auto ca = [](const std::string& who) {
        return "openssl ca -config ca.cnf -batch -cert " + who + ".pem -keyfile " + who + ".key ";
    };
    run(ca("root") + "-gencrl -out root.crl");
    if (revoked != nullptr) {
        write("revoked.pem", revoked->chain);
        run(ca("issuing") + "-revoke revoked.pem" +
            (reason.empty() ? "" : " -crl_reason " + reason));
    }
    run(ca("issuing") + "-gencrl -out issuing.crl");
    return read("root.crl") + read("issuing.crl");
}

std::string OpensslCa::read(const std::string& name) const {
    std::ifstream file(directory_ + "/" + name);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string OpensslCa::run(const std::string& command) const {
    const auto outcome = shell("cd " + directory_ + " && " + command);
    if (outcome.status != 0) throw std::runtime_error(command + ": " + outcome.output);
    return outcome.output;
}

void OpensslCa::write(const std::string& name, std::string_view content) const {
    std::ofstream(directory_ + "/" + name, std::ios::trunc) << content;
}

} // namespace quietus::testing_support
