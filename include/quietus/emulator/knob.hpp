// Knob: one way in which an emulated drive, or the bridge before it, fails or lies when it is told
// to erase by itself.
//
// The names are the ones of scenarios, of tables of tests and of front ends in other processes. A
// knob stays turned; several may be. What single transfers do wrong is a MediaFault.
#pragma once

#include "quietus/core/enum_text.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace quietus::emulator {

/// An *operation* is a sanitize operation or SECURITY ERASE UNIT. Where nothing else is said it
/// otherwise runs, ends and erases as it should.
enum class Knob : std::uint8_t {
    // of what an operation does
    done_but_nothing,      ///< it runs, ends well and changes nothing
    addressable_only,      ///< it reaches the blocks that have an address now, and nothing else
    hidden_area_left,      ///< it reaches all but the blocks beyond the accessible ones
    crypto_keeps_key,      ///< CRYPTO SCRAMBLE EXT leaves the media key as it is
    zeros_without_erasing, ///< all is unmapped: reads return zeros, the content stays where it was
    one_block_stays,       ///< the block in the middle of the accessible ones keeps its content
    last_block_spared,     ///< the last accessible block does
    // of what it says of it
    stale_completed_bit,   ///< "completed without error" is set from the beginning, of an operation
                           ///< long ago; a new one is accepted, and never runs
    stuck_at_99,           ///< it gets to 99 % and stays in progress
    progress_backwards,    ///< half-way the progress falls back to a quarter; it ends well
    fails_at_end,          ///< it fails when the last eighth of the blocks is left
    fails_then_says_ok,    ///< the same; from the second status on it says that all went well
    timeout_while_running, ///< no command that begins while it runs is answered before it is over,
                           ///< and SECURITY ERASE UNIT takes three times what IDENTIFY announces
    // of what happens meanwhile
    reset_in_middle,  ///< half-way the link is reset
    power_loss,       ///< half-way the power goes and comes back
    identity_changes, ///< half-way another serial number answers
    // of the way there (SatFace)
    no_return_descriptor, ///< registers never come back
    fixed_sense,          ///< sense is in the fixed format of SAT, success included
    fixed_sense_shifted,  ///< failures have ERROR, STATUS, DEVICE, COUNT at octets 8 to 11, as
                          ///< Linux before 6.10 writes them; success has the descriptor
    sense_cut_to_18,      ///< no more than 18 octets of sense come back
    count_zeroed,         ///< the drive gets COUNT 0 in every command without data
    lba_swapped,          ///< registers come back with the octets of the LBA in reverse order
    log_unreadable,       ///< no log, of SCSI or ATA, can be read; SMART data neither
    // of security
    frozen,        ///< security and sanitize are frozen whenever the power comes
    password_left, ///< SECURITY ERASE UNIT erases, ends well and leaves security enabled
    // of single blocks
    drops_writes,       ///< writes are acknowledged and not stored
    aliases,            ///< the second half of the blocks is the first half again
    reads_differ_twice, ///< every other read has a bit of each block wrong
    // of SCSI
    lun_left,            ///< logical units beside the first keep their content
    idle_without_start,  ///< SANITIZE and FORMAT UNIT are accepted, and nothing ever runs
    format_nothing_done, ///< FORMAT UNIT runs, ends well and changes nothing
    // of NVMe
    log_of_another_operation, ///< Sanitize is accepted and never runs; the log tells of a success
                              ///< of
                              ///< long ago, by another command
    one_namespace_left,       ///< the last attached namespace keeps its content; there are several
    gde_never_set,            ///< it erases, and never says that no data is left
};

/// Whether a SATA drive can have it: those of other drives come behind.
[[nodiscard]] constexpr bool is_of_ata(Knob knob) {
    return knob <= Knob::reads_differ_twice;
}
/// Whether a SAS drive with a single logical unit can have it.
[[nodiscard]] bool is_of_scsi(Knob knob);
/// Whether an NVMe drive can have it; one_namespace_left only one with several.
[[nodiscard]] bool is_of_nvme(Knob knob);
/// Those that SATA drives can have, in the order of the enumeration.
[[nodiscard]] std::vector<std::string_view> knob_names();

} // namespace quietus::emulator

namespace quietus {

template <>
inline constexpr auto enum_texts<emulator::Knob> = spellings(
    "done-but-nothing", "addressable-only", "hidden-area-left", "crypto-keeps-key",
    "zeros-without-erasing", "one-block-stays", "last-block-spared", "stale-completed-bit",
    "stuck-at-99", "progress-backwards", "fails-at-end", "fails-then-says-ok",
    "timeout-while-running", "reset-in-middle", "power-loss", "identity-changes",
    "no-return-descriptor", "fixed-sense", "fixed-sense-shifted", "sense-cut-to-18", "count-zeroed",
    "lba-swapped", "log-unreadable", "frozen", "password-left", "drops-writes", "aliases",
    "reads-differ-twice", "lun-left", "idle-without-start", "format-nothing-done",
    "log-of-another-operation", "one-namespace-left", "gde-never-set");

} // namespace quietus
