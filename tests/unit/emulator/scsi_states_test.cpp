// Every command in every state, by the SCSI Commands Reference Manual of Seagate and sg_sanitize.
#include "scsi_bench.hpp"
#include "scsi_states.hpp"

#include <gtest/gtest.h>

#include <set>

namespace quietus::emulator {
namespace {

using enum ScsiState;
using enum ScsiEvent;

struct StateRow {
    ScsiState before;
    ScsiEvent event;
    const char* sense; ///< "": GOOD
    ScsiState after;
};

/// A machine that has come to the state the way drives do.
ScsiStates machine_in(ScsiState state) {
    ScsiStates machine;
    const auto perform = [&machine](ScsiEvent event) { (void)machine.perform(event); };
    if (state == sanitizing || state == sanitize_failed_restricted) perform(sanitize_restricted);
    if (state == sanitize_failed_unrestricted) perform(sanitize_unrestricted);
    if (state == formatting || state == format_failed || state == format_corrupt) perform(format);
    if (state == format_corrupt) perform(power_on);
    if (state != idle && state != sanitizing && state != formatting && state != format_corrupt)
        machine.ended(false);
    return machine;
}

std::string text_of(const SenseCode& code) {
    return code.key == 0 ? ""
                         : to_text(Sense{SenseFormat::fixed, false, code.key, code.asc, code.ascq});
}

class ScsiStateTable : public testing::TestWithParam<StateRow> {};

TEST_P(ScsiStateTable, IsFollowed) {
    const StateRow& row = GetParam();
    ScsiStates machine = machine_in(row.before);
    ASSERT_EQ(machine.state(), row.before);
    const ScsiAnswer answer = machine.perform(row.event);
    EXPECT_EQ(text_of(answer.sense), row.sense);
    EXPECT_EQ(machine.state(), row.after);
}

constexpr const char* sanitizes = "2/04h/1bh";
constexpr const char* formats = "2/04h/04h";
constexpr const char* failed = "3/31h/03h";
constexpr const char* barred = "5/24h/00h";
constexpr const char* format_refused = "3/31h/01h";
constexpr const char* corrupt = "3/31h/00h";

const StateRow rows[] = {
    {idle, sanitize_restricted, "", sanitizing},
    {idle, sanitize_unrestricted, "", sanitizing},
    {idle, exit_failure, "", idle},
    {idle, format, "", formatting},
    {idle, access, "", idle},
    {idle, power_on, "", idle},

    {sanitizing, sanitize_restricted, sanitizes, sanitizing},
    {sanitizing, sanitize_unrestricted, sanitizes, sanitizing},
    {sanitizing, exit_failure, sanitizes, sanitizing},
    {sanitizing, format, sanitizes, sanitizing},
    {sanitizing, access, sanitizes, sanitizing},
    {sanitizing, power_on, "", sanitizing},

    {sanitize_failed_restricted, sanitize_restricted, "", sanitizing},
    {sanitize_failed_restricted, sanitize_unrestricted, barred, sanitize_failed_restricted},
    {sanitize_failed_restricted, exit_failure, barred, sanitize_failed_restricted},
    {sanitize_failed_restricted, format, failed, sanitize_failed_restricted},
    {sanitize_failed_restricted, access, failed, sanitize_failed_restricted},
    {sanitize_failed_restricted, power_on, "", sanitize_failed_restricted},

    {sanitize_failed_unrestricted, sanitize_restricted, "", sanitizing},
    {sanitize_failed_unrestricted, sanitize_unrestricted, "", sanitizing},
    {sanitize_failed_unrestricted, exit_failure, "", idle},
    {sanitize_failed_unrestricted, format, failed, sanitize_failed_unrestricted},
    {sanitize_failed_unrestricted, access, failed, sanitize_failed_unrestricted},
    {sanitize_failed_unrestricted, power_on, "", sanitize_failed_unrestricted},

    {formatting, sanitize_restricted, formats, formatting},
    {formatting, sanitize_unrestricted, formats, formatting},
    {formatting, exit_failure, formats, formatting},
    {formatting, format, formats, formatting},
    {formatting, access, formats, formatting},
    {formatting, power_on, "", format_corrupt},

    {format_failed, sanitize_restricted, "", sanitizing},
    {format_failed, sanitize_unrestricted, "", sanitizing},
    {format_failed, exit_failure, "", format_failed},
    {format_failed, format, "", formatting},
    {format_failed, access, format_refused, format_failed},
    {format_failed, power_on, "", format_failed},

    {format_corrupt, sanitize_restricted, "", sanitizing},
    {format_corrupt, sanitize_unrestricted, "", sanitizing},
    {format_corrupt, exit_failure, "", format_corrupt},
    {format_corrupt, format, "", formatting},
    {format_corrupt, access, corrupt, format_corrupt},
    {format_corrupt, power_on, "", format_corrupt},
};
INSTANTIATE_TEST_SUITE_P(Table, ScsiStateTable, testing::ValuesIn(rows));

TEST(ScsiStateTableRows, AreEveryEventInEveryState) {
    std::set<std::pair<ScsiState, ScsiEvent>> seen;
    for (const StateRow& row : rows)
        seen.insert({row.before, row.event});
    EXPECT_EQ(seen.size(), scsi_table().size() * scsi_table()[0].size());
}

// A drive in each state, and each command that it can be sent, as a host meets them.
struct DriveRow {
    const char* name;
    std::vector<std::string> answers; ///< TUR, INQUIRY, LUNS, RSOC, capacity, mode sense, sync
};

std::vector<std::string> answers_of(ScsiBench& bench) {
    std::vector<std::string> answers;
    for (const char* each :
         {"000000000000", "120000002400", "a00000000000000001000000", "a30c00000000000010000000",
          "9e100000000000000000000000200000", "5a10000000000000fc00", "35000000000000000000"})
        answers.push_back(bench.tell(each));
    return answers;
}
DriveRow barred_by(const char* name, const std::string& sense) {
    return {name, {sense, "good", "good", "good", sense, sense, sense}};
}

TEST(ScsiDriveInEachState, TakesWhatItsStateAllows) {
    ScsiBench at_rest;
    EXPECT_EQ(answers_of(at_rest), (std::vector<std::string>(7, "good")));
    ScsiBench working;
    ASSERT_EQ(working.tell(cdb::block_erase), "good");
    EXPECT_EQ(answers_of(working), barred_by("sanitizing", sanitizes).answers);
    ScsiBench formatted;
    ASSERT_EQ(formatted.tell(cdb::format, format_immediately), "good");
    EXPECT_EQ(answers_of(formatted), barred_by("formatting", formats).answers);
    ScsiBench broken;
    broken.drive.turn(Knob::fails_at_end);
    ASSERT_EQ(broken.tell(cdb::block_erase), "good");
    EXPECT_EQ(broken.ended(), failed);
    EXPECT_EQ(answers_of(broken), barred_by("failed", failed).answers);
}

} // namespace
} // namespace quietus::emulator
