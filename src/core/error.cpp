#include "quietus/core/error.hpp"

#include <cerrno>
#include <system_error>
#include <utility>

namespace quietus {

Error Error::during(std::string_view stage) && {
    message.insert(0, ": ").insert(0, stage);
    return std::move(*this);
}

Error Error::with_hint(std::string_view text) && {
    if (hint.empty()) hint = text;
    return std::move(*this);
}

Error system_error(Fault fault, std::string_view what) {
    return system_error(fault, what, errno);
}

Error system_error(Fault fault, std::string_view what, int number) {
    return {fault, std::string(what) + ": " + std::generic_category().message(number)};
}

} // namespace quietus
