// Foundations: what stands beneath a device, a mount or a path, down to the drives.
//
//   mount -> device -> what it is mapped from -> partition or drive
//                   -> loop: its file -> the file system of that file -> its device -> ...
//
// Each thing on the way has a key: the kernel's name of a block device, file_key() of a file,
// mount_key() of a mount, pool_key() of a ZFS pool.
#pragma once

#include "drive_probe.hpp"
#include "machine.hpp"
#include "signatures.hpp"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace quietus {

/// The way down. What could not be followed is told, one clause each.
struct Ground {
    std::set<std::string> keys;
    /// It may be on any drive.
    std::set<std::string> unknown;
    /// It is a file system of the kernel (or swap, or a mapped device): wherever it is, the kernel
    /// claims the block devices beneath it exclusively (bd_prepare_to_claim; ZFS does the same for
    /// every vdev). It is therefore on no drive whose whole node can be opened with O_EXCL: that
    /// open fails for a claim on any partition too. The only proof that narrows; labels never do.
    std::set<std::string> claiming;
};

class Foundations {
  public:
    /// All stay the caller's and are used as long as this object lives.
    Foundations(const Machine& machine, const std::vector<Signature>& signatures, DriveProbe& probe)
        : machine_(machine), signatures_(signatures), probe_(probe) {}

    [[nodiscard]] Ground of_device(const std::string& name) const;
    [[nodiscard]] Ground of_mount(const Mount& mount) const;
    /// What the file system holding the path stands on. A path that does not exist yet stands
    /// where its nearest existing parent does.
    [[nodiscard]] Ground of_path(const std::string& path) const;
    /// The file itself, and what its file system stands on.
    [[nodiscard]] Ground of_file(const std::string& path) const;
    /// The members of a ZFS pool, by the pool's name on them.
    [[nodiscard]] Ground of_pool(const std::string& pool) const;

    /// What every mount stands on that has this file beneath its mount point.
    [[nodiscard]] Ground of_mounts_with(const std::string& file) const;
    /// The kernel's names of all devices that answer to it.
    [[nodiscard]] std::set<std::string> devices_named(const DeviceName& name) const;

    /// A file's key: the same for every name of it.
    [[nodiscard]] std::string file_key(const std::string& path) const;
    [[nodiscard]] static std::string file_key(std::uint64_t device, std::uint64_t inode);
    [[nodiscard]] static std::string mount_key(const Mount& mount);
    [[nodiscard]] static std::string pool_key(const std::string& pool) { return "zpool:" + pool; }
    /// The block device that a path names; nullptr when it is none.
    [[nodiscard]] const BlockDevice* device_of(const std::string& path) const;

    /// What erasing the device would overwrite: itself, its parts, and, for a loop device over
    /// another block device, all of that.
    [[nodiscard]] std::set<std::string> extent_of(const BlockDevice& device) const;

  private:
    void descend(const std::string& name, Ground& ground) const;
    void descend_mount(const Mount& mount, Ground& ground) const;
    void descend_sources(const Mount& mount, Ground& ground) const;
    void descend_extra_devices(const Mount& mount, Ground& ground) const;
    void descend_layers(const Mount& mount, Ground& ground) const;
    void descend_pool(const std::string& pool, Ground& ground) const;
    void descend_path(const std::string& path, Ground& ground) const;
    void descend_file(const std::string& path, Ground& ground) const;

    struct Standing {
        const Mount* mount = nullptr;
        std::optional<FilePlace> place;
    };
    [[nodiscard]] Standing standing_of(const std::string& path) const;
    [[nodiscard]] std::optional<FilePlace> place_of(const std::string& path) const;

    const Machine& machine_;
    const std::vector<Signature>& signatures_;
    DriveProbe& probe_;
};

} // namespace quietus
