#include "quietus/confine/run_children.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <utility>

namespace quietus {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// How often a child that has closed its channel is asked for its status.
constexpr milliseconds ending_step{2};
/// A killed process that is not stuck in the kernel is gone in far less.
constexpr milliseconds grace{100};

std::string in_seconds(milliseconds time) {
    const auto whole = time.count() / 1000;
    const auto tenths = time.count() % 1000 / 100;
    return std::to_string(whole) + (tenths == 0 ? "" : "." + std::to_string(tenths)) + " s";
}

// One child from its start to its result.
class Asked {
  public:
    Asked(ChildProcess child, ChildResult& result, const ChildLimits& limits)
        : child_(std::move(child)), result_(&result), limits_(limits),
          due_(steady_clock::now() + limits.deadline) {}

    [[nodiscard]] pollfd waiting_for() const {
        return {silent_ ? -1 : child_.channel(), POLLIN, 0};
    }

    [[nodiscard]] milliseconds patience(steady_clock::time_point now) const {
        const auto left = std::chrono::ceil<milliseconds>(due_ - now);
        return std::clamp(left, milliseconds{0}, silent_ ? ending_step : limits_.deadline);
    }

    // True when there is nothing more to wait for.
    bool go_on(bool readable) {
        if (readable && !listen()) {
            end(ChildEnd::too_much,
                "it said more than " + std::to_string(limits_.most_bytes) + " bytes");
            return true;
        }
        if (silent_) {
            if (const auto status = child_.ended()) {
                end(*status == 0 ? ChildEnd::answered : ChildEnd::died, ending_of(*status));
                return true;
            }
        }
        if (steady_clock::now() < due_) return false;
        end(ChildEnd::deadline, "it did not answer within " + in_seconds(limits_.deadline));
        return true;
    }

  private:
    // False when it says too much.
    bool listen() {
        std::array<char, 65536> chunk; // NOLINT: filled by read
        const ssize_t got = ::read(child_.channel(), chunk.data(), chunk.size());
        if (got < 0 && (errno == EINTR || errno == EAGAIN)) return true;
        silent_ = got <= 0;
        if (silent_) return true;
        const auto room = limits_.most_bytes - result_->bytes.size();
        const auto count = static_cast<std::size_t>(got);
        result_->bytes.append(chunk.data(), std::min(count, room));
        return count <= room;
    }

    void end(ChildEnd how, std::string why) {
        result_->end = how;
        result_->why = std::move(why);
    }

    ChildProcess child_;
    ChildResult* result_;
    ChildLimits limits_;
    steady_clock::time_point due_;
    bool silent_ = false; ///< its channel is closed: only its status is missing
};

class Round {
  public:
    Round(const std::vector<ChildWork>& works, const ChildLimits& limits)
        : works_(works), limits_(limits), results_(works.size()) {}

    std::vector<ChildResult> run() && {
        while (start_some() || !asked_.empty())
            wait();
        ChildProcess::bury(grace);
        return std::move(results_);
    }

  private:
    bool start_some() {
        for (; next_ < works_.size() && asked_.size() < limits_.at_once; ++next_) {
            auto child = ChildProcess::start(works_[next_]);
            if (child)
                asked_.emplace_back(std::move(*child), results_[next_], limits_);
            else
                results_[next_].why = "it cannot be asked: " + child.error().message;
        }
        return !asked_.empty();
    }

    void wait() {
        const auto now = steady_clock::now();
        milliseconds patience = limits_.deadline;
        std::vector<pollfd> waiting;
        for (const Asked& asked : asked_) {
            waiting.push_back(asked.waiting_for());
            patience = std::min(patience, asked.patience(now));
        }
        const int ready =
            ::poll(waiting.data(), waiting.size(), static_cast<int>(patience.count()));
        std::vector<Asked> still;
        for (std::size_t index = 0; index < asked_.size(); ++index) {
            const bool readable = ready > 0 && waiting[index].revents != 0;
            if (!asked_[index].go_on(readable)) still.push_back(std::move(asked_[index]));
        }
        asked_ = std::move(still);
    }

    const std::vector<ChildWork>& works_;
    ChildLimits limits_;
    std::vector<ChildResult> results_;
    std::vector<Asked> asked_;
    std::size_t next_ = 0;
};

} // namespace

std::vector<ChildResult> run_children(const std::vector<ChildWork>& works,
                                      const ChildLimits& limits) {
    return Round(works, limits).run();
}

} // namespace quietus
