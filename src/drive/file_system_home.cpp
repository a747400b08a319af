#include "file_system_home.hpp"

#include <algorithm>
#include <array>

namespace quietus {
namespace {

// Linux, Documentation/filesystems: those that never use a block device.
constexpr auto elsewhere = std::to_array<std::string_view>(
    {// the kernel's own, and memory
     "anon_inodefs", "autofs", "bdev", "binder", "binfmt_misc", "bpf", "cgroup", "cgroup2",
     "configfs", "cpuset", "debugfs", "devpts", "devtmpfs", "efivarfs", "functionfs", "fusectl",
     "gadgetfs", "hugetlbfs", "mqueue", "nfsd", "nsfs", "openpromfs", "pipefs", "proc", "pstore",
     "ramfs", "resctrl", "rootfs", "rpc_pipefs", "securityfs", "selinuxfs", "smackfs", "sockfs",
     "spufs", "sysfs", "tmpfs", "tracefs", "usbfs", "xenfs",
     // the network
     "afs", "ceph", "cifs", "coda", "nfs", "nfs4", "smb3", "smbfs",
     // the machine around a virtual one
     "prl_fs", "vboxsf", "virtiofs", "vmhgfs"});

} // namespace

FileSystemHome home_of(std::string_view type) {
    if (std::ranges::find(elsewhere, type) != elsewhere.end()) return FileSystemHome::elsewhere;
    if (type == "fuse" || type.starts_with("fuse.") || type == "9p") return FileSystemHome::process;
    if (type == "btrfs" || type == "bcachefs") return FileSystemHome::devices;
    if (type == "zfs") return FileSystemHome::pool;
    if (type == "overlay") return FileSystemHome::layers;
    if (type == "ecryptfs" || type == "shiftfs" || type == "erofs")
        return FileSystemHome::directory;
    return FileSystemHome::unknown;
}

} // namespace quietus
