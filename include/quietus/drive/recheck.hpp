// Recheck: is this still the drive that was planned, and is it still in nobody's use?
//
// Asked between plan and open (an operator may think for an hour, other drives may come first),
// once more while the drive is held and before the first write, and under way after errors.
#pragma once

#include "quietus/drive/host.hpp"
#include "quietus/transport/firmware_bay.hpp"

namespace quietus {

/// The same node or image looked at again; `only` of the request is filled in here. Fault::refused
/// (identity-changed) when there is nothing any more, else as Host::detect and Host::image.
[[nodiscard]] Result<Drive> look_again(Host& host, const Drive& planned, DetectRequest request);
/// The same drive among all of a look at every one (DetectRequest::all).
[[nodiscard]] Result<Drive> find_again(const std::vector<Drive>& drives, const Drive& planned);

/// Everything that the plan rested on is as it was: identity, place, capacity, parts and contents,
/// and no interlock has come that the plan did not know. Fault::refused naming identity-changed and
/// what differs, or the interlock, with the command that ends it.
[[nodiscard]] Status check_unchanged(const Drive& planned, const Drive& now);

/// The same of what sysfs and /proc alone can tell (DetectRequest::ask false): diskseq, device
/// number, capacity, block size and users. What was hidden may be within reach by then. A drive
/// with bad blocks still passes, another one does not.
[[nodiscard]] Status check_surroundings(const Drive& planned, const Drive& now);

/// The drive's own word, after errors: kind, serial number, model, worldwide name and firmware are
/// those of the plan, as far as it answers. Who says nothing passes: bad blocks make drives slow,
/// and check_surroundings has to hold as well. A swap that a bridge hid from the kernel does not.
[[nodiscard]] Status check_own_word(const Drive& planned, const Drive& now);

/// Whoever answers over the very way that commands are about to go says that it is this drive, by
/// model and serial number. Fault::refused (identity-changed), also when it does not answer: then
/// nobody knows whom a command would reach.
[[nodiscard]] Status check_who_answers(const Drive& planned, FirmwareBay& bay);

} // namespace quietus
