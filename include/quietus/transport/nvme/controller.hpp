// ControllerFeatures: what Identify Controller says of erasing (NVM Express Base 2.1, figure 312).
#pragma once

#include "quietus/core/bytes.hpp"
#include "quietus/core/result.hpp"
#include "quietus/transport/nvme/capacity.hpp"
#include "quietus/transport/nvme_port.hpp"

#include <cstdint>
#include <string>

namespace quietus::nvme {

/// SANICAP.
struct SanitizeFeatures {
    bool crypto_erase = false;
    bool block_erase = false;
    bool overwrite = false;
    bool verification = false;            ///< VERS: the Media Verification state
    bool no_deallocate_inhibited = false; ///< NDI
    std::uint8_t modifies_media = 0;      ///< NODMMAS: 0 not told, 1 no, 2 yes; with NDAS

    [[nodiscard]] bool any() const { return crypto_erase || block_erase || overwrite; }
};

/// OACS bit 1, and FNA.
struct FormatFeatures {
    bool supported = false;
    bool formats_all = false; ///< FNS: a command without erasure reaches all namespaces
    bool erases_all = false;  ///< SENS: one with erasure does
    bool crypto_erase = false;
    bool no_broadcast = false;   ///< FNVMBS: it does not take NSID FFFFFFFFh
    std::uint8_t attributes = 0; ///< FNA as it is
};

struct ControllerFeatures {
    std::string serial = {}; ///< without padding, octets outside printable ASCII as \xNN
    std::string model = {};
    std::string firmware = {};
    std::string subsystem = {}; ///< its NVMe Qualified Name
    std::uint16_t controller_id = 0;
    std::uint32_t version = 0;  ///< 00010400h is 1.4; 0 in drives older than 1.2
    std::uint8_t type = 0;      ///< CNTRLTYPE: 1 I/O, 2 discovery, 3 administrative; 0 not told
    bool several_ports = false; ///< CMIC
    bool several_controllers = false; ///< CMIC
    bool virtual_function = false;    ///< CMIC: it is one
    std::uint32_t attributes = 0;     ///< CTRATT
    bool security_commands = false;   ///< OACS
    bool manages_namespaces = false;  ///< OACS
    SanitizeFeatures sanitize = {};
    FormatFeatures format = {};
    std::uint8_t write_protection = 0; ///< NWPC
    std::uint32_t namespace_ids = 0;   ///< NN
    std::uint32_t most_namespaces = 0; ///< MNAN; 0: as NN
    Capacity total = {};               ///< TNVMCAP; 0: not told
    Capacity unallocated = {};         ///< UNVMCAP
    std::uint64_t rpmb_bytes = 0;
    std::uint64_t host_memory_bytes = 0; ///< HMPRE: that it would like to have
    /// BPCAP, from 2.0 on: its boot partitions can be protected, so it has some. Older drives say
    /// it in registers alone, which no command reads.
    bool boot_partitions = false;
};

/// Fault::drive when it is cut short or empty.
[[nodiscard]] Result<ControllerFeatures> parse_controller_features(ByteView data);

/// Asks the drive now; the errors of fetch() too.
[[nodiscard]] Result<ControllerFeatures> read_controller(NvmePort& port);

} // namespace quietus::nvme
