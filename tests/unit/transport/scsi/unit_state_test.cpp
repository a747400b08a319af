// What sense data says of a unit, in both formats, whole and cut short.
#include "quietus/transport/scsi/unit_state.hpp"

#include <gtest/gtest.h>

#include <deque>

namespace quietus::scsi {
namespace {

Bytes fixed(std::uint8_t key, std::uint8_t asc, std::uint8_t ascq) {
    return {0x70, 0, key, 0, 0, 0, 0, 10, 0, 0, 0, 0, asc, ascq, 0, 0, 0, 0};
}
Bytes fixed(std::uint8_t key, std::uint8_t asc, std::uint8_t ascq, std::uint16_t progress) {
    Bytes sense = fixed(key, asc, ascq);
    sense[15] = 0x80;
    sense[16] = static_cast<std::uint8_t>(progress >> 8U);
    sense[17] = static_cast<std::uint8_t>(progress & 0xFFU);
    return sense;
}
// Behind an information descriptor: it is searched for.
Bytes descriptor(std::uint8_t key, std::uint8_t asc, std::uint8_t ascq, std::uint8_t high,
                 std::uint8_t low) {
    return {0x72, key, asc, ascq, 0, 0, 0,    20,   0x00, 0x0A, 0x80, 0,    0,   0,
            0,    0,   0,   0,    0, 0, 0x02, 0x06, 0,    0,    0x80, high, low, 0};
}

ScsiCondition condition_of(const Bytes& sense) {
    const auto state = decode_unit_state(ByteView(sense));
    return state ? state->condition : ScsiCondition::unknown;
}

struct SenseRow {
    std::uint8_t key, asc, ascq;
    ScsiCondition condition;
};

class UnitStates : public testing::TestWithParam<SenseRow> {};

TEST_P(UnitStates, AreReadFromBothFormats) {
    const auto [key, asc, ascq, condition] = GetParam();
    EXPECT_EQ(condition_of(fixed(key, asc, ascq)), condition);
    EXPECT_EQ(condition_of({0x72, key, asc, ascq, 0, 0, 0, 0}), condition);
    Bytes deferred = fixed(key, asc, ascq);
    deferred[0] = 0x71;
    EXPECT_EQ(condition_of(deferred), condition);
}

const SenseRow rows[] = {
    {0, 0x00, 0x00, ScsiCondition::idle},          {0, 0x5E, 0x04, ScsiCondition::idle}, // standby
    {2, 0x04, 0x1B, ScsiCondition::sanitizing},    {0, 0x04, 0x1B, ScsiCondition::sanitizing},
    {2, 0x04, 0x04, ScsiCondition::formatting},    {3, 0x31, 0x03, ScsiCondition::sanitize_failed},
    {3, 0x31, 0x00, ScsiCondition::format_failed}, {3, 0x31, 0x01, ScsiCondition::format_failed},
    {6, 0x29, 0x01, ScsiCondition::attention},     {6, 0x2A, 0x09, ScsiCondition::attention},
    {2, 0x04, 0x01, ScsiCondition::not_ready},     {2, 0x3A, 0x00, ScsiCondition::not_ready},
    {0, 0x04, 0x01, ScsiCondition::unknown},       {1, 0x5D, 0x10, ScsiCondition::unknown},
    {3, 0x11, 0x00, ScsiCondition::unknown},       {5, 0x25, 0x00, ScsiCondition::unknown},
    {0xB, 0x00, 0x00, ScsiCondition::unknown},
};
INSTANTIATE_TEST_SUITE_P(Table, UnitStates, testing::ValuesIn(rows));

TEST(UnitState, TellsProgressOfEitherFormat) {
    EXPECT_EQ(decode_unit_state(ByteView(fixed(2, 0x04, 0x1B, 0xFEDC)))->progress, 0xFEDC);
    EXPECT_EQ(decode_unit_state(ByteView(descriptor(2, 0x04, 0x04, 0x12, 0x34)))->progress, 0x1234);
    EXPECT_EQ(sense_progress(fixed(2, 0x04, 0x1B, 0)), 0);
}

TEST(UnitState, HasNoProgressThatIsNotMarkedOrNotThere) {
    EXPECT_FALSE(sense_progress(fixed(2, 0x04, 0x1B)));
    Bytes cut = fixed(2, 0x04, 0x1B, 0x8000);
    cut.resize(17);
    EXPECT_FALSE(sense_progress(cut));
    Bytes announced = fixed(2, 0x04, 0x1B, 0x8000);
    announced[7] = 9;
    EXPECT_FALSE(sense_progress(announced));
    Bytes unmarked = descriptor(2, 0x04, 0x1B, 0x12, 0x34);
    unmarked[24] = 0;
    EXPECT_FALSE(sense_progress(unmarked));
    Bytes short_one = descriptor(2, 0x04, 0x1B, 0x12, 0x34);
    short_one.resize(26);
    EXPECT_FALSE(sense_progress(short_one));
}

TEST(UnitState, IsNeverGuessed) {
    EXPECT_FALSE(decode_unit_state(ScsiReply{}));                               // no data
    EXPECT_FALSE(decode_unit_state(ScsiReply{good, {}, Bytes(18)}));            // zeros
    EXPECT_FALSE(decode_unit_state(ScsiReply{good, {}, Bytes{0x70, 0, 0, 0}})); // cut short
    EXPECT_FALSE(decode_unit_state(ScsiReply{0x08, {}, fixed(0, 0, 0)}));       // busy
    EXPECT_FALSE(decode_unit_state(ScsiReply{check_condition, {}, fixed(0, 0, 0)}));
    Bytes cut = fixed(2, 0x04, 0x1B);
    cut.resize(12); // its codes are not there: not "2/00h/00h"
    EXPECT_FALSE(decode_unit_state(ScsiReply{good, {}, cut}));
}

TEST(UnitState, OfACheckConditionIsNeverIdle) {
    const auto failed = decode_unit_state(ScsiReply{check_condition, fixed(3, 0x31, 0x03), {}});
    EXPECT_EQ(failed->condition, ScsiCondition::sanitize_failed);
    const auto idle = decode_unit_state(ScsiReply{check_condition, fixed(0, 0, 0), {}});
    EXPECT_EQ(idle->condition, ScsiCondition::unknown);
}

/// Answers REQUEST SENSE with these, one after the other, and then with the last.
class Telling final : public ScsiPort {
  public:
    explicit Telling(std::deque<Bytes> answers) : answers_(std::move(answers)) {}
    Result<ScsiReply> execute(const ScsiCommand& command) override {
        ++asked;
        EXPECT_EQ(command.cdb[0], 0x03);
        const Bytes sense = answers_.front();
        if (answers_.size() > 1) answers_.pop_front();
        return ScsiReply{good, {}, sense};
    }
    unsigned asked = 0;

  private:
    std::deque<Bytes> answers_;
};

TEST(UnitState, IsAskedForBehindUnitAttentions) {
    Telling port({fixed(6, 0x29, 0), fixed(6, 0x3F, 0x0E), fixed(2, 0x04, 0x1B, 7)});
    const auto state = ask_unit_state(port);
    EXPECT_EQ(state->condition, ScsiCondition::sanitizing);
    EXPECT_EQ(port.asked, 3U);
    Telling endless({fixed(6, 0x29, 0)});
    EXPECT_EQ(ask_unit_state(endless)->condition, ScsiCondition::attention);
    EXPECT_EQ(endless.asked, attentions_most + 1);
}

TEST(RefusalText, SaysWhy) {
    EXPECT_EQ(refusal_text({check_condition, fixed(5, 0x24, 0), {}}), "5/24h/00h");
    EXPECT_EQ(refusal_text({0x18, {}, {}}), "status 18h: another host has reserved it");
    EXPECT_EQ(refusal_text({0x08, {}, {}}), "status 08h: it is busy");
}

} // namespace
} // namespace quietus::scsi
