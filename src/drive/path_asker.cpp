#include "path_asker.hpp"

#include "proc_tables.hpp"
#include "sysfs.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <utility>

namespace quietus {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds patience{1000};
constexpr std::chrono::seconds silence{30};

/// What comes back for a path; of one size, so that it comes whole or not at all.
struct Reply {
    bool found = false;
    FilePlace place;
};

// What the kernel knows of it without asking the file system again, where it has a choice.
Reply look_at(const char* path) {
    struct statx facts {};
    constexpr unsigned wanted = STATX_TYPE | STATX_INO | STATX_MNT_ID;
    if (::statx(AT_FDCWD, path, AT_STATX_DONT_SYNC | AT_NO_AUTOMOUNT, wanted, &facts) != 0)
        return {};
    Reply reply{true, {makedev(facts.stx_dev_major, facts.stx_dev_minor), facts.stx_ino}};
    const std::uint64_t node = makedev(facts.stx_rdev_major, facts.stx_rdev_minor);
    if (S_ISBLK(facts.stx_mode)) reply.place.node_number = node;
    if (S_ISCHR(facts.stx_mode)) reply.place.command_number = node;
    if ((facts.stx_mask & STATX_MNT_ID) != 0) reply.place.mount = facts.stx_mnt_id;
    return reply;
}

// Paths come with the zero byte that ends them, and one at a time.
void answer_for_ever(const ChildChannel& channel) {
    std::string path;
    std::array<char, PATH_MAX> chunk{};
    for (;;) {
        const ssize_t got = ::read(channel.descriptor(), chunk.data(), chunk.size());
        if (got <= 0) return;
        path.append(chunk.data(), static_cast<std::size_t>(got));
        if (path.back() != '\0') continue;
        const Reply reply = look_at(path.c_str());
        channel.send({reinterpret_cast<const char*>(&reply), sizeof reply});
        path.clear();
    }
}

bool has_come(int channel, steady_clock::time_point due) {
    for (;;) {
        const auto left = std::chrono::ceil<milliseconds>(due - steady_clock::now());
        pollfd waiting{channel, POLLIN, 0};
        const int ready = ::poll(&waiting, 1, std::max(0, static_cast<int>(left.count())));
        if (ready >= 0 || errno != EINTR) return ready > 0;
    }
}

bool lies_under(const std::string& path, const std::string& point) {
    return point == "/" || path == point || path.starts_with(point + "/");
}

// By its name, as the kernel writes names of mounts and of what is open. Itself when there is none.
std::string mount_point_of(const std::string& path) {
    const auto mounts = parse_mountinfo(sysfs::text("/proc/self/mountinfo").value_or(""));
    std::string best;
    if (!mounts) return path;
    for (const Mount& mount : *mounts)
        if (lies_under(path, mount.point) && mount.point.size() > best.size()) best = mount.point;
    return best.empty() || !path.starts_with('/') ? path : best;
}

std::optional<FilePlace> place_of(const Reply& reply) {
    return reply.found ? std::optional(reply.place) : std::nullopt;
}

constexpr FilePlace no_answer{.silent = true};

} // namespace

std::optional<FilePlace> PathAsker::place(const std::string& path) {
    // The links of /proc/PID/fd lead to what is open and ask nobody on the way.
    if (path.starts_with("/proc/")) return place_of(look_at(path.c_str()));
    if (path.size() >= PATH_MAX || path.find('\0') != std::string::npos) return std::nullopt;
    return is_silent(path) ? no_answer : ask_child(path);
}

bool PathAsker::is_silent(const std::string& path) {
    const auto now = steady_clock::now();
    std::erase_if(silent_, [&](const SilentMount& each) { return each.until <= now; });
    if (silent_.empty()) return false;
    const std::string point = mount_point_of(path);
    return std::ranges::any_of(silent_,
                               [&](const SilentMount& each) { return each.point == point; });
}

std::optional<FilePlace> PathAsker::ask_child(const std::string& path) {
    if (!child_ || !child_->ours()) {
        child_.reset();
        auto started = ChildProcess::start(answer_for_ever);
        if (!started) return no_answer;
        child_.emplace(std::move(*started));
    }
    const auto due = steady_clock::now() + patience;
    const auto length = static_cast<ssize_t>(path.size() + 1);
    Reply reply;
    if (::send(child_->channel(), path.c_str(), path.size() + 1, MSG_NOSIGNAL) == length &&
        has_come(child_->channel(), due) &&
        ::read(child_->channel(), &reply, sizeof reply) == sizeof reply)
        return place_of(reply);
    child_.reset();
    silent_.push_back({mount_point_of(path), steady_clock::now() + silence});
    return no_answer;
}

} // namespace quietus
