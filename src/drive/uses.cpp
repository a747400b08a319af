#include "uses.hpp"

#include "file_system_home.hpp"
#include "live_points.hpp"
#include "mapped_device.hpp"
#include "quietus/core/bytes.hpp"
#include "release_order.hpp"
#include "shell_word.hpp"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <utility>

namespace quietus {
namespace {

// Who is asked to end it decides whether it may: the title says what it is.
std::string end_command(std::int64_t pid) {
    return pid > 0 ? "kill " + std::to_string(pid) : "";
}

std::string absolute(const std::string& path) {
    std::error_code failed;
    const auto full = std::filesystem::absolute(path, failed).lexically_normal();
    return failed ? path : full.string();
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
            use.key = Foundations::mount_key(mount);
            use.ground = foundations_.of_mount(mount);
            use.within = around(mount);
            use.roles = roles_of(mount);
            uses_.push_back(std::move(use));
        }
    }

    void add_swaps() {
        for (const Swap& swap : machine_.swaps) {
            Use use{UseKind::swap, "swap", swap.name, "swap"};
            use.subject = escaped(swap.name);
            use.release = "swapoff " + shell_word(swap.name);
            use.roles = {Interlock::swap};
            if (swap.is_file || foundations_.device_of(swap.name) != nullptr)
                use.ground = foundations_.of_file(swap.name);
            else
                use.ground.claiming = {"the drive of the swap space " + use.subject +
                                       " is not shown"};
            uses_.push_back(std::move(use));
        }
    }

    void add_hibernation() {
        if (machine_.hibernation.device == 0) return;
        const BlockDevice* device = machine_.tree.at(machine_.hibernation.device);
        if (device == nullptr) return; // it is attached no longer
        Use use{UseKind::hibernation, "hibernation", device->node, "hibernation"};
        use.subject = (machine_.hibernation.to_file ? "a file on " : "") + escaped(device->title);
        use.release = "echo 0:0 > /sys/power/resume";
        use.roles = {Interlock::swap};
        use.ground = foundations_.of_device(device->name);
        uses_.push_back(std::move(use));
    }

    void add_stacked_devices() {
        for (const BlockDevice& device : machine_.tree.devices())
            if (device.role == BlockRole::mapped || !device.below.empty())
                add_holder(device);
            else if (device.loop_file)
                add_loop(device);
    }

    void add_pools() {
        for (const std::string& pool : machine_.pools) {
            Use use{UseKind::holder, "zfs", pool, "the pool " + escaped(pool) + " (zfs)"};
            use.release = "zpool export " + shell_word(pool);
            use.key = Foundations::pool_key(pool);
            use.ground = foundations_.of_pool(pool);
            uses_.push_back(std::move(use));
        }
    }

    void add_bcache_members() {
        for (const BcacheMember& member : machine_.bcache) {
            Use use{UseKind::holder, "bcache", member.device};
            use.user = member.is_cache ? "the cache set " + escaped(member.set) : "a cached device";
            use.user += " (bcache)";
            use.key = (member.is_cache ? "bcache:" + member.set : "bcache-of:" + member.device);
            use.release = "echo 1 > " +
                          (member.is_cache ? "/sys/fs/bcache/" + shell_word(member.set)
                                           : "/sys/class/block/" + member.device + "/bcache") +
                          "/stop";
            use.ground = foundations_.of_device(member.device);
            uses_.push_back(std::move(use));
        }
    }

    void add_exports() {
        for (const Export& each : machine_.exports) {
            Use use{UseKind::holder, each.by, each.title,
                    "the export " + escaped(each.title) + " (" + each.by + ")"};
            use.release = each.release;
            use.ground = foundations_.of_file(each.path);
            uses_.push_back(std::move(use));
        }
    }

    void add_open_files() {
        for (const OpenFile& file : machine_.open_files) {
            const std::string title = process_title(file.pid, file.command);
            Use use{UseKind::open_file, title, file.path, title};
            use.subject = escaped(file.path) + (file.mapped ? " is mapped" : " is open");
            use.release = end_command(file.pid);
            use.process = file.pid;
            add_ground(file, use.ground);
            uses_.push_back(std::move(use));
        }
    }

    void add_locks() {
        for (const FileLock& lock : machine_.locks) {
            if (lock.pid == ::getpid()) continue;
            const std::string title = process_title(lock.pid, lock.command);
            Use use{UseKind::lock, title, "lock", title};
            use.release = end_command(lock.pid);
            use.process = lock.pid;
            use.ground.keys = {Foundations::file_key(lock.device, lock.inode)};
            uses_.push_back(std::move(use));
        }
    }

    void add_evidence(const DetectRequest& request) {
        if (!request.state_directory.empty())
            add_evidence(request.state_directory, "the state directory ",
                         "choose a state directory on another drive");
        for (const std::string& path : request.evidence)
            add_evidence(path, "documents or the log in ", "choose a place on another drive");
    }

    std::vector<Use> take() && { return std::move(uses_); }

  private:
    [[nodiscard]] std::string unmount_command(const Mount& mount) const {
        if (mount.point == "/") return {}; // nobody can unmount it from a running system
        const bool has_others_inside =
            std::ranges::any_of(machine_.mounts, [&](const Mount& other) {
                return other.parent == mount.id && other.id != mount.id;
            });
        const std::string command =
            (has_others_inside ? "umount --recursive " : "umount ") + shell_word(mount.point);
        if (mount.namespace_pid == 0) return command;
        return "nsenter --mount --target " + std::to_string(mount.namespace_pid) + " " + command;
    }

    // The mount that its point lies in is busy as long as it is there.
    [[nodiscard]] std::set<std::string> around(const Mount& mount) const {
        std::set<std::string> keys;
        for (const Mount& other : machine_.mounts)
            if (other.id == mount.parent && other.id != mount.id)
                keys.insert(Foundations::mount_key(other));
        return keys;
    }

    // "/" of a container is the system of that container alone.
    static std::set<Interlock> roles_of(const Mount& mount) {
        std::set<Interlock> roles;
        if (mount.namespace_pid > 1) return roles;
        if (mount.point == "/") roles.insert(Interlock::system);
        if (is_boot_point(mount.point)) roles.insert(Interlock::boot);
        if (is_live_point(mount.point)) roles.insert(Interlock::live);
        return roles;
    }

    // A node is what its number says, whatever it is called; without a number its name must do.
    void add_ground(const OpenFile& file, Ground& ground) const {
        const BlockTree& tree = machine_.tree;
        const BlockDevice* device =
            file.place ? tree.at(file.place->node_number) : tree.by_node(file.path);
        if (device != nullptr) {
            ground = foundations_.of_device(device->name);
        } else if (!file.place || file.place->command_number != 0) {
            const CommandNode node{file.path, file.place ? file.place->command_number : 0};
            for (const BlockDevice* commanded : tree.commanded_by(node))
                ground.keys.merge(foundations_.of_device(commanded->name).keys);
        } else {
            ground.keys = {Foundations::file_key(file.place->device, file.place->inode)};
        }
    }

    void add_holder(const BlockDevice& device) {
        std::string kind = device.loop_file ? "loop" : device.mapped_kind;
        if (!device.written_back_to.empty()) kind = "zram";
        Use use{UseKind::holder, kind, device.title, escaped(device.title) + " (" + kind + ")"};
        use.release = unmap_command(device);
        use.key = device.name;
        use.ground = foundations_.of_device(device.name);
        for (const BcacheMember& member : machine_.bcache)
            if (std::ranges::find(device.below, member.device) != device.below.end())
                use.within.insert({"bcache:" + member.set, "bcache-of:" + member.device});
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

    void add_evidence(const std::string& path, const std::string& what,
                      const std::string& release) {
        Use use{UseKind::state, "state", absolute(path), "quietus"};
        use.subject = what + escaped(use.where);
        use.release = release;
        use.ground = foundations_.of_path(use.where);
        uses_.push_back(std::move(use));
    }

    const Machine& machine_;
    const Foundations& foundations_;
    std::vector<Use> uses_;
};

} // namespace

std::vector<Use> uses_of(const Machine& machine, const Foundations& foundations,
                         const DetectRequest& request) {
    Collector collector(machine, foundations);
    collector.add_mounts();
    collector.add_swaps();
    collector.add_hibernation();
    collector.add_stacked_devices();
    collector.add_pools();
    collector.add_bcache_members();
    collector.add_exports();
    collector.add_open_files();
    collector.add_locks();
    collector.add_evidence(request);
    std::vector<Use> uses = in_release_order(std::move(collector).take());
    for (Use& use : named_uses(machine, foundations, uses))
        uses.push_back(std::move(use));
    return uses;
}

} // namespace quietus
