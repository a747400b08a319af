#include "signing_key.hpp"

#include "passphrases.hpp"

namespace quietus::cli {
namespace {

Result<std::string> needed(const Invocation& invocation, std::string_view option) {
    auto value = invocation.value(option);
    if (!value) return Error{Fault::usage, std::string(option) + " is missing"};
    return std::move(*value);
}

} // namespace

Result<PersonalKey> signing_key_of(const Invocation& invocation) {
    auto key = needed(invocation, "--key");
    if (!key) return std::move(key).error();
    auto chain = needed(invocation, "--certificate");
    if (!chain) return std::move(chain).error();
    auto passphrases = passphrases_of(invocation);
    if (!passphrases) return std::move(passphrases).error();
    return load_personal_key({*key, *chain}, *passphrases);
}

} // namespace quietus::cli
