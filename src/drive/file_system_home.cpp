#include "file_system_home.hpp"

#include <algorithm>
#include <array>

namespace quietus {
namespace {

using std::string_view_literals::operator""sv;

// Linux, Documentation/filesystems: those that never use a block device.
constexpr std::array elsewhere{
    // the kernel's own, and memory
    "anon_inodefs"sv, "autofs"sv, "bdev"sv, "binder"sv, "binfmt_misc"sv, "bpf"sv, "cgroup"sv,
    "cgroup2"sv, "configfs"sv, "cpuset"sv, "debugfs"sv, "devpts"sv, "devtmpfs"sv, "efivarfs"sv,
    "functionfs"sv, "fusectl"sv, "gadgetfs"sv, "hugetlbfs"sv, "mqueue"sv, "nfsd"sv, "nsfs"sv,
    "openpromfs"sv, "pipefs"sv, "proc"sv, "pstore"sv, "ramfs"sv, "resctrl"sv, "rootfs"sv,
    "rpc_pipefs"sv, "securityfs"sv, "selinuxfs"sv, "smackfs"sv, "sockfs"sv, "spufs"sv, "sysfs"sv,
    "tmpfs"sv, "tracefs"sv, "usbfs"sv, "xenfs"sv,
    // the network
    "afs"sv, "ceph"sv, "cifs"sv, "coda"sv, "nfs"sv, "nfs4"sv, "smb3"sv, "smbfs"sv,
    // the machine around a virtual one
    "prl_fs"sv, "vboxsf"sv, "virtiofs"sv, "vmhgfs"sv};

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
