// Erasing from the command line: what it says in which order, and what stands in its way.
#include "program_fixture.hpp"

#include <sys/mount.h>

#include <algorithm>
#include <set>

namespace quietus {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::Not;

class QuietusErase : public QuietusProgram {
  protected:
    // What stands between a confirmed plan and the first write: 8, the drive as it was, and no job.
    void expect_obstacle(const Words& more, const std::string& message) const {
        Words words{"--json", "--confirm", code()};
        words.insert(words.end(), more.begin(), more.end());
        const auto result = on_image("erase", words);
        EXPECT_EQ(result.status, 8) << result.err;
        EXPECT_THAT(result.err, HasSubstr("quietus: preflight: "));
        EXPECT_THAT(result.err, HasSubstr(message));
        const auto events = lines(result.out);
        ASSERT_EQ(events.size(), 2u) << result.out;
        EXPECT_EQ(events[0].text_of("event"), "planned");
        EXPECT_EQ(*events[1].find("error")->find("exit_status"), Json(8));
        EXPECT_EQ(content(image), contents_of_image());
        EXPECT_FALSE(std::filesystem::exists(state + "/jobs"));
        EXPECT_THAT(documents(), IsEmpty());
    }
};

TEST_F(QuietusErase, LeavesNoSecretAndACertificate) {
    const auto result = on_image("erase", {"--confirm", code()});
    EXPECT_EQ(result.status, 0) << result.err;
    EXPECT_THAT(content(image), Not(HasSubstr("secret")));
    EXPECT_EQ(std::filesystem::file_size(image), contents_of_image().size());
    EXPECT_THAT(documents(),
                ElementsAre("QTS-TEST01-00000001.qdc.json", "QTS-TEST01-00000001.qdc.p7s"));
    EXPECT_EQ(result.out, "image:" + image +
                              ": erased, read back by the host, level none\n"
                              "  job      QTS-TEST01-00000001\n"
                              "  document " +
                              state + "/certificates/QTS-TEST01-00000001.qdc.json\n");
    EXPECT_THAT(result.err, HasSubstr("step 2 of 3, write, 100 % of 262 kB"));
}

TEST_F(QuietusErase, WritesWhatTheSchemeSays) {
    ASSERT_EQ(on_image("erase",
                       {"--scheme", "generic.one", "--confirm", code({"--scheme", "generic.one"})})
                  .status,
              0);
    EXPECT_EQ(content(image), std::string(contents_of_image().size(), '\xff'));
}

TEST_F(QuietusErase, TellsItsEventsInOrder) {
    const auto result = on_image("erase", {"--json", "--confirm", code()});
    EXPECT_EQ(result.status, 0);
    const auto events = lines(result.out);
    std::vector<std::string> order;
    for (const Json& event : events)
        if (const std::string name(event.text_of("event")); order.empty() || order.back() != name)
            order.push_back(name);
    EXPECT_THAT(order, ElementsAre("planned", "committed", "started", "progress", "step_finished",
                                   "progress", "step_finished", "progress", "step_finished",
                                   "certified", "result"));
    for (const Json& event : events) {
        if (event.text_of("event") != "progress") continue;
        EXPECT_THAT(keys(event),
                    IsSupersetOf({"job", "node", "step", "steps", "bytes_done", "bytes_total",
                                  "bytes_per_second", "eta_seconds", "temperature_celsius"}));
        EXPECT_EQ(event.text_of("job"), "QTS-TEST01-00000001");
        EXPECT_EQ(event.text_of("node"), "image:" + image);
    }
    EXPECT_EQ(result.err, ""); // the events say it all
}

TEST_F(QuietusErase, EndsWithAResultThatHasTheAgreedMembers) {
    const auto events = lines(on_image("erase", {"--json", "--confirm", code()}).out);
    ASSERT_FALSE(events.empty());
    const Json& result = events.back();
    EXPECT_THAT(keys(result), ElementsAre("drives", "event", "exit_status"));
    const Json& drive = result.find("drives")->as<Json::Array>()->front();
    EXPECT_THAT(keys(drive),
                IsSupersetOf({"drive", "exit_status", "verdict", "level", "level_basis",
                              "technique", "scheme", "job", "document", "findings"}));
    EXPECT_EQ(drive.text_of("verdict"), "erased");
    EXPECT_EQ(drive.text_of("level"), "none");
    EXPECT_EQ(drive.text_of("level_basis"), "host_read_back");
    EXPECT_EQ(drive.text_of("technique"), "overwrite");
    EXPECT_EQ(drive.text_of("scheme"), "generic.random");
    EXPECT_TRUE(std::filesystem::exists(std::string(drive.text_of("document"))));
}

TEST_F(QuietusErase, EndsUnverifiedWithoutAReadBack) {
    const Words options{"--scheme", "generic.zero", "--verification", "none"};
    Words more = options;
    more.insert(more.end(), {"--confirm", code(options)});
    const auto result = on_image("erase", more);
    EXPECT_EQ(result.status, 6);
    EXPECT_THAT(result.out, HasSubstr(": unverified\n"));
    EXPECT_THAT(documents(),
                ElementsAre("QTS-TEST01-00000001.qar.json", "QTS-TEST01-00000001.qar.p7s"));
}

TEST_F(QuietusErase, ErasesSeveralDrivesInAnyOrderOfTheirCodes) {
    const std::string other = directory + "/other.img";
    overwrite(other, contents_of_image());
    const auto plan =
        quietus({"plan", "image:" + image, "image:" + other, "--technique", "overwrite", "--json"});
    const auto json = parse_json(plan.out);
    ASSERT_TRUE(json) << plan.err;
    const auto& plans = *json->find("plans")->as<Json::Array>();
    ASSERT_EQ(plans.size(), 2u);
    const auto result =
        quietus({"erase", "image:" + image, "image:" + other, "--technique", "overwrite",
                 "--confirm", std::string(plans[1].text_of("confirmation_code")), "--confirm",
                 std::string(plans[0].text_of("confirmation_code"))});
    EXPECT_EQ(result.status, 0) << result.err;
    EXPECT_THAT(content(image) + content(other), Not(HasSubstr("secret")));
    EXPECT_EQ(documents().size(), 4u);
}

TEST_F(QuietusErase, ErasesNoneOfSeveralWhenOneCodeIsMissing) {
    const std::string other = directory + "/other.img";
    overwrite(other, contents_of_image());
    const auto result = quietus({"erase", "image:" + image, "image:" + other, "--technique",
                                 "overwrite", "--confirm", code()});
    EXPECT_EQ(result.status, 3);
    EXPECT_THAT(result.err, HasSubstr("image:" + other + ": no code is left for this drive"));
    EXPECT_EQ(content(image), contents_of_image());
    EXPECT_EQ(content(other), contents_of_image());
    EXPECT_THAT(documents(), IsEmpty());
}

TEST_F(QuietusErase, AsksNobodyWithoutATerminal) {
    expect_refusal({"erase", "image:" + image, "--technique", "overwrite"}, 3,
                   "stdin is no terminal");
    expect_refusal({"erase", "image:" + image, "--technique", "overwrite"}, 3,
                   "hint: run `quietus plan`");
}

TEST_F(QuietusErase, IsQuietAndColouredAsAsked) {
    const auto quiet = on_image("erase", {"-q", "--confirm", code()});
    EXPECT_EQ(quiet.err, "");
    EXPECT_THAT(quiet.out, Not(HasSubstr("\033")));
    const auto coloured = on_image("erase", {"-q", "--color", "always", "--confirm", code()});
    EXPECT_THAT(coloured.out, HasSubstr("\033[32merased\033[0m"));
    const auto never = on_image("erase", {"-q", "--color=never", "--confirm", code()});
    EXPECT_THAT(never.out, Not(HasSubstr("\033")));
    expect_image_refusal({"--technique", "overwrite", "--color", "sometimes"}, 2, "--color");
}

TEST_F(QuietusErase, GoesOnWhenNobodyReadsItsEvents) {
    const std::string confirmation = code();
    const auto result = run_command({"sh", "-c", "\"$@\" | true", "sh", QUIETUS_PROGRAM, "--state",
                                     state, "--json", "erase", "image:" + image, "--technique",
                                     "overwrite", "--confirm", confirmation},
                                    directory + "/scratch");
    EXPECT_EQ(result.status, 0);
    EXPECT_THAT(content(image), Not(HasSubstr("secret")));
    EXPECT_THAT(documents(), IsSupersetOf({"QTS-TEST01-00000001.qdc.json"}));
}

TEST_F(QuietusErase, WritesNothingWhenDocumentsCannotBeSaved) {
    overwrite(directory + "/file", "");
    expect_obstacle({"--certificates", directory + "/file"}, "file: Not a directory");
    expect_obstacle({"--certificates", directory + "/file/below"}, "file: Not a directory");
}

TEST_F(QuietusErase, WritesNothingWhenThereIsNoRoomForDocuments) {
    const std::string small = directory + "/scratch/small";
    std::filesystem::create_directory(small);
    if (mount("none", small.c_str(), "tmpfs", 0, "size=64k") != 0)
        GTEST_SKIP() << "mounting a small file system needs root";
    expect_obstacle({"--certificates", small}, small + ": only 65536 bytes free");
    EXPECT_THAT(names(small), IsEmpty());
    EXPECT_EQ(umount(small.c_str()), 0);
}

TEST_F(QuietusErase, WritesNothingWithoutASoundKey) {
    const std::string key = state + "/keys/station.key";
    const std::string good = content(key);
    for (const std::string& bad : {std::string(), good.substr(0, good.size() / 2),
                                   std::string("no key"), std::string(1U << 20U, 'x')}) {
        overwrite(key, bad);
        expect_obstacle({}, key);
    }
    overwrite(key, good);
    std::filesystem::permissions(key, std::filesystem::perms(0644));
    expect_obstacle({}, "hint: chmod 600 " + key);
    std::filesystem::remove(key);
    expect_obstacle({}, "hint: quietus key init");
    std::filesystem::remove_all(state + "/keys");
    expect_obstacle({}, "hint: quietus key init");
}

TEST_F(QuietusErase, WritesNothingWithACertificateThatIsNotTheKeys) {
    const std::string certificate = state + "/keys/station.pem";
    overwrite(certificate, "no certificate");
    expect_obstacle({}, certificate);
    std::filesystem::remove(certificate);
    expect_obstacle({}, certificate);
    std::filesystem::copy_file(state + "/keys/root.pem", certificate);
    expect_obstacle({}, "station key: ");
}

TEST_F(QuietusErase, WritesNothingWhenTheLogIsDamaged) {
    std::filesystem::create_directories(state + "/log");
    overwrite(state + "/log/checkpoint", "not a checkpoint\n");
    expect_obstacle({}, "log: ");
    EXPECT_EQ(content(state + "/log/checkpoint"), "not a checkpoint\n");
}

TEST_F(QuietusErase, CertifiesNoJobTwiceAndNoneThatIsNot) {
    ASSERT_EQ(on_image("erase", {"--confirm", code()}).status, 0);
    expect_refusal({"certify", "QTS-TEST01-00000001"}, 3, "its document has been issued");
    expect_refusal({"certify", "QTS-TEST01-00000002"}, 2, "no such job in the log");
    for (const char* job : {"../../etc", "qts-test01-00000001", "", "QTS TEST"})
        expect_refusal({"certify", job}, 2, "certify: ");
}

} // namespace
} // namespace quietus
