// judge_firmware: from what was seen while a drive erased itself to a verdict. Pure and total;
// judge() asks it, and holds the plan against it.
//
// Two levels come of it. What was read back proves no more than what has an address: clear. That
// the drive has reached what has none, spare and remapped blocks and old copies, is its own word
// and nobody else's: a drive that only unmaps everything returns the same zeros. So
// `judgement.level` is what was proven, and `reported` what the drive says, where nothing speaks
// against it; of a technique that is purge by some vendors' implementation alone, what those reach.
//
// Finding codes:
//   transport-untrusted      registers do not come through unharmed; nothing was begun
//   firmware-refused         by the drive, or by us, before anything was begun
//   power-cycle-needed       before what is hidden can be lifted
//   firmware-failed          by the drive's own word
//   firmware-indeterminate   nobody knows how it ended
//   firmware-under-way       left running; the drive goes on
//   no-transition            the drive was not seen to begin and to end anything
//   progress-backwards       what it said of its progress cannot be
//   password-left            the temporary password may still be set
//   drive-changed            another drive answers now, or another capacity
//   hidden-area              something is out of reach, or was never read back
//   native-capacity-unknown  nobody knows whether something is
//   address-aliasing, incomplete-probe, unwritable
//                            the address probe, as in judge.hpp; and where another canary stood
//                            than was written there
//   canary-not-stored        the drive did not keep what was written before: nothing is proven by
//                            its being gone
//   canary-left              it holds what it should have erased; one for all that are where they
//                            were put, one for all that are elsewhere
//   mismatch, unreadable     with the exact blocks
//   incomplete-pass, incomplete-read-back, missing-record, inconsistent-evidence, flush-failed
//   level-not-reached        by judge(): the rule of a policy asks for more than it came to
//
// Limits: remapped-blocks-may-hold-data, health-unknown, page-cache; of NVMe medium-not-read (what
// was read back stands for deallocated blocks, and nobody has seen the medium itself) and
// beside-namespaces-not-reached (boot partitions, replay-protected memory, host memory).
#pragma once

#include "quietus/record/erasure_record.hpp"
#include "quietus/record/firmware_evidence.hpp"

#include <cstdint>

namespace quietus {

struct FirmwareJudgement {
    Judgement judgement;
    Level reported = Level::none;
};

/// `erased` takes all of it: a way that can be trusted, the same drive before and after, an
/// operation seen to begin and to end well, nothing hidden, every address its own, every canary
/// stored before and gone after, and every block read back as what must be there, or every one of
/// a sample, which is grade E2 and bears out no more than clear. What was not begun is `refused`,
/// what the drive calls failed or what contradicts it `failed`, what nobody knows `indeterminate`,
/// what was left running `interrupted`.
[[nodiscard]] FirmwareJudgement judge_firmware(const FirmwareEvidence& evidence);

/// All that the drive could address when its own operation began, what had been hidden before
/// included: coverage is of these bytes. 0 when that is not known.
[[nodiscard]] std::uint64_t reached_bytes(const FirmwareEvidence& evidence);

} // namespace quietus
