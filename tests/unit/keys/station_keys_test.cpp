#include "quietus/keys/station_keys.hpp"

#include "quietus/core/file.hpp"
#include "quietus/crypto/cms.hpp"

#include "../../support/shell.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>

namespace quietus {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing_support::has_openssl;
using testing_support::shell;
namespace fs = std::filesystem;

/// OpenSSL 3.0 prints "CN = name", later ones "CN=name".
const std::string unspaced = " | sed 's/ = /=/g'";

unsigned mode_of(const std::string& path) {
    struct stat facts {};
    EXPECT_EQ(lstat(path.c_str(), &facts), 0) << path;
    return facts.st_mode & 07777U;
}

std::set<std::string> names_in(const std::string& directory) {
    std::set<std::string> names;
    for (const auto& each : fs::directory_iterator(directory))
        names.insert(each.path().filename());
    return names;
}

// One set of keys for the suite; each test works on its own copy.
class StationKeys : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        std::string pattern = testing::TempDir() + "quietus-keys-XXXXXX";
        suite = mkdtemp(pattern.data());
        SystemClock clock;
        made = init_station_keys({suite + "/keys", "BENCH01", suite + "/ca"}, clock);
        ASSERT_TRUE(made) << made.error().message;
    }
    static void TearDownTestSuite() { fs::remove_all(suite); }

    void SetUp() override {
        std::string pattern = testing::TempDir() + "quietus-copy-XXXXXX";
        base = mkdtemp(pattern.data());
        keys = base + "/keys";
        fs::copy(suite + "/keys", keys, fs::copy_options::recursive);
        fs::permissions(keys, fs::perms::owner_all);
    }
    void TearDown() override { fs::remove_all(base); }

    [[nodiscard]] std::string file(const std::string& name) const { return keys + "/" + name; }
    void put(const std::string& name, const std::string& content) const {
        std::ofstream(file(name), std::ios::trunc) << content;
    }
    [[nodiscard]] std::string get(const std::string& name) const {
        return read_regular_file(file(name), 65536).value();
    }
    [[nodiscard]] Error load_error() const {
        auto signer = load_station_signer(keys);
        if (signer) return {Fault::usage, "loaded all the same"};
        return signer.error();
    }

    static inline std::string suite;
    static inline Result<StationInfo> made = Error{Fault::io, "not made"};
    std::string base;
    std::string keys;
};

TEST_F(StationKeys, AreNamedAndDated) {
    EXPECT_EQ(made->station, "BENCH01");
    EXPECT_EQ(made->root, suite + "/keys/root.pem");
    const auto shown = show_station_keys(keys);
    ASSERT_TRUE(shown) << shown.error().message;
    EXPECT_EQ(shown->station, "BENCH01");
    const auto years = std::stoi(shown->expires.substr(0, 4)) -
                       std::stoi(to_rfc3339(SystemClock().utc_seconds()).substr(0, 4));
    EXPECT_TRUE(years == 14 || years == 15) << shown->expires;
}

TEST_F(StationKeys, LetNobodyElseIn) {
    EXPECT_EQ(mode_of(suite + "/keys"), 0700U);
    EXPECT_EQ(mode_of(suite + "/keys/station.key"), 0600U);
    EXPECT_EQ(mode_of(suite + "/keys/log.key"), 0600U);
    EXPECT_EQ(mode_of(suite + "/ca"), 0700U);
    EXPECT_EQ(mode_of(suite + "/ca/root.key"), 0600U);
    EXPECT_EQ(mode_of(suite + "/ca/issuing.key"), 0600U);
}

TEST_F(StationKeys, AreExactlyTheseFiles) {
    EXPECT_EQ(names_in(keys),
              (std::set<std::string>{"station.key", "station.pem", "root.pem", "root.crl",
                                     "log.key", "log.pub", "station.json"}));
    EXPECT_EQ(names_in(suite + "/ca"),
              (std::set<std::string>{"root.key", "root.pem", "issuing.key", "issuing.pem"}));
    EXPECT_EQ(names_in(suite), (std::set<std::string>{"keys", "ca"})) << "nothing left behind";
}

TEST_F(StationKeys, WithoutKeepCaOnlyTwoPrivateKeysExist) {
    SystemClock clock;
    ASSERT_TRUE(init_station_keys({base + "/other/keys/", "LONE", std::nullopt}, clock));
    EXPECT_EQ(names_in(base + "/other"), std::set<std::string>{"keys"});
    EXPECT_EQ(shell("grep -rl 'PRIVATE KEY' " + base + "/other | wc -l").output, "2\n");
}

TEST_F(StationKeys, SignAsTheStation) {
    auto signer = load_station_signer(keys);
    ASSERT_TRUE(signer) << signer.error().message;
    const SignerIdentity& who = (*signer)->identity();
    EXPECT_EQ(who.name, "BENCH01");
    EXPECT_EQ(who.role, Role::station);
    EXPECT_TRUE(who.self_issued);
    EXPECT_EQ(who.usable_until, who.expires);
    auto p7s = (*signer)->sign("{\"a\":1}", DocumentType::certificate);
    ASSERT_TRUE(p7s) << p7s.error().message;
    const auto trust = TrustAnchors::from_pem(get("root.pem"));
    ASSERT_TRUE(trust);
    const auto check =
        check_signature(as_text(*p7s), "{\"a\":1}", DocumentType::certificate, *trust);
    EXPECT_EQ(check.findings, std::vector<CheckFinding>{});
    ASSERT_EQ(check.signers.size(), 1u);
    EXPECT_EQ(check.signers[0].name, "BENCH01");
    EXPECT_EQ(check.signers[0].certificate_sha256, who.certificate_sha256);
    EXPECT_TRUE(check.signers[0].self_issued_root);
}

TEST_F(StationKeys, AreNeverReplaced) {
    SystemClock clock;
    const std::string before = get("station.key");
    const auto again = init_station_keys({keys, "BENCH02", std::nullopt}, clock);
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().fault, Fault::refused);
    EXPECT_EQ(get("station.key"), before);
    EXPECT_EQ(names_in(base), std::set<std::string>{"keys"});
}

TEST_F(StationKeys, RefuseAPlaceThatIsTaken) {
    SystemClock clock;
    const auto fault_of = [&](const KeyRequest& request) {
        return init_station_keys(request, clock).error().fault;
    };
    std::ofstream(base + "/file") << "x";
    EXPECT_EQ(fault_of({base + "/file", "BENCH02", std::nullopt}), Fault::refused);
    fs::create_directory_symlink(base, base + "/link");
    EXPECT_EQ(fault_of({base + "/link", "BENCH02", std::nullopt}), Fault::refused);
    // the place for the CA is taken: then there are no station keys either
    EXPECT_EQ(fault_of({base + "/new", "BENCH02", base + "/file"}), Fault::refused);
    EXPECT_EQ(fault_of({base + "/file/new", "BENCH02", std::nullopt}), Fault::evidence);
    EXPECT_EQ(names_in(base), (std::set<std::string>{"keys", "file", "link"}));
    fs::create_directory(base + "/empty");
    EXPECT_TRUE(init_station_keys({base + "/empty", "BENCH02", std::nullopt}, clock));
}

TEST_F(StationKeys, RefuseABadRequest) {
    SystemClock clock;
    for (const char* station : {"", "ABC", "ABCDEFGHIJKLMN", "bench", "A-BC", "AB CD"}) {
        const auto result = init_station_keys({base + "/new", station, std::nullopt}, clock);
        ASSERT_FALSE(result) << station;
        EXPECT_EQ(result.error().fault, Fault::usage) << station;
    }
    for (const std::string& inside : {base + "/new", base + "/new/ca", base + "/x/../new/ca"})
        EXPECT_EQ(init_station_keys({base + "/new", "BENCH02", inside}, clock).error().fault,
                  Fault::usage);
    EXPECT_EQ(names_in(base), std::set<std::string>{"keys"});
}

TEST_F(StationKeys, AreMissedWithAHint) {
    for (const auto& error :
         {load_station_signer(base + "/none").error(), show_station_keys(base + "/none").error()}) {
        EXPECT_EQ(error.fault, Fault::io);
        EXPECT_EQ(error.hint, "quietus key init");
    }
    fs::remove(file("station.key"));
    EXPECT_EQ(load_error().fault, Fault::io);
    EXPECT_EQ(load_error().hint, "quietus key init");
}

TEST_F(StationKeys, AreRefusedWhenOthersCanReadThem) {
    for (const auto& [name, mode] : {std::pair{"station.key", 0640}, {"log.key", 0604}}) {
        ASSERT_EQ(chmod(file(name).c_str(), static_cast<mode_t>(mode)), 0);
        EXPECT_EQ(load_error().fault, Fault::refused) << name;
        EXPECT_EQ(load_error().hint, "chmod 600 " + file(name));
        ASSERT_EQ(chmod(file(name).c_str(), 0600), 0);
    }
    ASSERT_EQ(chmod(keys.c_str(), 0770), 0);
    EXPECT_EQ(load_error().fault, Fault::refused);
}

TEST_F(StationKeys, AreRefusedWhenTheyBelongToAnotherUser) {
    if (geteuid() != 0) GTEST_SKIP() << "needs root to give a file away";
    ASSERT_EQ(chown(file("station.key").c_str(), 65534, 65534), 0);
    EXPECT_EQ(load_error().fault, Fault::refused);
    EXPECT_THAT(load_error().hint, HasSubstr("chown 0 "));
    ASSERT_EQ(chown(file("station.key").c_str(), 0, 0), 0);
    ASSERT_EQ(chown(keys.c_str(), 65534, 65534), 0);
    EXPECT_EQ(load_error().fault, Fault::refused);
}

TEST_F(StationKeys, AreInvalidWhenAFileIsCutOrEmptyOrHuge) {
    for (const char* name :
         {"station.key", "station.pem", "root.pem", "log.key", "log.pub", "station.json"}) {
        const std::string whole = get(name);
        for (const std::string& content :
             {std::string(), whole.substr(0, whole.size() / 2), std::string(70'000, 'x')}) {
            put(name, content);
            EXPECT_EQ(load_error().fault, Fault::invalid) << name << " " << content.size();
            EXPECT_THAT(load_error().message, HasSubstr(name));
            EXPECT_THAT(load_error().message, Not(HasSubstr("PRIVATE")));
        }
        put(name, whole);
    }
    EXPECT_TRUE(load_station_signer(keys)) << "restored, all is well again";
}

TEST_F(StationKeys, AreInvalidWhenTheyDoNotBelongTogether) {
    SystemClock clock;
    const std::string other = base + "/other";
    ASSERT_TRUE(init_station_keys({other, "OTHER01", std::nullopt}, clock));
    for (const char* name : {"station.key", "station.pem", "log.key", "log.pub", "station.json"}) {
        const std::string mine = get(name);
        put(name, read_regular_file(other + "/" + name, 65536).value());
        EXPECT_EQ(load_error().fault, Fault::invalid) << name;
        put(name, mine);
    }
    const std::string log_line = get("root.pem").substr(0, get("root.pem").find('\n') + 1);
    for (const char* name : {"root.pem", "root.crl"})
        put(name, read_regular_file(other + "/" + name, 65536).value());
    EXPECT_EQ(load_error().fault, Fault::invalid) << "root.pem names another log";
    const std::string foreign = get("root.pem");
    put("root.pem", log_line + foreign.substr(foreign.find('\n') + 1));
    auto signer = load_station_signer(keys);
    ASSERT_TRUE(signer);
    EXPECT_EQ((*signer)->sign("{}", DocumentType::attempt).error().fault, Fault::evidence);
}

TEST_F(StationKeys, AreInvalidAsSymlinkOrDirectory) {
    fs::rename(file("station.key"), base + "/elsewhere");
    fs::create_symlink(base + "/elsewhere", file("station.key"));
    EXPECT_EQ(load_error().fault, Fault::invalid);
    fs::remove(file("station.key"));
    fs::create_directory(file("station.key"));
    EXPECT_EQ(load_error().fault, Fault::invalid);
    EXPECT_EQ(load_station_signer(base + "/elsewhere").error().fault, Fault::invalid);
}

// The auditor's stock check of the certificate contract, word for word.
TEST_F(StationKeys, MakeSignaturesThatStockOpensslVerifies) {
    if (!has_openssl()) GTEST_SKIP() << "no openssl program";
    auto signer = load_station_signer(keys);
    ASSERT_TRUE(signer);
    const std::string payload = "{\"lines\":\"a\\n\"}\n";
    const auto p7s = (*signer)->sign(payload, DocumentType::certificate);
    ASSERT_TRUE(p7s);
    put("X.json", payload);
    put("X.p7s", std::string(as_text(*p7s)));
    const std::string verify = "cd " + keys +
                               " && openssl cms -verify -binary -inform DER -in X.p7s -content "
                               "X.json -CAfile root.pem -out /dev/null";
    EXPECT_EQ(shell(verify).status, 0) << shell(verify).output;
    EXPECT_EQ(shell(verify + " -cades").status, 0);
    EXPECT_EQ(shell(verify + " -crl_check_all").status, 0);
    const auto shape = shell("cd " + keys + " && openssl cms -cmsout -print -inform DER -in X.p7s");
    for (const char* part :
         {"2.25.1831565813.20.1", "2.25.1831565813.21", "2.25.1831565813.1",
          "id-smime-aa-signingCertificateV2", "signingTime", "messageDigest", "ecdsa-with-SHA384"})
        EXPECT_THAT(shape.output, HasSubstr(part));
    const auto embedded = shell(
        "cd " + keys + " && openssl pkcs7 -inform DER -in X.p7s -print_certs -noout" + unspaced);
    EXPECT_THAT(embedded.output, HasSubstr("subject=O=self-issued by quietus, CN=BENCH01"));
    EXPECT_THAT(embedded.output, HasSubstr("subject=O=self-issued by quietus, CN=issuing CA"));
    EXPECT_THAT(embedded.output, Not(HasSubstr("subject=O=self-issued by quietus, CN=root")));
    put("X.json", payload + " ");
    EXPECT_NE(shell(verify).status, 0);
}

TEST_F(StationKeys, StandInAHierarchyThatOpensslVerifies) {
    if (!has_openssl()) GTEST_SKIP() << "no openssl program";
    const std::string at = "cd " + keys + " && ";
    const auto verify = shell(at + "openssl verify -x509_strict -auth_level 3 -purpose smimesign "
                                   "-crl_check_all -CAfile root.pem -untrusted station.pem "
                                   "station.pem");
    EXPECT_EQ(verify.status, 0) << verify.output;
    const auto station = shell(at + "openssl x509 -in station.pem -noout -text" + unspaced).output;
    for (const char* part :
         {"CA:FALSE", "Digital Signature, Non Repudiation", "E-mail Protection",
          "1.3.6.1.5.5.7.3.36", "2.25.1831565813.1", "2.25.1831565813.30", "secp384r1",
          "ecdsa-with-SHA384", "Not Before", "Private Key Usage Period", "CN=BENCH01"})
        EXPECT_THAT(station, HasSubstr(part));
    EXPECT_THAT(shell(at + "openssl x509 -in root.pem -noout -text").output,
                HasSubstr("CA:TRUE, pathlen:1"));
    EXPECT_THAT(shell(at + "openssl x509 -in " + suite + "/ca/issuing.pem -noout -text").output,
                HasSubstr("CA:TRUE, pathlen:0"));
    EXPECT_THAT(shell(at + "openssl crl -in root.crl -noout -text").output,
                HasSubstr("No Revoked Certificates"));
    EXPECT_THAT(shell(at + "openssl pkey -in log.key -noout -text").output, HasSubstr("ED25519"));
}

// Kept CA keys work: they can revoke.
TEST_F(StationKeys, KeptCaCanIssue) {
    if (!has_openssl()) GTEST_SKIP() << "no openssl program";
    for (const std::string who : {"root", "issuing"}) {
        const std::string ca = suite + "/ca/" + who;
        EXPECT_EQ(shell("openssl pkey -in " + ca + ".key -pubout").output,
                  shell("openssl x509 -in " + ca + ".pem -noout -pubkey").output);
    }
}

} // namespace
} // namespace quietus
