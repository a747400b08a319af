// NVMe drives that erase themselves, and drives that say so: each technique against each way to
// fail and to lie, with what it must end in by hand, from what the knob does and what a host can
// see.
//
// What the drive said, canaries that were left, what a whole reading found and who answered: no
// more goes into what it ends in. Whatever is turned: nothing ends in `erased` while a block with
// an address still holds the secret.
#include "quietus/drive/nvme/facts.hpp"
#include "quietus/transport/nvme/verification_port.hpp"
#include "quietus/verify/canary.hpp"
#include "quietus/verify/returned_state.hpp"
#include "support/emulated_nvme.hpp"
#include "support/quiet_watch.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <memory>
#include <set>

namespace quietus {
namespace {

using emulator::Knob;
using emulator::NvmeTraits;
using nvme::SanitizeAction;
using std::chrono::seconds;
using test::NvmeScene;

enum class Method : std::uint8_t { crypto, block, overwrite, format_user, format_crypto };
constexpr std::array methods{Method::crypto, Method::block, Method::overwrite, Method::format_user,
                             Method::format_crypto};
bool is_format(Method method) {
    return method == Method::format_user || method == Method::format_crypto;
}

enum class Ending : std::uint8_t { erased, failed, unknown, refused };

constexpr std::uint32_t pattern = 0xA5A5A5A5;

/// One drive, and all that is seen of one erasure.
class Erasure {
  public:
    explicit Erasure(const NvmeTraits& traits) : scene(traits) {}

    Ending carry_out(Method method) {
        write_canaries();
        if (is_format(method))
            format(method == Method::format_user ? FormatErase::user_data : FormatErase::crypto);
        else
            sanitize(method);
        check_canaries();
        const auto now = nvme::read_controller(scene.drive);
        same_drive_ = now && now->serial == scene.features.serial;
        return ending();
    }

    /// In how many blocks the secret is read through the block layer.
    std::uint64_t readable_residue() {
        std::uint64_t found = 0;
        for (const NvmeNamespaceRecord& each : attached()) {
            const auto port = scene.drive.open_block(each.nsid);
            for (std::uint64_t at = 0; at < each.blocks; ++at) {
                port->start(Direction::read, 0, {at * each.block_bytes, each.block_bytes});
                const auto done = port->wait(std::chrono::hours(1));
                if (!done || !*done || (*done)->error != 0) continue;
                const auto block = port->slot(0).first(each.block_bytes);
                if (as_text(block).find(test::nvme_secret) != std::string_view::npos) ++found;
            }
        }
        return found;
    }

    NvmeScene scene;
    bool medium_read = false; ///< what is on the medium was read, not what stands for nothing
    std::string text;

  private:
    [[nodiscard]] std::vector<NvmeNamespaceRecord> attached() const {
        std::vector<NvmeNamespaceRecord> all;
        for (const NvmeNamespaceRecord& each : scene.facts.scope.namespaces)
            if (each.attached) all.push_back(each);
        return all;
    }

    /// Each namespace has canaries of its own: at its first, its middle and its last block too.
    template <typename Visit>
    void each_port(bool verifies, Visit visit) {
        const auto all = attached();
        for (std::size_t at = 0; at < all.size(); ++at) {
            std::unique_ptr<BlockPort> port =
                verifies ? nvme::make_verification_port(scene.drive, all[at]).value()
                         : scene.drive.open_block(all[at].nsid);
            test::QuietWatch watch;
            Surface surface{*port, port->state().value(), watch, scene.clock};
            visit(surface, at);
        }
    }

    void write_canaries() {
        for (const NvmeNamespaceRecord& each : attached()) {
            BlockGeometry geometry;
            geometry.block_bytes = each.block_bytes;
            geometry.size_bytes = geometry.tail_offset = each.blocks * each.block_bytes;
            const auto number = static_cast<std::uint8_t>(each.nsid);
            canaries_.push_back(std::make_unique<Canaries>(geometry, Bytes(32, number), 0));
            records_.emplace_back();
        }
        each_port(false, [&](Surface& surface, std::size_t at) {
            const Stop stop = canaries_[at]->write(surface, records_[at]);
            not_stored_ = not_stored_ || stop.reason != StopReason::none ||
                          !records_[at].not_stored.empty() || !records_[at].unwritable.empty();
        });
    }

    void sanitize(Method method) {
        const SanitizeAction action = method == Method::crypto  ? SanitizeAction::crypto_erase
                                      : method == Method::block ? SanitizeAction::block_erase
                                                                : SanitizeAction::overwrite;
        nvme::SanitizeOrder order = scene.order(action);
        order.options.overwrite.pattern = pattern;
        NvmeSanitizeRecord record;
        run_sanitize(scene.desk, order, record);
        if (record.phase == NvmeSanitizePhase::verifying) {
            read_medium(method, true);
            leave_verification(scene.desk, order, record);
            medium_read = record.verification == MediaVerification::left;
        }
        const bool kept =
            order.options.no_deallocate && record.after != NvmeSanitizeState::unexpected_deallocate;
        if (kept && record.outcome == FirmwareOutcome::succeeded) {
            read_medium(method, false);
            medium_read = true;
        }
        outcome_ = record.outcome;
        text = record.text;
        if (record.went_backwards) outcome_ = FirmwareOutcome::indeterminate;
    }

    void format(FormatErase erase) {
        NvmeFormatRecord record;
        run_format(scene.desk, scene.format_order(erase), record);
        outcome_ = record.outcome;
        text = record.text;
    }

    /// Of a new key nothing can be expected but that the canaries are gone.
    void read_medium(Method method, bool verifies) {
        each_port(verifies, [&](Surface& surface, std::size_t at) {
            note(canaries_[at]->check(surface, records_[at]), at);
            if (method == Method::crypto) return;
            Returned expected{.expectation = Expectation::zeros_or_ones,
                              .canaries = *canaries_[at]};
            if (method == Method::overwrite) {
                expected.expectation = Expectation::pattern;
                expected.patterns = {Bytes(4, 0xA5)};
            }
            FirmwareReadBack read;
            note(read_returned_state(surface, expected, read, records_[at]), at);
            mismatched_ = mismatched_ || !read.completed || !read.mismatched.empty() ||
                          !read.unreadable.empty();
        });
    }

    void check_canaries() {
        if (outcome_ != FirmwareOutcome::succeeded) return;
        each_port(false, [&](Surface& surface, std::size_t at) {
            note(canaries_[at]->check(surface, records_[at]), at);
        });
    }

    void note(const Stop& stop, std::size_t at) {
        left_ = left_ || !records_[at].left.empty() || !records_[at].elsewhere.empty();
        mismatched_ = mismatched_ || stop.reason != StopReason::none || !records_[at].checked;
    }

    [[nodiscard]] Ending ending() const {
        switch (outcome_) {
        case FirmwareOutcome::refused:
            return Ending::refused;
        case FirmwareOutcome::failed:
            return Ending::failed;
        case FirmwareOutcome::not_started:
        case FirmwareOutcome::under_way:
        case FirmwareOutcome::indeterminate:
            return Ending::unknown;
        case FirmwareOutcome::succeeded:
            break;
        }
        if (left_ || mismatched_ || not_stored_) return Ending::failed;
        const bool all =
            scene.facts.scope.complete && attached().size() == scene.facts.scope.namespaces.size();
        return same_drive_ && all ? Ending::erased : Ending::unknown;
    }

    std::vector<std::unique_ptr<Canaries>> canaries_;
    std::vector<CanaryRecord> records_;
    bool not_stored_ = false;
    bool left_ = false;
    bool mismatched_ = false;
    bool same_drive_ = false;
    FirmwareOutcome outcome_ = FirmwareOutcome::not_started;
};

constexpr auto erased = Ending::erased;
constexpr auto failed = Ending::failed;
constexpr auto unknown = Ending::unknown;
constexpr auto refused = Ending::refused;

struct Row {
    std::optional<Knob> knob;
    std::array<Ending, 5> endings; ///< as `methods`
    const char* why;
};

const std::vector<Row> table{
    {std::nullopt, {erased, erased, erased, erased, erased}, "an honest drive"},
    {Knob::done_but_nothing, {failed, failed, failed, failed, failed}, "canaries are left"},
    {Knob::addressable_only, {erased, erased, erased, erased, erased}, "nobody sees the rest"},
    {Knob::hidden_area_left, {erased, erased, erased, erased, erased}, "nor what is unallocated"},
    {Knob::crypto_keeps_key, {failed, erased, erased, erased, failed}, "canaries are left"},
    {Knob::zeros_without_erasing,
     {erased, erased, failed, erased, erased},
     "zeros are what a block erase leaves; an overwrite leaves its pattern"},
    {Knob::one_block_stays, {failed, failed, failed, failed, failed}, "it holds a canary"},
    {Knob::last_block_spared, {failed, failed, failed, failed, failed}, "as does the last"},
    {Knob::stale_completed_bit,
     {failed, failed, failed, erased, erased},
     "canaries are left; a format has no log"},
    {Knob::stuck_at_99, {unknown, unknown, unknown, unknown, unknown}, "it never ends"},
    {Knob::progress_backwards,
     {erased, unknown, unknown, erased, erased},
     "it contradicts itself, where it takes long enough to be seen"},
    {Knob::fails_at_end, {failed, failed, failed, failed, failed}, "by its own word"},
    {Knob::fails_then_says_ok, {failed, failed, failed, failed, failed}, "the first word counts"},
    {Knob::timeout_while_running,
     {erased, erased, erased, erased, erased},
     "it is waited for, and has ended well"},
    {Knob::reset_in_middle,
     {erased, erased, erased, unknown, unknown},
     "a sanitize goes on after a reset; of a format nobody knows"},
    {Knob::power_loss, {erased, erased, erased, unknown, unknown}, "the same"},
    {Knob::identity_changes,
     {unknown, unknown, unknown, unknown, unknown},
     "another drive answers"},
    {Knob::log_unreadable,
     {refused, refused, refused, erased, erased},
     "without its log a sanitize proves nothing; a format needs none"},
    {Knob::frozen, {refused, refused, refused, refused, refused}, "until a power cycle"},
    {Knob::drops_writes, {failed, failed, failed, failed, failed}, "canaries are not there"},
    {Knob::aliases, {failed, failed, failed, failed, failed}, "canaries overwrite each other"},
    {Knob::reads_differ_twice, {failed, failed, failed, failed, failed}, "and read as others"},
    {Knob::idle_without_start,
     {unknown, unknown, unknown, failed, failed},
     "the log tells of no operation; a format leaves canaries"},
    {Knob::format_nothing_done, {erased, erased, erased, failed, failed}, "canaries are left"},
    {Knob::log_of_another_operation,
     {unknown, unknown, unknown, erased, erased},
     "what the log tells of is not what was sent"},
    {Knob::one_namespace_left, {failed, failed, failed, failed, failed}, "canaries are left in it"},
    {Knob::gde_never_set,
     {unknown, unknown, unknown, erased, erased},
     "the drive does not say that nothing is left"},
};

/// Two namespaces, whatever else differs.
NvmeTraits small(std::uint8_t format = 0) {
    const std::uint64_t blocks = format == 0 ? 96 : 24;
    NvmeTraits traits;
    traits.namespaces = {{.nsid = 1, .blocks = blocks, .format = format},
                         {.nsid = 3, .blocks = blocks / 2, .format = format}};
    traits.unallocated_blocks = 16;
    traits.spare_blocks = 8;
    traits.sanitize.block_takes = seconds(6);
    traits.sanitize.pass_takes = seconds(6);
    return traits;
}

struct DriveKindRow {
    const char* name;
    NvmeTraits traits;
};

std::vector<DriveKindRow> kinds_of_drive() {
    NvmeTraits without = small();
    without.sanitize.verification = false;
    without.sanitize.tells_times = false;
    NvmeTraits flash = small(1);
    flash.stale_copies = 8;
    flash.cached_writes = 16;
    return {{"with the Media Verification state", small()},
            {"with NDAS alone, that announces no time", without},
            {"with blocks of 4096, a cache and stale copies", flash}};
}

std::string name_of(const testing::TestParamInfo<Row>& info) {
    std::string name = info.param.knob ? std::string(to_text(*info.param.knob)) : "honest";
    std::ranges::replace(name, '-', '_');
    return name;
}

class NvmeErase : public testing::TestWithParam<Row> {};

TEST_P(NvmeErase, EndsAsTheTableSays) {
    const Row& row = GetParam();
    for (const auto& [name, traits] : kinds_of_drive())
        for (std::size_t at = 0; at < methods.size(); ++at) {
            SCOPED_TRACE(testing::Message() << "method " << at << " of a drive " << name);
            Erasure erasure(traits);
            if (row.knob) erasure.scene.drive.turn(*row.knob);
            const Ending ending = erasure.carry_out(methods[at]);
            EXPECT_EQ(ending, row.endings[at]) << row.why << "\n" << erasure.text;
            if (ending != Ending::erased) continue;
            EXPECT_EQ(erasure.readable_residue(), 0U);
            EXPECT_TRUE(row.knob || is_format(methods[at]) || erasure.medium_read);
            EXPECT_TRUE(row.knob || is_format(methods[at]) || erasure.scene.residue() == 0);
        }
}

INSTANTIATE_TEST_SUITE_P(Knobs, NvmeErase, testing::ValuesIn(table), name_of);

// These lies no command shows, and so purge is never what is proven: of blocks without an address
// nobody is told, and a drive that answers with zeros even when it says that it reads the medium
// cannot be told from one that has erased.
TEST(NvmeEraseTable, HasTheLiesThatNoHostCanSee) {
    const std::set<Knob> out_of_sight{Knob::addressable_only, Knob::hidden_area_left,
                                      Knob::zeros_without_erasing};
    std::set<Knob> believed;
    for (const Row& row : table)
        for (const Method method : {Method::crypto, Method::block, Method::overwrite}) {
            NvmeTraits traits = small();
            traits.stale_copies = 8;
            Erasure erasure(traits);
            if (row.knob) erasure.scene.drive.turn(*row.knob);
            const bool proven = erasure.carry_out(method) == Ending::erased && erasure.medium_read;
            const bool contradicted = erasure.scene.residue() != 0;
            if (proven && contradicted && row.knob) believed.insert(*row.knob);
            EXPECT_TRUE(row.knob || !contradicted);
        }
    EXPECT_EQ(believed, out_of_sight);
}

// Where everything is deallocated nothing that is read is on the medium: such a drive is never said
// to have been looked at, and what has an address reads as nothing all the same.
TEST(NvmeEraseTable, DoesNotTakeDeallocatedBlocksForErasedOnes) {
    NvmeTraits traits = small();
    traits.sanitize.verification = false;
    traits.sanitize.no_deallocate_inhibited = true;
    for (const Row& row : table)
        for (const Method method : {Method::crypto, Method::block, Method::overwrite}) {
            Erasure erasure(traits);
            if (row.knob) erasure.scene.drive.turn(*row.knob);
            const Ending ending = erasure.carry_out(method);
            EXPECT_FALSE(erasure.medium_read);
            if (ending == Ending::erased) {
                EXPECT_EQ(erasure.readable_residue(), 0U);
            }
            EXPECT_TRUE(row.knob || ending == Ending::erased);
        }
}

// A namespace that is not attached cannot be looked at, so nothing is said of the drive.
TEST(NvmeEraseTable, SaysNothingOfANamespaceThatItCannotReach) {
    for (const Method method : methods) {
        NvmeTraits traits = small();
        traits.namespaces.push_back({.nsid = 9, .blocks = 64, .attached = false});
        Erasure erasure(traits);
        EXPECT_EQ(erasure.carry_out(method), Ending::unknown);
        EXPECT_FALSE(erasure.scene.facts.scope.notes.empty());
    }
}

TEST(NvmeEraseTable, HasEveryKnobThatAnNvmeDriveCanHave) {
    const std::set<Knob> of_the_way{Knob::no_return_descriptor, Knob::fixed_sense,
                                    Knob::fixed_sense_shifted,  Knob::sense_cut_to_18,
                                    Knob::count_zeroed,         Knob::lba_swapped,
                                    Knob::password_left,        Knob::lun_left};
    std::set<Knob> seen = of_the_way;
    for (const Row& row : table)
        if (row.knob) seen.insert(*row.knob);
    EXPECT_EQ(seen.size(), enum_texts<Knob>.size());
}

} // namespace
} // namespace quietus
