// Uses: everything on the machine that would break if something beneath it were erased.
#pragma once

#include "foundations.hpp"
#include "quietus/drive/host.hpp"
#include "quietus/record/drive.hpp"

#include <set>
#include <string>
#include <vector>

namespace quietus {

enum class UseKind : std::uint8_t {
    mount,
    swap,
    hibernation, ///< swap space that the machine would wake up from
    holder,      ///< made from others: device mapper, md, a pool, a loop device over a device
    loop_file,   ///< a loop device over a file
    open_file,   ///< open or mapped for writing in another process
    lock,        ///< flock, fcntl or open-file-description lock of another process
    state,       ///< our own evidence: state directory, certificates, log
    named,       ///< the running system calls it its own, mounted or not
};

struct Use {
    UseKind kind = UseKind::mount;
    std::string by = {};      ///< "mount", "swap", "lvm", "process 812 (qemu)": InUse::by
    std::string where = {};   ///< mount point, node or path: InUse::where
    std::string user = {};    ///< for people, escaped: what uses it
    std::string subject = {}; ///< for people, escaped: what is used directly
    std::string release = {}; ///< the command that ends it; empty when there is none
    std::int64_t process = 0; ///< whose open file or lock it is; 0 of all else and of nobody known
    std::string key = {};     ///< of what is the user itself, when it has one: see Foundations
    Ground ground = {};
    std::set<std::string> within = {}; ///< keys of users that it keeps busy besides its ground
    std::set<Interlock> roles = {};    ///< what it makes of a drive besides its kind
};

/// All of them, in the order in which they would have to be ended: what stands on another use comes
/// before that. An unknown ground stays in the use.
[[nodiscard]] std::vector<Use> uses_of(const Machine& machine, const Foundations& foundations,
                                       const DetectRequest& request);

/// What the running system names as its own and no mount accounts for. `uses` are those of
/// uses_of(): where one of the same role already stands on a device of that name, other devices of
/// the name are copies, and are left out.
[[nodiscard]] std::vector<Use> named_uses(const Machine& machine, const Foundations& foundations,
                                          const std::vector<Use>& uses);

} // namespace quietus
