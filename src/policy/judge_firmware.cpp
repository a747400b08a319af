#include "quietus/policy/judge_firmware.hpp"

#include "findings.hpp"
#include "firmware_plan.hpp"
#include "judge_operation.hpp"
#include "lifted_areas.hpp"
#include "whole_sample.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/core/json.hpp"
#include "quietus/policy/firmware_expectation.hpp"
#include "quietus/policy/remapped.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace quietus {
namespace {

// From the one that says most against a drive to the one that says least.
constexpr std::array<Verdict, 5> by_weight{Verdict::failed, Verdict::interrupted,
                                           Verdict::indeterminate, Verdict::refused,
                                           Verdict::erased};

std::size_t weight(Verdict verdict) {
    return static_cast<std::size_t>(std::ranges::find(by_weight, verdict) - by_weight.begin());
}

// What an extent's finding needs to know of a drive.
Drive facts_of(const FirmwareEvidence& evidence) {
    Drive drive;
    drive.size_bytes = reached_bytes(evidence);
    if (drive.size_bytes != 0) drive.logical_block_bytes = evidence.identity_before->logical_bytes;
    return drive;
}

class Examination {
  public:
    explicit Examination(const FirmwareEvidence& evidence)
        : evidence_(evidence), drive_(facts_of(evidence)), findings_(drive_) {}

    FirmwareJudgement judge() {
        examine();
        FirmwareJudgement judged;
        Judgement& judgement = judged.judgement;
        judgement.findings = std::move(findings_).take();
        judgement.verdict = verdict_;
        judgement.level_basis = LevelBasis::host_read_back;
        count_coverage(judgement);
        if (verdict_ == Verdict::erased) {
            judgement.level = Level::clear;
            judgement.grade = is_sampled() ? "E2" : "E3";
            judged.reported = reported();
        }
        std::ranges::sort(limits_);
        judgement.limits = std::move(limits_);
        return judged;
    }

  private:
    void examine() {
        if (evidence_.page_cache) limits_.emplace_back("page-cache");
        if (evidence_.scope_before && !evidence_.scope_before->excluded.empty())
            limits_.emplace_back("beside-namespaces-not-reached");
        if (!examine_operation()) {
            if (evidence_.probe) add_extents("address-aliasing", "probe", evidence_.probe->wrong);
            if (evidence_.canaries) add_aliases(*evidence_.canaries);
            return;
        }
        if (evidence_.stopped != StopReason::none)
            rule(evidence_.stopped == StopReason::interrupted ? Verdict::interrupted
                                                              : Verdict::failed,
                 evidence_.stopped == StopReason::interrupted ? "interrupted" : "io-error",
                 text_or(evidence_.stop_text, "stopped before its end"));
        examine_identity();
        examine_hidden();
        examine_probe();
        examine_canaries();
        examine_read_back();
        examine_medium();
        examine_health();
    }

    /// Whether there is anything more to look at.
    bool examine_operation() {
        OperationRulings rulings(evidence_);
        const bool ended_well = judge_operation(evidence_, rulings);
        for (const OperationRuling& each : rulings.all())
            rule(each.verdict, each.code, each.text);
        return ended_well;
    }

    // --- what was seen besides ---

    void examine_identity() {
        const auto& before = evidence_.identity_before;
        const auto& after = evidence_.identity_after;
        if (!before || !after) {
            rule(Verdict::indeterminate, "missing-record", "the drive was not asked who it is");
            return;
        }
        if (before->model != after->model || before->serial != after->serial)
            rule(Verdict::indeterminate, "drive-changed", "another drive answers afterwards");
        if (before->sectors != after->sectors || before->logical_bytes != after->logical_bytes)
            rule(Verdict::indeterminate, "drive-changed",
                 "it has another capacity afterwards than it had before");
        if (drive_.size_bytes == 0)
            rule(Verdict::failed, "inconsistent-evidence", "the drive has no capacity");
    }

    void examine_hidden() {
        const HiddenAreaRecord& hidden = evidence_.hidden;
        const auto reached = reached_blocks(hidden);
        if (!reached) {
            rule(Verdict::indeterminate, obstacle_code(hidden.state),
                 text_or(hidden.text, "not all that is hidden could be lifted"));
            return;
        }
        const auto after = hidden.after ? native_sectors(*hidden.after) : std::nullopt;
        if (!after) {
            rule(Verdict::indeterminate, "native-capacity-unknown",
                 text_or(hidden.text, "the drive does not tell its native capacity"));
            return;
        }
        const bool all_read = evidence_.identity_after &&
                              *after == evidence_.identity_after->sectors &&
                              *after == hidden.after->accessible;
        if (*reached != *after || !all_read)
            rule(Verdict::indeterminate, "hidden-area",
                 "the drive has " + std::to_string(*after) + " blocks, of which " +
                     std::to_string(hidden.after->accessible) + " can be addressed");
    }

    void examine_probe() {
        if (!evidence_.probe || !evidence_.probe->completed || !evidence_.probe->flushed) {
            rule(Verdict::indeterminate, "incomplete-probe", "the addresses were not all tried");
            return;
        }
        add_extents("address-aliasing", "probe", evidence_.probe->wrong);
        add_extents("unwritable", "probe", evidence_.probe->unwritable);
        add_extents("unreadable", "probe", evidence_.probe->unreadable);
    }

    void examine_canaries() {
        if (!evidence_.canaries || !evidence_.canaries->checked) {
            rule(Verdict::indeterminate, "missing-record", "the canaries were not looked for");
            return;
        }
        const CanaryRecord& canaries = *evidence_.canaries;
        if (!is_well_formed(canaries.written, drive_.size_bytes)) {
            rule(Verdict::failed, "inconsistent-evidence", "canaries that no engine writes");
            return;
        }
        ExtentSet written(canaries.written);
        if (!canaries.unwritable.empty() || !canaries.not_stored.empty() ||
            !has_required(written, canaries.hidden_from))
            rule(Verdict::indeterminate, "canary-not-stored",
                 "not all that was written before was there to be erased");
        ExtentSet moved = inside(canaries.elsewhere, drive_.size_bytes);
        moved.subtract(add_aliases(canaries));
        add_folded("canary-left", "afterwards", canaries.left);
        add_folded("canary-left", "afterwards, elsewhere", moved.extents());
        ExtentSet missed = written;
        missed.subtract(inside(canaries.gone, drive_.size_bytes));
        missed.subtract(inside(canaries.unreadable, drive_.size_bytes));
        if (!missed.empty() && canaries.left.empty())
            rule(Verdict::failed, "inconsistent-evidence", "canaries that nobody looked for");
    }

    // Where one was not stored, and another one stood: the later of the two was written over it.
    ExtentSet add_aliases(const CanaryRecord& canaries) {
        if (drive_.size_bytes == 0) return {};
        ExtentSet stored({{0, drive_.size_bytes}});
        stored.subtract(inside(canaries.not_stored, drive_.size_bytes));
        ExtentSet aliases = inside(canaries.elsewhere, drive_.size_bytes);
        aliases.subtract(stored);
        add_extents("address-aliasing", "canaries", aliases.extents());
        return aliases;
    }

    // The first and the last block, both sides of what was hidden before and of each border between
    // namespaces or logical units.
    [[nodiscard]] bool has_required(const ExtentSet& written, std::uint64_t hidden_from) const {
        const std::uint64_t block = drive_.logical_block_bytes;
        const std::uint64_t size = drive_.size_bytes;
        if (size < block || block == 0) return false;
        const bool has_hidden = evidence_.hidden.state == HiddenState::lifted;
        if (has_hidden && hidden_from != evidence_.hidden.before.accessible * block) return false;
        std::vector<Extent> required{{0, block}, {size - block, block}};
        if (has_hidden && hidden_from >= block && hidden_from < size) {
            required.push_back({hidden_from - block, block});
            required.push_back({hidden_from, block});
        }
        for (const std::uint64_t border : borders_of(evidence_)) {
            if (border < block || border >= size) return false;
            required.push_back({border - block, block});
            required.push_back({border, block});
        }
        return std::ranges::all_of(required,
                                   [&](const Extent& each) { return written.covers(each); });
    }

    void examine_read_back() {
        if (!evidence_.read_back) {
            rule(Verdict::indeterminate, "missing-record", "nothing was read back");
            return;
        }
        const FirmwareReadBack& read_back = *evidence_.read_back;
        if (!is_well_formed(read_back.matched, drive_.size_bytes)) {
            rule(Verdict::failed, "inconsistent-evidence",
                 "read-back: extents that no engine yields");
            return;
        }
        if (!is_what_must_be(read_back)) return;
        add_extents("mismatch", "read-back", read_back.mismatched);
        add_extents("unreadable", "read-back", read_back.unreadable);
        if (read_back.sample)
            examine_sample(read_back);
        else
            examine_full(read_back);
        if (evidence_.host_pass) examine_host_pass(*evidence_.host_pass);
        // A sample stands for the whole only when nothing is wrong.
        if (read_back.sample && findings_.none()) proven_.add({0, drive_.size_bytes});
    }

    void examine_full(const FirmwareReadBack& read_back) {
        proven_ = ExtentSet(read_back.matched);
        for (const auto& extents : {read_back.mismatched, read_back.unreadable})
            proven_.subtract(inside(extents, drive_.size_bytes));
        if (!read_back.completed || !proven_.covers({0, drive_.size_bytes}))
            rule(Verdict::failed, "incomplete-read-back",
                 "of " + std::to_string(drive_.size_bytes) + " bytes " +
                     std::to_string(proven_.bytes()) + " were read back as they must be");
    }

    void examine_sample(const FirmwareReadBack& read_back) {
        const FirmwareSample& sample = *read_back.sample;
        if (!read_back.matched.empty() || sample.percent < 1 || sample.percent > 99)
            rule(Verdict::failed, "inconsistent-evidence", "a sample that no engine draws");
        else if (!read_back.completed || !is_whole_sample(sample, drive_.size_bytes))
            rule(Verdict::failed, "incomplete-read-back",
                 "of a sample " + std::to_string(sample.bytes_matched) +
                     " bytes were read back as they must be");
    }

    [[nodiscard]] bool is_sampled() const {
        return evidence_.read_back && evidence_.read_back->sample;
    }

    void add_extents(std::string_view code, const std::string& where,
                     const std::vector<Extent>& extents) {
        if (extents.empty()) return;
        findings_.add_extents(code, where, extents);
        outweigh(Verdict::failed);
    }

    // They lie all over the drive by our own choice: where each was says nothing.
    void add_folded(std::string_view code, const std::string& where,
                    const std::vector<Extent>& extents) {
        if (extents.empty()) return;
        findings_.add_folded(code, where, extents);
        outweigh(Verdict::failed);
    }

    bool is_what_must_be(const FirmwareReadBack& read_back) {
        const EndState expected = end_state(evidence_);
        if (read_back.expectation == Expectation::host_pass) {
            // A block erase may leave blocks that cannot be read before they are written.
            const bool may = expected.expectation == Expectation::host_pass ||
                             expected.expectation == Expectation::zeros_or_ones;
            if (may && evidence_.host_pass) return true;
            rule(Verdict::failed, "inconsistent-evidence", "read-back of a pass that nobody wrote");
            return false;
        }
        const bool listed = expected.patterns.empty() ||
                            std::ranges::any_of(expected.patterns, [&](const Bytes& octets) {
                                return to_hex(octets) == read_back.bytes;
                            });
        if (read_back.expectation == expected.expectation && listed) return true;
        rule(Verdict::failed, "inconsistent-evidence",
             "read-back of something else than what the drive must return");
        return false;
    }

    // Deallocated blocks are read as what stands for nothing: that is no look at the medium.
    void examine_medium() {
        const auto& record = evidence_.nvme_sanitize;
        if (evidence_.medium_read) {
            const MediumReadRecord& read = *evidence_.medium_read;
            add_folded("canary-left", "on the medium", read.canaries_left);
            add_folded("canary-left", "on the medium, elsewhere", read.canaries_elsewhere);
            add_extents("mismatch", "on the medium", read.read_back.mismatched);
            if (!record)
                rule(Verdict::failed, "inconsistent-evidence",
                     "the medium of a drive that does not show it");
        }
        if (record && !was_medium_read(*record)) limits_.emplace_back("medium-not-read");
    }

    [[nodiscard]] bool was_medium_read(const NvmeSanitizeRecord& record) const {
        constexpr std::uint32_t no_deallocate = 1U << 9U; // dword 10 of Sanitize
        if ((record.command & no_deallocate) != 0)
            return record.after == NvmeSanitizeState::sanitized && !evidence_.host_pass &&
                   !is_sampled();
        if (record.verification != MediaVerification::left || !evidence_.medium_read) return false;
        const MediumReadRecord& read = *evidence_.medium_read;
        const Expectation expected = end_state(evidence_.method, evidence_.options).expectation;
        return read.canaries_checked && read.read_back.completed && !read.read_back.sample &&
               read.read_back.expectation == expected &&
               ExtentSet(inside(read.read_back.matched, drive_.size_bytes))
                   .covers({0, drive_.size_bytes});
    }

    void examine_host_pass(const PassRecord& pass) {
        if (pass.data != StepData::random_stream ||
            !is_well_formed(pass.written, drive_.size_bytes)) {
            rule(Verdict::failed, "inconsistent-evidence", "the host's pass");
            return;
        }
        if (!pass.flushed) rule(Verdict::failed, "flush-failed", "the host's pass was not flushed");
        ExtentSet written(pass.written);
        written.subtract(inside(pass.unwritable, drive_.size_bytes));
        if (!pass.completed || !written.covers({0, drive_.size_bytes}))
            rule(Verdict::failed, "incomplete-pass", "the host's pass did not write every block");
    }

    // --- levels ---

    // A block that was remapped has left its content behind, and that the drive has erased it there
    // nobody can see.
    void examine_health() {
        const auto before = remapped_blocks(evidence_.health_before);
        const auto after = remapped_blocks(evidence_.health_after);
        healthy_ = before == 0U && after == 0U;
        if (!healthy_)
            limits_.emplace_back(before && after ? remapped_limit : health_unknown_limit);
    }

    // Where no block can be read before the host has written it, nobody has seen what the drive
    // did. Of an operation that nobody has heard it take the drive says that it has succeeded, and
    // not which it was: while the run was killed somebody may have ordered another.
    [[nodiscard]] Level reported() const {
        const bool seen = evidence_.canaries && !evidence_.canaries->gone.empty();
        const Level level = std::min(reported_level(evidence_.method),
                                     most_in_namespaces(evidence_.scope_before, evidence_.method));
        const bool unheard = evidence_.sanitize && !evidence_.sanitize->accepted;
        return healthy_ && seen && !is_sampled() && !unheard ? level
                                                             : std::min(level, Level::clear);
    }

    void count_coverage(Judgement& judgement) const {
        if (drive_.size_bytes == 0) return;
        ExtentSet unproven({{0, drive_.size_bytes}});
        unproven.subtract(proven_);
        judgement.bytes_proven = proven_.bytes();
        judgement.unproven = unproven.extents();
    }

    // --- findings ---

    void rule(Verdict verdict, std::string_view code, const std::string& text) {
        findings_.add(code, escaped(text));
        outweigh(verdict);
    }
    void outweigh(Verdict verdict) {
        if (weight(verdict) < weight(verdict_)) verdict_ = verdict;
    }
    static std::string text_or(const std::string& text, const char* otherwise) {
        return text.empty() ? otherwise : text;
    }

    const FirmwareEvidence& evidence_;
    Drive drive_;
    Findings findings_;
    Verdict verdict_ = Verdict::erased; ///< falls with every finding, and never rises
    std::vector<std::string> limits_;
    ExtentSet proven_;
    bool healthy_ = false;
};

} // namespace

std::uint64_t reached_bytes(const FirmwareEvidence& evidence) {
    const auto& identity = evidence.identity_before;
    if (!identity || identity->logical_bytes == 0) return 0;
    if (identity->sectors > static_cast<std::uint64_t>(json_integer_max) / identity->logical_bytes)
        return 0;
    return identity->sectors * identity->logical_bytes;
}

FirmwareJudgement judge_firmware(const FirmwareEvidence& evidence) {
    return Examination(evidence).judge();
}

} // namespace quietus
