// judge: from evidence to verdict. The erasing program, the signer and the auditor all call this,
// so a verdict that does not follow from what was recorded cannot be signed and would not be
// believed.
//
// What counts as evidence. Steps are numbered from 1 in the plan's order. `passes` holds one record
// for each write step, in order; `read_backs` one for each verify step, in order, and then, unless
// the plan asks for no verification, the final one: its step is one more than the plan's last, its
// of_step the last write step. No other record may be there. Lists of extents are as an ExtentSet
// yields them: ascending, disjoint, none empty, all inside the drive; byte counts agree with them.
// Anything else, an attacker's record included, is a finding and the verdict `failed`.
//
// Runs that went on from where others were interrupted (`resumed`) are judged as one: their records
// are of all of them together. What earlier runs are said to have done is not believed of the final
// state: that must then be read back in full, whatever the plan asks, by the last of them.
//
// Finding codes:
//   interrupted, drive-vanished, drive-changed, drive-stalled, drive-too-slow, io-error,
//   probe-stopped                       why the engine stopped
//   address-aliasing                    a stamp reads back as something else
//   unwritable, unreadable, mismatch    with the exact blocks, rounded outwards
//   flush-failed, incomplete-probe, incomplete-pass, incomplete-read-back
//   missing-record, unexpected-record   evidence and plan do not correspond
//   wrong-pattern                       a pass wrote something other than its step says
//   hidden-area                         native and addressable capacity differ; or what is hidden
//                                       would not be lifted, or did not stay so
//   power-cycle-needed                  before what is hidden can be lifted; nothing was begun
//   native-capacity-unknown             the drive does not tell what it has, before or afterwards
//   key-header-left                     of a volume whose keys were to be destroyed
//   unsound-plan, inconsistent-evidence what no honest plan or engine yields
//   not-read-back                       the only one of an `unverified` drive
//
// Where the plan lifts hidden areas (its first step), extents and byte counts are of all that was
// lifted: erased_bytes().
//
// Of plans by which a drive erases itself: what judge_firmware.hpp says; records that are not of
// this drive and plan (drive-changed, unexpected-record, missing-record) prove nothing.
//
// Of luks-erase "the whole drive" is all of it but what is left of the plan's volumes
// (volumes.hpp): that must not be written, nothing of it is proven, and it is what is unproven of
// an erased drive. What was seen of the keys must be there, before and afterwards, and no header
// left.
//
// Limits: addressing-sampled, ciphertext-left, earlier-data-not-excluded, health-unknown,
// interrupted-and-resumed, key-copies-not-excluded, level-by-vendor-claim, level-reported-by-drive,
// native-capacity-unknown, page-cache, protected-area-not-reached, remapped-blocks-may-hold-data,
// spare-blocks-not-reached, storage-beneath-unknown, technique-not-proven-on-hardware.
#pragma once

#include "quietus/record/erasure_record.hpp"

namespace quietus {

/// The bytes that were to be erased: all that the drive addresses, what was lifted for it
/// included. Of an overwrite; else judge_firmware.hpp knows.
[[nodiscard]] std::uint64_t erased_bytes(const Drive& drive,
                                         const std::optional<HiddenAreaRecord>& hidden);

/// Pure and total. Starts at `failed` and raises the verdict only by proof: every write step of the
/// plan present, complete over [0, size), where size is erased_bytes(), flushed, in order; the
/// address probe clean; the final state read back as the plan's verification says, every byte
/// equal. Missing read-back is `unverified`, unknown native capacity of a physical drive
/// `indeterminate`, a stop on request `interrupted`, hidden areas that would not be lifted, with
/// nothing written, `refused`.
///
/// `bytes_proven` and `unproven` partition [0, size). Proven is what the last pass wrote and
/// flushed, and, when the final read-back is full, what it found equal; a clean sample stands for
/// all that the last pass wrote (grade E2), a sample that is not clean and no read-back at all
/// prove nothing. `unproven` is empty for a drive of size 0 or over 2^53 - 1 bytes, which always
/// fails.
///
/// `level` is none unless the verdict is `erased`, none for virtual kinds, never above the plan's,
/// and at most clear for a host overwrite, whatever the number of passes; none of luks-erase unless
/// the rule that decided accepts what is claimed of it. Purge is never more than
/// the drive's own word (`drive_reported`): what was read back proves clear besides.
[[nodiscard]] Judgement judge(const Drive& drive, const Plan& plan, const Evidence& evidence);

/// Equal in every field. Makes no text of extents, of which there may be a million.
[[nodiscard]] bool is_same(const Judgement& one, const Judgement& other);

} // namespace quietus
