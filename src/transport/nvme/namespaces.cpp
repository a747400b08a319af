#include "quietus/transport/nvme/namespaces.hpp"

#include "fields.hpp"

#include "quietus/transport/nvme/status.hpp"

#include <algorithm>
#include <bit>

namespace quietus::nvme {
namespace {

constexpr unsigned least_exponent = 9;
constexpr unsigned largest_exponent = 24;

Error malformed(const char* why) {
    return {Fault::drive, why};
}

// FLBAS: the format in bits 3:0, and in 6:5 its upper bits where there are more than 16 formats.
std::uint8_t format_index(ByteView data) {
    const unsigned lower = data[26] & 0x0FU;
    const unsigned formats = data[25] + 1U;
    return static_cast<std::uint8_t>(formats <= 16 ? lower : lower | (data[26] >> 5U & 3U) << 4U);
}

const char* name_of(Structure what) {
    switch (what) {
    case Structure::active_list:
        return "active namespaces";
    case Structure::allocated_list:
        return "allocated namespaces";
    case Structure::controller:
        return "Identify Controller";
    case Structure::descriptors:
        return "Namespace Identification Descriptors";
    case Structure::name_space:
    case Structure::allocated_namespace:
        break;
    }
    return "Identify Namespace";
}

} // namespace

Capacity NamespaceFormat::size() const {
    return capacity_of(blocks, static_cast<unsigned>(std::countr_zero(block_bytes)));
}

Result<std::optional<NamespaceFormat>> parse_namespace_format(ByteView data) {
    if (data.size() != identify_octets) return malformed("it is cut short");
    if (std::ranges::all_of(data, [](std::uint8_t octet) { return octet == 0; }))
        return std::optional<NamespaceFormat>();
    NamespaceFormat found;
    found.settings.format = format_index(data);
    const std::size_t entry = 128 + std::size_t{4} * found.settings.format;
    const unsigned exponent = data[entry + 2]; // LBADS of the format in use
    if (exponent < least_exponent || exponent > largest_exponent)
        return malformed("its block size makes no sense");
    found.blocks = field(data, 0, 8);
    found.capacity_blocks = field(data, 8, 8);
    if (found.capacity_blocks > found.blocks) return malformed("it holds more than it has");
    found.block_bytes = 1U << exponent;
    found.capacity = field_128(data, 48);
    found.formats = static_cast<std::uint16_t>(data[25] + 1U);
    found.metadata_bytes = static_cast<std::uint16_t>(field(data, entry, 2));
    found.settings.metadata_extended = has(data[26], 4);
    found.settings.protection = data[29] & 0x07U;
    found.settings.protection_first = has(data[29], 3);
    found.shared = has(data[30], 0);
    if (has(data[32], 7)) found.remaining = static_cast<std::uint8_t>(data[32] & 0x7FU);
    found.deallocated = data[33] & 0x07U;
    found.write_protected = has(data[99], 0);
    return std::optional(found);
}

Result<std::vector<std::uint32_t>> parse_list(ByteView data, std::uint32_t after) {
    if (data.size() != identify_octets) return malformed("it is cut short");
    std::vector<std::uint32_t> identifiers;
    for (std::size_t at = 0; at < data.size(); at += 4) {
        const std::uint32_t identifier = field_32(data, at);
        if (identifier == 0) break;
        if (identifier <= after) return malformed("its identifiers do not ascend");
        identifiers.push_back(identifier);
        after = identifier;
    }
    return identifiers;
}

// Each page continues after the last identifier of the one before.
Result<std::vector<std::uint32_t>> read_list(NvmePort& port, Structure what) {
    std::vector<std::uint32_t> all;
    while (all.size() < most_listed) {
        const std::uint32_t after = all.empty() ? 0 : all.back();
        const auto data = fetch(port, identify(what, after), name_of(what));
        if (!data) return data.error();
        const auto page = parse_list(*data, after);
        if (!page) return Error(page.error()).during(name_of(what));
        all.insert(all.end(), page->begin(), page->end());
        if (page->size() < list_entries) return all;
    }
    return Error{Fault::drive, std::string(name_of(what)) + ": it does not end"};
}

Result<std::optional<NamespaceFormat>> read_namespace(NvmePort& port, Structure what,
                                                      std::uint32_t nsid) {
    const std::string name = std::string(name_of(what)) + " " + std::to_string(nsid);
    const auto data = fetch(port, identify(what, nsid), name.c_str());
    if (!data) return data.error();
    auto found = parse_namespace_format(*data);
    if (!found) return Error(found.error()).during(name);
    return found;
}

} // namespace quietus::nvme
