#include "quietus/policy/firmware_expectation.hpp"

#include "quietus/policy/catalogue.hpp"

#include <algorithm>

namespace quietus {
namespace {

Bytes octets_of(std::uint32_t pattern) {
    return {static_cast<std::uint8_t>(pattern & 0xFFU),
            static_cast<std::uint8_t>(pattern >> 8U & 0xFFU),
            static_cast<std::uint8_t>(pattern >> 16U & 0xFFU),
            static_cast<std::uint8_t>(pattern >> 24U & 0xFFU)};
}

void add_both_orders(std::uint32_t pattern, std::vector<Bytes>& patterns) {
    Bytes octets = octets_of(pattern);
    patterns.push_back(octets);
    std::ranges::reverse(octets);
    if (octets != patterns.back()) patterns.push_back(octets);
}

Bytes in_order_of_the_medium(std::uint32_t pattern) {
    Bytes octets = octets_of(pattern);
    std::ranges::reverse(octets);
    return octets;
}

} // namespace

EndState end_state(Technique method, const FirmwareOptions& options) {
    switch (method) {
    case Technique::ata_sanitize_block_erase:
    case Technique::scsi_sanitize_block_erase:
    case Technique::nvme_sanitize_block_erase:
        return {Expectation::zeros_or_ones, {}};
    case Technique::scsi_sanitize_overwrite:
        return {Expectation::pattern, {in_order_of_the_medium(options.pattern)}};
    case Technique::ata_sanitize_overwrite:
    case Technique::nvme_sanitize_overwrite:
        break;
    case Technique::overwrite:
    case Technique::luks_erase:
    case Technique::ata_sanitize_crypto_scramble:
    case Technique::ata_security_erase_enhanced:
    case Technique::ata_security_erase:
    case Technique::scsi_sanitize_crypto_erase:
    case Technique::scsi_format_unit:
    case Technique::nvme_sanitize_crypto_erase:
    case Technique::nvme_format_crypto_erase:
    case Technique::nvme_format_user_data:
        return {Expectation::host_pass, {}};
    }
    EndState state{Expectation::pattern, {}};
    add_both_orders(options.pattern, state.patterns);
    const bool drive_chooses = method != Technique::nvme_sanitize_overwrite &&
                               options.invert_between && !options.definitive_end &&
                               options.passes > 1;
    if (!drive_chooses) return state;
    state.expectation = Expectation::either;
    add_both_orders(~options.pattern, state.patterns);
    return state;
}

EndState end_state(const FirmwareEvidence& evidence) {
    constexpr std::uint32_t no_deallocate = 1U << 9U; // dword 10 of Sanitize
    if (evidence.method == Technique::nvme_sanitize_overwrite && evidence.nvme_sanitize) {
        const NvmeSanitizeRecord& record = *evidence.nvme_sanitize;
        const bool kept = (record.command & no_deallocate) != 0 &&
                          record.after != NvmeSanitizeState::unexpected_deallocate;
        if (!kept) return {Expectation::host_pass, {}};
    }
    return end_state(evidence.method, evidence.options);
}

Level reported_level(Technique method) {
    const auto technique = find_technique(to_text(method));
    return technique ? level_of(catalogue()[*technique], VendorClaim::accepted) : Level::none;
}

} // namespace quietus
