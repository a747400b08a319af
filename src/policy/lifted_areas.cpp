#include "lifted_areas.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/core/json.hpp"
#include "quietus/policy/judge.hpp"

namespace quietus {
namespace {

std::optional<std::uint64_t> all_within_reach(const HiddenAreas& areas) {
    const auto native = native_sectors(areas);
    return native && *native == areas.accessible ? native : std::nullopt;
}

Reach examine_obstacle(const HiddenAreaRecord& record, Findings& findings) {
    const std::string text =
        record.text.empty() ? "not all that is hidden could be lifted" : escaped(record.text);
    findings.add(obstacle_code(record.state), text);
    return record.state == HiddenState::unknown ? Reach::not_readable : Reach::not_lifted;
}

// Read again when all was done: what was within reach once need not have stayed so.
Reach examine_end(const HiddenAreaRecord& record, std::uint64_t reached, Findings& findings) {
    const auto native = record.after ? native_sectors(*record.after) : std::nullopt;
    if (!native) {
        findings.add("native-capacity-unknown",
                     "the drive does not tell its native capacity afterwards");
        return Reach::unknown;
    }
    if (*native != reached || record.after->accessible != reached)
        findings.add("hidden-area", "the drive has " + std::to_string(*native) +
                                        " blocks afterwards, of which " +
                                        std::to_string(record.after->accessible) +
                                        " can be addressed, and of which " +
                                        std::to_string(reached) + " were reached");
    return Reach::all;
}

} // namespace

std::optional<std::uint64_t> reached_blocks(const HiddenAreaRecord& record) {
    if (record.state == HiddenState::none) return all_within_reach(record.before);
    if (record.state != HiddenState::lifted || !record.lifted) return std::nullopt;
    return all_within_reach(*record.lifted);
}

std::string_view obstacle_code(HiddenState state) {
    switch (state) {
    case HiddenState::unknown:
        return "native-capacity-unknown";
    case HiddenState::power_cycle_needed:
        return "power-cycle-needed";
    case HiddenState::none:
    case HiddenState::lifted:
    case HiddenState::refused:
        break;
    }
    return "hidden-area";
}

std::uint64_t erased_bytes(const Drive& drive, const std::optional<HiddenAreaRecord>& hidden) {
    constexpr auto most = static_cast<std::uint64_t>(json_integer_max);
    if (!hidden || drive.logical_block_bytes == 0) return drive.size_bytes;
    const auto blocks = reached_blocks(*hidden);
    if (!blocks || *blocks > most / drive.logical_block_bytes) return drive.size_bytes;
    return *blocks * drive.logical_block_bytes;
}

bool hides_blocks(const Drive& drive) {
    if (!drive.hidden_areas) return false;
    const auto native = native_sectors(*drive.hidden_areas);
    return native && *native > drive.hidden_areas->accessible;
}

Reach examine_hidden_areas(const Drive& drive, const Plan& plan, const Evidence& evidence,
                           Findings& findings) {
    const bool stopped = evidence.stopped != StopReason::none;
    if (!lifts_hidden_areas(plan)) {
        if (evidence.hidden) findings.add("unexpected-record", "the plan lifts no hidden areas");
        return Reach::all;
    }
    if (!evidence.hidden) {
        if (!stopped) findings.add("missing-record", "no record of what was hidden");
        return Reach::all;
    }
    const auto blocks = reached_blocks(*evidence.hidden);
    if (!blocks) return examine_obstacle(*evidence.hidden, findings);
    // As it was found, or as it was when a run that went on found it.
    const std::uint64_t found =
        drive.logical_block_bytes == 0 ? 0 : drive.size_bytes / drive.logical_block_bytes;
    if (found != evidence.hidden->before.accessible && found != *blocks)
        findings.add("drive-changed", "it was not as large as the drive that was planned for");
    return stopped ? Reach::all : examine_end(*evidence.hidden, *blocks, findings);
}

} // namespace quietus
