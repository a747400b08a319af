#include "ata_text.hpp"

#include "nvme_text.hpp"
#include "scsi_text.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/core/listed.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace quietus::cli {
namespace {

// Bits of word 128 of IDENTIFY DEVICE (ACS-4 clause 7.13).
constexpr std::uint32_t enabled = 0x0002;
constexpr std::uint32_t locked = 0x0004;
constexpr std::uint32_t frozen = 0x0008;
constexpr std::uint32_t count_expired = 0x0010;
constexpr std::uint32_t maximum = 0x0100;

std::string number_or_untold(const std::optional<std::uint64_t>& number) {
    return number ? std::to_string(*number) : "not told";
}

std::string blocks_by(const std::optional<std::uint64_t>& blocks, std::uint64_t accessible) {
    if (!blocks) return "not there";
    std::string text = std::to_string(*blocks) + " blocks";
    if (*blocks > accessible) text += ", " + std::to_string(*blocks - accessible) + " hidden";
    return text;
}

std::string security_in_words(const AtaErasure& told) {
    if (!told.security) return "not there";
    const std::uint32_t word = told.security_word;
    std::string text = (word & enabled) != 0 ? "a password is set" : "no password is set";
    if ((word & locked) != 0) text += ", locked";
    if ((word & frozen) != 0) text += ", frozen";
    if ((word & count_expired) != 0) text += ", too many wrong passwords";
    if ((word & maximum) != 0) text += ", level maximum";
    return text;
}

std::string minutes_in_words(std::uint64_t minutes) {
    return minutes == 0 ? "not told" : std::to_string(minutes) + " minutes";
}

std::string sanitize_in_words(const AtaErasure& told) {
    std::string text(to_text(told.sanitize));
    if (told.sanitize == SanitizeState::in_progress)
        text += ", " + progress_in_words(told.sanitize_progress);
    return text;
}

std::string operations(const AtaErasure& told) {
    std::vector<std::string> all;
    if (told.crypto_scramble) all.emplace_back("crypto scramble");
    if (told.block_erase) all.emplace_back("block erase");
    if (told.overwrite)
        all.emplace_back(told.definitive_end == true ? "overwrite (definitive ending)"
                                                     : "overwrite");
    return all.empty() ? "not there" : listed(all);
}

std::string octets_of(std::uint32_t pattern) {
    const Bytes octets{static_cast<std::uint8_t>(pattern >> 24U),
                       static_cast<std::uint8_t>(pattern >> 16U & 0xFFU),
                       static_cast<std::uint8_t>(pattern >> 8U & 0xFFU),
                       static_cast<std::uint8_t>(pattern & 0xFFU)};
    return to_hex(octets);
}

std::string overwrite_in_words(const FirmwareOptions& options) {
    std::string text = std::to_string(options.passes) + (options.passes == 1 ? " pass" : " passes");
    text += " of " + octets_of(options.pattern);
    if (options.invert_between) text += ", inverted between passes";
    return options.definitive_end ? text + ", the last as it is given" : text;
}

// What a failure leaves is part of what is agreed to.
TextRows sanitize_rows(const FirmwareOptions& options) {
    TextRows rows{{"if it fails", options.may_leave_failed
                                      ? "it may be released from that by a word, with whatever is "
                                        "left on it (quietus recover)"
                                      : "it takes no other command until a SANITIZE succeeds"}};
    if (options.zoned_no_reset) rows.push_back({"zones", "stay full, so that they can be read"});
    return rows;
}

std::string once_begun(Technique technique) {
    if (technique == Technique::ata_security_erase ||
        technique == Technique::ata_security_erase_enhanced)
        return "it cannot be let go of: it lasts as long as it does, and a loss of power leaves a "
               "password, which quietus recover takes off";
    if (technique == Technique::scsi_format_unit)
        return "the drive goes on by itself, but a loss of power leaves it without a format: then "
               "it has to be formatted again";
    if (technique == Technique::nvme_format_user_data ||
        technique == Technique::nvme_format_crypto_erase)
        return "it cannot be let go of: it lasts as long as it does, and of a loss of power nobody "
               "knows what it leaves";
    return "the drive goes on by itself, whatever becomes of this program";
}

} // namespace

std::string progress_in_words(std::uint32_t progress) {
    constexpr std::uint64_t whole = 65536;
    return std::to_string(std::min<std::uint64_t>(progress, whole) * 100 / whole) + " %";
}

TextRows hidden_area_rows(const Drive& drive) {
    if (drive.scsi_erasure)
        return {{"not told: all blocks are selected when the drive is told to erase itself"}};
    if (!drive.hidden_areas) return {{"not told"}};
    const HiddenAreas& areas = *drive.hidden_areas;
    TextRows rows{
        {"accessible", std::to_string(areas.accessible) + " blocks"},
        {"by READ NATIVE MAX ADDRESS (HPA)", blocks_by(areas.protected_area, areas.accessible)},
        {"by ACCESSIBLE MAX ADDRESS (AMA)", blocks_by(areas.accessible_max, areas.accessible)},
        {"by DEVICE CONFIGURATION (DCO)", blocks_by(areas.overlay, areas.accessible)}};
    for (const std::string& each : areas.unreadable)
        rows.push_back({"would not tell", each});
    return rows;
}

TextRows own_erasure_rows(const Drive& drive) {
    if (drive.scsi_erasure) return scsi_erasure_rows(drive);
    if (drive.nvme_erasure) return nvme_erasure_rows(drive);
    if (!drive.ata_erasure) return {{"the drive takes no ATA commands, or did not tell"}};
    const AtaErasure& told = *drive.ata_erasure;
    TextRows rows{{"sanitize", operations(told)}};
    if (told.crypto_scramble || told.block_erase || told.overwrite)
        rows.push_back({"sanitize state", sanitize_in_words(told)});
    rows.push_back({"security", security_in_words(told)});
    if (!told.security) return rows;
    rows.push_back({"erase unit takes", minutes_in_words(told.normal_minutes)});
    rows.push_back(
        {"enhanced takes", told.enhanced ? minutes_in_words(told.enhanced_minutes) : "not there"});
    return rows;
}

TextRows health_rows(const Drive& drive) {
    if (!drive.health) return {{"not told"}};
    if (drive.health->media_errors || drive.health->critical_warning) {
        TextRows told{{"blocks lost", number_or_untold(drive.health->media_errors)},
                      {"warnings", number_or_untold(drive.health->critical_warning)},
                      {"power-on hours", number_or_untold(drive.health->power_on_hours)}};
        return told;
    }
    TextRows rows{{"reallocated blocks", number_or_untold(drive.health->reallocated)},
                  {"pending blocks", number_or_untold(drive.health->pending)},
                  {"power-on hours", number_or_untold(drive.health->power_on_hours)}};
    if (!drive.health->text.empty()) rows.push_back({"why not", drive.health->text});
    return rows;
}

TextRows firmware_rows(const Plan& plan) {
    if (!plan.firmware) return {};
    TextRows rows;
    if (plan.technique == Technique::ata_sanitize_overwrite ||
        plan.technique == Technique::scsi_sanitize_overwrite ||
        plan.technique == Technique::nvme_sanitize_overwrite)
        rows.push_back({"overwrites", overwrite_in_words(*plan.firmware)});
    if (is_any_sanitize(plan.technique))
        for (auto& row : sanitize_rows(*plan.firmware))
            rows.push_back(std::move(row));
    rows.push_back({"once begun", once_begun(plan.technique)});
    return rows;
}

} // namespace quietus::cli
