#include "guards.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace quietus {
namespace {

/// Where firmware and boot loaders look, by the Filesystem Hierarchy Standard and common use.
constexpr std::array<std::string_view, 3> boot_points{"/boot", "/boot/efi", "/efi"};

bool is_ours(const DriveFacts& facts, const Use& use) {
    return !use.key.empty() && facts.extent.contains(use.key);
}

bool touches(const DriveFacts& facts, const Use& use) {
    if (is_ours(facts, use)) return false; // the drive does not guard against itself
    return std::any_of(use.ground.keys.begin(), use.ground.keys.end(),
                       [&](const std::string& key) { return facts.extent.contains(key); });
}

Interlock interlock_of(UseKind kind) {
    switch (kind) {
    case UseKind::mount:
        return Interlock::mounted;
    case UseKind::swap:
        return Interlock::swap;
    case UseKind::holder:
        return Interlock::holder;
    case UseKind::loop_file:
    case UseKind::open_file:
    case UseKind::lock:
        return Interlock::open_elsewhere;
    case UseKind::state:
        return Interlock::state_on_drive;
    }
    return Interlock::unknown_holder;
}

std::string reason_of(const Use& use) {
    switch (use.kind) {
    case UseKind::mount:
        return use.subject + " is mounted at " + use.user;
    case UseKind::swap:
        return use.subject + " is swapped on";
    case UseKind::holder:
        return use.user + " stands on it";
    case UseKind::loop_file:
        return use.subject + " is attached as " + use.user;
    case UseKind::open_file:
        return use.subject + " is open for writing in " + use.user;
    case UseKind::lock:
        return "it is locked by " + use.user;
    case UseKind::state:
        return "it holds the state directory " + use.subject;
    }
    return {};
}

class GuardList {
  public:
    void add(Interlock interlock, std::string reason, std::string release = {}) {
        const bool known = std::any_of(guards_.begin(), guards_.end(), [&](const Guard& guard) {
            return guard.interlock == interlock && guard.reason == reason;
        });
        if (!known) guards_.push_back({interlock, std::move(reason), std::move(release)});
    }

    void add_use(const Use& use) {
        add(interlock_of(use.kind), reason_of(use), use.release);
        if (use.kind != UseKind::mount) return;
        if (use.where == "/") add(Interlock::system, "the running system stands on it");
        if (std::find(boot_points.begin(), boot_points.end(), use.where) != boot_points.end())
            add(Interlock::boot, "the machine starts from it (" + use.user + ")", use.release);
    }

    [[nodiscard]] bool explains_a_claim() const {
        return std::any_of(guards_.begin(), guards_.end(), [](const Guard& guard) {
            return guard.interlock == Interlock::mounted || guard.interlock == Interlock::swap ||
                   guard.interlock == Interlock::holder ||
                   guard.interlock == Interlock::open_elsewhere;
        });
    }

    std::vector<Guard> take() && {
        std::stable_sort(guards_.begin(), guards_.end(), [](const Guard& left, const Guard& right) {
            return left.interlock < right.interlock;
        });
        return std::move(guards_);
    }

  private:
    std::vector<Guard> guards_;
};

// An image cannot be beneath something without being attached or open, which is seen in itself; a
// drive can, when what is beneath a mount is out of sight.
void add_unknown_grounds(const Drive& drive, const std::vector<Use>& uses, GuardList& list) {
    if (drive.kind == DriveKind::image) return;
    for (const Use& use : uses)
        for (const std::string& clause : use.ground.unknown)
            list.add(Interlock::unknown_holder, clause);
}

} // namespace

std::vector<Guard> guards_of(const Drive& drive, const DriveFacts& facts,
                             const std::vector<Use>& uses) {
    GuardList list;
    for (const Use& use : uses)
        if (touches(facts, use)) list.add_use(use);
    if (facts.claimed && !list.explains_a_claim())
        list.add(Interlock::open_elsewhere, drive.kind == DriveKind::image
                                                ? "somebody has the file open for writing"
                                                : "somebody holds " + drive.node + " exclusively");
    add_unknown_grounds(drive, uses, list);
    for (const std::string& clause : facts.unknown)
        list.add(Interlock::unknown_holder, clause);
    if (drive.size_bytes == 0)
        list.add(Interlock::unknown_holder, drive.node + " has no medium in it, or a size of 0");
    if (facts.read_only) list.add(Interlock::read_only, drive.node + " is read-only");
    if (!is_virtual(drive.kind) && drive.identity_source != IdentitySource::drive)
        list.add(Interlock::weak_identity, drive.serial.empty()
                                               ? "it tells no serial number"
                                               : "its serial number is that of a bridge");
    return std::move(list).take();
}

std::vector<InUse> users_of(const DriveFacts& facts, const std::vector<Use>& uses) {
    std::vector<InUse> users;
    for (const Use& use : uses) {
        const bool known = std::any_of(users.begin(), users.end(), [&](const InUse& user) {
            return user.by == use.by && user.where == use.where;
        });
        if (!known && touches(facts, use)) users.push_back({use.by, use.where});
    }
    return users;
}

} // namespace quietus
