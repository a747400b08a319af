#include "running_system.hpp"

#include "efi_boot.hpp"
#include "quietus/core/bytes.hpp"
#include "sysfs.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <iterator>
#include <utility>

namespace quietus {
namespace {

/// systemd.io/BOOT_LOADER_INTERFACE and UEFI 2.10, 3.3: whose variables they are.
constexpr const char* loader_vendor = "-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f";
constexpr const char* efi_vendor = "-8be4df61-93ca-11d2-aa0d-00e098032b8c";

class Looker {
  public:
    Looker(const HostPaths& paths, Machine& machine) : paths_(paths), machine_(machine) {}

    void look() {
        add_command_line();
        add_tables();
        add_firmware();
        add_pools();
        for (const BlockDevice& device : machine_.tree.devices())
            add_bcache(device);
    }

  private:
    void add_command_line() {
        const auto text = sysfs::text(paths_.proc + "/cmdline").value_or("");
        CommandLine line = parse_command_line(text);
        machine_.live_files = std::move(line.iso_files);
        for (NamedDevice& device : line.devices)
            if (device.interlock != Interlock::swap || line.may_resume)
                machine_.named.push_back(std::move(device));
        const auto resume = sysfs::text(paths_.sys + "/power/resume").value_or("");
        const auto offset = sysfs::number(paths_.sys + "/power/resume_offset").value_or(0);
        machine_.hibernation = {sysfs::device_number(resume).value_or(0),
                                line.resumes_from_file || offset != 0};
    }

    // Ours and, when we run in a place of our own, that of the machine's first process.
    void add_tables() {
        const auto own = sysfs::text(paths_.proc + "/self/root/etc/fstab").value_or("");
        const auto first = sysfs::text(paths_.proc + "/1/root/etc/fstab").value_or("");
        add(parse_fstab(own));
        if (first != own) add(parse_fstab(first));
    }

    void add_firmware() {
        add_partition(
            parse_loader_partition(as_bytes(variable("LoaderDevicePartUUID", loader_vendor))),
            "the boot loader");
        const auto chosen = parse_boot_current(as_bytes(variable("BootCurrent", efi_vendor)));
        if (!chosen) return;
        std::array<char, 16> name{};
        std::snprintf(name.data(), name.size(), "Boot%04X", *chosen);
        add_partition(parse_boot_option(as_bytes(variable(name.data(), efi_vendor))),
                      "the firmware");
    }

    void add_pools() {
        // Of one thing each: "arcstats" and its like are files, a pool is a directory.
        const std::string directory = paths_.proc + "/spl/kstat/zfs";
        for (const std::string& name : sysfs::names(directory))
            if (sysfs::exists(directory + "/" + name + "/.")) machine_.pools.push_back(name);
    }

    void add_bcache(const BlockDevice& device) {
        const std::string directory = device.directory + "/bcache";
        if (device.role == BlockRole::mapped || !sysfs::exists(directory)) return;
        const auto set = sysfs::link(directory + "/set");
        const auto cache = sysfs::link(directory + "/cache");
        const std::string& name = set ? *set : cache.value_or("");
        machine_.bcache.push_back({device.name, sysfs::last_component(name), set.has_value()});
    }

    void add_partition(std::optional<std::string> uuid, const std::string& who) {
        if (!uuid) return;
        std::string said = who + " was started from its partition " + *uuid;
        machine_.named.push_back(
            {Interlock::boot, {NameTag::part_uuid, std::move(*uuid)}, std::move(said)});
    }

    void add(std::vector<NamedDevice> devices) {
        std::ranges::move(devices, std::back_inserter(machine_.named));
    }

    [[nodiscard]] std::string variable(const std::string& name, const char* vendor) const {
        auto text = sysfs::bytes(paths_.sys + "/firmware/efi/efivars/" + name + vendor);
        return text.value_or("");
    }

    const HostPaths& paths_;
    Machine& machine_;
};

} // namespace

void look_at_running_system(const HostPaths& paths, Machine& machine) {
    Looker(paths, machine).look();
}

} // namespace quietus
