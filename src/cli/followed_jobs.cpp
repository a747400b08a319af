#include "followed_jobs.hpp"

#include "stop_signal.hpp"

#include "quietus/app/log.hpp"
#include "quietus/core/ensure.hpp"

#include <algorithm>
#include <utility>

namespace quietus::cli {
namespace {

LogEvent event_of(const char* name, const FollowedJob& job, std::string text) {
    return {name, std::move(text), job.id, job.node, job.serial};
}

std::string step_of(const Progress& progress) {
    return "step " + std::to_string(progress.step) + " of " + std::to_string(progress.steps) +
           ", " + std::string(to_text(progress.kind));
}

} // namespace

void FollowedJobs::planned(const Proposal& proposal) {
    log_event(LogLevel::info, {"planned", "scheme " + proposal.plan.scheme, "", proposal.drive.node,
                               proposal.drive.serial});
}

JobWatch& FollowedJobs::committed(const std::string& id, const Drive& drive) {
    JobWatch& watch = follow(id, drive.node, drive.serial);
    log_event(LogLevel::info, event_of("committed", jobs_.back(), ""));
    begun(jobs_.back());
    return watch;
}

JobWatch& FollowedJobs::follow(const std::string& id, const std::string& node,
                               const std::string& serial) {
    FollowedJob& job = jobs_.emplace_back(FollowedJob{id, node, serial, Pace(clock_), {}});
    job.pace.restart();
    return followers_.emplace_back(*this, job);
}

void FollowedJobs::certified(const std::string& id, const IssuedDocument& document) {
    FollowedJob& job = *at(id);
    for (const Finding& finding : document.findings)
        log_event(LogLevel::warning, event_of("finding", job, finding.code + ": " + finding.text));
    log_event(
        LogLevel::info,
        event_of("certified", job, std::string(to_text(document.verdict)) + ", " + document.path));
    documented(job, document);
}

void FollowedJobs::ended(const std::string& id, Verdict verdict) {
    const auto job = at(id);
    const LogLevel level = verdict == Verdict::erased ? LogLevel::info : LogLevel::warning;
    log_event(level, event_of("ended", *job, std::string(to_text(verdict))));
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
    log_event(LogLevel::info, event_of("step_started", job_, step_of(progress)));
    audience_.step_started(job_);
}

void FollowedJobs::Follower::progressed(const Progress& progress) {
    job_.progress = progress;
    audience_.progressed(job_);
}

void FollowedJobs::Follower::stalled(const Progress& progress, std::chrono::seconds silent_for) {
    job_.progress = progress;
    log_event(
        LogLevel::warning,
        event_of("stalled", job_, "no answer for " + std::to_string(silent_for.count()) + " s"));
    audience_.stalled(job_, silent_for);
}

void FollowedJobs::Follower::step_finished(const Progress& progress) {
    job_.progress = progress;
    log_event(LogLevel::info,
              event_of("step_finished", job_,
                       step_of(progress) + ", " + std::to_string(progress.bytes_done) + " bytes"));
    audience_.step_finished(job_);
}

void FollowedJobs::Follower::measured(const Warmth& warmth) {
    const bool was_paused = job_.warmth && job_.warmth->paused;
    job_.warmth = warmth;
    if (warmth.paused == was_paused) return;
    log_event(LogLevel::warning, event_of(warmth.paused ? "paused" : "resumed", job_,
                                          std::to_string(warmth.celsius) + " degrees Celsius"));
    audience_.pause_changed(job_);
}

} // namespace quietus::cli
