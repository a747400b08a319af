// Uses: everything on the machine that would break if something beneath it were erased.
#pragma once

#include "foundations.hpp"

#include <string>
#include <vector>

namespace quietus {

enum class UseKind : std::uint8_t {
    mount,
    swap,
    holder,    ///< a device made from others: device mapper, md, a loop device over a device
    loop_file, ///< a loop device over a file
    open_file, ///< open for writing in another process
    lock,      ///< flock or fcntl lock of another process
    state,     ///< our own state directory
};

struct Use {
    UseKind kind = UseKind::mount;
    std::string by = {};      ///< "mount", "swap", "lvm", "process 812 (qemu)": InUse::by
    std::string where = {};   ///< mount point, node or path: InUse::where
    std::string user = {};    ///< for people, escaped: what uses it
    std::string subject = {}; ///< for people, escaped: what is used directly
    std::string release = {}; ///< the command that ends it; empty when there is none
    std::string key = {};     ///< of the device or file that is the user itself, when it is one
    Ground ground = {};
};

/// All of them, but for what the state directory adds when it is empty. An unknown ground stays
/// in the use.
[[nodiscard]] std::vector<Use> uses_of(const Machine& machine, const Foundations& foundations,
                                       const std::string& state_directory);

} // namespace quietus
