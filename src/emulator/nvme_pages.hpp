// The data structures and logs that an emulated NVMe drive hands out.
#pragma once

#include "quietus/core/bytes.hpp"
#include "quietus/emulator/nvme_traits.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace quietus::emulator {

inline constexpr std::size_t nvme_identify_octets = 4096;
inline constexpr std::size_t nvme_log_octets = 512;

/// Of an LBA format that all emulated drives have.
struct NvmeLbaFormat {
    unsigned exponent;
    unsigned metadata;
};
/// Nothing when there is none of this number.
[[nodiscard]] std::optional<NvmeLbaFormat> nvme_lba_format(unsigned index);

/// A namespace as it is now.
struct NvmeNamespaceNow {
    NvmeNamespaceTraits traits;
    std::optional<unsigned> remaining; ///< percent that a format has still to do
    bool tells_progress = true;
};

[[nodiscard]] Bytes nvme_controller_page(const NvmeTraits& traits, const std::string& serial);
[[nodiscard]] Bytes nvme_namespace_page(const NvmeNamespaceNow& now);
[[nodiscard]] Bytes nvme_list_page(const std::vector<std::uint32_t>& ascending,
                                   std::uint32_t after);
[[nodiscard]] Bytes nvme_health_page(std::uint64_t power_on_hours);

/// What stands in the Sanitize Status log.
struct NvmeSanitizeNow {
    std::uint16_t progress = 0xFFFF;
    std::uint16_t status = 0;
    std::uint32_t command = 0;
    std::uint8_t state = 0;
};
[[nodiscard]] Bytes nvme_sanitize_page(const NvmeSanitizeTraits& traits,
                                       const NvmeSanitizeNow& now);

} // namespace quietus::emulator
