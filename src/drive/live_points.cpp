#include "live_points.hpp"

#include <algorithm>
#include <array>

namespace quietus {
namespace {

constexpr auto points = std::to_array<std::string_view>({"/cdrom",
                                                         "/initrd/mnt/dev_save",
                                                         "/isodevice",
                                                         "/lib/live/mount/findiso",
                                                         "/lib/live/mount/medium",
                                                         "/mnt/cdrom",
                                                         "/mnt/live/memory/data",
                                                         "/mnt/livecd",
                                                         "/run/archiso/bootmnt",
                                                         "/run/archiso/cowspace",
                                                         "/run/archiso/img_dev",
                                                         "/run/initramfs/isoscan",
                                                         "/run/initramfs/live",
                                                         "/run/initramfs/memory/data",
                                                         "/run/initramfs/overlayfs",
                                                         "/run/install/isodir",
                                                         "/run/install/repo",
                                                         "/run/live/findiso",
                                                         "/run/live/fromiso",
                                                         "/run/live/medium",
                                                         "/run/miso/bootmnt",
                                                         "/run/miso/img_dev"});
/// One directory a layer, named after images and partitions.
constexpr auto parents =
    std::to_array<std::string_view>({"/run/live/persistence/", "/run/live/rootfs/",
                                     "/lib/live/mount/persistence/", "/lib/live/mount/rootfs/"});

} // namespace

bool is_live_point(std::string_view mount_point) {
    return std::ranges::find(points, mount_point) != points.end() ||
           std::ranges::any_of(parents, [&](std::string_view parent) {
               return mount_point.starts_with(parent) && mount_point.size() > parent.size();
           });
}

} // namespace quietus
