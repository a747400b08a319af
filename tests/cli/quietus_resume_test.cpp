// An erasure that is interrupted and gone on with, as from a terminal: what each program says and
// with which status it ends, what is on the image, and what the auditor's program makes of it.
#include "program_fixture.hpp"

#include <sys/stat.h>

#include <chrono>
#include <memory>
#include <thread>

namespace quietus {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class QuietusResume : public QuietusProgram {
  protected:
    static constexpr std::size_t size = 8U << 20U;

    void SetUp() override {
        QuietusProgram::SetUp();
        std::string bytes;
        while (bytes.size() < size)
            bytes += contents_of_image();
        bytes.resize(size);
        overwrite(image, bytes);
    }

    [[nodiscard]] std::string folder(const std::string& job) const {
        return state + "/jobs/" + job;
    }
    [[nodiscard]] std::string trust() const { return state + "/keys/root.pem"; }

    // Three seconds a pass; told to stop when something of it is known to be on the image.
    void interrupt(const Words& signals_to_send = {"INT"}) {
        const Words pace{"--limit-rate", "3M"};
        Words words{QUIETUS_PROGRAM, "--state",   state,    "erase",     "image:" + image,
                    "--technique",   "overwrite", "--json", "--confirm", code(pace)};
        words.insert(words.end(), pace.begin(), pace.end());
        RunningCommand erasing(words, directory + "/scratch");
        ASSERT_TRUE(wait_for_checkpoint(first));
        for (std::size_t count = 0; count < signals_to_send.size(); ++count)
            erasing.signal(SIGINT);
        interrupted = erasing.wait();
        ASSERT_EQ(interrupted.status, 7) << interrupted.out << interrupted.err;
    }
    // One with something written, that is: the first of a pass has nothing yet.
    [[nodiscard]] bool wait_for_checkpoint(const std::string& job) const {
        for (int tries = 0; tries < 1000; ++tries) {
            const std::string journal = content(folder(job) + "/journal.jsonl");
            const auto once = journal.find("\"checkpoint\"");
            if (once != std::string::npos &&
                journal.find("\"checkpoint\"", once + 1) != std::string::npos)
                return true;
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
        return false;
    }
    [[nodiscard]] CommandResult resume(const std::string& job) const {
        return quietus({"--json", "resume", job});
    }
    // The drive of the last line.
    [[nodiscard]] static Json outcome(const CommandResult& result) {
        const auto events = lines(result.out);
        const Json* drives = events.empty() ? nullptr : events.back().find("drives");
        return drives == nullptr ? Json{} : drives->as<Json::Array>()->front();
    }
    [[nodiscard]] std::vector<Json> jobs() const {
        const auto result = quietus({"status", "--json"});
        EXPECT_EQ(result.status, 0) << result.err;
        const auto json = parse_json(result.out);
        return json ? *json->find("jobs")->as<Json::Array>() : std::vector<Json>{};
    }
    [[nodiscard]] CommandResult audit(const std::string& document) const {
        return run_command({QUIETUS_AUDIT_PROGRAM, "verify", document, "--trust", trust()},
                           directory + "/scratch");
    }
    void expect_clean_log() const {
        const auto audited =
            run_command({QUIETUS_AUDIT_PROGRAM, "register", state + "/log", "--trust", trust(),
                         "--documents", state + "/certificates"},
                        directory + "/scratch");
        EXPECT_EQ(audited.status, 0) << audited.out << audited.err;
    }
    // 3, why, and the image as it was.
    void expect_refused(const std::string& job, const std::string& why) const {
        const std::string before = content(image);
        const auto result = quietus({"resume", job});
        EXPECT_EQ(result.status, 3) << result.out << result.err;
        EXPECT_THAT(result.err + result.out, HasSubstr(why));
        EXPECT_TRUE(content(image) == before) << "nothing is written";
    }

    const std::string first = "QTS-TEST01-00000001";
    const std::string second = "QTS-TEST01-00000002";
    CommandResult interrupted;
};

TEST_F(QuietusResume, GoesOnInANewProcessAndIsProven) {
    interrupt();
    EXPECT_EQ(outcome(interrupted).text_of("verdict"), "interrupted");
    EXPECT_EQ(*outcome(interrupted).find("exit_status"), Json(7));
    EXPECT_EQ(audit(std::string(outcome(interrupted).text_of("document"))).status, 9);
    struct stat keys {};
    ASSERT_EQ(::stat((folder(first) + "/keys.json").c_str(), &keys), 0);
    EXPECT_EQ(keys.st_mode & 07777U, 0600U);
    EXPECT_THAT(content(image), HasSubstr("secret")) << "not all of it was reached";

    const auto result = resume(first);
    EXPECT_EQ(result.status, 0) << result.out << result.err;
    const Json drive = outcome(result);
    EXPECT_EQ(drive.text_of("verdict"), "erased");
    EXPECT_EQ(drive.text_of("job"), second);
    EXPECT_THAT(content(image), Not(HasSubstr("secret")));
    const std::string document(drive.text_of("document"));
    const auto audited = audit(document);
    EXPECT_EQ(audited.status, 0) << audited.out;
    const auto payload = parse_json(content(document));
    ASSERT_TRUE(payload);
    const Json& resumed = payload->find("method")->find("resumed")->as<Json::Array>()->front();
    EXPECT_EQ(resumed.text_of("job"), first);
    EXPECT_GT(*resumed.find("carried_bytes")->as<std::int64_t>(), 0);
    EXPECT_FALSE(std::filesystem::exists(folder(first) + "/keys.json"));
    EXPECT_FALSE(std::filesystem::exists(folder(second) + "/keys.json"));
    expect_clean_log();
}

TEST_F(QuietusResume, TellsItsEventsAsAnErasureDoes) {
    interrupt();
    const auto events = lines(resume(first).out);
    std::vector<std::string> order;
    for (const Json& event : events)
        if (const std::string name(event.text_of("event")); order.empty() || order.back() != name)
            order.push_back(name);
    EXPECT_THAT(order, ElementsAre("planned", "committed", "started", "progress", "step_finished",
                                   "progress", "step_finished", "certified", "result"));
    EXPECT_THAT(keys(events.back()), ElementsAre("drives", "event", "exit_status"));
}

TEST_F(QuietusResume, IsToldByStatusFromBothSides) {
    interrupt();
    const auto before = jobs();
    ASSERT_EQ(before.size(), 1u);
    EXPECT_EQ(before[0].text_of("state"), "interrupted");
    EXPECT_EQ(before[0].text_of("verdict"), "interrupted");
    EXPECT_THAT(std::string(before[0].text_of("document")), testing::EndsWith(first + ".qar.json"));
    EXPECT_EQ(*before[0].find("resumed_as"), Json(nullptr));
    ASSERT_EQ(resume(first).status, 0);
    const auto after = jobs();
    ASSERT_EQ(after.size(), 2u);
    EXPECT_EQ(after[0].text_of("state"), "interrupted") << "as its document has it, for ever";
    EXPECT_EQ(after[0].text_of("resumed_as"), second);
    EXPECT_EQ(*after[0].find("resumed_from"), Json(nullptr));
    EXPECT_EQ(after[1].text_of("state"), "finished");
    EXPECT_EQ(after[1].text_of("resumed_from"), first);
    EXPECT_EQ(*after[1].find("resumed_as"), Json(nullptr));
    const auto text = quietus({"status"});
    EXPECT_THAT(text.out, HasSubstr(first + "  interrupted, gone on with as " + second));
    EXPECT_THAT(text.out, HasSubstr(second + "  finished, erased, goes on with " + first));
}

TEST_F(QuietusResume, RefusesAJobThatWasGoneOnWith) {
    interrupt();
    ASSERT_EQ(resume(first).status, 0);
    expect_refused(first, "it was gone on with as " + second);
    expect_refused(second, "it is erased: there is nothing to go on with");
    EXPECT_EQ(jobs().size(), 2u) << "no number was taken";
    const auto result = resume(first);
    const auto events = lines(result.out);
    ASSERT_EQ(events.size(), 1u);
    EXPECT_EQ(*events[0].find("error")->find("exit_status"), Json(3));
    EXPECT_THAT(std::string(events[0].find("error")->text_of("hint")), HasSubstr("status"));
}

TEST_F(QuietusResume, DoesNotKnowWhatIsNoJob) {
    for (const char* name : {"QTS-TEST01-00000001", "../../etc/passwd", "qts-test01-00000001"}) {
        const auto result = quietus({"resume", name});
        EXPECT_EQ(result.status, 2) << name;
        EXPECT_THAT(result.err, HasSubstr(std::string(name) + ": no such job in the log"));
    }
    expect_refusal({"resume"}, 2, "JOB");
    expect_refusal({"resume", first, second}, 2, "");
    expect_refusal({"resume", first, "--technique", "overwrite"}, 2, "--technique");
}

TEST_F(QuietusResume, RefusesAnImageThatWasWrittenTo) {
    interrupt();
    std::fstream(image, std::ios::in | std::ios::out | std::ios::binary).seekp(4096).put('x');
    expect_refused(first, "block 8 holds something else");
    const auto all = jobs();
    EXPECT_EQ(all.back().text_of("state"), "finished") << "that attempt has its own document";
    EXPECT_THAT(documents(), Contains(second + ".qar.json"));
    expect_clean_log();
}

TEST_F(QuietusResume, RefusesAnImageOfAnotherSizeOrNone) {
    interrupt();
    std::filesystem::resize_file(image, size - 512);
    expect_refused(first, "identity-changed: image:" + image + " has another capacity");
    std::filesystem::resize_file(image, size + 512);
    expect_refused(first, "has another capacity");
    std::filesystem::remove(image);
    expect_refused(first, "identity-changed: its drive is not there");
    EXPECT_EQ(jobs().size(), 1u) << "no number was taken";
}

TEST_F(QuietusResume, BeginsThePassAnewWhenItsKeyIsGone) {
    interrupt();
    std::filesystem::remove(folder(first) + "/keys.json");
    const auto result = resume(first);
    // What proved that it is the same image went with the key.
    EXPECT_EQ(result.status, 3) << result.out << result.err;
    EXPECT_THAT(content(image), HasSubstr("secret"));
    expect_clean_log();
}

TEST_F(QuietusResume, LeavesARunningJobAlone) {
    const Words pace{"--limit-rate", "3M"};
    Words words{QUIETUS_PROGRAM,  "--state",      state,       "erase",
                "image:" + image, "--technique",  "overwrite", "--confirm",
                code(pace),       "--limit-rate", "3M"};
    std::filesystem::create_directory(directory + "/scratch/first");
    RunningCommand erasing(words, directory + "/scratch/first");
    ASSERT_TRUE(wait_for_checkpoint(first));
    const auto result = quietus({"resume", first});
    EXPECT_EQ(result.status, 3) << result.err;
    EXPECT_EQ(erasing.wait().status, 0);
    expect_clean_log();
}

TEST_F(QuietusResume, GoesOnAfterASecondSignalThatWaitedForNothing) {
    interrupt({"INT", "INT"});
    const auto settled = jobs();
    ASSERT_EQ(settled.size(), 1u);
    EXPECT_EQ(settled[0].text_of("state"), "interrupted");
    EXPECT_THAT(documents(), ElementsAre(first + ".qar.json", first + ".qar.p7s"));
    const auto result = resume(first);
    EXPECT_EQ(result.status, 0) << result.out << result.err;
    EXPECT_THAT(content(image), Not(HasSubstr("secret")));
    expect_clean_log();
}

} // namespace
} // namespace quietus
