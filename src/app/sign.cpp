#include "quietus/app/sign.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/core/file.hpp"
#include "quietus/core/replace_file.hpp"

#include <algorithm>

namespace quietus {
namespace {

constexpr auto where_roots_go = "the files of --trust must hold the root of everybody who signs, "
                                "and the revocation lists of all their CAs";

// Who has not signed yet is no objection: that is why somebody is about to sign.
const CheckFinding* objection(const DocumentReport& report) {
    const auto weighs = [&](char letter) {
        return std::ranges::find_if(report.findings, [letter](const CheckFinding& each) {
            return each.code.front() == letter && each.code != "I_ROLE_MISSING";
        });
    };
    if (const auto broken = weighs('E'); broken != report.findings.end()) return &*broken;
    const auto open = weighs('I');
    return open == report.findings.end() ? nullptr : &*open;
}

Status check_holds(const DocumentReport& report, const std::string& told) {
    const CheckFinding* against = objection(report);
    if (against == nullptr) return {};
    const Fault fault = against->code.front() == 'E' ? Fault::invalid : Fault::refused;
    return Error{fault, told + ": " + against->code + ": " + against->text}.with_hint(
        where_roots_go);
}

std::string in_words(const SignerIdentity& signer) {
    return std::string(to_text(signer.role)) + " " + escaped(signer.name);
}

bool is_signed_by(const DocumentReport& report, const RequiredSigner& who) {
    return std::ranges::any_of(report.signers, [&](const CheckedSigner& signer) {
        return signer.role == who.role && signer.certificate_sha256 == who.certificate_sha256;
    });
}

Status check_is_asked(const DocumentReport& report, const SignerIdentity& signer) {
    const RequiredSigner who{signer.role, signer.certificate_sha256};
    if (std::ranges::find(report.required, who) == report.required.end())
        return Error{Fault::refused, "it does not require a signature by " + in_words(signer) +
                                         " with the certificate " + signer.certificate_sha256};
    if (is_signed_by(report, who))
        return Error{Fault::refused, in_words(signer) + " has signed it already"};
    return {};
}

std::vector<Role> missing_in(const DocumentReport& report) {
    std::vector<Role> roles;
    for (const RequiredSigner& each : report.required)
        if (!is_signed_by(report, each)) roles.push_back(each.role);
    return roles;
}

// DocumentFiles tell what the files are called, not where they are.
std::string signature_path(const std::string& document, const DocumentFiles& files) {
    const auto slash = document.rfind('/');
    const std::string directory = slash == std::string::npos ? "" : document.substr(0, slash + 1);
    return directory + files.name + std::string(suffix_of(files.type)) + ".p7s";
}

Result<AddedSignature> sign_read(const SignRequest& request, const DocumentFiles& files,
                                 std::int64_t now) {
    const SignerIdentity& signer = request.key.identity();
    if (request.role && *request.role != signer.role)
        return Error{Fault::usage, "--role: the certificate is that of " + in_words(signer)};
    const ProfileTexts profiles = profiles_beside(request.document);
    const DocumentReport before = check_document(files, request.trust, profiles);
    if (auto status = check_holds(before, "it does not verify"); !status)
        return std::move(status).error();
    if (auto status = check_is_asked(before, signer); !status) return std::move(status).error();
    auto p7s = request.key.sign_beside(files.p7s, files.payload, now);
    if (!p7s) return std::move(p7s).error();
    DocumentFiles with = files;
    with.p7s = as_text(*p7s);
    const DocumentReport after = check_document(with, request.trust, profiles);
    if (auto status = check_holds(after, "with this signature it would not verify"); !status)
        return std::move(status).error();
    const std::string path = signature_path(request.document, files);
    if (auto status = replace_file(path, {files.p7s, with.p7s}); !status)
        return std::move(status).error();
    return AddedSignature{after.id, path, signer, missing_in(after)};
}

} // namespace

Result<TrustAnchors> read_trust(const std::vector<std::string>& files) {
    constexpr std::size_t most = std::size_t{4} << 20U;
    std::string all;
    for (const std::string& file : files) {
        auto content = read_regular_file(file, most);
        if (!content) return std::move(content).error().during("trust");
        // By itself as well, so that the message can name the file.
        if (auto one = TrustAnchors::from_pem(*content); !one)
            return std::move(one).error().during(file);
        all += *content + "\n";
    }
    return TrustAnchors::from_pem(all);
}

Result<AddedSignature> sign_document(const SignRequest& request, Clock& clock) {
    auto files = read_document(request.document);
    if (!files) return std::move(files).error();
    auto added = sign_read(request, *files, clock.utc_seconds());
    if (!added) return std::move(added).error().during(escaped(request.document));
    return added;
}

} // namespace quietus
