#include "quietus/transport/nvme/logs.hpp"

#include "fields.hpp"

#include "quietus/transport/nvme/commands.hpp"

#include <algorithm>
#include <limits>

namespace quietus::nvme {
namespace {

constexpr std::size_t entry_octets = 64;
constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();

std::uint64_t count_at(ByteView data, std::size_t at) {
    const Capacity value = field_128(data, at);
    return value.high == 0 ? value.low : most;
}

std::uint64_t bytes_of(std::uint64_t units) {
    constexpr std::uint64_t unit = 512'000;
    return units > most / unit ? most : units * unit;
}

} // namespace

Result<NvmeHealthRecord> parse_health_log(ByteView data) {
    if (data.size() < log_octets) return Error{Fault::drive, "the SMART log is cut short"};
    NvmeHealthRecord health;
    health.critical_warning = data[0];
    health.available_spare = data[3];
    health.spare_threshold = data[4];
    health.percentage_used = data[5];
    health.bytes_written = bytes_of(count_at(data, 48));
    health.power_on_hours = count_at(data, 128);
    health.unsafe_shutdowns = count_at(data, 144);
    health.media_errors = count_at(data, 160);
    return health;
}

Result<std::optional<ErrorEntry>> parse_error_log(ByteView data) {
    if (data.size() < entry_octets) return Error{Fault::drive, "the error log is cut short"};
    constexpr std::uint64_t not_located = 0xFFFF;
    ErrorEntry entry;
    entry.count = field(data, 0, 8);
    if (entry.count == 0) return std::optional<ErrorEntry>();
    entry.status = static_cast<std::uint16_t>(field(data, 12, 2) >> 1U);
    const std::uint64_t place = field(data, 14, 2);
    entry.located = place != not_located;
    entry.octet = static_cast<std::uint8_t>(place & 0xFFU);
    entry.bit = static_cast<std::uint8_t>(place >> 8U & 7U);
    entry.nsid = field_32(data, 24);
    return std::optional(entry);
}

} // namespace quietus::nvme
