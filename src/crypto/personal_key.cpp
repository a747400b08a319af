#include "quietus/crypto/personal_key.hpp"

#include "cms_make.hpp"

#include "quietus/core/clock.hpp"
#include "quietus/crypto/cms_signer.hpp"

#include <utility>

namespace quietus {

PersonalKey::PersonalKey(SignerIdentity identity, PrivateKey key, std::string chain)
    : identity_(std::move(identity)), key_(std::move(key)), chain_(std::move(chain)) {}

Result<PersonalKey> PersonalKey::make(PrivateKey key, std::string_view chain) {
    auto identity = read_signer_identity(chain);
    if (!identity) return std::move(identity).error();
    if (auto fits = chain_for(key, chain); !fits) return std::move(fits).error();
    return PersonalKey(std::move(*identity), std::move(key), std::string(chain));
}

Status PersonalKey::check_period(std::int64_t now) const {
    if (now >= identity_.usable_from && now <= identity_.usable_until) return {};
    return Error{Fault::refused, "the key of " + escaped(identity_.name) + " may be used from " +
                                     to_rfc3339(identity_.usable_from) + " to " +
                                     to_rfc3339(identity_.usable_until) + ", it is now " +
                                     to_rfc3339(now)};
}

Result<Bytes> PersonalKey::sign_beside(std::string_view p7s, std::string_view payload,
                                       std::int64_t now) const {
    if (auto status = check_period(now); !status) return std::move(status).error();
    auto chain = chain_for(key_, chain_);
    if (!chain) return std::move(chain).error();
    return add_to_cms({key_.state().key.get(), *chain, identity_.role, now}, p7s, payload);
}

Result<Bytes> PersonalKey::sign(std::string_view payload, DocumentType type,
                                std::int64_t now) const {
    if (auto status = check_period(now); !status) return std::move(status).error();
    auto chain = chain_for(key_, chain_);
    if (!chain) return std::move(chain).error();
    return make_cms({key_.state().key.get(), *chain, identity_.role, now}, payload, type);
}

} // namespace quietus
