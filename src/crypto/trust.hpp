// What TrustAnchors hold inside: a store of pinned roots, the revocation lists beside it, and the
// time of judging.
#pragma once

#include "openssl_handles.hpp"

#include "quietus/crypto/cms.hpp"

namespace quietus {

struct TrustAnchors::State {
    StorePtr roots; ///< null: nothing is trusted
    std::vector<CrlPtr> crls;
    std::optional<std::int64_t> judged_at;
};

} // namespace quietus
