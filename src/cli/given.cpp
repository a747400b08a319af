#include "given.hpp"

#include "policy_options.hpp"

#include "quietus/app/station.hpp"
#include "quietus/core/bytes.hpp"

#include <algorithm>
#include <array>

namespace quietus::cli {
namespace {

// Of these the question itself says who gave them.
constexpr std::array<std::string_view, 4> of_the_question{"--policy", "--classification",
                                                          "--disposition", "--destination"};

Result<LoadedOrder> read_order(const Call& call, const std::string& path) {
    if (call.invocation.has("--technique"))
        return Error{Fault::usage,
                     "--order: with --technique no policy is applied, and an order is "
                     "followed by policy"};
    auto station = show_station(call.places);
    if (!station) return std::move(station).error();
    const PolicyShelf shelf = shelf_of(call);
    const bool for_real = call.places.provenance == Provenance::machine;
    return load_order(path, {shelf, station->station, for_real});
}

} // namespace

Result<Given> Given::of(const Call& call) {
    const auto path = call.invocation.value("--order");
    if (!path) return Given(call.invocation, std::nullopt);
    auto order = read_order(call, *path);
    if (!order) return std::move(order).error();
    Given given(call.invocation, std::move(*order));
    if (auto status = given.check_contradictions(); !status) return std::move(status).error();
    return given;
}

bool Given::is_configured(std::string_view option) const {
    return invocation_->configured.contains(option);
}

Status Given::check_contradictions() const {
    if (!order_->is_signed()) return {};
    for (const auto& [option, ordered] : order_->order.values)
        if (const auto typed = invocation_->value(option);
            typed && !is_configured(option) && *typed != ordered)
            return Error{Fault::refused, option + ": \"" + escaped(*typed) + "\", and the order " +
                                             escaped(order_->order.id) +
                                             ", which is signed, says \"" + escaped(ordered) +
                                             "\""};
    if (invocation_->has("--confirm"))
        return Error{Fault::usage, "--confirm: an order that is signed stands for the codes"};
    return {};
}

std::optional<Supplied> Given::value(std::string_view option) const {
    const bool from_order = order_ && order_->order.values.contains(option);
    // A signed order says the same: then it is the order that answers for it. The station's own
    // defaults come after any order.
    const bool typed_by_hand = invocation_->has(option) && !is_configured(option);
    if (from_order && (order_->is_signed() || !typed_by_hand))
        return Supplied{order_->order.values.find(option)->second, Supplier::order,
                        order_->order.id};
    auto typed = invocation_->value(option);
    if (!typed) return std::nullopt;
    return Supplied{std::move(*typed),
                    is_configured(option) ? Supplier::configuration : Supplier::option};
}

std::optional<std::string> Given::text(std::string_view option) const {
    auto given = value(option);
    if (!given) return std::nullopt;
    return std::move(given->value);
}

std::vector<std::string> Given::references() const {
    std::vector<std::string> all = invocation_->all("--reference");
    if (order_)
        for (const std::string& each : order_->order.references)
            if (std::ranges::find(all, each) == all.end()) all.push_back(each);
    return all;
}

std::vector<SuppliedValue> Given::others() const {
    std::vector<SuppliedValue> all;
    for (const std::string& option : options_of_orders()) {
        const bool asked = std::ranges::find(of_the_question, option) != of_the_question.end();
        const auto given = value(option);
        if (!asked && given && given->by != Supplier::option)
            all.push_back({option.substr(2), given->value, given->by, given->reference});
    }
    return all;
}

} // namespace quietus::cli
