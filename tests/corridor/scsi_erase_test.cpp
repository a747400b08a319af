// SAS drives that erase themselves, and drives that say so: each technique against each way to fail
// and to lie, with what it must come to. Written by hand, from what the knob does and from what a
// host can see of it.
//
// Whatever is turned: nothing is believed while a block with an address still holds the secret.
#include "quietus/stream/pattern.hpp"
#include "quietus/technique/overwrite.hpp"
#include "quietus/technique/scsi/format.hpp"
#include "quietus/technique/scsi/sanitize.hpp"
#include "quietus/transport/scsi/ask_erasure.hpp"
#include "quietus/verify/address_probe.hpp"
#include "quietus/verify/canary.hpp"
#include "quietus/verify/returned_state.hpp"

#include "support/emulated_scsi.hpp"
#include "support/quiet_watch.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>

namespace quietus {
namespace {

using emulator::Knob;
using emulator::ScsiDrive;
using emulator::ScsiTraits;

const std::string secret = "a secret of the drive before";

enum class Way : std::uint8_t { overwrite, block_erase, crypto_erase, format, format_pattern };
constexpr std::array ways{Way::overwrite, Way::block_erase, Way::crypto_erase, Way::format,
                          Way::format_pattern};
constexpr const char* way_names[] = {"overwrite", "block erase", "crypto erase", "format",
                                     "format with a pattern"};

enum class End : std::uint8_t {
    proven,
    failed,  ///< by the drive's word, or by what is read
    unknown, ///< nobody can say
    refused,
};
constexpr auto proven = End::proven;
constexpr auto failed = End::failed;
constexpr auto unknown = End::unknown;

struct ScsiRow {
    std::optional<Knob> knob;
    std::array<End, 5> ends; ///< as `ways`
    const char* why;
};

const std::vector<ScsiRow> rows{
    {std::nullopt, {proven, proven, proven, proven, proven}, "an honest drive"},
    {Knob::done_but_nothing, {failed, failed, failed, failed, failed}, "canaries are left"},
    {Knob::addressable_only, {proven, proven, proven, proven, proven}, "clear is all there is"},
    {Knob::hidden_area_left, {proven, proven, proven, proven, proven}, "nothing is hidden"},
    {Knob::crypto_keeps_key, {proven, proven, failed, proven, proven}, "canaries are left"},
    {Knob::zeros_without_erasing,
     {failed, proven, proven, proven, failed},
     "zeros are what a block erase leaves, and a pattern is none"},
    {Knob::one_block_stays, {failed, failed, failed, failed, failed}, "it holds a canary"},
    {Knob::last_block_spared, {failed, failed, failed, failed, failed}, "as does the last"},
    {Knob::stuck_at_99, {unknown, unknown, unknown, unknown, unknown}, "it never ends"},
    {Knob::progress_backwards,
     {unknown, unknown, proven, unknown, unknown},
     "it contradicts itself; a new key takes too short a time to see it"},
    {Knob::fails_at_end, {failed, failed, failed, failed, failed}, "by its own word"},
    {Knob::fails_then_says_ok, {failed, failed, failed, failed, failed}, "the first word counts"},
    {Knob::timeout_while_running,
     {unknown, proven, proven, unknown, unknown},
     "it was never seen at work; what is short is ordered again, to its end"},
    {Knob::reset_in_middle, {proven, proven, proven, proven, proven}, "it goes on"},
    {Knob::power_loss,
     {proven, proven, proven, failed, failed},
     "a sanitize goes on; a format is corrupt"},
    {Knob::identity_changes,
     {unknown, unknown, unknown, unknown, unknown},
     "another drive answers"},
    {Knob::sense_cut_to_18, {proven, proven, proven, proven, proven}, "all is in those"},
    {Knob::log_unreadable, {proven, proven, proven, proven, proven}, "its health is not known"},
    {Knob::drops_writes, {failed, failed, failed, failed, failed}, "stamps are not there"},
    {Knob::aliases, {failed, failed, failed, failed, failed}, "stamps overwrite each other"},
    {Knob::reads_differ_twice, {failed, failed, failed, failed, failed}, "stamps read as others"},
    {Knob::lun_left, {failed, failed, failed, failed, failed}, "the second unit has canaries too"},
    {Knob::idle_without_start,
     {unknown, failed, failed, unknown, unknown},
     "it was never seen at work; what says that it has ended has left canaries"},
    {Knob::format_nothing_done, {proven, proven, proven, failed, failed}, "canaries are left"},
};

/// Of other ways to a drive than this, or of other drives.
const std::set<Knob> not_of_scsi{Knob::stale_completed_bit,
                                 Knob::no_return_descriptor,
                                 Knob::fixed_sense,
                                 Knob::fixed_sense_shifted,
                                 Knob::count_zeroed,
                                 Knob::lba_swapped,
                                 Knob::frozen,
                                 Knob::password_left};

/// What must be read of a drive that has done what it was told.
struct LeftBehind {
    Expectation expectation = Expectation::host_pass;
    std::vector<Bytes> patterns = {};
    bool reads_fail = false; ///< until it is written (WABEREQ, WACEREQ)
};

/// One drive full of secrets, all of its units erased one after the other, and what became of it.
class ScsiScene {
  public:
    explicit ScsiScene(const ScsiTraits& traits) : drive(traits, clock_), door_(clock_) {
        drive.hold(as_bytes(secret));
    }

    End erase(Way way) {
        const Bytes before = serial();
        for (unsigned unit = 0; unit < drive.traits().units; ++unit)
            if (!prepare(unit)) return failed;
        const auto erasure = scsi::ask_erasure(drive.commands(), scsi::Probing::never);
        for (unsigned unit = 0; unit < drive.traits().units; ++unit) {
            records.push_back(operate(way, unit));
            if (const End end = end_of(records.back()); end != proven) return end;
        }
        drive.hard_reset();
        if (serial() != before) return unknown;
        const LeftBehind left = left_by(way, *erasure);
        for (unsigned unit = 0; unit < drive.traits().units; ++unit)
            if (!is_as_it_must_be(unit, left)) return failed;
        return proven;
    }

    /// In how many blocks with an address the secret is read.
    std::uint64_t readable_residue() {
        std::uint64_t found = 0;
        for (unsigned unit = 0; unit < drive.traits().units; ++unit) {
            emulator::Media& media = drive.media(unit);
            const BlockGeometry geometry = media.geometry();
            for (std::uint64_t at = 0; at < geometry.size_bytes; at += geometry.block_bytes) {
                const Bytes block = media.at(at, geometry.block_bytes);
                const ByteView text = as_bytes(secret);
                const bool held = std::search(block.begin(), block.end(), text.begin(),
                                              text.end()) != block.end();
                found += held ? 1 : 0;
            }
        }
        return found;
    }

    std::vector<ScsiOperationRecord> records;

  private:
    static constexpr std::uint8_t pattern[] = {0xA1, 0xB2, 0xC3, 0xD4};

    static End end_of(const ScsiOperationRecord& record) {
        switch (record.outcome) {
        case FirmwareOutcome::succeeded:
            return record.went_backwards ? unknown : proven;
        case FirmwareOutcome::failed:
            return failed;
        case FirmwareOutcome::refused:
            return End::refused;
        case FirmwareOutcome::not_started:
        case FirmwareOutcome::under_way:
        case FirmwareOutcome::indeterminate:
            break;
        }
        return unknown;
    }

    Bytes serial() {
        const auto page =
            scsi::ask_past_attentions(drive.commands(), scsi::vital_product_data(0x80, 64));
        return page ? page->data : Bytes{};
    }

    struct Opened {
        std::unique_ptr<BlockPort> port;
        test::QuietWatch watch;
    };
    template <typename Do>
    bool on_surface(unsigned unit, Do act) {
        Opened opened{drive.open_block(unit), {}};
        const auto state = opened.port->state();
        Surface surface{*opened.port, *state, opened.watch, clock_};
        return act(surface);
    }

    // Address probe and canaries.
    bool prepare(unsigned unit) {
        return on_surface(unit, [&](Surface& surface) {
            ProbeRecord probe;
            probe.step = 1;
            const Stop stop = probe_addresses(surface, probe);
            if (stop.reason != StopReason::none || !probe.wrong.empty()) return false;
            canaries_.emplace_back(surface.port.geometry(), Bytes(32, 0x5C), 0);
            return canaries_.back().write(surface, seen_.emplace_back()).reason == StopReason::none;
        });
    }

    ScsiOperationRecord operate(Way way, unsigned unit) {
        const scsi::Desk desk{drive.commands(unit), clock_, door_};
        ScsiOperationRecord record;
        const ScsiTraits& traits = drive.traits();
        if (way == Way::format || way == Way::format_pattern) {
            scsi::FormatOrder order;
            order.format = {traits.blocks, traits.block_bytes, traits.protection, 0, 0};
            if (way == Way::format_pattern) order.pattern = pattern_octets();
            run_format(desk, order, record);
        } else {
            run_sanitize(desk, sanitize_order(way), record);
        }
        return record;
    }

    static Bytes pattern_octets() { return {std::begin(pattern), std::end(pattern)}; }
    scsi::SanitizeOrder sanitize_order(Way way) {
        scsi::SanitizeOrder order;
        order.kind = way == Way::overwrite     ? scsi::SanitizeKind::overwrite
                     : way == Way::block_erase ? scsi::SanitizeKind::block_erase
                                               : scsi::SanitizeKind::crypto_erase;
        order.options.pattern = pattern_octets();
        order.options.passes = 2;
        order.options.invert_between = true;
        order.size_bytes = drive.traits().blocks * drive.traits().block_bytes;
        order.block_bytes = drive.traits().block_bytes;
        return order;
    }
    static LeftBehind left_by(Way way, const ScsiErasure& erasure) {
        const auto must_fail = [](ScsiReadAfterErase reads) {
            return reads == ScsiReadAfterErase::fails ||
                   reads == ScsiReadAfterErase::write_required;
        };
        switch (way) {
        case Way::overwrite:
        case Way::format_pattern:
            return {Expectation::pattern, {pattern_octets()}};
        case Way::block_erase:
            if (must_fail(erasure.after_block_erase)) return {Expectation::host_pass, {}, true};
            return {Expectation::zeros_or_ones, {}};
        case Way::crypto_erase:
            return {Expectation::host_pass, {}, must_fail(erasure.after_crypto_erase)};
        case Way::format:
            break;
        }
        return {};
    }

    bool is_as_it_must_be(unsigned unit, const LeftBehind& left) {
        return on_surface(unit, [&](Surface& surface) {
            CanaryRecord& seen = seen_[unit];
            if (canaries_[unit].check(surface, seen).reason != StopReason::none && !left.reads_fail)
                return false;
            if (!seen.left.empty() || (!seen.unreadable.empty() && !left.reads_fail)) return false;
            FirmwareReadBack record;
            if (left.expectation == Expectation::host_pass) {
                Pattern stream = Pattern::stream(Bytes(32, 0x77));
                PassRecord pass;
                pass.step = 4;
                if (write_pass(surface, stream, pass).reason != StopReason::none) return false;
                if (read_host_pass(surface, stream, {}, record).reason != StopReason::none)
                    return false;
            } else {
                const Returned returned{left.expectation, left.patterns, canaries_[unit]};
                if (read_returned_state(surface, returned, record, seen).reason != StopReason::none)
                    return false;
            }
            const std::uint64_t size = surface.port.geometry().size_bytes;
            return record.completed && ExtentSet(record.matched).bytes() == size &&
                   seen.left.empty() && seen.elsewhere.empty();
        });
    }

    emulator::SimulatedClock clock_;

  public:
    ScsiDrive drive;

  private:
    test::WaitingDoor door_;
    std::vector<Canaries> canaries_;
    std::vector<CanaryRecord> seen_;
};

struct ScsiKind {
    const char* name;
    ScsiTraits traits;
};

std::vector<ScsiKind> kinds_of_scsi_drive() {
    constexpr auto required = ScsiReadAfterErase::write_required;
    std::vector<ScsiKind> kinds{
        {"two units of blocks of 4096, in descriptor format",
         {.blocks = 256, .block_bytes = 4096, .units = 2, .descriptor_sense = true}},
        {"two units with protection information that are sanitized one by one",
         {.blocks = 256, .protection = 1, .units = 2, .sanitize = {.reaches_all_units = false}}},
        {"flash with a cache and stale copies",
         {.blocks = 256, .units = 2, .rotates = false, .stale_copies = 8, .cached_writes = 16}},
        {"reads that fail until blocks are written",
         {.blocks = 256,
          .units = 2,
          .after_block_erase = required,
          .after_crypto_erase = required}}};
    // Long enough to be seen at work, and no longer.
    for (ScsiKind& each : kinds) {
        each.traits.sanitize.pass_takes = std::chrono::minutes(1);
        each.traits.format.takes = std::chrono::minutes(2);
    }
    return kinds;
}

// Where no block can be read before it is written, nobody sees what the drive has made of it: what
// is proven then is the host's own pass, and the drive's part is its word.
bool is_out_of_sight(std::optional<Knob> knob, Way way, const ScsiTraits& traits) {
    const std::set<Knob> keep{Knob::done_but_nothing, Knob::crypto_keeps_key, Knob::one_block_stays,
                              Knob::last_block_spared, Knob::lun_left};
    const bool unread = way == Way::block_erase
                            ? traits.after_block_erase != ScsiReadAfterErase::unspecified
                            : way == Way::crypto_erase &&
                                  traits.after_crypto_erase != ScsiReadAfterErase::unspecified;
    return unread && knob && keep.contains(*knob);
}

class ScsiErase : public testing::TestWithParam<ScsiRow> {};

TEST_P(ScsiErase, EndsAsTheTableHasIt) {
    const ScsiRow& row = GetParam();
    for (const auto& [name, traits] : kinds_of_scsi_drive())
        for (std::size_t at = 0; at < ways.size(); ++at) {
            SCOPED_TRACE(testing::Message() << way_names[at] << " of " << name);
            ScsiScene scene(traits);
            if (row.knob) scene.drive.turn(*row.knob);
            const End end = scene.erase(ways[at]);
            const bool unseen = is_out_of_sight(row.knob, ways[at], traits);
            const End expected = unseen ? proven : row.ends[at];
            EXPECT_EQ(static_cast<int>(end), static_cast<int>(expected))
                << row.why << "; " << (scene.records.empty() ? "" : scene.records.back().text);
            if (end == proven) {
                EXPECT_EQ(scene.readable_residue(), 0U);
            }
        }
}

// The lies that no host can see: what no address leads to.
TEST_P(ScsiErase, IsNeverBelievedWhileAnAddressLeadsToTheSecret) {
    const ScsiRow& row = GetParam();
    for (const Way way : ways) {
        ScsiScene scene({.blocks = 256});
        if (row.knob) scene.drive.turn(*row.knob);
        if (scene.erase(way) != proven) continue;
        EXPECT_EQ(scene.readable_residue(), 0U);
        const bool out_of_sight = row.knob == Knob::zeros_without_erasing;
        EXPECT_EQ(scene.drive.residue(as_bytes(secret)) != 0, out_of_sight) << row.why;
    }
}

std::string scsi_row_name(const testing::TestParamInfo<ScsiRow>& info) {
    std::string name = info.param.knob ? std::string(to_text(*info.param.knob)) : "honest";
    std::ranges::replace(name, '-', '_');
    return name;
}
INSTANTIATE_TEST_SUITE_P(Knobs, ScsiErase, testing::ValuesIn(rows), scsi_row_name);

TEST(ScsiEraseTable, HasEveryKnobThatASasDriveCanHave) {
    std::set<Knob> seen = not_of_scsi;
    for (const ScsiRow& row : rows)
        if (row.knob) seen.insert(*row.knob);
    for (std::size_t i = 0; i < enum_texts<Knob>.size(); ++i) {
        const auto knob = static_cast<Knob>(i);
        const bool of_nvme_alone = i > static_cast<std::size_t>(Knob::format_nothing_done);
        EXPECT_TRUE(seen.contains(knob) || of_nvme_alone) << to_text(knob);
    }
}

} // namespace
} // namespace quietus
