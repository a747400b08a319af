#include "quietus/crypto/object_ids.hpp"

#include "quietus/crypto/signer.hpp"

namespace quietus {

std::string role_oid(Role role) {
    return std::string(object_id_arc) + "." + std::to_string(static_cast<int>(role) + 1);
}

std::string content_type_oid(DocumentType type) {
    return std::string(object_id_arc) + ".20." + std::to_string(static_cast<int>(type) + 1);
}

} // namespace quietus
