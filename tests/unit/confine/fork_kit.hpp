// What the tests of confine say to and hear from a child.
#pragma once

#include "quietus/confine/run_children.hpp"

#include <chrono>
#include <string>

namespace quietus {

/// The one result of one child.
inline ChildResult result_of(const ChildWork& work, const ChildLimits& limits = {}) {
    return run_children({work}, limits).front();
}

/// For how long something ran.
class Stopwatch {
  public:
    [[nodiscard]] std::chrono::milliseconds time() const {
        return std::chrono::duration_cast<std::chrono::milliseconds>(
            std::chrono::steady_clock::now() - begun_);
    }

  private:
    std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
};

} // namespace quietus
