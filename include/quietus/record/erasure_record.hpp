// ErasureRecord: what was done to a drive and what was seen, before anybody judges it.
#pragma once

#include "quietus/core/extent.hpp"
#include "quietus/record/drive.hpp"
#include "quietus/record/plan.hpp"
#include "quietus/record/technique.hpp"

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

/// Something that people must know, on screen and on the document.
struct Finding {
    std::string code; ///< "unwritable", "mismatch", "address-aliasing", "drive-vanished" ...
    std::string text;
    std::optional<std::uint64_t> first_block; ///< logical block number
    std::optional<std::uint64_t> blocks;

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("code", self.code);
        visit("text", self.text);
        visit("first_block", self.first_block);
        visit("blocks", self.blocks);
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

/// That a run went on from where an interrupted one had left off.
struct Resumption {
    std::string job;                  ///< the interrupted one
    std::string journal_sha256;       ///< of its journal: what was done before stands there
    std::string resumed_at;           ///< RFC 3339 UTC
    std::uint32_t step = 0;           ///< that was gone on with
    std::uint64_t first_block = 0;    ///< the first that the step had not put on stable storage
    std::uint64_t carried_bytes = 0;  ///< of the step, that had been; 0: it was begun anew
    std::uint64_t compared_bytes = 0; ///< read back and found as written, before the first write
    bool key_lost = false;            ///< a pass was begun anew because its key was gone

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("job", self.job);
        visit("journal_sha256", self.journal_sha256);
        visit("resumed_at", self.resumed_at);
        visit("step", self.step);
        visit("first_block", self.first_block);
        visit("carried_bytes", self.carried_bytes);
        visit("compared_bytes", self.compared_bytes);
        visit("key_lost", self.key_lost);
    }
};

/// Everything a verdict may be derived from.
struct Evidence {
    std::optional<ProbeRecord> probe;
    std::vector<PassRecord> passes;
    std::vector<ReadBackRecord> read_backs;
    bool page_cache = false; ///< some bytes went through the host's page cache (tail of an image)
    StopReason stopped = StopReason::none;
    std::string stop_text; ///< one sentence when stopped
    /// The interruptions behind this, in their order: the records are of all runs together.
    std::vector<Resumption> resumed = {};

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("probe", self.probe);
        visit("passes", self.passes);
        visit("read_backs", self.read_backs);
        visit("page_cache", self.page_cache);
        visit("stopped", self.stopped);
        visit("stop_text", self.stop_text);
        visit("resumed", self.resumed);
    }
};

/// What follows from the evidence; see policy/judge.hpp, the only maker.
struct Judgement {
    Verdict verdict = Verdict::failed;
    Level level = Level::none;
    LevelBasis level_basis = LevelBasis::host_read_back;
    std::uint64_t bytes_proven = 0;
    std::vector<Extent> unproven;
    std::vector<std::string> limits; ///< codes, sorted
    std::vector<Finding> findings;
    std::string grade; ///< "E2" sampled or "E3" full read-back; empty without proof

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("verdict", self.verdict);
        visit("level", self.level);
        visit("level_basis", self.level_basis);
        visit("bytes_proven", self.bytes_proven);
        visit("unproven", self.unproven);
        visit("limits", self.limits);
        visit("findings", self.findings);
        visit("grade", self.grade);
    }
};

struct ErasureRecord {
    std::string job; ///< "QTS-<station>-<8 digits>"
    Drive drive;
    Plan plan;
    Evidence evidence;
    Judgement judgement;
    Timing timing;

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("job", self.job);
        visit("drive", self.drive);
        visit("plan", self.plan);
        visit("evidence", self.evidence);
        visit("judgement", self.judgement);
        visit("timing", self.timing);
    }
};

} // namespace quietus
