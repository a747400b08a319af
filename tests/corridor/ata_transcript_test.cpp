// What went over the wire, kept in the journal's words, and played again without the drive.
#include "quietus/transport/traced_scsi.hpp"

#include "ata_scene.hpp"
#include "quietus/core/json_fields.hpp"
#include "quietus/drive/ata/hidden_areas.hpp"
#include "quietus/drive/ata/pass_through.hpp"
#include "quietus/technique/ata/sanitize.hpp"
#include "quietus/technique/ata/security_erase.hpp"
#include "quietus/technique/ata/temporary_password.hpp"
#include "support/replay_ports.hpp"

#include <gtest/gtest.h>

namespace quietus {
namespace {

using test::AtaDrive;
using test::AtaTraits;
using test::WaitingWatch;

class KeptLog final : public WireLog {
  public:
    void add(const std::string& lines) override { text += lines; }
    std::string text;
};

struct Conversation {
    PassThroughRecord way;
    HiddenAreaRecord hidden;
    SanitizeRecord sanitize;
};

Conversation talk_to(ScsiPort& scsi, emulator::SimulatedClock& clock) {
    WaitingWatch watch(clock);
    AtaOverScsi ata(scsi);
    Conversation said;
    const auto words = ata::read_identify(ata);
    if (words) said.way = ata::test_pass_through(ata, *words);
    ata::lift_hidden_areas(ata, said.hidden);
    const ata::SanitizeOrder order{ata::SanitizeKind::block_erase, {}, 2048 * 512};
    ata::run_sanitize({ata, clock, watch}, order, said.sanitize);
    said.sanitize.timing = {};
    return said;
}

TEST(AtaTranscript, PlaysAgainAsItWas) {
    emulator::SimulatedClock clock;
    AtaDrive drive(
        {.accessible_blocks = 2047, .sanitize = {.block_takes = std::chrono::seconds(20)}}, clock);
    emulator::SatFace sat(drive);
    KeptLog log;
    TracedScsi traced(sat, clock, log);
    const Conversation first = talk_to(traced, clock);
    EXPECT_EQ(first.hidden.state, HiddenState::lifted) << first.hidden.text;
    EXPECT_EQ(first.sanitize.outcome, FirmwareOutcome::succeeded) << first.sanitize.text;

    test::Transcript transcript(log.text);
    test::ReplayScsiPort replay(transcript);
    emulator::SimulatedClock another;
    const Conversation second = talk_to(replay, another);
    EXPECT_EQ(to_json(second.way), to_json(first.way));
    EXPECT_EQ(to_json(second.hidden), to_json(first.hidden));
    EXPECT_EQ(to_json(second.sanitize), to_json(first.sanitize));
}

/// A drive whose conversation is kept.
class TracedBay final : public FirmwareBay {
  public:
    TracedBay(AtaDrive& drive, emulator::SimulatedClock& clock)
        : drive_(drive), sat_(drive), traced_(sat_, clock, log), ata_(traced_) {}
    AtaPort* ata() override { return &ata_; }
    Result<std::unique_ptr<BlockPort>> open_blocks() override { return drive_.open_block(); }
    bool reset() override {
        drive_.hard_reset();
        return true;
    }
    KeptLog log;

  private:
    AtaDrive& drive_;
    emulator::SatFace sat_;
    TracedScsi traced_;
    AtaOverScsi ata_;
};

/// The conversation without its drive. A transcript has no content of blocks: they are those of a
/// drive beside it, which is told the same, or is told nothing.
class ReplayedBay final : public FirmwareBay, private AtaPort {
  public:
    ReplayedBay(const std::string& log, AtaDrive& beside, bool tells)
        : transcript_(log), scsi_(transcript_), ata_(scsi_), beside_(beside), tells_(tells) {}
    AtaPort* ata() override { return this; }
    Result<std::unique_ptr<BlockPort>> open_blocks() override { return beside_.open_block(); }
    bool reset() override {
        if (tells_) beside_.hard_reset();
        return true;
    }
    /// Some of it need not be asked for.
    void be_lenient() { transcript_.lenient = true; }
    [[nodiscard]] const std::vector<std::string>& unanswered() const {
        return transcript_.unanswered;
    }

  private:
    Result<AtaReply> execute(const AtaCommand& command) override {
        if (tells_) static_cast<void>(beside_.execute(command));
        return ata_.execute(command);
    }
    test::Transcript transcript_;
    test::ReplayScsiPort scsi_;
    AtaOverScsi ata_;
    AtaDrive& beside_;
    bool tells_;
};

/// From the first question to the verdict, over a drive full of secrets.
struct WholeErasure {
    explicit WholeErasure(const AtaTraits& traits) : drive(traits, clock) {
        drive.hold(as_bytes(test::secret));
    }
    FirmwareJudgement by(FirmwareBay& bay, Technique method) {
        test::WaitingRunWatch watch(clock);
        FirmwareBench bench{bay, clock, watch};
        const FirmwareOrder order{method, test::overwriting(), key, key, std::nullopt};
        evidence = erase_by_firmware(order, bench);
        return judge_firmware(evidence);
    }
    /// All but how long it took, and how many stamps were drawn for the probe.
    std::string told() {
        FirmwareEvidence copy = evidence;
        for (Timing* each : {copy.probe ? &copy.probe->timing : nullptr,
                             copy.sanitize ? &copy.sanitize->timing : nullptr,
                             copy.security ? &copy.security->timing : nullptr,
                             copy.host_pass ? &copy.host_pass->timing : nullptr})
            if (each != nullptr) *each = {};
        if (copy.probe) copy.probe->stamps = 0;
        if (copy.read_back) copy.read_back->timing = {};
        return to_line(to_json(copy));
    }
    emulator::SimulatedClock clock;
    AtaDrive drive;
    FirmwareEvidence evidence;
    const Bytes key = Bytes(32, 0x5C);
};

// What a user's drive has said is a test: the same questions, the same evidence, the same verdict.
TEST(AtaTranscript, OfAWholeErasurePlaysAgain) {
    const AtaTraits traits{.blocks = 512, .accessible_blocks = 500};
    for (const Technique method : test::methods) {
        SCOPED_TRACE(to_text(method));
        WholeErasure first(traits);
        TracedBay traced(first.drive, first.clock);
        ASSERT_EQ(first.by(traced, method).judgement.verdict, Verdict::erased);

        WholeErasure second(traits);
        ReplayedBay replayed(traced.log.text, second.drive, true);
        const auto judged = second.by(replayed, method);
        EXPECT_EQ(judged.judgement.verdict, Verdict::erased) << test::findings_of(judged);
        EXPECT_EQ(second.told(), first.told());
    }
}

// The words of a drive that erased are no erasure of another that did not.
TEST(AtaTranscript, AloneErasesNothing) {
    const AtaTraits traits{.blocks = 512};
    for (const Technique method : test::methods) {
        SCOPED_TRACE(to_text(method));
        WholeErasure first(traits);
        TracedBay traced(first.drive, first.clock);
        ASSERT_EQ(first.by(traced, method).judgement.verdict, Verdict::erased);

        WholeErasure second(traits);
        ReplayedBay replayed(traced.log.text, second.drive, false);
        replayed.be_lenient();
        const auto judged = second.by(replayed, method);
        EXPECT_EQ(judged.judgement.verdict, Verdict::failed) << test::findings_of(judged);
        EXPECT_EQ(judged.reported, Level::none);
        EXPECT_TRUE(replayed.unanswered().empty());
    }
}

TEST(AtaTranscript, HasNoPasswordAndNoContent) {
    emulator::SimulatedClock clock;
    AtaDrive drive({.security = {.normal_takes = std::chrono::minutes(2)}}, clock);
    drive.hold(as_bytes(test::secret));
    emulator::SatFace sat(drive);
    KeptLog log;
    TracedScsi traced(sat, clock, log);
    AtaOverScsi ata(traced);
    WaitingWatch watch(clock);
    const auto words = ata::read_identify(ata).value();
    SecurityRecord record;
    ata::run_security_erase({ata, clock, watch}, false, record);
    EXPECT_EQ(record.outcome, FirmwareOutcome::succeeded) << record.text;
    AtaCommand read_sectors;
    read_sectors.taskfile = {0x20, 0, 1, 0, 0x40};
    read_sectors.protocol = AtaProtocol::pio_in;
    read_sectors.in_bytes = 512;
    read_sectors.timeout = std::chrono::seconds(10);
    static_cast<void>(ata.execute(read_sectors));
    EXPECT_NE(log.text.find(" out * -> "), std::string::npos);
    const Bytes password = ata::temporary_password(words.model(), words.serial());
    EXPECT_EQ(log.text.find(to_hex(password)), std::string::npos);
    EXPECT_EQ(log.text.find(std::string(as_text(password))), std::string::npos);
    EXPECT_NE(log.text.find("scsi 85080e00000001000000000000402000 -> "), std::string::npos);
    EXPECT_EQ(log.text.find(to_hex(as_bytes(test::secret))), std::string::npos);
    EXPECT_EQ(log.text.find(" data ", log.text.find("402000 -> ")), std::string::npos);
}

TEST(AtaTranscript, HasTheTimeOfEachCommandAndWhyNoAnswerCame) {
    class Silent final : public ScsiPort {
      public:
        explicit Silent(emulator::SimulatedClock& clock) : clock_(clock) {}
        Result<ScsiReply> execute(const ScsiCommand&) override {
            clock_.advance(std::chrono::milliseconds(1500));
            return Error{Fault::io, "no answer\n"};
        }

      private:
        emulator::SimulatedClock& clock_;
    };
    emulator::SimulatedClock clock;
    Silent silent(clock);
    KeptLog log;
    TracedScsi traced(silent, clock, log);
    EXPECT_FALSE(traced.execute({Bytes{0x12, 0, 0, 0, 36, 0}, 36, std::chrono::seconds(1)}));
    EXPECT_EQ(log.text, "scsi 120000002400 -> lost\n# 1500 ms: no answer\\u{000a}\n");
}

} // namespace
} // namespace quietus
