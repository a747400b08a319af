// What is not gone on with, and that nothing is written then.
#include "resumable.hpp"

#include <fstream>

namespace quietus {
namespace {

namespace fs = std::filesystem;
using test::first_job;
using test::resumable_size;
using test::second_job;
using testing::HasSubstr;

class ResumeRefusals : public test::Resumable {
  protected:
    void half_done() { interrupt("generic.random", 2, resumable_size / 2); }
    void write_journal(const std::string& text) const {
        std::ofstream(journal_of(first_job), std::ios::trunc) << text;
    }
    std::string journal() const {
        return read_regular_file(journal_of(first_job), journal_limit).value();
    }
};

TEST_F(ResumeRefusals, AnotherDriveByWhateverItDiffers) {
    half_done();
    const Drive same = host.drive;
    const auto expect_other = [&](auto change, const std::string& why) {
        host.drive = same;
        change(host.drive);
        expect_refused(first_job, why);
    };
    expect_other([](Drive& drive) { drive.serial = "SPARSE0002"; }, "serial number");
    expect_other([](Drive& drive) { drive.serial_raw_hex = "00"; }, "serial number");
    expect_other([](Drive& drive) { drive.model = "another"; }, "another model");
    expect_other([](Drive& drive) { drive.wwn = "0x5000"; }, "worldwide name");
    expect_other([](Drive& drive) { drive.kind = DriveKind::loop; }, "another kind");
    expect_other([](Drive& drive) { drive.size_bytes -= 512; }, "another capacity");
    expect_other([](Drive& drive) { drive.size_bytes += 512; }, "another capacity");
    expect_other([](Drive& drive) { drive.native_size_bytes = 1U << 21U; }, "native capacity");
    expect_other([](Drive& drive) { drive.logical_block_bytes = 4096; }, "other blocks");
    host.drive = same;
    EXPECT_EQ(audit().intents, 1u) << "no number was taken";
    expect_erased_from(first_job);
}

TEST_F(ResumeRefusals, ADriveOnWhichSomethingHolds) {
    half_done();
    host.drive.guards = {{Interlock::mounted, "/mnt", "umount /mnt"}};
    expect_refused(first_job, "mounted");
    host.drive.guards.clear();
    expect_erased_from(first_job);
}

TEST_F(ResumeRefusals, ADriveThatWasPutOnHoldMeanwhile) {
    half_done();
    const std::string assets = station->places.state + "/assets.toml";
    std::ofstream(assets) << "[[hold]]\nserial = \"" << host.drive.serial
                          << "\"\nreason = \"inquiry 12\"\n";
    expect_refused(first_job, "on-hold: inquiry 12");
    fs::remove(assets);
    expect_erased_from(first_job);
}

TEST_F(ResumeRefusals, ADriveThatNoLongerHoldsWhatWasWritten) {
    struct Change {
        const char* what;
        std::uint64_t offset;
    };
    for (const Change& change : {Change{"head", 0}, Change{"tail", resumable_size / 2 - 1},
                                 Change{"middle", resumable_size / 4}}) {
        SCOPED_TRACE(change.what);
        station = std::make_unique<test::Station>();
        half_done();
        const std::uint8_t octet = media.at(change.offset, 1)[0];
        media.set(change.offset, static_cast<std::uint8_t>(octet ^ 1));
        expect_refused(first_job, "identity-changed: block " + std::to_string(change.offset / 512) +
                                      " holds something else");
        expect_clean_log();
        EXPECT_EQ(audit().intents, 2u) << "the refusal is on record";
        // And what was refused once is not tried again on the same ground.
        media.set(change.offset, octet);
        expect_refused(first_job, "gone on with as " + second_job);
        expect_refused(second_job, "failed");
    }
}

TEST_F(ResumeRefusals, ADriveThatCannotBeReadWhereItWasWritten) {
    half_done();
    media.add({.kind = emulator::FaultKind::read_error, .where = {4096, 512}});
    expect_refused(first_job, "block 8 cannot be read");
}

TEST_F(ResumeRefusals, AJobThatWasGoneOnWith) {
    half_done();
    audience.stop = [](const Progress& progress) {
        return progress.step == 2 && progress.bytes_done >= resumable_size / 4;
    };
    ASSERT_EQ(go_on(first_job)->front().verdict, Verdict::interrupted);
    audience.stop = [](const Progress&) { return false; };
    expect_refused(first_job, "it was gone on with as " + second_job);
    expect_erased_from(second_job);
    EXPECT_EQ(resumption(0).job, first_job);
    EXPECT_EQ(resumption(1).job, second_job);
    expect_refused(second_job, "it was gone on with as QTS-TEST01-00000003");
}

TEST_F(ResumeRefusals, AJobThatIsFinished) {
    ASSERT_EQ(erase("generic.random")->front().verdict, Verdict::erased);
    expect_refused(first_job, "it is erased: there is nothing to go on with");
}

TEST_F(ResumeRefusals, AJobThatFailed) {
    media.add({.kind = emulator::FaultKind::write_error, .where = {65536, 512}});
    ASSERT_EQ(erase("generic.random")->front().verdict, Verdict::failed);
    expect_refused(first_job, "it is failed");
    EXPECT_FALSE(fs::exists(keys_of(first_job)));
}

TEST_F(ResumeRefusals, AJobThatTheLogDoesNotKnow) {
    half_done();
    for (const char* job : {"QTS-TEST01-00000009", "QTS-OTHER1-00000001", "nonsense", ""}) {
        const auto outcomes = go_on(job);
        ASSERT_FALSE(outcomes.has_value()) << job;
        EXPECT_EQ(outcomes.error().fault, Fault::usage);
    }
}

TEST_F(ResumeRefusals, AJournalThatTheLogDoesNotHold) {
    half_done();
    const std::string whole = journal();
    const std::uint64_t before = media.counts().writes;
    for (std::size_t at = 0; at < whole.size(); at += whole.size() / 23) {
        std::string changed = whole;
        changed[at] = static_cast<char>(changed[at] ^ 1);
        write_journal(changed);
        expect_refused(first_job, "");
    }
    for (const std::size_t length : {whole.size() - 1, whole.size() / 2, std::size_t{0}}) {
        write_journal(whole.substr(0, length));
        expect_refused(first_job, "");
    }
    fs::remove(journal_of(first_job));
    expect_refused(first_job, "its journal cannot be read");
    EXPECT_EQ(media.counts().writes, before);
    EXPECT_EQ(audit().intents, 1u);
    write_journal(whole);
    expect_erased_from(first_job);
}

// Its journal is genuine, and another job's.
TEST_F(ResumeRefusals, TheFolderOfAnotherJob) {
    half_done();
    interrupt("generic.random", 2, resumable_size / 2);
    fs::copy(journal_of(second_job), journal_of(first_job), fs::copy_options::overwrite_existing);
    expect_refused(first_job, "its journal is not the one whose digest the log holds");
}

TEST_F(ResumeRefusals, AnotherKeyThanThePassWasWrittenWith) {
    half_done();
    std::string text = read_regular_file(keys_of(first_job), 4096).value();
    const auto at = text.find("octets") + 9;
    text[at] = text[at] == '0' ? '1' : '0';
    std::ofstream(keys_of(first_job), std::ios::trunc) << text;
    expect_refused(first_job, "holds something else");
}

// A pass that had begun, and nothing of it is known to be on the medium.
TEST_F(ResumeRefusals, ADriveThatCannotProveItselfUnlessSomebodyAgrees) {
    interrupt("uk.is5.enhanced", 1, 1);
    test::Declining nobody;
    const auto before = media.counts().writes;
    const auto outcomes = go_on(first_job, nobody);
    ASSERT_FALSE(outcomes.has_value());
    EXPECT_EQ(outcomes.error().fault, Fault::refused);
    EXPECT_EQ(media.counts().writes, before);
    expect_erased_from(first_job);
}

// A blank image would hold the zeros of the first pass as well.
TEST_F(ResumeRefusals, ContentThatAnyDriveCouldHaveUnlessSomebodyAgrees) {
    interrupt("generic.zero", 2, resumable_size / 2);
    test::Declining nobody;
    EXPECT_FALSE(go_on(first_job, nobody).has_value());
    host.drive.identity_source = IdentitySource::drive; // with a serial of its own
    EXPECT_TRUE(go_on(first_job, nobody).has_value());
}

TEST_F(ResumeRefusals, NoAgreementIsAskedForWhereTheContentIsTheJobsOwn) {
    half_done();
    test::Declining nobody;
    const auto outcomes = go_on(first_job, nobody);
    ASSERT_TRUE(outcomes.has_value()) << outcomes.error().message;
    EXPECT_EQ(outcomes->front().verdict, Verdict::erased);
}

// An obstacle before the first write costs nothing.
TEST_F(ResumeRefusals, LeaveAJobThatCanBeGoneOnWithWhenTheDriveCannotBeOpened) {
    half_done();
    host.open_error = Error{Fault::io, "device or resource busy"};
    const auto outcomes = go_on(first_job);
    ASSERT_TRUE(outcomes.has_value());
    EXPECT_EQ(outcomes->front().exit_status, ExitStatus::preflight);
    host.open_error.reset();
    expect_refused(first_job, "it was gone on with as " + second_job);
    expect_erased_from(second_job);
}

} // namespace
} // namespace quietus
