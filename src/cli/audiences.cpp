#include "audiences.hpp"

#include "commands.hpp"
#include "facts_json.hpp"
#include "people_text.hpp"
#include "plan_text.hpp"
#include "stop_signal.hpp"

#include "quietus/app/log.hpp"
#include "quietus/core/bytes.hpp"
#include "quietus/core/json_fields.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>

namespace quietus::cli {

using namespace std::chrono_literals;

void Pace::restart() {
    start_ = last_ = clock_.monotonic();
}

bool Pace::due(std::chrono::milliseconds interval) {
    const auto now = clock_.monotonic();
    if (now - last_ < interval) return false;
    last_ = now;
    return true;
}

std::uint64_t Pace::bytes_per_second(std::uint64_t bytes_done) {
    const auto taken = std::chrono::duration<double>(clock_.monotonic() - start_).count();
    return taken <= 0 ? 0 : static_cast<std::uint64_t>(static_cast<double>(bytes_done) / taken);
}

std::uint64_t Pace::eta_seconds(const Progress& progress) {
    const std::uint64_t rate = bytes_per_second(progress.bytes_done);
    const std::uint64_t left =
        progress.bytes_total - std::min(progress.bytes_done, progress.bytes_total);
    return rate == 0 ? 0 : left / rate;
}

namespace {

/// What all audiences do: the log, the stop request, and which job they are in.
class Common : public Audience {
  public:
    explicit Common(Clock& clock) : pace(clock) {}
    /// Of no job, but of this drive.
    void read(const std::string& which) { node = which; }
    void planned(const Proposal& proposal) override {
        log_info("planned " + proposal.drive.node + " scheme " + proposal.plan.scheme);
    }
    void committed(const std::string& id, const Drive& drive) override {
        job = id;
        node = drive.node;
        log_info("committed " + id + " " + drive.node + " serial " + drive.serial);
    }
    void certified(const IssuedDocument& document) override {
        for (const Finding& finding : document.findings)
            log_warning(job + " finding " + finding.code + ": " + finding.text);
        log_info(job + " ended " + std::string(to_text(document.verdict)) + ", " + document.path);
    }
    void step_started(const Progress& progress) override {
        pace.restart();
        log_info((job.empty() ? node : job) + " step " + std::to_string(progress.step) + " of " +
                 std::to_string(progress.steps) + " " + std::string(to_text(progress.kind)));
    }
    void stalled(const Progress&, std::chrono::seconds silent_for) override {
        log_warning(subject() + " has not answered for " + std::to_string(silent_for.count()) +
                    " s");
    }
    bool stop_requested() override { return StopSignals::stop_requested(); }

  protected:
    /// Of whom the log speaks: a reading has no job.
    [[nodiscard]] std::string subject() const { return job.empty() ? node : job + " " + node; }
    Pace pace;
    std::string job;
    std::string node;
};

class Quiet final : public Common {
  public:
    using Common::Common;
    void progressed(const Progress&) override {}
    void step_finished(const Progress&) override {}
};

class JsonLines final : public Common {
  public:
    using Common::Common;
    void planned(const Proposal& proposal) override {
        Common::planned(proposal);
        Json event = plan_json(proposal, std::nullopt);
        event["event"] = "planned";
        print_json(event);
    }
    void committed(const std::string& id, const Drive& drive) override {
        Common::committed(id, drive);
        print_json(event("committed"));
        print_json(event("started"));
    }
    void step_started(const Progress& progress) override {
        Common::step_started(progress);
        print_json(progress_event("progress", progress));
    }
    void progressed(const Progress& progress) override {
        if (pace.due(1s) || StopSignals::take_line_request())
            print_json(progress_event("progress", progress));
    }
    void stalled(const Progress& progress, std::chrono::seconds silent_for) override {
        Common::stalled(progress, silent_for);
        Json json = progress_event("progress", progress);
        json["silent_seconds"] = silent_for.count();
        print_json(json);
    }
    void step_finished(const Progress& progress) override {
        print_json(progress_event("step_finished", progress));
    }
    void certified(const IssuedDocument& document) override {
        Common::certified(document);
        for (const Finding& finding : document.findings) {
            Json json = to_json(finding);
            json["event"] = "finding";
            json["job"] = job;
            json["node"] = node;
            print_json(json);
        }
        Json json = event("certified");
        json["document"] = document.path;
        json["verdict"] = to_text(document.verdict);
        print_json(json);
    }

  private:
    Json event(const char* name) {
        return Json::object({{"event", name}, {"job", job}, {"node", node}});
    }
    Json progress_event(const char* name, const Progress& progress) {
        Json json = event(name);
        json["step"] = progress.step;
        json["steps"] = progress.steps;
        json["kind"] = to_text(progress.kind);
        json["bytes_done"] = progress.bytes_done;
        json["bytes_total"] = progress.bytes_total;
        json["bytes_per_second"] = pace.bytes_per_second(progress.bytes_done);
        json["eta_seconds"] = pace.eta_seconds(progress);
        json["temperature_celsius"] = nullptr; // no technique of this version asks the drive
        return json;
    }
};

std::uint64_t percent(const Progress& progress) {
    if (progress.bytes_total == 0) return 100;
    return std::min<std::uint64_t>(100, progress.bytes_done * 100 / progress.bytes_total);
}

/// A line at the start and end of a step, every half minute, and on SIGUSR1.
class PlainLines : public Common {
  public:
    PlainLines(Clock& clock, bool shows_plans) : Common(clock), shows_plans_(shows_plans) {}
    void planned(const Proposal& proposal) override {
        Common::planned(proposal);
        if (shows_plans_) print(plan_in_words(proposal, false) + "\n");
    }
    void committed(const std::string& id, const Drive& drive) override {
        Common::committed(id, drive);
        say(escaped(node) + ": job " + id + "\n");
    }
    void progressed(const Progress& progress) override {
        if (pace.due(30s) || StopSignals::take_line_request()) say(line(progress) + "\n");
    }
    void stalled(const Progress& progress, std::chrono::seconds silent_for) override {
        Common::stalled(progress, silent_for);
        say("\n" + escaped(node) + ": no answer for " + duration(silent_for.count()) + "\n");
    }
    void step_finished(const Progress& progress) override {
        if (progress.bytes_total != 0) say(line(progress) + "\n");
    }

  protected:
    std::string line(const Progress& progress) {
        const std::uint64_t rate = pace.bytes_per_second(progress.bytes_done);
        return escaped(node) + ": step " + std::to_string(progress.step) + " of " +
               std::to_string(progress.steps) + ", " + std::string(to_text(progress.kind)) + ", " +
               std::to_string(percent(progress)) + " % of " + short_size(progress.bytes_total) +
               ", " + short_size(rate) + "/s, " + duration(pace.eta_seconds(progress)) + " left";
    }

  private:
    const bool shows_plans_; ///< in a dry run they are the result; else the operator is shown them
};

/// One line that is drawn over and over.
class Bar final : public PlainLines {
  public:
    using PlainLines::PlainLines;
    void progressed(const Progress& progress) override {
        if (StopSignals::take_line_request()) say("\r\033[K" + line(progress) + "\n");
        if (pace.due(200ms)) draw(progress);
    }
    void step_finished(const Progress& progress) override {
        if (progress.bytes_total == 0) return;
        draw(progress);
        say("\n");
    }

  private:
    void draw(const Progress& progress) {
        const std::uint64_t rate = pace.bytes_per_second(progress.bytes_done);
        std::array<char, 64> figures{};
        std::snprintf(figures.data(), figures.size(), " %3llu %%  %9s/s  %s",
                      static_cast<unsigned long long>(percent(progress)), short_size(rate).c_str(),
                      duration(pace.eta_seconds(progress)).c_str());
        const std::string head = "step " + std::to_string(progress.step) + " of " +
                                 std::to_string(progress.steps) + " " +
                                 std::string(to_text(progress.kind)) + " ";
        const std::string tail = figures.data();
        const std::size_t width = screen_columns();
        const std::size_t used = head.size() + tail.size() + 3;
        std::string bar;
        if (width > used + 5) {
            const std::size_t cells = std::min<std::size_t>(width - used, 40);
            const std::size_t full = cells * percent(progress) / 100;
            bar = "[" + std::string(full, '#') + std::string(cells - full, '.') + "]";
        }
        say("\r\033[K" + (head + bar + tail).substr(0, width - 1));
    }
};

std::unique_ptr<Common> for_people(const Call& call, Clock& clock, bool shows_plans) {
    if (call.quiet && !shows_plans) return std::make_unique<Quiet>(clock);
    if (::isatty(STDERR_FILENO) != 0) return std::make_unique<Bar>(clock, shows_plans);
    return std::make_unique<PlainLines>(clock, shows_plans);
}

} // namespace

std::unique_ptr<Audience> make_audience(const Call& call, Clock& clock) {
    if (call.json) return std::make_unique<JsonLines>(clock);
    return for_people(call, clock, call.invocation.has("--dry-run"));
}

std::unique_ptr<JobWatch> make_reading_watch(const Call& call, Clock& clock,
                                             const std::string& node) {
    auto watch = for_people(call, clock, false);
    watch->read(node);
    return watch;
}

} // namespace quietus::cli
