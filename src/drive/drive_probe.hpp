// DriveProbe: the questions that only an open node or file can answer; all else is read from sysfs
// and /proc.
//
// Implemented by the machine (below) and, for recorded machines, by tests.
#pragma once

#include "drive_identity.hpp"

#include "quietus/core/result.hpp"
#include "quietus/drive/ata/facts.hpp"
#include "quietus/drive/nvme/facts.hpp"
#include "quietus/drive/scsi/facts.hpp"
#include "quietus/record/drive.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace quietus {

/// A partition in a drive's own table, whether or not the kernel shows a node for it.
struct TableEntry {
    std::uint64_t offset = 0; ///< on the drive, in bytes
    std::uint64_t length = 0;
    std::string uuid = {}; ///< PARTUUID: "1a2b3c4d-01" in a DOS table
    std::string name = {}; ///< PARTLABEL: hostile text
};

/// What libblkid recognised, and the partitions in the tables that it read.
struct Contents {
    std::vector<Content> found; ///< node left empty; in the order of offsets
    std::vector<TableEntry> partitions;
    std::vector<LuksHeader> luks; ///< of the volumes among what was found
};

/// One node to be asked about.
struct ProbeQuestion {
    std::string path;                    ///< of the node, in HostPaths::dev
    DriveKind kind = DriveKind::unknown; ///< which commands to try
    bool contents = true;                ///< not for further paths to the same blocks
    bool held = false;                   ///< for us: whether somebody else claims it is not asked
};

/// What came of it. Everything is in here: asking never fails as a whole.
struct ProbeReport {
    ProbeOutcome outcome = ProbeOutcome::not_asked;
    std::optional<bool> claimed; ///< somebody holds the node exclusively; absent: cannot be told
    std::optional<Contents> contents;
    DriveIdentity identity;
    std::optional<ata::Facts> ata;   ///< of a drive that takes ATA commands
    std::optional<scsi::Facts> scsi; ///< of one that takes SCSI commands for itself
    std::optional<nvme::Facts> nvme;
    std::vector<std::string> problems; ///< what was asked and not answered, a clause each
    std::string unread;                ///< why its contents could not be read
};

/// Where a path leads, links followed.
struct FilePlace {
    std::uint64_t device = 0; ///< st_dev
    std::uint64_t inode = 0;
    std::uint64_t node_number = 0;    ///< st_rdev when it is a block device, else 0
    std::uint64_t command_number = 0; ///< st_rdev when it is a character device, else 0
    std::uint64_t mount = 0; ///< the id of the mount that it was reached through; 0 when not told
    bool silent = false; ///< its file system does not answer: nothing else of this is known then
};

class DriveProbe {
  public:
    virtual ~DriveProbe() = default;
    /// One report a question, in their order. All are asked at the same time, each in a confined
    /// process of its own, and none is waited for longer than its deadline. Drives that can be
    /// told to erase themselves are asked once more in the same way for the rest of what they tell;
    /// one that then falls silent has told who it is, and only that is a finding of its identity.
    [[nodiscard]] virtual std::vector<ProbeReport>
    ask(const std::vector<ProbeQuestion>& questions) = 0;
    /// What stands in an image file. Fault::io when it cannot be opened or read.
    [[nodiscard]] virtual Result<Contents> contents(const std::string& path) = 0;
    /// Whether somebody, anywhere on this machine, has the regular file open for writing: swap, a
    /// loop device or a process. Fault::io when the file system cannot tell.
    [[nodiscard]] virtual Result<bool> has_writers(const std::string& path) = 0;
    /// Absent when nothing is there, or nothing that can be looked at. Waits a second at most.
    [[nodiscard]] virtual std::optional<FilePlace> place(const std::string& path) = 0;
};

[[nodiscard]] std::unique_ptr<DriveProbe> make_drive_probe();

} // namespace quietus
