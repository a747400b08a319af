// Opening a drive or an image, whole, and exactly the one that was looked at: exclusively for
// erasing, or for nothing but reading.
#pragma once

#include "quietus/core/result.hpp"
#include "quietus/record/drive.hpp"
#include "quietus/transport/block_port.hpp"
#include "quietus/transport/transfer_bytes.hpp"

#include <memory>
#include <span>
#include <string>

namespace quietus {

/// Opens `path` (the node, or an image's absolute path) with O_EXCL and flock, without O_CREAT and
/// without following a symlink, and checks on the descriptor that it is the block device (or the
/// regular file with one link) that `drive` describes: device number, diskseq, size, writable.
/// Fault::refused (identity-changed, open-elsewhere, read-only), Fault::io. The port's slots are of
/// `transfers`.
[[nodiscard]] Result<std::unique_ptr<BlockPort>>
open_block_port(const Drive& drive, const std::string& path, const Transfers& transfers = {});

/// Opens it read-only, with the same checks but for "writable" and for other links of an image: the
/// kernel refuses every write through the port, and starting one ends the program. Without O_EXCL,
/// since reading takes nothing from whoever uses the drive, and a claim would shut out drives that
/// are mounted; with a shared flock, so that no erasing of it can begin meanwhile. Faults as above;
/// open-elsewhere when somebody has it locked.
[[nodiscard]] Result<std::unique_ptr<BlockPort>> open_reading_port(const Drive& drive,
                                                                   const std::string& path);

/// Facts of an open block node that sysfs does not carry. Zero where the kernel is too old.
struct BlockNodeFacts {
    std::uint64_t size_bytes = 0;
    std::uint64_t diskseq = 0;
    std::uint32_t logical_block_bytes = 512;
    std::uint32_t physical_block_bytes = 512;
    bool read_only = false;
};
[[nodiscard]] Result<BlockNodeFacts> block_node_facts(int descriptor);

/// The ioctl(2) requests of block_node_facts, for a system-call filter: they ask and change
/// nothing.
[[nodiscard]] std::span<const unsigned long> block_node_requests();

/// Whether somebody holds the node exclusively (another O_EXCL open) for longer than a
/// quarter of a second: who only asks the same holds it for a moment. Writes nothing.
[[nodiscard]] Result<bool> is_claimed(const std::string& node);

} // namespace quietus
