// fault_schedules COUNT SEED [PROGRESS-FILE]: drives that fail and lie by chance, each erased and
// judged. Whatever happens, a drive is called erased only when the oracle finds nothing on it, and
// a record never claims more than was acknowledged.
//
// Schedule i is drawn from SEED + i alone, so that `fault_schedules 1 NUMBER` repeats one. With a
// progress file a run that was ended goes on where it was.
#include "support/unkept_run.hpp"

#include "quietus/emulator/media.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <random>
#include <string>

namespace quietus {
namespace {

using emulator::FaultKind;
using emulator::Media;
using emulator::MediaFault;
using emulator::MediaTraits;

const Bytes secret{'t', 'o', 'p', ' ', 's', 'e', 'c', 'r', 'e', 't'};

class Chance {
  public:
    explicit Chance(std::uint64_t seed) : engine_(seed) {}
    /// 0 to below `end`. Not of the standard library's distributions, which differ between them.
    std::uint64_t below(std::uint64_t end) { return engine_() % end; }
    bool one_in(std::uint64_t count) { return below(count) == 0; }
    template <typename T, std::size_t N>
    const T& one_of(const std::array<T, N>& all) {
        return all[below(N)];
    }

  private:
    std::mt19937_64 engine_;
};

/// A fault, and the step after whose end it begins; 0: at once.
struct Scheduled {
    MediaFault fault;
    std::uint32_t after_step = 0;
};

struct Schedule {
    MediaTraits traits;
    std::string scheme;
    std::vector<Scheduled> faults;
    Endurance endurance;
    std::uint64_t stop_after = ~std::uint64_t{0}; ///< bytes of any one step
};

constexpr std::array schemes{"generic.zero", "generic.random", "uk.is5.enhanced"};
constexpr auto last_kind = static_cast<std::uint64_t>(FaultKind::alias);

MediaTraits draw_traits(Chance& chance) {
    const std::uint32_t block = chance.one_in(3) ? 4096 : 512;
    const std::uint64_t odd = chance.one_in(4) ? chance.below(4096) : 0;
    return {.size_bytes = (8 + chance.below(40)) * 4096 + (block == 4096 ? odd : odd / 512 * 512),
            .block_bytes = block,
            .slots = static_cast<unsigned>(9 + chance.below(4)),
            .slot_bytes = std::size_t{4096} << chance.below(4),
            .cached_writes = chance.one_in(2) ? 0 : static_cast<unsigned>(chance.below(12)),
            .bytes_a_second = chance.one_in(2) ? 0 : 1'000'000 + chance.below(100'000'000)};
}

Extent draw_extent(Chance& chance, std::uint64_t size) {
    if (chance.one_in(3)) return {0, ~std::uint64_t{0}};
    const std::uint64_t offset = chance.below(size / 512) * 512;
    return {offset, (1 + chance.below(chance.one_in(2) ? 8 : 200)) * 512};
}

std::uint64_t draw_amount(Chance& chance, FaultKind kind, const Schedule& schedule) {
    const std::uint64_t block = schedule.traits.block_bytes;
    const std::uint64_t blocks = schedule.traits.size_bytes / block;
    switch (kind) {
    case FaultKind::shrink:
        return chance.below(blocks) * block;
    case FaultKind::grow:
        return schedule.traits.size_bytes + (1 + chance.below(100)) * block;
    case FaultKind::alias:
        // Zeros are the same wherever they are read: there it is the probe that must tell, and it
        // is made for drives of which a half or a quarter is real.
        return schedule.scheme == "generic.zero"
                   ? (chance.one_in(2) ? blocks / 2 : blocks / 4) * block
                   : (1 + chance.below(blocks - 1)) * block;
    default:
        return (1 + chance.below(blocks - 1)) * block;
    }
}

MediaFault draw_fault(Chance& chance, const Schedule& schedule) {
    constexpr std::array errors{EIO, EIO, EIO, ENODATA, EILSEQ, ETIMEDOUT, ENODEV, ENXIO, ENOSPC};
    MediaFault fault;
    fault.kind = static_cast<FaultKind>(chance.below(last_kind + 1));
    fault.where = draw_extent(chance, schedule.traits.size_bytes);
    if (fault.kind == FaultKind::alias) fault.where = {0, ~std::uint64_t{0}};
    if (chance.one_in(4)) fault.every = (2 + chance.below(16)) * schedule.traits.block_bytes;
    fault.after = chance.one_in(2) ? 0 : chance.below(200);
    if (chance.one_in(2)) fault.times = 1 + chance.below(20);
    fault.amount = draw_amount(chance, fault.kind, schedule);
    fault.error = chance.one_of(errors);
    if (chance.one_in(3)) fault.delay = std::chrono::milliseconds(chance.below(100'000));
    return fault;
}

Schedule draw(std::uint64_t seed) {
    Chance chance(seed);
    Schedule schedule;
    schedule.traits = draw_traits(chance);
    schedule.scheme = chance.one_of(schemes);
    schedule.endurance.attempts = static_cast<unsigned>(1 + chance.below(3));
    schedule.endurance.trouble = std::chrono::seconds(chance.below(3600));
    schedule.endurance.give_up = std::chrono::seconds(30 + chance.below(600));
    if (chance.one_in(10)) schedule.endurance.floor_rate = 1 + chance.below(100'000);
    if (chance.one_in(10)) schedule.endurance.limit_rate = 10'000 + chance.below(10'000'000);
    if (chance.one_in(20)) schedule.stop_after = chance.below(schedule.traits.size_bytes);
    const std::uint64_t faults = chance.below(6);
    for (std::uint64_t i = 0; i < faults; ++i) {
        const MediaFault fault = draw_fault(chance, schedule);
        const auto after_step = static_cast<std::uint32_t>(chance.below(5));
        // How its addresses lead is how a drive is made, and no fault that begins.
        schedule.faults.push_back({fault, fault.kind == FaultKind::alias ? 0 : after_step});
    }
    return schedule;
}

/// One schedule carried out, and what the oracle knows afterwards.
struct Outcome {
    std::optional<ErasureRecord> record;
    std::uint64_t residue = 0;
    Media::Counts counts;
};

Outcome carry_out(const Schedule& schedule) {
    emulator::SimulatedClock time;
    Media media(schedule.traits, time);
    media.hold(secret);
    const auto begin_after = [&](std::uint32_t step) {
        for (const Scheduled& each : schedule.faults)
            if (each.after_step == step) media.add(each.fault);
    };
    begin_after(0);
    test::NotingAudience audience;
    audience.at_step_end = [&](const Progress& progress) { begin_after(progress.step); };
    audience.stop = [&](const Progress& progress) {
        return progress.bytes_done > schedule.stop_after;
    };
    test::OneDriveHost host(media);
    host.drive.logical_block_bytes = schedule.traits.block_bytes;
    test::UnkeptRun run{host, time, audience, schedule.endurance};
    Outcome outcome;
    outcome.record =
        run.erase(host.drive, {.scheme = schedule.scheme,
                               .verification = Verification{VerificationMode::full, 100}});
    outcome.residue = media.residue(secret);
    outcome.counts = media.counts();
    return outcome;
}

// What is wrong with a list and its count; empty when nothing is.
std::string flaw_of(const std::vector<Extent>& extents, std::uint64_t bytes, std::uint64_t size) {
    if (!is_well_formed(extents, size)) return "is no union of ranges of the drive";
    std::uint64_t sum = 0;
    for (const Extent& each : extents)
        sum += each.length;
    if (sum != bytes) return "is not what is counted";
    return "";
}

std::string flaw_of(const Schedule& schedule, const Outcome& outcome) {
    if (!outcome.record) return "no record";
    const std::uint64_t size = schedule.traits.size_bytes;
    const Judgement& judgement = outcome.record->judgement;
    std::uint64_t written = 0;
    for (const PassRecord& pass : outcome.record->evidence.passes) {
        if (auto flaw = flaw_of(pass.written, pass.bytes_written, size); !flaw.empty())
            return "written " + flaw;
        if (!is_well_formed(pass.unwritable, size)) return "unwritable is no union";
        ExtentSet both(pass.written);
        both.subtract(ExtentSet(pass.unwritable));
        if (both.bytes() != pass.bytes_written) return "written and unwritable at once";
        written += pass.bytes_written;
    }
    if (written > outcome.counts.bytes_written) return "more written than was acknowledged";
    if (auto flaw = flaw_of(judgement.unproven, size - judgement.bytes_proven, size); !flaw.empty())
        return "unproven " + flaw;
    if (judgement.verdict == Verdict::erased && outcome.residue != 0)
        return "called erased with " + std::to_string(outcome.residue) + " blocks left";
    if (judgement.verdict == Verdict::erased && judgement.bytes_proven != size)
        return "called erased and not proven";
    if (schedule.faults.empty() && schedule.stop_after > size &&
        schedule.endurance.floor_rate == 0 && judgement.verdict != Verdict::erased)
        return "an honest drive is not erased";
    return "";
}

std::string in_words(const Schedule& schedule) {
    std::string words = schedule.scheme + " on " + std::to_string(schedule.traits.size_bytes) +
                        " bytes of " + std::to_string(schedule.traits.block_bytes) + ", " +
                        std::to_string(schedule.traits.cached_writes) + " cached";
    for (const Scheduled& each : schedule.faults)
        words += "; kind " + std::to_string(static_cast<int>(each.fault.kind)) + " at " +
                 std::to_string(each.fault.where.offset) + "+" +
                 std::to_string(each.fault.where.length) + " every " +
                 std::to_string(each.fault.every) + " after " + std::to_string(each.fault.after) +
                 " times " + std::to_string(each.fault.times) + " amount " +
                 std::to_string(each.fault.amount) + " error " + std::to_string(each.fault.error) +
                 " from step " + std::to_string(each.after_step);
    return words;
}

/// How far a run has come, kept in a file.
struct Tally {
    std::uint64_t done = 0;
    std::uint64_t erased = 0;
    std::uint64_t struck = 0; ///< schedules in which a fault met a command
    std::uint64_t flawed = 0;

    void load(const std::string& file) {
        std::ifstream(file) >> done >> erased >> struck >> flawed;
    }
    void save(const std::string& file) const {
        if (file.empty()) return;
        std::ofstream(file + ".new") << done << ' ' << erased << ' ' << struck << ' ' << flawed;
        std::rename((file + ".new").c_str(), file.c_str());
    }
};

int run(std::uint64_t count, std::uint64_t seed, const std::string& progress) {
    Tally tally;
    if (!progress.empty()) tally.load(progress);
    for (; tally.done < count; ++tally.done) {
        if (tally.done % 1000 == 0) tally.save(progress);
        const Schedule schedule = draw(seed + tally.done);
        const Outcome outcome = carry_out(schedule);
        const std::string flaw = flaw_of(schedule, outcome);
        if (outcome.counts.struck != 0) ++tally.struck;
        if (outcome.record && outcome.record->judgement.verdict == Verdict::erased) ++tally.erased;
        if (flaw.empty()) continue;
        ++tally.flawed;
        std::printf("schedule %ju: %s (%s)\n", std::uintmax_t{seed + tally.done}, flaw.c_str(),
                    in_words(schedule).c_str());
    }
    tally.save(progress);
    std::printf("%ju schedules, in %ju a fault struck, %ju drives called erased, %ju flaws\n",
                std::uintmax_t{tally.done}, std::uintmax_t{tally.struck},
                std::uintmax_t{tally.erased}, std::uintmax_t{tally.flawed});
    return tally.flawed == 0 ? 0 : 1;
}

} // namespace
} // namespace quietus

int main(int count, char** words) {
    if (count < 3) {
        std::fputs("usage: fault_schedules COUNT SEED [PROGRESS-FILE]\n", stderr);
        return 2;
    }
    return quietus::run(std::strtoull(words[1], nullptr, 10), std::strtoull(words[2], nullptr, 10),
                        count > 3 ? words[3] : "");
}
