#include "job_lines.hpp"

#include "commands.hpp"
#include "people_text.hpp"
#include "plan_text.hpp"
#include "stop_signal.hpp"

#include "quietus/core/bytes.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace quietus::cli {
namespace {

using namespace std::chrono_literals;

std::uint64_t percent(const Progress& progress) {
    if (progress.bytes_total == 0) return 100;
    return std::min<std::uint64_t>(100, progress.bytes_done * 100 / progress.bytes_total);
}

std::string step_of(const Progress& progress) {
    return "step " + std::to_string(progress.step) + " of " + std::to_string(progress.steps);
}

bool is_paused(const FollowedJob& job) {
    return job.warmth && job.warmth->paused;
}

// In ASCII: a bar counts octets.
std::string degrees_of(const FollowedJob& job) {
    return job.warmth ? "  " + std::to_string(job.warmth->celsius) + " C" : "";
}

std::string warmth_of(const FollowedJob& job) {
    if (!job.warmth) return {};
    return ", " + std::to_string(job.warmth->celsius) + " C" +
           (is_paused(job) ? ", paused until it is cooler" : "");
}

std::string whole_line(const FollowedJob& job) {
    const Progress& progress = job.progress;
    return escaped(job.node) + ": " + step_of(progress) + ", " +
           std::string(to_text(progress.kind)) + ", " + std::to_string(percent(progress)) +
           " % of " + short_size(progress.bytes_total) + ", " +
           short_size(job.pace.bytes_per_second(progress.bytes_done)) + "/s, " +
           duration(job.pace.eta_seconds(progress)) + " left" + warmth_of(job);
}

class PlainLines : public FollowedJobs {
  public:
    PlainLines(Clock& clock, bool shows_plans) : FollowedJobs(clock), shows_plans_(shows_plans) {}
    void planned(const Proposal& proposal) override {
        FollowedJobs::planned(proposal);
        if (shows_plans_) print(plan_in_words(proposal, false) + "\n");
    }

  protected:
    virtual void speak(const std::string& line) { say(line + "\n"); }

    void begun(FollowedJob& job) override { speak(escaped(job.node) + ": job " + job.id); }
    void progressed(FollowedJob& job) override {
        if (job.pace.due(30s)) speak(whole_line(job));
        answer_signal();
    }
    void stalled(FollowedJob& job, std::chrono::seconds silent_for) override {
        speak(escaped(job.node) + ": no answer for " +
              duration(static_cast<std::uint64_t>(silent_for.count())));
    }
    void step_finished(FollowedJob& job) override {
        if (job.progress.bytes_total != 0) speak(whole_line(job));
    }
    void pause_changed(FollowedJob& job) override { speak(whole_line(job)); }
    void answer_signal() {
        if (!StopSignals::take_line_request()) return;
        for (const FollowedJob& each : jobs())
            speak(whole_line(each));
    }

  private:
    const bool shows_plans_;
};

class Bars final : public PlainLines {
  public:
    Bars(Clock& clock, bool shows_plans) : PlainLines(clock, shows_plans), frames_(clock) {}

  protected:
    void speak(const std::string& line) override {
        clear();
        say(line + "\n");
        draw();
    }
    void step_started(FollowedJob&) override { draw_when_due(); }
    void progressed(FollowedJob&) override {
        answer_signal();
        draw_when_due();
    }
    // What a step came to stays on the screen where one drive has it for itself.
    void step_finished(FollowedJob& job) override {
        if (job.progress.bytes_total == 0) return;
        draw();
        if (jobs().size() > 1) return;
        say("\n");
        drawn_ = 0;
    }
    void over(FollowedJob& job, Verdict verdict) override {
        clear();
        alone_ = alone_ && jobs().size() == 1;
        if (!alone_) say(escaped(job.node) + ": " + std::string(to_text(verdict)) + "\n");
    }

  private:
    void draw_when_due() {
        if (frames_.due(200ms)) draw();
    }

    void clear() {
        if (drawn_ == 0) return;
        say((drawn_ > 1 ? "\033[" + std::to_string(drawn_ - 1) + "A" : "") + "\r\033[J");
        drawn_ = 0;
    }

    void draw() {
        std::string text = drawn_ > 1 ? "\033[" + std::to_string(drawn_ - 1) + "A\r" : "\r";
        std::size_t lines = 0;
        std::size_t more = 0;
        for (const FollowedJob& job : jobs()) {
            if (job.progress.steps == 0) continue; // it has not come to its first step
            if (lines == most_lines_) {
                ++more;
                continue;
            }
            text += (lines == 0 ? "\033[K" : "\n\033[K") + bar_of(job);
            ++lines;
        }
        if (more != 0) {
            text += "\n\033[K" + std::to_string(more) + " more";
            ++lines;
        }
        if (lines == 0) return;
        if (drawn_ > lines) text += "\033[J";
        say(text);
        drawn_ = lines;
    }

    std::string bar_of(const FollowedJob& job) {
        const Progress& progress = job.progress;
        alone_ = alone_ && jobs().size() == 1;
        std::array<char, 64> figures{};
        std::snprintf(figures.data(), figures.size(), " %3llu %%  %9s/s  %s",
                      static_cast<unsigned long long>(percent(progress)),
                      short_size(job.pace.bytes_per_second(progress.bytes_done)).c_str(),
                      is_paused(job) ? "paused" : duration(job.pace.eta_seconds(progress)).c_str());
        const std::string head = (alone_ ? "" : escaped(job.node) + " ") + step_of(progress) + " " +
                                 std::string(to_text(progress.kind)) + " ";
        const std::string tail = figures.data() + degrees_of(job);
        const std::size_t width = screen_columns();
        const std::size_t used = head.size() + tail.size() + 3;
        std::string bar;
        if (width > used + 5) {
            const std::size_t cells = std::min<std::size_t>(width - used, 40);
            const std::size_t full = cells * percent(progress) / 100;
            bar = "[" + std::string(full, '#') + std::string(cells - full, '.') + "]";
        }
        return (head + bar + tail).substr(0, width - 1);
    }

    const std::size_t most_lines_ = screen_lines() - 2; ///< those that were begun first

    Pace frames_;
    std::size_t drawn_ = 0; ///< lines on the screen that are ours to draw over
    bool alone_ = true;     ///< there was never more than one drive
};

} // namespace

std::unique_ptr<FollowedJobs> make_plain_lines(Clock& clock, bool shows_plans) {
    return std::make_unique<PlainLines>(clock, shows_plans);
}

std::unique_ptr<FollowedJobs> make_bars(Clock& clock, bool shows_plans) {
    return std::make_unique<Bars>(clock, shows_plans);
}

} // namespace quietus::cli
