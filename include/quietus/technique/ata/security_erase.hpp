// SECURITY ERASE UNIT as a state machine, and what takes a temporary password off again.
//
// Only on a drive that nobody has locked, and never with the level Maximum. The password
// (temporary_password.hpp) is set, taken off and set again before the drive is told to erase: what
// stands between us and the drive brings data through unharmed, or nothing is begun.
#pragma once

#include "quietus/record/firmware_evidence.hpp"
#include "quietus/technique/firmware_watch.hpp"
#include "quietus/transport/ata/identify_words.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace quietus::ata {

/// Why SECURITY ERASE UNIT cannot be begun on this drive as it is; nothing when it can.
[[nodiscard]] std::optional<std::string> security_obstacle(const SecurityFeatures& security,
                                                           bool enhanced);

/// Never shorter than the drive says it takes, half as long again, and no shorter than its size
/// takes at 30 MB/s and half an hour.
[[nodiscard]] std::chrono::minutes erase_timeout(const std::optional<EraseTime>& announced,
                                                 std::uint64_t size_bytes);

/// Sets, proves, erases; on any failure unlocks and takes the password off, as far as the drive
/// lets us. The record says what was seen. Erasing cannot be let go of: the command lasts as long
/// as it does, and a host that ends it resets the drive.
void run_security_erase(const FirmwareDesk& desk, bool enhanced, SecurityRecord& record);

/// Takes the temporary password off a drive that an interrupted run has left with it.
/// Fault::refused when security is enabled by somebody else's password or the drive is frozen or
/// has had too many wrong ones; Fault::drive when it cannot be proven that it is off. Done at once
/// on a drive without a password.
[[nodiscard]] Status take_password_off(AtaPort& port);

} // namespace quietus::ata
