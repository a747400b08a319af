// Each way in which an NVMe drive that erases itself fails or lies, against each technique, with
// the verdict that it must end in. Written by hand, from what the knob does and from what a host
// can see of it.
#pragma once

#include "quietus/emulator/knob.hpp"
#include "quietus/emulator/nvme_traits.hpp"
#include "quietus/record/plan.hpp"
#include "quietus/record/technique.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

namespace quietus::test {

using emulator::Knob;
using emulator::NvmeTraits;

inline constexpr std::array nvme_methods{
    Technique::nvme_sanitize_crypto_erase, Technique::nvme_sanitize_block_erase,
    Technique::nvme_sanitize_overwrite, Technique::nvme_format_user_data,
    Technique::nvme_format_crypto_erase};

constexpr bool is_nvme_sanitize(Technique method) {
    return method == Technique::nvme_sanitize_crypto_erase ||
           method == Technique::nvme_sanitize_block_erase ||
           method == Technique::nvme_sanitize_overwrite;
}

inline FirmwareOptions options_for(Technique method) {
    if (method != Technique::nvme_sanitize_overwrite) return {};
    return {.pattern = 0xA5A5A5A5, .passes = 1};
}

inline constexpr auto erased = Verdict::erased;
inline constexpr auto failed = Verdict::failed;
inline constexpr auto unknown = Verdict::indeterminate;
inline constexpr auto refused = Verdict::refused;

struct NvmeRow {
    std::optional<Knob> knob;
    std::array<Verdict, 5> verdicts; ///< as `nvme_methods`: crypto, block, overwrite; user, crypto
    const char* why;
};

inline const std::vector<NvmeRow> nvme_table{
    {std::nullopt, {erased, erased, erased, erased, erased}, "an honest drive"},
    {Knob::done_but_nothing, {failed, failed, failed, failed, failed}, "canaries are left"},
    {Knob::addressable_only,
     {erased, erased, erased, erased, erased},
     "clear is all that is proven"},
    {Knob::hidden_area_left,
     {erased, erased, erased, erased, erased},
     "nobody sees what no namespace has"},
    {Knob::crypto_keeps_key, {failed, erased, erased, erased, failed}, "canaries are left"},
    {Knob::zeros_without_erasing,
     {erased, erased, failed, erased, erased},
     "zeros are what a block erase leaves; an overwrite leaves its pattern"},
    {Knob::one_block_stays, {failed, failed, failed, failed, failed}, "it holds a canary"},
    {Knob::last_block_spared, {failed, failed, failed, failed, failed}, "as does the last"},
    {Knob::stale_completed_bit,
     {failed, failed, failed, erased, erased},
     "canaries are left; a format has no log"},
    {Knob::stuck_at_99, {unknown, unknown, unknown, unknown, unknown}, "it never ends"},
    {Knob::progress_backwards,
     {erased, unknown, unknown, erased, erased},
     "it contradicts itself, where it takes long enough to be seen"},
    {Knob::fails_at_end, {failed, failed, failed, failed, failed}, "by its own word"},
    {Knob::fails_then_says_ok, {failed, failed, failed, failed, failed}, "the first word counts"},
    {Knob::timeout_while_running,
     {erased, erased, erased, erased, erased},
     "it is waited for, and has ended well"},
    {Knob::reset_in_middle,
     {erased, erased, erased, unknown, unknown},
     "a sanitize goes on after a reset; of a format nobody knows"},
    {Knob::power_loss, {erased, erased, erased, unknown, unknown}, "the same"},
    {Knob::identity_changes,
     {unknown, unknown, unknown, unknown, unknown},
     "another drive answers"},
    {Knob::log_unreadable,
     {refused, refused, refused, erased, erased},
     "without its log a sanitize proves nothing; a format needs none"},
    {Knob::frozen,
     {failed, failed, failed, failed, failed},
     "only the command itself shows it, and canaries are written by then"},
    {Knob::drops_writes, {failed, failed, failed, failed, failed}, "stamps are not there"},
    {Knob::aliases, {failed, failed, failed, failed, failed}, "stamps overwrite each other"},
    {Knob::reads_differ_twice, {failed, failed, failed, failed, failed}, "and read as others"},
    {Knob::idle_without_start,
     {unknown, unknown, unknown, failed, failed},
     "the log tells of no operation; a format leaves canaries"},
    {Knob::format_nothing_done, {erased, erased, erased, failed, failed}, "canaries are left"},
    {Knob::log_of_another_operation,
     {unknown, unknown, unknown, erased, erased},
     "what the log tells of is not what was sent"},
    {Knob::one_namespace_left, {failed, failed, failed, failed, failed}, "canaries are left in it"},
    {Knob::gde_never_set,
     {unknown, unknown, unknown, erased, erased},
     "the drive does not say that nothing is left"},
};

/// Two namespaces, whatever else differs.
inline NvmeTraits two_namespaces(std::uint8_t format = 0) {
    NvmeTraits traits;
    traits.namespaces = {{.nsid = 1, .blocks = 128, .format = format},
                         {.nsid = 3, .blocks = 64, .format = format}};
    traits.unallocated_blocks = 16;
    traits.spare_blocks = 8;
    traits.sanitize.block_takes = std::chrono::seconds(6);
    traits.sanitize.pass_takes = std::chrono::seconds(6);
    return traits;
}

struct NvmeKindRow {
    const char* name;
    NvmeTraits traits;
};

inline std::vector<NvmeKindRow> kinds_of_nvme_drive() {
    NvmeTraits without = two_namespaces();
    without.sanitize.verification = false;
    without.sanitize.tells_times = false;
    NvmeTraits flash = two_namespaces(1);
    flash.stale_copies = 8;
    flash.cached_writes = 16;
    return {{"with the Media Verification state", two_namespaces()},
            {"with NDAS alone, that announces no time", without},
            {"with blocks of 4096, a cache and stale copies", flash}};
}

inline std::string name_of_row(const testing::TestParamInfo<NvmeRow>& info) {
    std::string name = info.param.knob ? std::string(to_text(*info.param.knob)) : "honest";
    std::ranges::replace(name, '-', '_');
    return name;
}

} // namespace quietus::test
