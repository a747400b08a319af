#include "quietus/options/options.hpp"

namespace quietus {

bool Invocation::has(std::string_view option) const {
    return values.contains(option);
}

std::optional<std::string> Invocation::value(std::string_view option) const {
    const auto found = values.find(option);
    if (found == values.end() || found->second.empty()) return std::nullopt;
    return found->second.back();
}

std::vector<std::string> Invocation::all(std::string_view option) const {
    const auto found = values.find(option);
    return found == values.end() ? std::vector<std::string>{} : found->second;
}

} // namespace quietus
