// ErasureRecord: what was done to a drive and what was seen, before anybody judges it.
#pragma once

#include "quietus/core/extent.hpp"
#include "quietus/record/drive.hpp"
#include "quietus/record/firmware_evidence.hpp"
#include "quietus/record/luks_facts.hpp"
#include "quietus/record/plan.hpp"
#include "quietus/record/step_record.hpp"
#include "quietus/record/technique.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace quietus {

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
    /// Of a technique that makes the drive erase itself; all but `resumed` is empty then.
    std::optional<FirmwareEvidence> firmware = {};
    /// Of an overwrite whose plan lifts hidden areas; then extents are of all that was lifted.
    std::optional<HiddenAreaRecord> hidden = {};
    /// Of an overwrite of a drive that had told of its health: what it told when all was done.
    std::optional<HealthRecord> health_after = {};
    /// Of luks-erase, from before the first write on.
    std::optional<LuksRecord> luks = {};

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("probe", self.probe);
        visit("passes", self.passes);
        visit("read_backs", self.read_backs);
        visit("page_cache", self.page_cache);
        visit("stopped", self.stopped);
        visit("stop_text", self.stop_text);
        visit("resumed", self.resumed);
        visit("firmware", self.firmware);
        visit("hidden", self.hidden);
        visit("health_after", self.health_after);
        visit("luks", self.luks);
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
    /// "E2" sampled or "E3" full read-back, "E4" with the drive's own word; empty without proof.
    std::string grade;

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
