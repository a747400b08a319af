// Each way in which a drive that erases itself fails or lies, against each technique, with the
// verdict that it must end in. Written by hand, from what the knob does and from what a host can
// see of it.
#pragma once

#include "quietus/emulator/ata_drive.hpp"
#include "quietus/record/erasure_record.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

namespace quietus::test {

using emulator::Knob;

inline constexpr std::array methods{
    Technique::ata_sanitize_crypto_scramble, Technique::ata_sanitize_block_erase,
    Technique::ata_sanitize_overwrite, Technique::ata_security_erase_enhanced,
    Technique::ata_security_erase};

inline constexpr auto erased = Verdict::erased;
inline constexpr auto failed = Verdict::failed;
inline constexpr auto unknown = Verdict::indeterminate;
inline constexpr auto refused = Verdict::refused;

struct Row {
    std::optional<Knob> knob;
    std::array<Verdict, 5> verdicts; ///< as `methods`: crypto, block, overwrite, enhanced, normal
    const char* why;
};

inline const std::vector<Row> table{
    {std::nullopt, {erased, erased, erased, erased, erased}, "an honest drive"},
    {Knob::done_but_nothing, {failed, failed, failed, failed, failed}, "canaries are left"},
    {Knob::addressable_only,
     {erased, erased, erased, erased, erased},
     "clear is all that is proven"},
    {Knob::hidden_area_left,
     {erased, erased, erased, erased, erased},
     "what was hidden has an address by then"},
    {Knob::crypto_keeps_key, {failed, erased, erased, erased, erased}, "canaries are left"},
    {Knob::zeros_without_erasing,
     {erased, erased, failed, erased, erased},
     "zeros are what a block erase leaves; an overwrite leaves its pattern"},
    {Knob::one_block_stays,
     {failed, failed, failed, failed, failed},
     "the middle block holds a canary"},
    {Knob::last_block_spared, {failed, failed, failed, failed, failed}, "as does the last"},
    {Knob::stale_completed_bit,
     {failed, failed, failed, erased, erased},
     "canaries are left; security has no such bit"},
    {Knob::stuck_at_99, {unknown, unknown, unknown, unknown, unknown}, "it never ends"},
    {Knob::progress_backwards,
     {erased, unknown, unknown, erased, erased},
     "it contradicts itself; "
     "a new key takes too "
     "short a time to see it"},
    {Knob::fails_at_end, {failed, failed, failed, failed, failed}, "by its own word"},
    {Knob::fails_then_says_ok, {failed, failed, failed, failed, failed}, "the first word counts"},
    {Knob::timeout_while_running,
     {erased, erased, erased, erased, erased},
     "it is waited for, and has ended well"},
    {Knob::reset_in_middle,
     {erased, erased, erased, failed, failed},
     "a sanitize goes on after a reset; it ends a security erasure"},
    {Knob::power_loss,
     {erased, erased, erased, failed, failed},
     "a sanitize goes on; a security erasure is over, and the drive locked"},
    {Knob::identity_changes,
     {unknown, unknown, unknown, unknown, unknown},
     "another drive answers"},
    {Knob::no_return_descriptor,
     {refused, refused, refused, refused, refused},
     "nothing can be known"},
    {Knob::fixed_sense, {erased, erased, erased, erased, erased}, "the results log has the rest"},
    {Knob::fixed_sense_shifted,
     {erased, erased, erased, erased, erased},
     "the response information has the rest"},
    {Knob::sense_cut_to_18,
     {erased, erased, erased, erased, erased},
     "the response information has the rest"},
    {Knob::count_zeroed, {refused, refused, refused, refused, refused}, "the NOP shows it"},
    {Knob::lba_swapped, {refused, refused, refused, refused, refused}, "the NOP shows it"},
    {Knob::log_unreadable, {erased, erased, erased, erased, erased}, "its health is not known"},
    {Knob::frozen, {refused, refused, refused, refused, refused}, "until a power cycle"},
    {Knob::password_left,
     {erased, erased, erased, unknown, unknown},
     "a drive that erased would have security off"},
    {Knob::drops_writes, {failed, failed, failed, failed, failed}, "stamps are not there"},
    {Knob::aliases, {failed, failed, failed, failed, failed}, "stamps overwrite each other"},
    {Knob::reads_differ_twice, {failed, failed, failed, failed, failed}, "stamps read as others"},
};

/// Drives that the table holds for, whatever their blocks are and whatever hides a part of them.
struct DriveKindRow {
    const char* name;
    emulator::AtaTraits traits;
};

// Half of what is accessible is a multiple of four blocks, by which the stamps of the address probe
// lie apart in drives as small: so that they find `aliases` wherever they happen to be.
inline std::vector<DriveKindRow> kinds_of_drive() {
    using emulator::MaxAddress;
    return {{"blocks of 512", {.blocks = 256}},
            {"blocks of 4096", {.blocks = 256, .logical_bytes = 4096, .physical_bytes = 4096}},
            {"flash with a cache and stale copies",
             {.blocks = 256, .rotates = false, .stale_copies = 8, .cached_writes = 16}},
            {"one block behind an HPA", {.blocks = 256, .accessible_blocks = 255}},
            {"blocks behind an AMA",
             {.blocks = 256, .accessible_blocks = 152, .max_address = MaxAddress::ama}},
            {"blocks behind an HPA within a DCO",
             {.blocks = 256, .dco_blocks = 240, .accessible_blocks = 200}}};
}

inline std::string name_of(const testing::TestParamInfo<Row>& info) {
    std::string name = info.param.knob ? std::string(to_text(*info.param.knob)) : "honest";
    std::ranges::replace(name, '-', '_');
    return name;
}

} // namespace quietus::test
