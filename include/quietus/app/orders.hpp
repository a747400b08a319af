// Orders: disposal orders as a station follows them. One that an approver signed stands for the
// confirmation codes of the drives that it covers, once each; one that nobody signed saves typing.
#pragma once

#include "quietus/app/confirm.hpp"
#include "quietus/app/policies.hpp"
#include "quietus/certificate/certificate.hpp"
#include "quietus/core/clock.hpp"
#include "quietus/core/result.hpp"
#include "quietus/policy/order.hpp"

#include <string>
#include <vector>

namespace quietus {

struct LoadedOrder {
    DisposalOrder order;
    std::string text;
    std::string sha256;   ///< of the text, hexadecimal
    std::string p7s;      ///< DER; empty: not signed
    std::string approver; ///< who signed it; empty: nobody

    [[nodiscard]] bool is_signed() const { return !p7s.empty(); }
};

/// Where an order is to be followed.
struct OrderDesk {
    const PolicyShelf& shelf;
    std::string station;
    bool for_real = true; ///< not in a rehearsal, in which nobody's signature counts
};

/// An order from a file, with the signature beside it if there is one (FILE.p7s). Fault::usage when
/// it is none; Fault::refused when it is for another station, not valid now, or when the signature
/// does not hold under a root of the trust directory.
[[nodiscard]] Result<LoadedOrder> load_order(const std::string& path, const OrderDesk& desk);

/// Fault::refused when the order does not cover the drive.
[[nodiscard]] Status check_covered(const LoadedOrder& order, const Drive& drive);

/// As it stands on documents.
[[nodiscard]] FollowedOrder named(const LoadedOrder& order);

/// Puts the order that statements name beside the documents, when somebody signed it.
/// Fault::evidence.
[[nodiscard]] Status save_order_beside(const Statements& statements, const std::string& state,
                                       const std::string& directory);

/// Signs an order with an approver's key: FILE.p7s. Fault::usage when it is no order,
/// Fault::refused when the key is of another role, Fault::evidence.
[[nodiscard]] Result<SignedProfile> sign_order(const std::string& path, const PersonalKey& key,
                                               Clock& clock);

/// Whoever signed the order has agreed beforehand: to each drive that it covers, once. What was
/// used is kept in STATE/orders.
class OrderedOperator final : public Operator {
  public:
    /// Of an order that is signed.
    OrderedOperator(LoadedOrder order, std::string state, Clock& clock)
        : order_(std::move(order)), state_(std::move(state)), clock_(clock) {}
    /// Fault::refused when the order does not cover the drive, is not valid any more, or was used
    /// for it.
    [[nodiscard]] Status agree(const Proposal& proposal) override;
    [[nodiscard]] Status use_up() override;

  private:
    [[nodiscard]] Status keep_order() const;
    [[nodiscard]] Status use(const Cover& cover) const;

    LoadedOrder order_;
    std::string state_;
    Clock& clock_;
    std::vector<Cover> agreed_ = {};
};

} // namespace quietus
