// Foundations: what stands beneath a device, a mount or a path, down to the drives.
//
//   mount -> device -> what it is mapped from -> partition or drive
//                   -> loop: its file -> the file system of that file -> its device -> ...
//
// Each thing on the way has a key: the kernel's name of a block device, or file_key() of a file.
#pragma once

#include "drive_probe.hpp"
#include "machine.hpp"

#include <set>
#include <string>

namespace quietus {

/// The way down. Whatever could not be followed is in `unknown`, one clause each.
struct Ground {
    std::set<std::string> keys;
    std::set<std::string> unknown;
};

class Foundations {
  public:
    /// Both stay the caller's and are used as long as this object lives.
    Foundations(const Machine& machine, DriveProbe& probe) : machine_(machine), probe_(probe) {}

    [[nodiscard]] Ground of_device(const std::string& name) const;
    [[nodiscard]] Ground of_mount(const Mount& mount) const;
    /// What the file system holding the path stands on. A path that does not exist yet stands
    /// where its nearest existing parent does.
    [[nodiscard]] Ground of_path(const std::string& path) const;
    /// The file itself, and what its file system stands on.
    [[nodiscard]] Ground of_file(const std::string& path) const;

    /// A file's key: the same for every name of it.
    [[nodiscard]] std::string file_key(const std::string& path) const;
    [[nodiscard]] static std::string file_key(std::uint64_t device, std::uint64_t inode);
    /// The block device that a path names; nullptr when it is none.
    [[nodiscard]] const BlockDevice* device_of(const std::string& path) const;

    /// What erasing the device would overwrite: itself, its parts, and, for a loop device over
    /// another block device, all of that.
    [[nodiscard]] std::set<std::string> extent_of(const BlockDevice& device) const;

  private:
    void descend(const std::string& name, Ground& ground) const;
    void descend_mount(const Mount& mount, Ground& ground) const;
    void descend_sources(const Mount& mount, Ground& ground) const;
    void descend_overlay(const Mount& mount, Ground& ground) const;
    void descend_path(const std::string& path, Ground& ground) const;
    void descend_file(const std::string& path, Ground& ground) const;

    const Machine& machine_;
    DriveProbe& probe_;
};

} // namespace quietus
