#include "live_points.hpp"

#include <algorithm>
#include <array>

namespace quietus {
namespace {

using std::string_view_literals::operator""sv;

constexpr std::array points{"/cdrom"sv,
                            "/initrd/mnt/dev_save"sv,
                            "/isodevice"sv,
                            "/lib/live/mount/findiso"sv,
                            "/lib/live/mount/medium"sv,
                            "/mnt/cdrom"sv,
                            "/mnt/live/memory/data"sv,
                            "/mnt/livecd"sv,
                            "/run/archiso/bootmnt"sv,
                            "/run/archiso/cowspace"sv,
                            "/run/archiso/img_dev"sv,
                            "/run/initramfs/isoscan"sv,
                            "/run/initramfs/live"sv,
                            "/run/initramfs/memory/data"sv,
                            "/run/initramfs/overlayfs"sv,
                            "/run/install/isodir"sv,
                            "/run/install/repo"sv,
                            "/run/live/findiso"sv,
                            "/run/live/fromiso"sv,
                            "/run/live/medium"sv,
                            "/run/miso/bootmnt"sv,
                            "/run/miso/img_dev"sv};
/// One directory a layer, named after images and partitions.
constexpr std::array parents{"/run/live/persistence/"sv, "/run/live/rootfs/"sv,
                             "/lib/live/mount/persistence/"sv, "/lib/live/mount/rootfs/"sv};

} // namespace

bool is_live_point(std::string_view mount_point) {
    return std::ranges::find(points, mount_point) != points.end() ||
           std::ranges::any_of(parents, [&](std::string_view parent) {
               return mount_point.starts_with(parent) && mount_point.size() > parent.size();
           });
}

} // namespace quietus
