#include "trust_directory.hpp"

#include "writers.hpp"

#include "quietus/app/sign.hpp"
#include "quietus/certificate/profiles.hpp"
#include "quietus/core/bytes.hpp"
#include "quietus/core/directory.hpp"
#include "quietus/core/file.hpp"

#include <unistd.h>

#include <algorithm>
#include <optional>

namespace quietus {
namespace {

std::string noun_of(DocumentType type) {
    return type == DocumentType::order ? "order" : "profile";
}

Role signer_of(DocumentType type) {
    return type == DocumentType::order ? Role::approver : Role::policy_owner;
}

Result<TrustAnchors> anchors_in(const std::string& trust) {
    const auto roots = files_in(trust, ".pem");
    if (roots.empty())
        return Error{Fault::refused,
                     "no key is trusted here: there is no root in " + escaped(trust) + "/*.pem"};
    // Whoever may write there says what a signature has to lead to.
    if (auto status = check_writers(trust); !status) return std::move(status).error();
    for (const std::string& root : roots)
        if (auto status = check_writers(root); !status) return std::move(status).error();
    return read_trust(roots);
}

// The first thing that speaks against the signature, and not what is only worth knowing.
std::optional<std::string> objection(const SignatureCheck& check) {
    const auto speaks = [](const CheckFinding& each) { return each.code.front() != 'W'; };
    const auto found = std::ranges::find_if(check.findings, speaks);
    if (found == check.findings.end()) return std::nullopt;
    if (found->code == "E_DIGEST")
        return "it was altered after it was signed (" + found->code + ")";
    return "its signature does not hold here: " + found->code + ": " + found->text;
}

} // namespace

bool exists(const std::string& path) {
    return ::access(path.c_str(), F_OK) == 0;
}

Result<SignedText> read_signed_text(const std::string& path, DocumentType type,
                                    const PolicyShelf& shelf) {
    const auto refused = [&](std::string why, std::string hint = {}) {
        return Error{Fault::refused, noun_of(type) + " " + escaped(path) + ": " + std::move(why),
                     std::move(hint)};
    };
    auto text = read_profile_file(path);
    if (!text) return std::move(text).error();
    const std::string signature = path + std::string(profile_signature_ending);
    if (!exists(signature))
        return refused("it is not signed: there is no " + escaped(signature),
                       "quietus policy sign " + path + ", by its owner");
    auto p7s = read_regular_file(signature, profile_signature_limit);
    if (!p7s) return refused(p7s.error().message);
    auto anchors = anchors_in(shelf.trust);
    if (!anchors) return refused(anchors.error().message, anchors.error().hint);
    anchors->judge_as_of(shelf.now);
    SignatureCheck check = check_signature(*p7s, *text, type, *anchors);
    if (auto why = objection(check)) return refused(std::move(*why));
    return SignedText{std::move(*text), std::move(*p7s), std::move(check.signers.front())};
}

Result<std::string> sign_text(const std::string& path, DocumentType type, const PersonalKey& key,
                              std::int64_t now) {
    auto text = read_profile_file(path);
    if (!text) return std::move(text).error();
    if (key.identity().role != signer_of(type))
        return Error{Fault::refused, "the certificate is that of a " +
                                         std::string(to_text(key.identity().role)) + ", not of a" +
                                         (type == DocumentType::order ? "n " : " ") +
                                         std::string(to_text(signer_of(type)))};
    auto p7s = key.sign(*text, type, now);
    if (!p7s) return std::move(p7s).error();
    const auto check = check_signature(as_text(*p7s), *text, type, TrustAnchors::none());
    for (const CheckFinding& finding : check.findings)
        if (finding.code.starts_with("E_"))
            return Error{Fault::evidence,
                         "the signature does not hold: " + finding.code + ": " + finding.text};
    std::string file = path + std::string(profile_signature_ending);
    if (auto status = save_new_file(file, as_text(*p7s)); !status) return std::move(status).error();
    return file;
}

Status save_once(const std::string& path, const std::string& content) {
    if (!exists(path)) return save_new_file(path, content);
    const auto held = read_regular_file(path, profile_limit);
    if (held && *held == content) return {};
    return Error{Fault::evidence, path + ": something else is in the way"};
}

} // namespace quietus
