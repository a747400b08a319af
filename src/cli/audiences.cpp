#include "audiences.hpp"

#include "commands.hpp"
#include "facts_json.hpp"
#include "followed_jobs.hpp"
#include "job_lines.hpp"
#include "stop_signal.hpp"

#include "quietus/core/json_fields.hpp"

#include <unistd.h>

namespace quietus::cli {
namespace {

using namespace std::chrono_literals;

class Quiet final : public FollowedJobs {
  public:
    using FollowedJobs::FollowedJobs;
};

Json event_of(const char* name, const FollowedJob& job) {
    return Json::object({{"event", name}, {"job", job.id}, {"node", job.node}});
}

Json progress_event(const char* name, const FollowedJob& job) {
    const Progress& progress = job.progress;
    Json json = event_of(name, job);
    json["step"] = progress.step;
    json["steps"] = progress.steps;
    json["kind"] = to_text(progress.kind);
    json["bytes_done"] = progress.bytes_done;
    json["bytes_total"] = progress.bytes_total;
    json["bytes_per_second"] = job.pace.bytes_per_second(progress.bytes_done);
    json["eta_seconds"] = job.pace.eta_seconds(progress);
    json["temperature_celsius"] = job.warmth ? Json(job.warmth->celsius) : Json(nullptr);
    json["paused"] = job.warmth && job.warmth->paused;
    return json;
}

class JsonLines final : public FollowedJobs {
  public:
    using FollowedJobs::FollowedJobs;
    void planned(const Proposal& proposal) override {
        FollowedJobs::planned(proposal);
        Json event = plan_json(proposal, std::nullopt);
        event["event"] = "planned";
        print_json(event);
    }

  protected:
    void begun(FollowedJob& job) override {
        print_json(event_of("committed", job));
        print_json(event_of("started", job));
    }
    void step_started(FollowedJob& job) override { print_json(progress_event("progress", job)); }
    void progressed(FollowedJob& job) override {
        if (job.pace.due(1s)) print_json(progress_event("progress", job));
        if (!StopSignals::take_line_request()) return;
        for (const FollowedJob& each : jobs())
            print_json(progress_event("progress", each));
    }
    void stalled(FollowedJob& job, std::chrono::seconds silent_for) override {
        Json json = progress_event("progress", job);
        json["silent_seconds"] = silent_for.count();
        print_json(json);
    }
    void step_finished(FollowedJob& job) override {
        print_json(progress_event("step_finished", job));
    }
    void pause_changed(FollowedJob& job) override { print_json(progress_event("progress", job)); }
    void documented(FollowedJob& job, const IssuedDocument& document) override {
        for (const Finding& finding : document.findings) {
            Json json = to_json(finding);
            json["event"] = "finding";
            json["job"] = job.id;
            json["node"] = job.node;
            print_json(json);
        }
        Json json = event_of("certified", job);
        json["document"] = document.path;
        json["verdict"] = to_text(document.verdict);
        print_json(json);
    }
};

std::unique_ptr<FollowedJobs> for_people(const Call& call, Clock& clock, bool shows_plans) {
    if (call.quiet && !shows_plans) return std::make_unique<Quiet>(clock);
    return ::isatty(STDERR_FILENO) != 0 ? make_bars(clock, shows_plans)
                                        : make_plain_lines(clock, shows_plans);
}

/// What is told of one reading goes to the audience that it keeps.
class ReadingWatch final : public JobWatch {
  public:
    ReadingWatch(std::unique_ptr<FollowedJobs> audience, const std::string& node)
        : audience_(std::move(audience)), watch_(audience_->follow("", node)) {}
    void step_started(const Progress& progress) override { watch_.step_started(progress); }
    void progressed(const Progress& progress) override { watch_.progressed(progress); }
    void stalled(const Progress& progress, std::chrono::seconds silent_for) override {
        watch_.stalled(progress, silent_for);
    }
    void step_finished(const Progress& progress) override { watch_.step_finished(progress); }
    bool stop_requested() override { return watch_.stop_requested(); }

  private:
    std::unique_ptr<FollowedJobs> audience_;
    JobWatch& watch_;
};

} // namespace

std::unique_ptr<Audience> make_audience(const Call& call, Clock& clock) {
    if (call.json) return std::make_unique<JsonLines>(clock);
    return for_people(call, clock, call.invocation.has("--dry-run"));
}

std::unique_ptr<JobWatch> make_reading_watch(const Call& call, Clock& clock,
                                             const std::string& node) {
    return std::make_unique<ReadingWatch>(for_people(call, clock, false), node);
}

} // namespace quietus::cli
