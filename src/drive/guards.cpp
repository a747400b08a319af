#include "guards.hpp"

#include "shell_word.hpp"

#include <algorithm>
#include <bit>
#include <string_view>
#include <utility>

namespace quietus {
namespace {

bool is_ours(const DriveFacts& facts, const Use& use) {
    return !use.key.empty() && facts.extent.contains(use.key);
}

bool is_of_holder(const DriveFacts& facts, const Use& use) {
    return facts.holder != 0 && use.process == facts.holder;
}

bool touches(const DriveFacts& facts, const Use& use) {
    if (is_ours(facts, use)) return false; // the drive does not guard against itself
    if (is_of_holder(facts, use)) return false;
    return std::any_of(use.ground.keys.begin(), use.ground.keys.end(),
                       [&](const std::string& key) { return facts.extent.contains(key); });
}

Interlock interlock_of(const Use& use) {
    switch (use.kind) {
    case UseKind::mount:
        return Interlock::mounted;
    case UseKind::swap:
    case UseKind::hibernation:
        return Interlock::swap;
    case UseKind::holder:
        return Interlock::holder;
    case UseKind::loop_file:
    case UseKind::open_file:
    case UseKind::lock:
        return Interlock::open_elsewhere;
    case UseKind::state:
        return Interlock::state_on_drive;
    case UseKind::named:
        return use.roles.empty() ? Interlock::unknown_holder : *use.roles.begin();
    }
    return Interlock::unknown_holder;
}

std::string reason_of(const Use& use) {
    switch (use.kind) {
    case UseKind::mount:
        return use.subject + " is mounted at " + use.user;
    case UseKind::swap:
        return use.subject + " is swapped on";
    case UseKind::hibernation:
        return "the machine hibernates to " + use.subject;
    case UseKind::holder:
        return use.user + " stands on it";
    case UseKind::loop_file:
        return use.subject + " is attached as " + use.user;
    case UseKind::open_file:
        return use.subject + " for writing in " + use.user;
    case UseKind::lock:
        return "it is locked by " + use.user;
    case UseKind::state:
        return "it holds " + use.subject;
    case UseKind::named:
        return (use.roles.contains(Interlock::swap) ? "the machine hibernates to it: "
                                                    : "the running system names it: ") +
               use.user;
    }
    return {};
}

std::string role_reason(Interlock role, const Use& use) {
    if (role == Interlock::system) return "the running system stands on it";
    if (role == Interlock::boot) return "the machine starts from it (" + use.user + ")";
    return "the running system was started from it (" + use.user + ")";
}

// Shows who holds a node or a file.
std::string show_command(const Drive& drive) {
    constexpr std::string_view image = "image:";
    const bool is_image = drive.node.starts_with(image);
    return "fuser -v " + shell_word(is_image ? drive.node.substr(image.size()) : drive.node);
}

std::string claimants(const std::set<std::string>& readers) {
    if (readers.empty())
        return "no process seen from here has it open, so it may be the kernel itself (a pool, a "
               "target or a driver)";
    std::string titles;
    for (const std::string& reader : readers)
        titles += (titles.empty() ? "" : ", ") + reader;
    return titles + (readers.size() == 1 ? " has it open" : " have it open");
}

class GuardList {
  public:
    explicit GuardList(const Drive& drive) : drive_(drive) {}

    void add(Interlock interlock, std::string reason, std::string release = {}) {
        const bool known = std::any_of(guards_.begin(), guards_.end(), [&](const Guard& guard) {
            return guard.interlock == interlock && guard.reason == reason;
        });
        if (!known) guards_.push_back({interlock, std::move(reason), std::move(release), ++step_});
    }

    void add_use(const Use& use) {
        const bool anonymous = use.kind == UseKind::lock && use.release.empty();
        add(interlock_of(use), reason_of(use), anonymous ? show_command(drive_) : use.release);
        if (use.kind != UseKind::mount) return;
        for (const Interlock role : use.roles)
            add(role, role_reason(role, use), use.release);
    }

    // The kernel does not tell whose claim it is: who has the node open at all may be it.
    void add_claim(const std::set<std::string>& readers) {
        std::string who = "somebody has the file open for writing";
        if (drive_.kind != DriveKind::image)
            who = "somebody holds " + drive_.node + " exclusively: " + claimants(readers);
        add(Interlock::open_elsewhere, who, show_command(drive_));
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
    const Drive& drive_;
    unsigned step_ = 0;
    std::vector<Guard> guards_;
};

// An image cannot be beneath something without being attached or open, which is seen in itself; a
// drive can, when what is beneath a mount is out of sight.
void add_unknown_grounds(const Use& use, bool may_be_claimed, GuardList& list) {
    for (const std::string& clause : use.ground.unknown)
        list.add(Interlock::unknown_holder, clause, use.release);
    for (const std::string& clause : use.ground.claiming)
        if (may_be_claimed) list.add(Interlock::unknown_holder, clause, use.release);
}

void add_users(const Drive& drive, const DriveFacts& facts, const std::vector<Use>& uses,
               GuardList& list) {
    for (const Use& use : uses)
        if (touches(facts, use)) list.add_use(use);
    const bool unexplained = facts.claimed.value_or(true) && !list.explains_a_claim();
    if (unexplained && facts.claimed.has_value()) list.add_claim(facts.readers);
    for (const Use& use : uses)
        if (drive.kind != DriveKind::image && !is_of_holder(facts, use))
            add_unknown_grounds(use, unexplained, list);
    for (const std::string& clause : facts.unknown)
        list.add(Interlock::unknown_holder, clause);
}

// Array drives have blocks of 520 or 528 bytes, of which Linux shows none.
std::string why_no_size(const Drive& drive) {
    const std::uint32_t block = drive.logical_block_bytes;
    if (block >= 512 && std::has_single_bit(block))
        return drive.node + " has no medium in it, or a size of 0";
    return drive.node + " has blocks of " + std::to_string(block) +
           " bytes, which Linux does not use: it must first be formatted to 512 or 4096, which "
           "ends what it holds (sg_format of sg3-utils)";
}

std::string why_weak(const Drive& drive) {
    if (drive.serial.empty()) return "it tells no serial number";
    if (drive.identity_source == IdentitySource::none)
        return "its serial number is a placeholder that many drives have";
    return "its serial number is that of a bridge";
}

// Behind a bridge the drive's own end is what the bridge makes of it, unless the drive was asked.
bool may_end_elsewhere(const Drive& drive) {
    const bool bridged = drive.kind == DriveKind::usb || !drive.bridge.empty();
    return bridged && drive.size_bytes != 0 && !drive.native_size_bytes;
}

} // namespace

std::vector<Guard> guards_of(const Drive& drive, const DriveFacts& facts,
                             const std::vector<Use>& uses) {
    GuardList list(drive);
    add_users(drive, facts, uses, list);
    for (const Guard& guard : facts.found)
        list.add(guard.interlock, guard.reason, guard.release);
    if (drive.size_bytes == 0) list.add(Interlock::unknown_holder, why_no_size(drive));
    if (facts.read_only)
        list.add(Interlock::read_only, drive.node + " is read-only", facts.writable_again);
    if (!is_virtual(drive.kind) && drive.identity_source != IdentitySource::drive)
        list.add(Interlock::weak_identity, why_weak(drive));
    if (!drive.fabric.empty())
        list.add(Interlock::fabrics, "it is reached over a network (" + drive.fabric + ")");
    if (may_end_elsewhere(drive))
        list.add(Interlock::hidden_area_unchecked,
                 "its bridge does not let it be asked whether it has more blocks than it shows");
    return std::move(list).take();
}

void guard_doubles(std::vector<Drive>& drives) {
    for (Drive& drive : drives) {
        if (is_virtual(drive.kind) || drive.serial.empty()) continue;
        for (const Drive& other : drives) {
            if (&other == &drive || other.serial != drive.serial) continue;
            const auto place = std::ranges::upper_bound(drive.guards, Interlock::weak_identity, {},
                                                        &Guard::interlock);
            drive.guards.insert(place, {Interlock::weak_identity,
                                        "its serial number is that of " + other.node + " too",
                                        {}});
        }
    }
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
