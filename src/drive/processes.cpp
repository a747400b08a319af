#include "processes.hpp"

#include "proc_tables.hpp"
#include "quietus/core/bytes.hpp"
#include "sysfs.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <unordered_set>
#include <utility>
#include <vector>

namespace quietus {
namespace {

bool opened_for_writing(const std::string& facts) {
    const auto label = facts.find("flags:");
    const auto digits = facts.find_first_of("01234567", label);
    if (label == std::string::npos || digits == std::string::npos) return true;
    const auto flags = sysfs::parse_number(
        std::string_view(facts).substr(digits, facts.find('\n', digits) - digits), 8);
    return !flags || (*flags & O_ACCMODE) != O_RDONLY;
}

class Collector {
  public:
    Collector(const std::string& proc, DriveProbe& probe) : proc_(proc), probe_(probe) {}

    void add_process(const std::string& pid) {
        seen_.clear();
        command_.reset();
        const auto threads = thread_directories(proc_, pid);
        for (const std::string& thread : threads) {
            for (const std::string& number : sysfs::names(thread + "/fd"))
                if (!add_descriptor(pid, thread, number)) return unseen(pid);
            if (::access((thread + "/fd").c_str(), R_OK) != 0 && errno == EACCES)
                return unseen(pid);
        }
        add_mappings(pid, threads);
    }

    OpenFiles take() && { return std::move(found_); }

  private:
    // False when we are not allowed to look; a descriptor that was just closed is no reason.
    bool add_descriptor(const std::string& pid, const std::string& thread,
                        const std::string& number) {
        const std::string link = thread + "/fd/" + number;
        const auto target = sysfs::link(link);
        if (!target) return errno != EACCES && errno != EPERM;
        if (!target->starts_with('/')) return true; // a pipe, a socket, an anonymous inode
        const bool in_dev = target->starts_with("/dev/");
        if (!in_dev && !is_new(number, *target, "")) return true;
        const auto facts = sysfs::text(thread + "/fdinfo/" + number);
        const bool writing = facts && opened_for_writing(*facts);
        if (!facts || (in_dev && !is_new(number, *target, writing ? "w" : "r"))) return true;
        if (writing)
            found_.writable.push_back(opened(pid, *target, probe_.place(link), false));
        else if (in_dev)
            add_reader(opened(pid, *target, probe_.place(link), false));
        return true;
    }

    // Threads nearly always share their descriptors.
    bool is_new(const std::string& number, const std::string& target, const char* how) {
        return seen_.insert(number + ' ' + how + ' ' + target).second;
    }

    void add_reader(OpenFile file) {
        const bool is_node = !file.place || file.place->node_number != 0;
        if (is_node) found_.reading.push_back(std::move(file));
    }

    // Who may see the descriptors may see these too; a process without the file has gone. All
    // threads have the same, but one that has ended shows none; the files are under its number.
    void add_mappings(const std::string& pid, const std::vector<std::string>& threads) {
        std::string directory = proc_ + "/" + pid;
        auto table = sysfs::text(directory + "/maps");
        for (const std::string& thread : threads) {
            if (table && !table->empty()) break;
            directory = proc_ + "/" + sysfs::last_component(thread);
            table = sysfs::text(thread + "/maps");
        }
        auto mappings = parse_maps(table.value_or(""));
        if (!mappings) return unseen(pid);
        for (const Mapping& mapping : *mappings) {
            auto place = probe_.place(directory + "/map_files/" + mapping.range);
            if (!place && mapping.inode != 0) place = FilePlace{mapping.device, mapping.inode};
            found_.writable.push_back(opened(pid, mapping.path, place, true));
        }
    }

    [[nodiscard]] OpenFile opened(const std::string& pid, const std::string& path,
                                  std::optional<FilePlace> place, bool mapped) {
        const auto number = static_cast<unsigned>(sysfs::parse_number(pid).value_or(0));
        return {number, command_of(pid), path, place, mapped};
    }

    [[nodiscard]] const std::string& command_of(const std::string& pid) {
        if (!command_) command_ = sysfs::text(proc_ + "/" + pid + "/comm").value_or("?");
        return *command_;
    }

    void unseen(const std::string& pid) {
        if (pid == "1") return;
        found_.unknown.push_back("the open files of process " + pid + " (" + command_of(pid) +
                                 ") cannot be seen");
    }

    const std::string& proc_;
    DriveProbe& probe_;
    OpenFiles found_;
    std::unordered_set<std::string> seen_; ///< of one process
    std::optional<std::string> command_;   ///< of the same
};

} // namespace

std::string process_title(std::int64_t pid, const std::string& command) {
    if (pid <= 0) return "a process";
    if (command.empty()) return "process " + std::to_string(pid);
    return "process " + std::to_string(pid) + " (" + escaped(command) + ")";
}

std::vector<std::string> thread_directories(const std::string& proc, const std::string& pid) {
    const std::string process = proc + "/" + pid;
    std::vector<std::string> directories;
    for (const std::string& thread : sysfs::names(process + "/task"))
        directories.push_back(process + "/task/" + thread);
    if (directories.empty()) directories.push_back(process);
    return directories;
}

OpenFiles open_files(const std::string& proc, DriveProbe& probe) {
    Collector collector(proc, probe);
    const std::string self = sysfs::link(proc + "/self").value_or("");
    for (const std::string& name : sysfs::names(proc))
        if (sysfs::parse_number(name) && name != self) collector.add_process(name);
    return std::move(collector).take();
}

} // namespace quietus
