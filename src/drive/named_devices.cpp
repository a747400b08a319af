#include "named_devices.hpp"

#include "quietus/core/bytes.hpp"
#include "sysfs.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <sstream>
#include <utility>

namespace quietus {
namespace {

struct Prefix {
    std::string_view text;
    NameTag tag;
};
constexpr std::array prefixes{Prefix{"UUID=", NameTag::uuid},
                              Prefix{"LABEL=", NameTag::label},
                              Prefix{"CDLABEL=", NameTag::label},
                              Prefix{"PARTUUID=", NameTag::part_uuid},
                              Prefix{"PARTLABEL=", NameTag::part_label},
                              Prefix{"ZFS=", NameTag::pool},
                              Prefix{"zfs:", NameTag::pool},
                              Prefix{"/dev/disk/by-uuid/", NameTag::uuid},
                              Prefix{"/dev/disk/by-label/", NameTag::label},
                              Prefix{"/dev/disk/by-partuuid/", NameTag::part_uuid},
                              Prefix{"/dev/disk/by-partlabel/", NameTag::part_label}};

/// Words of the command line that name devices: kernel-parameters.txt, dracut.cmdline(7),
/// live-boot(7), casper(7), mkinitcpio-archiso, anaconda, mkinitfs-init.
struct Word {
    std::string_view key;
    Interlock interlock;
    std::string_view form = ""; ///< put before the value when it is not one already
};
constexpr std::array words{Word{"root", Interlock::system},
                           Word{"mount.usr", Interlock::system},
                           Word{"boot", Interlock::boot},
                           Word{"BOOT_IMAGE", Interlock::boot},
                           Word{"live-media", Interlock::live},
                           Word{"bootfrom", Interlock::live},
                           Word{"fromiso", Interlock::live},
                           Word{"isofrom_device", Interlock::live},
                           Word{"img_dev", Interlock::live},
                           Word{"cdroot", Interlock::live},
                           Word{"alpine_dev", Interlock::live},
                           Word{"inst.stage2", Interlock::live},
                           Word{"inst.repo", Interlock::live},
                           Word{"rd.live.overlay", Interlock::live},
                           Word{"cow_device", Interlock::live},
                           Word{"cow_label", Interlock::live, "LABEL="},
                           Word{"archisodevice", Interlock::live},
                           Word{"archisolabel", Interlock::live, "LABEL="},
                           Word{"archisosearchuuid", Interlock::live, "UUID="},
                           Word{"misodevice", Interlock::live},
                           Word{"misolabel", Interlock::live, "LABEL="},
                           Word{"quietus.bootuuid", Interlock::live, "UUID="},
                           Word{"resume", Interlock::swap}};
constexpr auto iso_words = std::to_array<std::string_view>(
    {"findiso", "fromiso", "iso-scan/filename", "img_loop", "isofrom_system"});
constexpr auto boot_points =
    std::to_array<std::string_view>({"/boot", "/boot/efi", "/efi", "/boot/firmware"});
constexpr auto system_points = std::to_array<std::string_view>({"/", "/usr"});

// udev and dracut write odd characters as \xNN.
std::string decoded(std::string_view text) {
    std::string plain;
    while (!text.empty()) {
        const auto octet = text.starts_with("\\x") && text.size() >= 4
                               ? sysfs::parse_number(text.substr(2, 2), 16)
                               : std::nullopt;
        plain += octet ? static_cast<char>(*octet) : text[0];
        text.remove_prefix(octet ? 4 : 1);
    }
    return plain;
}

// What follows the device: a path after a colon (anaconda), in an uuid or a label after a slash
// ("PARTUUID=.../PARTNROFF=1", "fromiso=/dev/disk/by-uuid/.../live.iso", "ZFS=pool/root").
std::string value_of(NameTag tag, std::string_view rest) {
    if (tag == NameTag::label || tag == NameTag::part_label)
        return decoded(rest.substr(0, rest.find(":/")));
    return decoded(rest.substr(0, rest.find_first_of("/:")));
}

// "/dev/sda1/live.iso" and "/dev/sda1:/live.iso" name a file on /dev/sda1; a mapped device and a
// link of udev have a directory of their own.
std::string node_of(std::string_view text) {
    constexpr auto nested =
        std::to_array<std::string_view>({"/dev/mapper/", "/dev/disk/by-id/", "/dev/disk/by-path/"});
    text = text.substr(0, text.find(":/"));
    std::size_t from = std::string_view("/dev/").size();
    for (const std::string_view directory : nested)
        if (text.starts_with(directory)) from = directory.size();
    return std::string(text.substr(0, text.find('/', from)));
}

std::string_view without(std::string_view text, std::initializer_list<std::string_view> leads) {
    for (const std::string_view lead : leads)
        if (text.starts_with(lead)) text.remove_prefix(lead.size());
    return text;
}

// Words are parted by blanks; one in double quotes may hold some (Linux, lib/cmdline.c).
std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> found;
    std::string word;
    bool quoted = false;
    for (const char each : text) {
        if (each == '"') {
            quoted = !quoted;
        } else if (!quoted && std::isspace(static_cast<unsigned char>(each)) != 0) {
            if (!word.empty()) found.push_back(std::exchange(word, {}));
        } else {
            word += each;
        }
    }
    if (!word.empty()) found.push_back(std::move(word));
    return found;
}

void take_device(const std::string& key, const std::string& value, CommandLine& line) {
    for (const Word& word : words) {
        if (key != word.key || value.empty()) continue;
        auto name = parse_device_name(value);
        if (!name && !word.form.empty()) name = parse_device_name(std::string(word.form) + value);
        if (!name) continue;
        // A live system's root is the medium that it started from.
        const Interlock interlock = value.starts_with("live:") ? Interlock::live : word.interlock;
        line.devices.push_back(
            {interlock, std::move(*name), key + "=" + value + " on the kernel's command line"});
    }
}

void take_iso(std::string_view key, std::string_view value, CommandLine& line) {
    if (std::ranges::find(iso_words, key) == iso_words.end()) return;
    if (value.starts_with('/') && !value.starts_with("/dev/")) line.iso_files.emplace_back(value);
}

std::optional<Interlock> interlock_at(std::string_view point) {
    if (std::ranges::find(system_points, point) != system_points.end()) return Interlock::system;
    if (is_boot_point(point)) return Interlock::boot;
    return std::nullopt;
}

} // namespace

std::optional<DeviceName> parse_device_name(std::string_view text) {
    text = without(text, {"live:", "hd:", "cdrom:", "block:"});
    for (const Prefix& prefix : prefixes) {
        if (!text.starts_with(prefix.text)) continue;
        std::string value = value_of(prefix.tag, text.substr(prefix.text.size()));
        if (value.empty()) return std::nullopt;
        return DeviceName{prefix.tag, std::move(value)};
    }
    if (text.starts_with("/dev/") && text.size() > 5 && text[5] != '/')
        return DeviceName{NameTag::node, node_of(text)};
    if (sysfs::device_number(text)) return DeviceName{NameTag::number, std::string(text)};
    return std::nullopt;
}

CommandLine parse_command_line(std::string_view text) {
    CommandLine line;
    for (const std::string& word : words_of(text)) {
        if (word == "--") break; // what follows is for init
        const auto equals = word.find('=');
        const std::string key = word.substr(0, equals);
        if (key == "noresume" || key == "nohibernate") line.may_resume = false;
        if (key == "hibernate" && word == "hibernate=no") line.may_resume = false;
        if (equals == std::string::npos) continue;
        const std::string value = word.substr(equals + 1);
        if (key == "resume_offset") line.resumes_from_file = true;
        take_device(key, value, line);
        take_iso(key, value, line);
    }
    return line;
}

std::vector<NamedDevice> parse_fstab(std::string_view text) {
    std::vector<NamedDevice> found;
    std::istringstream lines{std::string(text)};
    for (std::string line; std::getline(lines, line);) {
        std::istringstream fields(line);
        std::string source;
        std::string point;
        if (!(fields >> source >> point) || source.starts_with('#')) continue;
        std::erase(source, '"');
        const auto interlock = interlock_at(point);
        auto name = parse_device_name(source);
        if (interlock && name)
            found.push_back(
                {*interlock, std::move(*name), source + " for " + point + " in /etc/fstab"});
    }
    return found;
}

bool is_boot_point(std::string_view mount_point) {
    return std::ranges::find(boot_points, mount_point) != boot_points.end();
}

} // namespace quietus
