// Offsets by NVM Express Base 2.1 figures 205, 291 and 312 and the NVM Command Set 1.0 figure 97.
#include "nvme_pages.hpp"

#include "octet_fields.hpp"

#include <algorithm>

namespace quietus::emulator {
namespace {

constexpr unsigned bit(bool condition, unsigned position) {
    return condition ? 1U << position : 0;
}

std::uint8_t octet(unsigned value) {
    return static_cast<std::uint8_t>(value);
}

std::uint32_t sanitize_capabilities(const NvmeSanitizeTraits& traits) {
    return bit(traits.crypto_erase, 0) | bit(traits.block_erase, 1) | bit(traits.overwrite, 2) |
           bit(traits.verification, 3) | bit(traits.no_deallocate_inhibited, 29) |
           std::uint32_t{traits.modifies_media} << 30U;
}

std::uint64_t bytes_of(const NvmeNamespaceTraits& each) {
    return each.blocks << nvme_lba_format(each.format).value_or(NvmeLbaFormat{9, 0}).exponent;
}

void put_capacities(Bytes& page, const NvmeTraits& traits) {
    const std::uint64_t unallocated = traits.unallocated_blocks * 512;
    std::uint64_t total = unallocated;
    for (const NvmeNamespaceTraits& each : traits.namespaces)
        total += bytes_of(each);
    put_little(page, 280, 8, total);
    put_little(page, 296, 8, unallocated);
}

} // namespace

std::optional<NvmeLbaFormat> nvme_lba_format(unsigned index) {
    constexpr NvmeLbaFormat formats[] = {{9, 0}, {12, 0}, {9, 8}};
    if (index >= std::size(formats)) return std::nullopt;
    return formats[index];
}

Bytes nvme_controller_page(const NvmeTraits& traits, const std::string& serial) {
    Bytes page(nvme_identify_octets);
    put_little(page, 0, 2, 0x1AF4);
    put_text(page, 4, 20, serial);
    put_text(page, 24, 40, traits.model);
    put_text(page, 64, 8, traits.firmware);
    page[76] = octet(bit(traits.several_controllers, 1));
    put_little(page, 78, 2, 1);
    put_little(page, 80, 4, traits.version);
    page[102] = traits.boot_partitions ? 4 : 1;
    page[111] = 1;
    put_little(page, 256, 2,
               bit(traits.security_commands, 0) | bit(traits.format.supported, 1) |
                   bit(traits.manages_namespaces, 3));
    if (traits.host_memory) put_little(page, 272, 4, 16384);
    put_capacities(page, traits);
    if (traits.rpmb) put_little(page, 312, 4, 1);
    put_little(page, 328, 4, sanitize_capabilities(traits.sanitize));
    put_little(page, 516, 4, 64);
    page[524] = octet(bit(traits.format.formats_all, 0) | bit(traits.format.erases_all, 1) |
                      bit(traits.format.crypto_erase, 2) | bit(traits.format.no_broadcast, 3));
    page[531] = 7;
    put_little(page, 540, 4, 64);
    const std::string name = "nqn.2014-08.org.example:" + traits.serial;
    std::ranges::copy(name, page.begin() + 768);
    return page;
}

Bytes nvme_namespace_page(const NvmeNamespaceNow& now) {
    const NvmeNamespaceTraits& traits = now.traits;
    Bytes page(nvme_identify_octets);
    for (const std::size_t at : {0U, 8U, 16U}) // NSZE, NCAP, NUSE
        put_little(page, at, 8, traits.blocks);
    page[25] = 2;
    page[26] = octet(traits.format | bit(traits.metadata_extended, 4));
    page[27] = 3;
    page[29] = octet(traits.protection | bit(traits.protection_first, 3));
    if (now.tells_progress) page[32] = octet(0x80U | now.remaining.value_or(0));
    page[33] = 1; // deallocated blocks read as zeros
    put_little(page, 48, 8, bytes_of(traits));
    page[99] = octet(bit(traits.write_protection != 0, 0));
    for (unsigned index = 0; const auto format = nvme_lba_format(index); ++index) {
        put_little(page, 128 + 4 * index, 2, format->metadata);
        page[130 + 4 * index] = octet(format->exponent);
    }
    return page;
}

Bytes nvme_list_page(const std::vector<std::uint32_t>& ascending, std::uint32_t after) {
    Bytes page(nvme_identify_octets);
    std::size_t at = 0;
    for (const std::uint32_t each : ascending)
        if (each > after && at < page.size()) {
            put_little(page, at, 4, each);
            at += 4;
        }
    return page;
}

Bytes nvme_health_page(std::uint64_t power_on_hours) {
    Bytes page(nvme_log_octets);
    page[3] = 100; // available spare
    page[4] = 10;
    page[5] = 2;
    put_little(page, 48, 8, 4711);
    put_little(page, 128, 8, power_on_hours);
    return page;
}

Bytes nvme_sanitize_page(const NvmeSanitizeTraits& traits, const NvmeSanitizeNow& now) {
    constexpr std::uint32_t not_told = 0xFFFFFFFF;
    constexpr long most_passes = 16;
    Bytes page(nvme_log_octets);
    put_little(page, 0, 2, now.progress);
    put_little(page, 2, 2, now.status);
    put_little(page, 4, 4, now.command);
    std::size_t at = 8;
    for (const auto takes : {traits.pass_takes * most_passes, traits.block_takes,
                             traits.crypto_takes, traits.pass_takes * most_passes,
                             traits.block_takes, traits.crypto_takes, traits.deallocation_takes}) {
        put_little(page, at, 4,
                   traits.tells_times ? static_cast<std::uint32_t>(takes.count()) : not_told);
        at += 4;
    }
    if (traits.verification) page[36] = now.state;
    return page;
}

} // namespace quietus::emulator
