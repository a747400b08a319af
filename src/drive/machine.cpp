#include "machine.hpp"

#include "running_system.hpp"
#include "sysfs.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

namespace quietus {
namespace {

template <typename Row>
std::vector<Row> read_table(const std::string& path,
                            Result<std::vector<Row>> (*parse)(std::string_view),
                            std::vector<std::string>& unknown) {
    const auto text = sysfs::text(path);
    auto rows = text ? parse(*text) : Error{Fault::io, "cannot be read"};
    if (rows) return std::move(*rows);
    unknown.push_back(path + ": " + rows.error().message);
    return {};
}

bool same_mount(const Mount& left, const Mount& right) {
    return left.number == right.number && left.point == right.point && left.source == right.source;
}

// The mounts of our own namespace, and those that only processes elsewhere see. One thread a
// namespace is enough; where the namespace is not told, tables that were seen before are skipped.
class MountReader {
  public:
    MountReader(const std::string& proc, Machine& machine) : proc_(proc), machine_(machine) {}

    void read() {
        const std::string own = proc_ + "/self/mountinfo";
        machine_.mounts = read_table<Mount>(own, parse_mountinfo, machine_.unknown);
        tables_.insert(sysfs::text(own).value_or(""));
        for (const std::string& pid : sysfs::names(proc_))
            if (sysfs::parse_number(pid))
                for (const std::string& thread : thread_directories(proc_, pid))
                    add_thread(thread);
    }

  private:
    void add_thread(const std::string& thread) {
        const auto space = sysfs::link(thread + "/ns/mnt");
        if (space && !spaces_.insert(*space).second) return;
        // Gone since, or a kernel thread: it has no mounts of its own then.
        const auto table = sysfs::text(thread + "/mountinfo");
        if (!table || !tables_.insert(*table).second) return;
        const std::string number = sysfs::last_component(thread);
        auto mounts = parse_mountinfo(*table);
        if (!mounts) {
            machine_.unknown.push_back("mounts of process " + number + ": " +
                                       mounts.error().message);
            return;
        }
        for (Mount& mount : *mounts)
            add(std::move(mount), static_cast<unsigned>(sysfs::parse_number(number).value_or(0)));
    }

    void add(Mount mount, unsigned pid) {
        const auto& known = machine_.mounts;
        if (std::any_of(known.begin(), known.end(),
                        [&](const Mount& each) { return same_mount(each, mount); }))
            return;
        mount.namespace_pid = pid;
        machine_.mounts.push_back(std::move(mount));
    }

    const std::string& proc_;
    Machine& machine_;
    std::set<std::string> spaces_;
    std::set<std::string> tables_;
};

} // namespace

Result<Machine> look_at_machine(const HostPaths& paths, DriveProbe& probe) {
    auto tree = BlockTree::read(paths.sys);
    if (!tree) return std::move(tree).error();
    Machine machine;
    machine.tree = std::move(*tree);
    machine.dev = paths.dev;
    MountReader(paths.proc, machine).read();
    // A kernel without swap has no such table.
    if (sysfs::exists(paths.proc + "/swaps"))
        machine.swaps = read_table<Swap>(paths.proc + "/swaps", parse_swaps, machine.unknown);
    machine.locks = read_table<FileLock>(paths.proc + "/locks", parse_locks, machine.unknown);
    for (FileLock& lock : machine.locks)
        if (lock.pid > 0)
            lock.command =
                sysfs::text(paths.proc + "/" + std::to_string(lock.pid) + "/comm").value_or("");
    OpenFiles files = open_files(paths.proc, probe);
    machine.open_files = std::move(files.writable);
    machine.read_nodes = std::move(files.reading);
    std::move(files.unknown.begin(), files.unknown.end(), std::back_inserter(machine.unknown));
    machine.exports = exports_of(paths.sys);
    look_at_running_system(paths, machine);
    return machine;
}

} // namespace quietus
