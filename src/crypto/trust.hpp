// What TrustAnchors hold inside: a store of pinned roots, the revocation lists beside it, and the
// time of judging.
#pragma once

#include "openssl_handles.hpp"
#include "path_cache.hpp"

#include "quietus/crypto/cms.hpp"

namespace quietus {

struct TrustAnchors::State {
    StorePtr roots; ///< null: nothing is trusted
    std::vector<CrlPtr> crls;
    std::optional<std::int64_t> judged_at;
    mutable PathCache known = {}; ///< of no effect but on speed
};

} // namespace quietus
