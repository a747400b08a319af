// Host: the door to the machine's drives.
#pragma once

#include "quietus/core/result.hpp"
#include "quietus/record/drive.hpp"
#include "quietus/transport/drive_link.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace quietus {

/// What else must never be erased, and how much is looked at.
struct DetectRequest {
    std::string state_directory = {}; ///< the drive beneath it gets the interlock state-on-drive
    bool all = false;                 ///< ram, rom and zram too
    /// More files and directories whose drives get it: certificates, the log.
    std::vector<std::string> evidence = {};
    std::string only = {};   ///< the drive of this node alone; empty: every drive
    bool held = false;       ///< `only` is open exclusively for us: a claim is our own
    std::int64_t holder = 0; ///< the process that holds it, when that is not the caller's
    bool ask = true;         ///< false: sysfs and /proc alone, however the drive may be doing
};

/// A drive that a process has open exclusively for us.
struct HeldDrive {
    std::string node;
    std::int64_t holder = 0; ///< as DetectRequest::holder
};

/// A node of a drive, and the drive it belongs to.
struct NodeName {
    std::string node;       ///< the real node, symlinks followed: of a partition or of a drive
    std::string whole;      ///< the whole drive's node: "/dev/sdb" for "/dev/sdb1"
    bool partition = false; ///< it is a range of the whole
};

class Host {
  public:
    virtual ~Host() = default;
    /// Every attached drive with identity, contents, users and guards, in the order of node names.
    /// Reads only. A drive that did not answer once is not waited for again by the same Host,
    /// unless it is asked for by `only`. In a look at one drive, what the others told the same Host
    /// within the last minute is not asked again. Fault::io when the machine cannot be looked at; a
    /// single drive that cannot be read is listed with the interlock unknown-holder.
    [[nodiscard]] virtual Result<std::vector<Drive>> detect(const DetectRequest& request) = 0;
    /// What detect() says of each of these with `only`, `held` and `holder`, which are filled in
    /// here: all of them from one look at the machine where a host has such, which begins after the
    /// call. None is missing but those that are there no more.
    [[nodiscard]] virtual Result<std::vector<Drive>>
    detect_held(const std::vector<HeldDrive>& drives, const DetectRequest& request) {
        std::vector<Drive> found;
        for (const HeldDrive& each : drives) {
            DetectRequest one = request;
            one.only = each.node;
            one.held = true;
            one.holder = each.holder;
            auto seen = detect(one);
            if (!seen) return seen;
            for (Drive& drive : *seen)
                found.push_back(std::move(drive));
        }
        return found;
    }
    /// The drive of a regular file at `path` (as in image:PATH). Fault::usage when it is missing or
    /// no regular file; a file with other hard links or in use is a drive with a guard.
    [[nodiscard]] virtual Result<Drive> image(const std::string& path,
                                              const DetectRequest& request) = 0;
    /// What a node or a symlink to it stands for. Also for nodes through which a drive takes
    /// commands ("/dev/nvme0", "/dev/sg2"), areas of an eMMC and multipath maps: each gives a node
    /// of its drive, which is not always the main one. Fault::usage when it is none of these.
    /// Unless a host has links, every path stands for itself.
    [[nodiscard]] virtual Result<NodeName> resolve(const std::string& path) {
        return NodeName{path, path, false};
    }
    /// Opens exactly this drive for erasing; see open_block_port.
    [[nodiscard]] virtual Result<DriveLink> open(const Drive& drive) = 0;
    /// Opens exactly this drive for nothing but reading; see open_reading_port.
    [[nodiscard]] virtual Result<DriveLink> open_to_read(const Drive& drive) = 0;
    /// Has the kernel ask the drive again how large it is, after it was told by commands to be of
    /// another size. Returns when it is settled.
    [[nodiscard]] virtual Status rescan(const Drive& /*drive*/) {
        return Error{Fault::unsupported, "its capacity cannot be read again here"};
    }
    /// Has the drive reset, and what it is and how large read again.
    [[nodiscard]] virtual Status reset(const Drive& /*drive*/) {
        return Error{Fault::unsupported, "it cannot be reset here"};
    }
    /// How warm it is; nothing where nobody tells. Takes as long as the drive takes to answer.
    [[nodiscard]] virtual std::optional<std::int32_t> celsius(const Drive& /*drive*/) {
        return std::nullopt;
    }
};

/// Where the real host looks. Tests point these at recorded trees.
struct HostPaths {
    std::string sys = "/sys";
    std::string dev = "/dev";
    std::string proc = "/proc";
};

/// The Linux machine: sysfs, /proc and libblkid.
[[nodiscard]] std::unique_ptr<Host> make_linux_host(HostPaths paths = {});
/// The same, to erase so many drives at once: they share the memory that transfers take.
[[nodiscard]] std::unique_ptr<Host> make_linux_host_for(std::size_t drives_at_once);

/// As Host::resolve of the Linux machine.
[[nodiscard]] Result<NodeName> resolve_node(const std::string& path, const HostPaths& paths = {});

/// The version of libblkid in use.
[[nodiscard]] std::string libblkid_version();

} // namespace quietus
