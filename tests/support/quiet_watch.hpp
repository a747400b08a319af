// QuietWatch: never asks to stop, unless told to after some bytes.
#pragma once

#include "quietus/core/step_watch.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <vector>

namespace quietus::test {

class QuietWatch final : public StepWatch {
  public:
    std::uint64_t stop_after = ~std::uint64_t{0};
    std::uint64_t last = 0;
    std::vector<std::chrono::seconds> stalls;
    void moved(std::uint64_t bytes_done) override { last = bytes_done; }
    void stalled(std::chrono::seconds silent_for) override { stalls.push_back(silent_for); }
    bool stop_requested() override { return last >= stop_after; }
    bool pause_requested() override { return pause(); }
    std::function<bool()> pause = [] { return false; };
};

} // namespace quietus::test
