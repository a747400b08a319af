// Attributes of sysfs and /proc: small text files and the links between directories.
//
// What cannot be read is absent: sysfs leaves attributes out that a driver does not have, and a
// drive may be pulled while it is looked at.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quietus::sysfs {

/// The file's text without the one newline that the kernel ends it with.
[[nodiscard]] std::optional<std::string> text(const std::string& path);
/// All of the file as it is.
[[nodiscard]] std::optional<std::string> bytes(const std::string& path);
/// An unsigned decimal number and nothing else.
[[nodiscard]] std::optional<std::uint64_t> number(const std::string& path);
/// "254:0" as a device number.
[[nodiscard]] std::optional<std::uint64_t> device_number(std::string_view text);
/// The names in a directory, in the order of their numbers ("loop2" before "loop10"); none when
/// there is no such directory.
[[nodiscard]] std::vector<std::string> names(const std::string& directory);
/// Where a link points, as it is written there.
[[nodiscard]] std::optional<std::string> link(const std::string& path);
/// The path with every link followed; the path itself where that is not possible.
[[nodiscard]] std::string resolved(const std::string& path);
/// Where the entry of a directory leads, whose own path holds no link: what `resolved` says where
/// links lead straight to their goal, as those of sysfs do, for a sixth of the system calls.
[[nodiscard]] std::string linked(const std::string& directory, const std::string& entry);
[[nodiscard]] bool exists(const std::string& path);
/// All of the text as a number in that base.
[[nodiscard]] std::optional<std::uint64_t> parse_number(std::string_view text, int base = 10);
/// "nvme0" of "nvme": the word and a number, and nothing else.
[[nodiscard]] bool is_numbered(std::string_view name, std::string_view word);
/// What stands after the last slash.
[[nodiscard]] std::string last_component(const std::string& path);

} // namespace quietus::sysfs
