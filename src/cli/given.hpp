// Given: what was said for each option, and by whom: on the command line, by a disposal
// order, or by the station's configuration.
#pragma once

#include "commands.hpp"

#include "quietus/app/orders.hpp"
#include "quietus/app/policies.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quietus::cli {

class Given {
  public:
    /// Reads the order of --order, if there is one. What load_order refuses; Fault::usage beside
    /// --technique; Fault::refused where an option says otherwise than an order that was signed.
    [[nodiscard]] static Result<Given> of(const Call& call);

    /// The option's, else the order's, else the configuration's.
    [[nodiscard]] std::optional<Supplied> value(std::string_view option) const;
    [[nodiscard]] std::optional<std::string> text(std::string_view option) const;
    [[nodiscard]] std::vector<std::string> references() const;
    [[nodiscard]] const std::optional<LoadedOrder>& order() const { return order_; }
    /// What order or configuration gave and policy does not ask about.
    [[nodiscard]] std::vector<SuppliedValue> others() const;

  private:
    Given(const Invocation& invocation, std::optional<LoadedOrder> order)
        : invocation_(&invocation), order_(std::move(order)) {}
    [[nodiscard]] bool is_configured(std::string_view option) const;
    [[nodiscard]] Status check_contradictions() const;

    const Invocation* invocation_;
    std::optional<LoadedOrder> order_;
};

} // namespace quietus::cli
