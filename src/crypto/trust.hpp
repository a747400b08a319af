// What TrustAnchors hold inside: a store of pinned roots, and the revocation lists beside it.
#pragma once

#include "openssl_handles.hpp"

#include "quietus/crypto/cms.hpp"

namespace quietus {

struct TrustAnchors::State {
    StorePtr roots; ///< null: nothing is trusted
    std::vector<CrlPtr> crls;
};

} // namespace quietus
