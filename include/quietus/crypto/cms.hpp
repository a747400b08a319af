// Checking signatures: everything that CMS_verify alone lets through is looked at here as well.
//
// Codes, order and reasons: certificates/SPEC.md. All findings are reported, never only the first.
#pragma once

#include "quietus/core/bytes.hpp"
#include "quietus/core/result.hpp"
#include "quietus/crypto/signer.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace quietus {

/// One thing found wrong (E_...), not decidable (I_...) or worth knowing (W_...).
struct CheckFinding {
    std::string code;
    std::string text;

    friend bool operator==(const CheckFinding&, const CheckFinding&) = default;
};

/// What a verifier brings: roots, revocation lists, and the time as of which to judge. Never taken
/// from a document.
class TrustAnchors {
  public:
    /// PEM text with one or more certificates and any number of CRLs. Fault::invalid when there is
    /// no certificate in it or something in it cannot be read.
    static Result<TrustAnchors> from_pem(std::string_view pem);
    /// No anchors at all: every path ends I_CHAIN_NO_TRUST.
    static TrustAnchors none();
    /// More CRLs, as PEM text or one in DER. Fault::invalid when there is none in it or anything
    /// else; then nothing is added.
    Status add_crls(std::string_view text);
    /// To judge as of this time, UTC seconds: what was signed later does not hold, CRLs issued
    /// later are not known yet, and what had ended by then (a CRL, a certificate of the path)
    /// decides nothing any more. Without it the time of signing is the only one that is looked at.
    void judge_as_of(std::int64_t utc_seconds);
    TrustAnchors(TrustAnchors&&) noexcept;
    TrustAnchors& operator=(TrustAnchors&&) noexcept;
    ~TrustAnchors();

    struct State;
    [[nodiscard]] const State& state() const { return *state_; }

  private:
    explicit TrustAnchors(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

/// By what a key and a person are known again in another certificate: the key pair, common names,
/// serialNumber attributes and mail addresses, all of them such that equal ones are the same
/// octets.
struct PersonMarks {
    std::string key;
    std::vector<std::string> names;
    std::vector<std::string> numbers;
    std::vector<std::string> addresses;
};
[[nodiscard]] bool is_same_key(const PersonMarks& one, const PersonMarks& other);
[[nodiscard]] bool is_same_person(const PersonMarks& one, const PersonMarks& other);
/// A name as it stands among the marks: letter case and spacing make no difference.
[[nodiscard]] std::string name_mark(std::string_view name);

/// One signer of a document as the checks established it.
struct CheckedSigner {
    Role role = Role::station;
    std::string name; ///< subject common name: hostile text, escape before printing
    std::string certificate_sha256;
    std::int64_t signed_at = 0; ///< the signer's own claim (signingTime), UTC seconds
    bool self_issued_root = false;
    PersonMarks marks = {};
};

struct SignatureCheck {
    std::vector<CheckFinding> findings;
    std::vector<CheckedSigner> signers; ///< complete only when there is no E_ finding
};

/// Checks the DER structure, the signature value, the signer's certificate path at the signing
/// time, key usage period and role. `type` is the content type the payload claims to be.
[[nodiscard]] SignatureCheck check_signature(std::string_view p7s, std::string_view payload,
                                             DocumentType type, const TrustAnchors& trust);

} // namespace quietus
