// confirmation: the operator's signature over what they agreed to, made before anything is written.
#pragma once

#include "quietus/app/confirm.hpp"
#include "quietus/certificate/certificate.hpp"
#include "quietus/core/clock.hpp"
#include "quietus/core/result.hpp"
#include "quietus/keys/personal_keys.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace quietus {

/// An operator with their own key at hand: agrees as another does, and signs.
class KeyedOperator final : public Operator {
  public:
    KeyedOperator(std::unique_ptr<Operator> person, PersonalKey key);
    [[nodiscard]] Status agree(const Proposal& proposal) override;
    /// The key is gone from memory afterwards: what follows needs it no more.
    [[nodiscard]] Result<std::vector<SignedConfirmation>>
    sign(const std::vector<std::string>& statements, std::int64_t now) override;
    [[nodiscard]] Status use_up() override;

  private:
    std::unique_ptr<Operator> person_;
    std::optional<PersonalKey> key_;
};

/// The operator's key, for the certificate that the station knows of them. Fault::usage when it
/// knows none; what load_personal_key refuses.
[[nodiscard]] Result<PersonalKey> load_operator_key(const std::string& state, const std::string& id,
                                                    const std::string& key,
                                                    const AskPassphrase& ask);

/// By whom and where plans were agreed to.
struct ConfirmationDesk {
    std::string op;
    std::string station;
    std::int64_t now = 0;
};

/// Asks the operator to sign what they agreed to: one confirmation for each plan in its order, or
/// none at all when they have no key. Fault::refused outside the key's usage period, Fault::io when
/// it cannot be made; nothing has been written to any drive.
[[nodiscard]] Result<std::vector<SignedConfirmation>>
sign_confirmations(const std::vector<ConfirmedPlan>& plans, const ConfirmationDesk& desk,
                   Operator& person);

} // namespace quietus
