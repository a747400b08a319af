#include "signing_key.hpp"

#include "passphrases.hpp"

#include <unistd.h>

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

// A station trusts its own root; everywhere else trust has to be brought.
Result<TrustAnchors> trust_of(const Call& call) {
    auto files = call.invocation.all("--trust");
    if (files.empty()) {
        const std::string own = call.places.keys() + "/root.pem";
        if (::access(own.c_str(), F_OK) != 0)
            return Error{Fault::usage, "--trust is missing, and this is no station with a root of "
                                       "its own"};
        files.push_back(own);
    }
    return read_trust(files);
}

} // namespace quietus::cli
