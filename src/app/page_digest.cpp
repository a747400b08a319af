#include "quietus/app/page_digest.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/stream/digest.hpp"

namespace quietus {

std::string page_sha256(const RawPage& page) {
    const Bytes octets = from_hex(page.hex).value_or(Bytes{});
    return sha256_hex(std::string(octets.begin(), octets.end()));
}

} // namespace quietus
