// LastLook: how the drives of a run are before each of them is committed.
#pragma once

#include "quietus/core/clock.hpp"
#include "quietus/core/result.hpp"
#include "quietus/drive/host.hpp"
#include "quietus/record/drive.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace quietus {

/// What a look showed is said of a drive for no longer than this, reckoned from when the look
/// began; or than so many times what it took, so that where looks are slow a run does not come to
/// nothing else. A drive that does not answer is waited for in the first of them alone.
constexpr std::chrono::seconds last_look_holds{1};
constexpr int last_look_holds_times = 4;
constexpr std::chrono::seconds last_look_holds_at_most{30};

/// Of so many drives a run has to be: a look at all of them asks each, a look at one asks that one.
constexpr std::size_t last_look_is_shared_by = 4;

/// Drives that are committed one right after another share one look at the machine. Whatever
/// happens to a drive after it is found by the look that its worker asks for: that one begins when
/// the drive is held open for nobody but the worker, and is over before the first write. Made
/// when everybody has agreed, so no look is from before that.
class LastLook {
  public:
    /// The host and the clock outlive this. `drives`: of how many the run is.
    LastLook(Host& host, DetectRequest request, Clock& clock, std::size_t drives)
        : host_(host), request_(std::move(request)), clock_(clock),
          shared_(drives >= last_look_is_shared_by) {}

    /// As look_again().
    [[nodiscard]] Result<Drive> at(const Drive& planned);
    /// Time has passed: the next drive is looked at anew.
    void forget() { seen_.reset(); }

  private:
    Host& host_;
    DetectRequest request_;
    Clock& clock_;
    bool shared_;
    std::optional<std::vector<Drive>> seen_;
    std::chrono::nanoseconds holds_until_{};
};

} // namespace quietus
