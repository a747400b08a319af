#include "quietus/app/commit.hpp"

#include "quietus/app/timed_host.hpp"
#include "quietus/core/file.hpp"
#include "quietus/signing/grounds.hpp"
#include "quietus/stream/digest.hpp"
#include "quietus/stream/keystream.hpp"

#include <sys/statvfs.h>
#include <unistd.h>

namespace quietus {
namespace {

/// The worst record: a payload at its cap, signature and PDF beside it, and a journal of a million
/// extents.
constexpr std::uint64_t worst_record_bytes = std::uint64_t{64} << 20U;

// Evidence that cannot be saved, a damaged key or a log in other hands: before anything was written
// it is an obstacle, not a loss, no verdict, and no interlock of the drive.
Error as_obstacle(Error error) {
    error.fault = Fault::io;
    return error;
}

Status check_room(const std::string& directory) {
    struct statvfs facts {};
    if (::statvfs(directory.c_str(), &facts) != 0) return system_error(Fault::io, directory);
    const std::uint64_t room = std::uint64_t{facts.f_bavail} * facts.f_frsize;
    if (room >= worst_record_bytes) return {};
    return Error{Fault::io, directory + ": only " + std::to_string(room) +
                                " bytes free, evidence may need " +
                                std::to_string(worst_record_bytes)};
}

// Written, synced, read back and removed again, as the evidence itself will be.
Status check_writable(const std::string& directory, mode_t mode) {
    if (auto status = make_directories(directory, mode); !status)
        return as_obstacle(std::move(status).error());
    if (auto status = check_room(directory); !status) return status;
    const std::string trial = directory + "/.trial-" + to_hex(random_bytes(8));
    if (auto status = save_new_file(trial, std::string(4096, 'q'), 0600); !status)
        return as_obstacle(std::move(status).error());
    ::unlink(trial.c_str());
    return {};
}

Status check_clock(const SignerIdentity& identity, std::int64_t now, std::int64_t end) {
    if (now < identity.usable_from)
        return Error{Fault::refused, "clock: it says " + to_rfc3339(now) +
                                         ", before the station's key was made (" +
                                         to_rfc3339(identity.usable_from) + ")"}
            .with_hint(clock_release());
    if (end > identity.usable_until)
        return Error{Fault::io,
                     "the station's key may sign only until " + to_rfc3339(identity.usable_until)}
            .with_hint("quietus key init, or import a new certificate");
    return {};
}

} // namespace

Result<CommittedPlan> commit(ConfirmedPlan confirmed, const CommitDesk& desk) {
    const Drive& drive = confirmed.drive();
    auto intent =
        desk.log.append_intent({.serial = logged_serial(drive),
                                .technique = std::string(to_text(confirmed.plan().technique)),
                                .plan_sha256 = plan_sha256(confirmed.plan()),
                                .station = desk.station});
    if (!intent) return as_obstacle(std::move(intent).error()).during("intent").during("commit");
    return CommittedPlan(std::move(confirmed), intent->job, intent->salt);
}

Result<SignerIdentity> preflight(const Site& site, std::uint64_t estimated_seconds) {
    for (const std::string& directory : {site.places.state, site.places.certificates})
        if (auto status = check_writable(directory, 0755); !status)
            return std::move(status).error().during("preflight");
    auto signer = site.signer.identity();
    if (!signer)
        return as_obstacle(std::move(signer).error()).during("station key").during("preflight");
    const std::int64_t now = site.clock.utc_seconds();
    const auto end = now + static_cast<std::int64_t>(estimated_seconds);
    if (auto status = check_clock(*signer, now, end); !status)
        return std::move(status).error().during("preflight");
    if (auto trial = site.signer.try_out(); !trial)
        return as_obstacle(std::move(trial).error()).during("trial signature").during("preflight");
    if (auto status = site.log.probe(); !status)
        return as_obstacle(std::move(status).error()).during("log").during("preflight");
    return signer;
}

} // namespace quietus
