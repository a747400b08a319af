// Records of steps: what one probe, pass or reading back did and saw, before anybody judges it.
#pragma once

#include "quietus/core/extent.hpp"
#include "quietus/record/plan.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace quietus {

/// When a step ran: wall-clock times for people, the duration from the monotonic clock.
struct Timing {
    std::string started_at; ///< RFC 3339 UTC
    std::string ended_at;
    std::uint64_t milliseconds = 0;

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("started_at", self.started_at);
        visit("ended_at", self.ended_at);
        visit("milliseconds", self.milliseconds);
    }
};

/// The address probe: stamped blocks written, flushed and read back before the first pass.
struct ProbeRecord {
    std::uint32_t step = 0; ///< number of the step in the plan, from 1
    std::uint64_t stamps = 0;
    std::vector<Extent> wrong;      ///< stamped blocks that read back as something else
    std::vector<Extent> unwritable; ///< stamped blocks that could not be written
    std::vector<Extent> unreadable;
    bool flushed = false;
    bool completed = false;
    Timing timing;

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("step", self.step);
        visit("stamps", self.stamps);
        visit("wrong", self.wrong);
        visit("unwritable", self.unwritable);
        visit("unreadable", self.unreadable);
        visit("flushed", self.flushed);
        visit("completed", self.completed);
        visit("timing", self.timing);
    }
};

/// One pass of writing.
struct PassRecord {
    std::uint32_t step = 0; ///< number of the step in the plan, from 1
    StepData data = StepData::none;
    std::string bytes;               ///< the pattern as written, hexadecimal; empty for a stream
    std::optional<std::string> seed; ///< stream key, hexadecimal: only of the final random pass
    std::vector<Extent> written;     ///< acknowledged by the drive, in bytes
    /// Answered with an error: to the block, unless the time for trouble was spent or there were
    /// too many. What is neither here nor written was not tried.
    std::vector<Extent> unwritable;
    std::uint64_t bytes_written = 0;
    bool flushed = false;   ///< the flush after the pass succeeded
    bool completed = false; ///< the pass reached the end of the drive
    Timing timing;

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("step", self.step);
        visit("data", self.data);
        visit("bytes", self.bytes);
        visit("seed", self.seed);
        visit("written", self.written);
        visit("unwritable", self.unwritable);
        visit("bytes_written", self.bytes_written);
        visit("flushed", self.flushed);
        visit("completed", self.completed);
        visit("timing", self.timing);
    }
};

/// One reading back, against what a pass wrote.
struct ReadBackRecord {
    std::uint32_t step = 0;
    std::uint32_t of_step = 0; ///< the write step whose data was expected
    Verification verification;
    std::optional<std::string> sample_seed; ///< hexadecimal: which blocks a sample drew
    std::uint64_t strata = 0;               ///< of a sample: one sample block drawn from each
    std::uint64_t sample_block_bytes = 0;   ///< of a sample: the size of a sample block
    std::vector<Extent> matched;            ///< read and equal; of a sample only its byte count
    std::uint64_t bytes_read = 0;
    std::uint64_t bytes_matched = 0;
    std::vector<Extent> mismatched;
    std::vector<Extent> unreadable;
    bool completed = false;
    Timing timing;

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("step", self.step);
        visit("of_step", self.of_step);
        visit("verification", self.verification);
        visit("sample_seed", self.sample_seed);
        visit("strata", self.strata);
        visit("sample_block_bytes", self.sample_block_bytes);
        visit("matched", self.matched);
        visit("bytes_read", self.bytes_read);
        visit("bytes_matched", self.bytes_matched);
        visit("mismatched", self.mismatched);
        visit("unreadable", self.unreadable);
        visit("completed", self.completed);
        visit("timing", self.timing);
    }
};

/// Why the engine stopped before the plan's last step.
enum class StopReason : std::uint8_t {
    none,
    interrupted,
    drive_vanished,
    drive_changed,
    io,
    probe,
    stalled,     ///< did not answer for too long
    too_slow,    ///< fell below the rate that was asked for
    worker_lost, ///< the process that wrote to the drive ended without a verdict
};
template <>
inline constexpr auto enum_texts<StopReason> = spellings("none", "interrupted", "drive-vanished",
                                                         "drive-changed", "io", "probe", "stalled",
                                                         "too-slow", "worker-lost");

} // namespace quietus
