#include "image.hpp"

#include "guards.hpp"
#include "sysfs.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace quietus {
namespace {

Error usage(const std::string& path, const std::string& what) {
    return {Fault::usage, "image:" + path + ": " + what};
}

Result<struct stat> regular_file(const std::string& path) {
    struct stat facts {};
    if (::stat(path.c_str(), &facts) != 0) {
        const bool absent = errno == ENOENT || errno == ENOTDIR || errno == ELOOP;
        return system_error(absent ? Fault::usage : Fault::io, "image:" + path);
    }
    if (S_ISDIR(facts.st_mode)) return usage(path, "a directory, not a regular file");
    if (S_ISBLK(facts.st_mode))
        return usage(path, "a block device, not a regular file")
            .with_hint("name the drive by its node alone");
    if (!S_ISREG(facts.st_mode)) return usage(path, "not a regular file");
    return facts;
}

// The kernel's word about writers settles what may be hidden among processes out of sight.
void add_writers(const std::string& path, const ImageSurroundings& around, DriveProbe& probe,
                 DriveFacts& facts) {
    if (auto written = probe.has_writers(path))
        facts.claimed = *written;
    else
        facts.unknown = around.unknown;
}

void add_links(const struct stat& file, DriveFacts& facts) {
    if (file.st_nlink == 1) return;
    facts.unknown.push_back("the file has " + std::to_string(file.st_nlink) +
                            " hard links: its other names would lose what it holds");
}

Drive finished(Drive drive, const DriveFacts& facts, const ImageSurroundings& around) {
    drive.guards = guards_of(drive, facts, around.uses);
    drive.in_use = users_of(facts, around.uses);
    return drive;
}

} // namespace

Result<Drive> look_at_image(const std::string& path, const ImageSurroundings& around,
                            DriveProbe& probe) {
    // Asked first in another process, which may wait for ever: what follows is asked in this one.
    if (const auto place = probe.place(path); place && place->silent)
        return Error{Fault::io, "image:" + path + ": its file system does not answer"};
    auto file = regular_file(path);
    if (!file) return std::move(file).error();
    const std::string real = sysfs::resolved(path);
    Drive drive;
    drive.node = "image:" + real;
    drive.kind = DriveKind::image;
    drive.medium = Medium::virtual_medium;
    drive.size_bytes = static_cast<std::uint64_t>(file->st_size);
    drive.native_size_bytes = drive.size_bytes;
    drive.device_number = image_number(file->st_dev, file->st_ino);
    DriveFacts facts;
    facts.holder = around.request.holder;
    // By path too: what is behind another process is known to its users by that alone.
    facts.extent = {Foundations::file_key(file->st_dev, file->st_ino), "file:" + real};
    facts.read_only = ::access(real.c_str(), W_OK) != 0;
    add_links(*file, facts);
    // Held by the caller, its only writer that a lease could tell of is the caller.
    if (around.request.held)
        facts.claimed = false;
    else
        add_writers(real, around, probe, facts);
    if (!around.request.ask) return finished(std::move(drive), facts, around);
    if (auto contents = probe.contents(real)) {
        drive.contents = std::move(contents->found);
        for (Content& content : drive.contents)
            content.node = drive.node;
        drive.luks = std::move(contents->luks);
        for (const TableEntry& partition : contents->partitions)
            drive.parts.push_back({"", partition.length});
    } else {
        facts.unknown.push_back("what it holds cannot be read: " + contents.error().message);
    }
    return finished(std::move(drive), facts, around);
}

} // namespace quietus
