// Each way in which a SAS drive that erases itself fails or lies, against each technique, with the
// verdict that it must end in. Written by hand, from what the knob does and from what a host can
// see of it.
#pragma once

#include "quietus/emulator/scsi_drive.hpp"
#include "quietus/record/erasure_record.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace quietus::test {

inline constexpr std::array scsi_methods{
    Technique::scsi_sanitize_crypto_erase, Technique::scsi_sanitize_block_erase,
    Technique::scsi_sanitize_overwrite, Technique::scsi_format_unit};

struct ScsiVerdicts {
    std::optional<emulator::Knob> knob;
    std::array<Verdict, 4> verdicts; ///< as `scsi_methods`: crypto, block, overwrite, format
    const char* why;
};

inline std::vector<ScsiVerdicts> scsi_verdicts() {
    using emulator::Knob;
    constexpr auto erased = Verdict::erased;
    constexpr auto failed = Verdict::failed;
    constexpr auto unknown = Verdict::indeterminate;
    return {
        {std::nullopt, {erased, erased, erased, erased}, "an honest drive"},
        {Knob::done_but_nothing, {failed, failed, failed, failed}, "canaries are left"},
        {Knob::addressable_only, {erased, erased, erased, erased}, "clear is all that is proven"},
        {Knob::hidden_area_left,
         {erased, erased, erased, erased},
         "what was hidden has an address by then"},
        {Knob::crypto_keeps_key, {failed, erased, erased, erased}, "canaries are left"},
        {Knob::zeros_without_erasing,
         {erased, erased, failed, erased},
         "zeros are what a block erase leaves; an overwrite leaves its pattern"},
        {Knob::one_block_stays, {failed, failed, failed, failed}, "the middle block has a canary"},
        {Knob::last_block_spared, {failed, failed, failed, failed}, "as does the last"},
        {Knob::stuck_at_99, {unknown, unknown, unknown, unknown}, "it never ends"},
        {Knob::progress_backwards,
         {erased, unknown, unknown, unknown},
         "it contradicts itself; a new key takes too short a time to see it"},
        {Knob::fails_at_end, {failed, failed, failed, failed}, "by its own word"},
        {Knob::fails_then_says_ok, {failed, failed, failed, failed}, "the first word counts"},
        {Knob::timeout_while_running,
         {erased, erased, unknown, unknown},
         "it was never seen at work; what is short is ordered again, to its end"},
        {Knob::reset_in_middle, {erased, erased, erased, erased}, "it goes on"},
        {Knob::power_loss,
         {erased, erased, erased, failed},
         "a sanitize goes on; a format is corrupt"},
        {Knob::identity_changes, {unknown, unknown, unknown, unknown}, "another drive answers"},
        {Knob::sense_cut_to_18, {erased, erased, erased, erased}, "all is in those"},
        {Knob::log_unreadable, {erased, erased, erased, erased}, "its health is not known"},
        {Knob::drops_writes, {failed, failed, failed, failed}, "stamps are not there"},
        {Knob::aliases, {failed, failed, failed, failed}, "stamps overwrite each other"},
        {Knob::reads_differ_twice, {failed, failed, failed, failed}, "stamps read as others"},
        {Knob::lun_left, {erased, erased, erased, erased}, "there is no second unit"},
        {Knob::idle_without_start,
         {failed, failed, unknown, unknown},
         "it was never seen at work; what says that it has ended has left canaries"},
        {Knob::format_nothing_done, {erased, erased, erased, failed}, "canaries are left"},
    };
}

/// Of other ways to a drive than this, or of other drives.
inline const std::set<emulator::Knob>& knobs_of_others() {
    using emulator::Knob;
    static const std::set<Knob> knobs{Knob::stale_completed_bit,
                                      Knob::no_return_descriptor,
                                      Knob::fixed_sense,
                                      Knob::fixed_sense_shifted,
                                      Knob::count_zeroed,
                                      Knob::lba_swapped,
                                      Knob::frozen,
                                      Knob::password_left};
    return knobs;
}

struct ScsiDriveRow {
    const char* name;
    emulator::ScsiTraits traits;
};

// Long enough to be seen at work, and no longer.
inline std::vector<ScsiDriveRow> kinds_of_sas_drive() {
    using emulator::ReportsCommands;
    constexpr auto required = ScsiReadAfterErase::write_required;
    std::vector<ScsiDriveRow> kinds{
        {"blocks of 512", {.blocks = 256}},
        {"blocks of 4096, in descriptor format",
         {.blocks = 256, .block_bytes = 4096, .descriptor_sense = true}},
        {"protection information", {.blocks = 256, .protection = 2}},
        {"flash with a cache and stale copies",
         {.blocks = 256, .rotates = false, .stale_copies = 8, .cached_writes = 16}},
        {"a shortened capacity", {.blocks = 256, .shown_blocks = 152}},
        {"reads that fail until blocks are written",
         {.blocks = 256,
          .rotates = false,
          .after_block_erase = required,
          .after_crypto_erase = required}},
        {"a list of commands alone", {.blocks = 256, .reports = ReportsCommands::as_list_alone}},
        {"no report of commands", {.blocks = 256, .reports = ReportsCommands::not_at_all}}};
    for (ScsiDriveRow& each : kinds) {
        each.traits.sanitize.pass_takes = std::chrono::minutes(1);
        each.traits.format.takes = std::chrono::minutes(2);
    }
    return kinds;
}

/// Where no block can be read before it is written, nobody sees what the drive has made of it: what
/// is proven then is the host's own pass, and the drive's part is its word.
inline bool is_unreadable_after(Technique method, const emulator::ScsiTraits& traits) {
    const auto after = method == Technique::scsi_sanitize_block_erase ? traits.after_block_erase
                       : method == Technique::scsi_sanitize_crypto_erase
                           ? traits.after_crypto_erase
                           : ScsiReadAfterErase::unspecified;
    return after != ScsiReadAfterErase::unspecified;
}

inline Verdict verdict_of(const ScsiVerdicts& row, std::size_t at, Technique method,
                          const emulator::ScsiTraits& traits) {
    using emulator::Knob;
    const std::set<Knob> keep{Knob::done_but_nothing, Knob::crypto_keeps_key, Knob::one_block_stays,
                              Knob::last_block_spared};
    const bool unseen = row.knob && keep.contains(*row.knob) && is_unreadable_after(method, traits);
    return unseen ? Verdict::erased : row.verdicts[at];
}

inline std::string scsi_row_name(const testing::TestParamInfo<ScsiVerdicts>& info) {
    std::string name = info.param.knob ? std::string(to_text(*info.param.knob)) : "honest";
    std::ranges::replace(name, '-', '_');
    return name;
}

} // namespace quietus::test
