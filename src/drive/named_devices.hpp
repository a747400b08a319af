// NamedDevices: the devices that the running system names as its own, mounted or not: on the
// kernel's command line, in /etc/fstab and in the firmware's boot variables. Pure parsers.
//
// A name is a claim that anyone can put on a drive: it may add a reason not to erase, and never
// takes one away. What is not understood names nothing; these texts are written by people.
#pragma once

#include "quietus/record/drive.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quietus {

enum class NameTag : std::uint8_t {
    node,       ///< "/dev/sda1"
    number,     ///< "8:1"
    uuid,       ///< of a file system
    label,      ///< of a file system
    part_uuid,  ///< of a partition
    part_label, ///< of a partition
    pool,       ///< of ZFS
};

struct DeviceName {
    NameTag tag = NameTag::node;
    std::string value;
    friend bool operator==(const DeviceName&, const DeviceName&) = default;
};

/// "UUID=...", "LABEL=...", "PARTUUID=...", "PARTLABEL=...", "CDLABEL=...",
/// "/dev/disk/by-uuid/...",
/// "/dev/sda1", "8:1", "ZFS=pool/root", and these after "live:", "hd:", "block:" or "cdrom:".
/// Absent for anything else, "UUID=" with nothing after it included.
[[nodiscard]] std::optional<DeviceName> parse_device_name(std::string_view text);

struct NamedDevice {
    Interlock interlock = Interlock::system; ///< system, boot, live, or swap for hibernation
    DeviceName name;
    std::string said; ///< as it stands there, with its source: "root=UUID=1f2e on the command line"
};

struct CommandLine {
    std::vector<NamedDevice> devices;
    std::vector<std::string> iso_files; ///< paths on some file system: "findiso=/live.iso"
    bool may_resume = true;             ///< no "noresume" or "nohibernate"
    bool resumes_from_file = false;     ///< "resume_offset=" of a swap file
};
[[nodiscard]] CommandLine parse_command_line(std::string_view text);

/// The lines of fstab(5) for the root file system and for boot files.
[[nodiscard]] std::vector<NamedDevice> parse_fstab(std::string_view text);

/// Where firmware and boot loaders look, by the Filesystem Hierarchy Standard and common use.
[[nodiscard]] bool is_boot_point(std::string_view mount_point);

} // namespace quietus
