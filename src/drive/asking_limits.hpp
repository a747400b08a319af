// How long a drive is waited for when it is asked who it is, and when to stop asking.
#pragma once

#include <chrono>

namespace quietus {

/// For every command of identification.
inline constexpr std::chrono::milliseconds identification_timeout{2000};
/// After so many commands without an answer nothing more is sent: the drive is gone, or stuck.
inline constexpr unsigned lost_answers_max = 2;

} // namespace quietus
