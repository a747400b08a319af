// NVMe Identify data (NVM Express Base 2.0 clause 5.17, NVM Command Set 1.0 clause 4.1.5).
//
// Pure parsers over the 4096 octets of each data structure. Fault::drive when it is cut short or
// makes no sense.
#pragma once

#include "quietus/core/bytes.hpp"
#include "quietus/core/result.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace quietus::nvme {

/// CNS 01h. Views into the data.
struct Controller {
    std::uint16_t vendor = 0;    ///< PCI vendor
    std::uint16_t subvendor = 0; ///< PCI subsystem vendor
    ByteView serial;             ///< 20 octets, padded
    ByteView model;              ///< 40
    ByteView firmware;           ///< 8
    std::uint8_t cmic = 0;       ///< bit 1: the subsystem may have further controllers
    std::uint32_t version = 0;   ///< 00010200h is 1.2; 0 in drives older than that
    bool manages_namespaces = false;
    std::optional<std::uint64_t> capacity_bytes; ///< TNVMCAP; absent when 0 or above 2^64
    std::uint64_t rpmb_bytes = 0;                ///< of all replay-protected units together
    std::uint32_t namespace_ids = 0;             ///< NN: the largest identifier that may be in use
    ByteView subsystem; ///< SUBNQN, up to its terminating zero; may be empty
};
[[nodiscard]] Result<Controller> parse_controller(ByteView data);

/// CNS 00h and 11h. Names that are zero are absent.
struct Namespace {
    std::uint64_t size_bytes = 0;
    std::uint32_t block_bytes = 512;
    bool shared = false; ///< NMIC: more than one controller may have it attached
    std::string nguid;   ///< "nguid.…"
    std::string eui64;   ///< "eui.…"
};
/// Absent: a namespace that is not there, which a drive says by zeros throughout.
[[nodiscard]] Result<std::optional<Namespace>> parse_namespace(ByteView data);

/// CNS 03h.
struct Descriptors {
    std::string name; ///< "uuid.…" if there is one, else "nguid.…", else "eui.…", else empty
    std::uint8_t command_set = 0; ///< CSI: 0 is NVM, also where it is not told; 2 is zoned
};
/// Fault::drive when a descriptor does not fit.
[[nodiscard]] Result<Descriptors> parse_descriptors(ByteView data);

} // namespace quietus::nvme
