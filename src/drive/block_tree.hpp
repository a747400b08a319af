// BlockTree: the block devices of the machine and how they stand on one another, from sysfs.
#pragma once

#include "quietus/core/result.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace quietus {

/// What a block device is to us.
enum class BlockRole : std::uint8_t {
    whole,     ///< a drive of its own
    partition, ///< a range of its whole, found by the kernel
    area,      ///< another part of the same unit, such as the boot area of an eMMC
    mapped,    ///< made by the kernel from others: device mapper, md, bcache, DRBD, ZFS
};

/// A character device that takes commands for a block device.
struct CommandNode {
    std::string node;         ///< "/dev/sg2", "/dev/bsg/0:0:0:0", "/dev/nvme0", "/dev/ng0n1"
    std::uint64_t number = 0; ///< dev_t
};

struct BlockDevice {
    std::string name;      ///< the kernel's: "sda1", "cciss!c0d0"
    std::string node;      ///< "/dev/sda1", "/dev/cciss/c0d0"
    std::string title;     ///< what people call it: "/dev/mapper/vg-root", else the node
    std::string directory; ///< in sysfs, links followed
    std::string whole;     ///< the name of the drive that it is a part of; its own otherwise
    BlockRole role = BlockRole::whole;
    std::uint64_t number = 0; ///< dev_t
    std::uint64_t size_bytes = 0;
    std::uint64_t start_bytes = 0; ///< on its whole
    std::string mapped_kind;       ///< see recognise_mapped(); empty when it is not mapped
    std::string mapper_uuid;       ///< the device mapper's; empty for others
    std::optional<std::string> loop_file;
    std::string written_back_to;    ///< zram's node for what it moves out of memory
    std::vector<std::string> below; ///< names of the devices that it is made from
    std::vector<CommandNode> commands;
    std::vector<std::string> strange_holders; ///< holders of it that sysfs does not list
    std::vector<std::string> gaps;            ///< attributes that should be there and are not
};

/// The kernel keeps many nodes of loop devices ready, to which nothing is attached: nothing can
/// stand on them.
[[nodiscard]] bool is_detached_loop(const BlockDevice& device);

class BlockTree {
  public:
    /// Fault::io when there is no list of block devices.
    [[nodiscard]] static Result<BlockTree> read(const std::string& sys);

    /// nullptr when there is none of that name or number.
    [[nodiscard]] const BlockDevice* find(const std::string& name) const;
    [[nodiscard]] const BlockDevice* at(std::uint64_t number) const;
    /// By "/dev/sda1" or "/dev/mapper/vg-root".
    [[nodiscard]] const BlockDevice* by_node(const std::string& node) const;
    /// All that a character device of that node or number takes commands for: the controller of an
    /// NVMe drive for each of its namespaces.
    [[nodiscard]] std::vector<const BlockDevice*> commanded_by(const CommandNode& command) const;
    /// In the order of the kernel's names.
    [[nodiscard]] const std::vector<BlockDevice>& devices() const { return devices_; }
    /// The device, its partitions and its areas.
    [[nodiscard]] std::vector<const BlockDevice*> parts_of(const std::string& whole) const;
    /// The devices that form one btrfs or bcachefs with this one, itself included; just it when
    /// there are none.
    [[nodiscard]] std::vector<std::string> file_system_group(const std::string& name) const;

  private:
    void add_whole(const std::string& list, const std::string& name);
    void add_partitions(std::size_t whole);
    void add_groups(const std::string& sys);
    void link_up();

    std::vector<BlockDevice> devices_;
    std::map<std::string, std::size_t, std::less<>> by_name_;
    std::map<std::uint64_t, std::size_t> by_number_;
    std::vector<std::vector<std::string>> groups_;
};

} // namespace quietus
