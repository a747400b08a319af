// What the fuzz targets of signatures trust: a document that three signed, and the root of all
// three with its revocation lists. Made once, of P-256 keys that no longer exist.
#pragma once

#include "quietus/core/file.hpp"
#include "quietus/crypto/cms.hpp"

#include <algorithm>
#include <cstdlib>
#include <string>

namespace quietus::fuzz {

struct Trusted {
    std::string payload = content("payload.json");
    std::string p7s = content("three-signers.p7s");
    std::string root = content("root.pem");
    std::vector<std::string> signers = hashes(check());

    [[nodiscard]] SignatureCheck check() const {
        const auto trust = TrustAnchors::from_pem(root);
        if (!trust) abort();
        return check_signature(p7s, payload, DocumentType::certificate, *trust);
    }
    /// Whether nothing speaks against it.
    static bool holds(const SignatureCheck& check) {
        return std::ranges::none_of(
            check.findings, [](const CheckFinding& each) { return each.code.front() != 'W'; });
    }
    static std::vector<std::string> hashes(const SignatureCheck& check) {
        std::vector<std::string> found;
        for (const CheckedSigner& each : check.signers)
            found.push_back(std::string(to_text(each.role)) + each.certificate_sha256);
        return found;
    }

  private:
    static std::string content(const std::string& name) {
        auto read = read_regular_file(QUIETUS_FUZZ_TRUSTED "/" + name, 1U << 20U);
        if (!read) abort();
        return std::move(*read);
    }
};

/// Read at the first use. The genuine document holds, or nothing here would mean anything.
inline const Trusted& trusted() {
    static const Trusted the_trusted = [] {
        Trusted made;
        if (!Trusted::holds(made.check()) || made.signers.size() != 3) abort();
        return made;
    }();
    return the_trusted;
}

} // namespace quietus::fuzz
