#include "uses.hpp"

#include "quietus/core/bytes.hpp"
#include "shell_word.hpp"

#include <unistd.h>

#include <filesystem>
#include <iterator>
#include <optional>
#include <utility>

namespace quietus {
namespace {

std::string process_title(std::int64_t pid, const std::string& command) {
    if (command.empty()) return "process " + std::to_string(pid);
    return "process " + std::to_string(pid) + " (" + escaped(command) + ")";
}

std::string unmount_command(const Mount& mount) {
    if (mount.point == "/") return {}; // nobody can unmount it from a running system
    const std::string command = "umount " + shell_word(mount.point);
    if (mount.namespace_pid == 0) return command;
    return "nsenter --mount --target " + std::to_string(mount.namespace_pid) + " " + command;
}

std::string unmap_command(const BlockDevice& device) {
    const std::string name = shell_word(device.title.substr(device.title.rfind('/') + 1));
    if (device.loop_file) return "losetup --detach " + device.node;
    if (device.mapped_kind == "crypt") return "cryptsetup close " + name;
    if (device.mapped_kind == "lvm" || device.mapped_kind == "dm") return "dmsetup remove " + name;
    if (device.mapped_kind == "md") return "mdadm --stop " + device.node;
    if (device.mapped_kind == "bcache")
        return "echo 1 > /sys/block/" + device.name + "/bcache/stop";
    return {};
}

class Collector {
  public:
    Collector(const Machine& machine, const Foundations& foundations)
        : machine_(machine), foundations_(foundations) {}

    void add_mounts() {
        for (const Mount& mount : machine_.mounts) {
            Use use{UseKind::mount, "mount", mount.point, escaped(mount.point)};
            const BlockDevice* device = machine_.tree.at(mount.number);
            if (device == nullptr) device = foundations_.device_of(mount.source);
            use.subject = escaped(device == nullptr ? mount.source : device->title);
            use.release = unmount_command(mount);
            use.ground = foundations_.of_mount(mount);
            uses_.push_back(std::move(use));
        }
    }

    void add_swaps() {
        for (const Swap& swap : machine_.swaps) {
            Use use{UseKind::swap, "swap", swap.name, "swap"};
            use.subject = escaped(swap.name);
            use.release = "swapoff " + shell_word(swap.name);
            use.ground = foundations_.of_file(swap.name);
            uses_.push_back(std::move(use));
        }
    }

    void add_stacked_devices() {
        for (const BlockDevice& device : machine_.tree.devices())
            if (device.role == BlockRole::mapped || (device.loop_file && !device.below.empty()))
                add_holder(device);
            else if (device.loop_file)
                add_loop(device);
    }

    void add_open_files() {
        for (const OpenFile& file : machine_.open_files) {
            const std::string title = process_title(file.pid, file.command);
            Use use{UseKind::open_file, title, file.path, title};
            use.subject = escaped(file.path);
            use.release = "close it in " + title;
            const BlockDevice* device = device_of(file);
            if (device != nullptr)
                use.ground = foundations_.of_device(device->name);
            else if (file.place)
                use.ground.keys = {Foundations::file_key(file.place->device, file.place->inode)};
            uses_.push_back(std::move(use));
        }
    }

    void add_locks() {
        for (const FileLock& lock : machine_.locks) {
            if (lock.pid == ::getpid()) continue;
            const std::string title = lock.pid > 0 ? process_title(lock.pid, "") : "a process";
            Use use{UseKind::lock, title, "lock", title};
            use.release = "end the lock held by " + title;
            use.ground.keys = {Foundations::file_key(lock.device, lock.inode)};
            uses_.push_back(std::move(use));
        }
    }

    void add_state(const std::string& directory) {
        std::error_code failed;
        const auto absolute = std::filesystem::absolute(directory, failed).lexically_normal();
        Use use{UseKind::state, "state", failed ? directory : absolute.string(), "state directory"};
        use.subject = escaped(use.where);
        use.release = "choose a state directory on another drive";
        use.ground = foundations_.of_path(use.where);
        uses_.push_back(std::move(use));
    }

    std::vector<Use> take() && { return std::move(uses_); }

  private:
    [[nodiscard]] const BlockDevice* device_of(const OpenFile& file) const {
        if (!file.place) return machine_.tree.by_node(file.path);
        return machine_.tree.at(file.place->node_number);
    }

    void add_holder(const BlockDevice& device) {
        const std::string kind = device.loop_file ? "loop" : device.mapped_kind;
        Use use{UseKind::holder, kind, device.title, escaped(device.title) + " (" + kind + ")"};
        use.release = unmap_command(device);
        use.key = device.name;
        use.ground = foundations_.of_device(device.name);
        uses_.push_back(std::move(use));
    }

    void add_loop(const BlockDevice& device) {
        const bool on_device = foundations_.device_of(*device.loop_file) != nullptr;
        if (on_device) return add_holder(device);
        Use use{UseKind::loop_file, "loop", device.node, device.node};
        use.subject = escaped(*device.loop_file);
        use.release = unmap_command(device);
        use.key = device.name;
        use.ground = foundations_.of_device(device.name);
        uses_.push_back(std::move(use));
    }

    const Machine& machine_;
    const Foundations& foundations_;
    std::vector<Use> uses_;
};

} // namespace

std::vector<Use> uses_of(const Machine& machine, const Foundations& foundations,
                         const std::string& state_directory) {
    Collector collector(machine, foundations);
    collector.add_mounts();
    collector.add_swaps();
    collector.add_stacked_devices();
    collector.add_open_files();
    collector.add_locks();
    if (!state_directory.empty()) collector.add_state(state_directory);
    return std::move(collector).take();
}

} // namespace quietus
