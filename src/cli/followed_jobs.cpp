#include "followed_jobs.hpp"

#include "stop_signal.hpp"

#include "quietus/app/log.hpp"
#include "quietus/core/ensure.hpp"

#include <algorithm>

namespace quietus::cli {

void FollowedJobs::planned(const Proposal& proposal) {
    log_info("planned " + proposal.drive.node + " scheme " + proposal.plan.scheme);
}

JobWatch& FollowedJobs::committed(const std::string& id, const Drive& drive) {
    log_info("committed " + id + " " + drive.node + " serial " + drive.serial);
    JobWatch& watch = follow(id, drive.node);
    begun(jobs_.back());
    return watch;
}

JobWatch& FollowedJobs::follow(const std::string& id, const std::string& node) {
    FollowedJob& job = jobs_.emplace_back(FollowedJob{id, node, Pace(clock_), {}});
    job.pace.restart();
    return followers_.emplace_back(*this, job);
}

void FollowedJobs::certified(const std::string& id, const IssuedDocument& document) {
    for (const Finding& finding : document.findings)
        log_warning(id + " finding " + finding.code + ": " + finding.text);
    log_info(id + " ended " + std::string(to_text(document.verdict)) + ", " + document.path);
    documented(*at(id), document);
}

void FollowedJobs::ended(const std::string& id, Verdict verdict) {
    const auto job = at(id);
    over(*job, verdict);
    jobs_.erase(job);
}

bool FollowedJobs::stop_requested() {
    return StopSignals::stop_requested();
}

bool FollowedJobs::leave_requested() {
    return StopSignals::leave_requested();
}

std::list<FollowedJob>::iterator FollowedJobs::at(const std::string& id) {
    const auto job = std::ranges::find(jobs_, id, &FollowedJob::id);
    QUIETUS_ENSURE(job != jobs_.end());
    return job;
}

void FollowedJobs::Follower::step_started(const Progress& progress) {
    job_.pace.restart();
    job_.progress = progress;
    log_info((job_.id.empty() ? job_.node : job_.id) + " step " + std::to_string(progress.step) +
             " of " + std::to_string(progress.steps) + " " + std::string(to_text(progress.kind)));
    audience_.step_started(job_);
}

void FollowedJobs::Follower::progressed(const Progress& progress) {
    job_.progress = progress;
    audience_.progressed(job_);
}

void FollowedJobs::Follower::stalled(const Progress& progress, std::chrono::seconds silent_for) {
    job_.progress = progress;
    log_warning((job_.id.empty() ? "" : job_.id + " ") + job_.node + " has not answered for " +
                std::to_string(silent_for.count()) + " s");
    audience_.stalled(job_, silent_for);
}

void FollowedJobs::Follower::step_finished(const Progress& progress) {
    job_.progress = progress;
    audience_.step_finished(job_);
}

} // namespace quietus::cli
