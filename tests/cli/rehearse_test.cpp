// The training program: what a trainee is told of each scenario is what really became of the drive,
// and nothing that it makes passes for anything else.
#include "rehearse_fixture.hpp"

#include <unistd.h>

namespace quietus {
namespace {

using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST_F(Rehearse, ErasesAnHonestDriveAndTheOracleFindsNothing) {
    EXPECT_EQ(residue("honest", "rehearsal:one"), 32768);
    const auto [result, drive] = erased("honest", "rehearsal:one");
    EXPECT_EQ(result.status, 0) << result.err;
    EXPECT_EQ(drive.text_of("verdict"), "erased");
    EXPECT_EQ(drive.text_of("document"), document);
    EXPECT_EQ(residue("honest", "rehearsal:one"), 0);
    EXPECT_EQ(residue("honest", "rehearsal:two"), 8192) << "nobody touched it";
}

TEST_F(Rehearse, MakesADocumentThatIsGenuineAndNoErasure) {
    ASSERT_EQ(erased("honest", "rehearsal:two").first.status, 0);
    const auto verified = audit({"verify", document, "--json"});
    EXPECT_EQ(verified.status, 9) << verified.out;
    EXPECT_THAT(verified.out, AllOf(HasSubstr(R"("verdict":"not-an-erasure")"),
                                    HasSubstr("W_REHEARSAL"), Not(HasSubstr("\"E_"))));
    EXPECT_THAT(audit({"verify", document}).out, HasSubstr("REHEARSAL: NO DRIVE WAS ERASED"));
    EXPECT_EQ(audit({"verify", document, "--require", "level=clear"}).status, 9);
    const std::string stem = document.substr(0, document.size() - 5);
    const auto stock = run_command({"openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in",
                                    stem + ".p7s", "-content", document, "-CAfile",
                                    training + "/keys/root.pem", "-out", "/dev/null"},
                                   directory + "/scratch");
    EXPECT_EQ(stock.status, 0) << stock.err;
}

TEST_F(Rehearse, ShowsTheWordInEveryLineOfTheDocument) {
    ASSERT_EQ(erased("honest", "rehearsal:one").first.status, 0);
    const auto shown = audit({"show", document});
    EXPECT_EQ(shown.status, 9);
    const auto body = shown.out.find("REHEARSAL | ");
    ASSERT_NE(body, std::string::npos);
    std::vector<std::string> shown_lines;
    std::istringstream stream(shown.out.substr(body));
    for (std::string line; std::getline(stream, line);)
        shown_lines.push_back(line);
    EXPECT_GT(shown_lines.size(), 100u);
    EXPECT_THAT(shown_lines, Each(StartsWith("REHEARSAL | ")));
    EXPECT_THAT(shown.out, AllOf(HasSubstr("title: REHEARSAL: NO DRIVE WAS ERASED"),
                                 HasSubstr("serial: REHEARSAL-EX1001"),
                                 HasSubstr("model: REHEARSAL Example HDD"),
                                 HasSubstr("document marking: REHEARSAL OFFICIAL")));
}

/// What each scenario teaches: the verdict, a finding, and what is really left on the drive.
struct Lesson {
    std::string scenario;
    std::string drive;
    int status;
    std::string verdict;
    std::string finding;
    std::int64_t least_left;
    std::int64_t most_left;
};

void PrintTo(const Lesson& lesson, std::ostream* out) {
    *out << lesson.scenario << ' ' << lesson.drive;
}

class RehearseLesson : public Rehearse, public testing::WithParamInterface<Lesson> {};

TEST_P(RehearseLesson, IsToldAsItIs) {
    const Lesson& lesson = GetParam();
    const auto [result, drive] = erased(lesson.scenario, lesson.drive);
    EXPECT_EQ(result.status, lesson.status) << result.out << result.err;
    EXPECT_EQ(drive.text_of("verdict"), lesson.verdict);
    EXPECT_THAT(codes(drive), testing::Contains(lesson.finding));
    const std::int64_t left = residue(lesson.scenario, lesson.drive);
    EXPECT_GE(left, lesson.least_left);
    EXPECT_LE(left, lesson.most_left);
    EXPECT_EQ(audit({"verify", document}).status, 9);
}

INSTANTIATE_TEST_SUITE_P(
    Scenarios, RehearseLesson,
    testing::Values(
        Lesson{"bad-blocks", "rehearsal:worn", 1, "failed", "unwritable", 3, 3},
        Lesson{"vanishing", "rehearsal:loose", 1, "failed", "drive-vanished", 1, 65535},
        Lesson{"lying", "rehearsal:dropper", 1, "failed", "address-aliasing", 2048, 32768},
        Lesson{"lying", "rehearsal:liar", 1, "failed", "mismatch", 960, 1024},
        Lesson{"fake-capacity", "rehearsal:fake", 1, "failed", "address-aliasing", 1, 131072},
        Lesson{"stalled", "rehearsal:stuck", 1, "failed", "drive-stalled", 1, 65535},
        Lesson{"failing-flush", "rehearsal:cached", 1, "failed", "flush-failed", 0, 32768},
        Lesson{"in-use", "rehearsal:clipped", 1, "failed", "hidden-area", 0, 0}),
    [](const testing::TestParamInfo<Lesson>& lesson) {
        std::string name = lesson.param.scenario + lesson.param.drive;
        std::ranges::replace_if(
            name, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
        return name;
    });

TEST_F(Rehearse, RefusesADriveInUse) {
    const auto result =
        in_scenario("in-use", {"plan", "rehearsal:mounted", "--technique", "overwrite"});
    EXPECT_EQ(result.status, 3);
    EXPECT_THAT(result.err, AllOf(HasSubstr("mounted: "), HasSubstr("hint: umount /srv/example")));
}

TEST_F(Rehearse, ReadsADriveAgainAgainstItsDocument) {
    ASSERT_EQ(erased("honest", "rehearsal:one").first.status, 0);
    const Words words{"recheck", "rehearsal:one", "--certificate",
                      document,  "--trust",       training + "/keys/root.pem"};
    const auto same = in_scenario("honest", words);
    EXPECT_EQ(same.status, 0) << same.err;
    EXPECT_THAT(same.out, HasSubstr("rehearsal:one: same"));
    std::filesystem::remove(training + "/drives/REHEARSAL-EX1001.medium"); // never erased, that is
    EXPECT_EQ(in_scenario("honest", words).status, 1);
}

// Of a drive that erased itself: what it was told to write, or what the host wrote afterwards; and
// of one that had hidden a part of itself, all of it.
TEST_F(Rehearse, ReadsADriveAgainThatErasedItself) {
    const std::string name = "rehearsal:two";
    for (const char* technique : {"ata-sanitize-overwrite", "ata-security-erase", "overwrite"}) {
        SCOPED_TRACE(technique);
        std::filesystem::remove_all(training + "/drives");
        Words words{"plan", name, "--technique", technique, "--json"};
        const auto plan = parse_json(in_scenario("firmware", words).out);
        ASSERT_TRUE(plan);
        const Json& first = plan->find("plans")->as<Json::Array>()->front();
        words.front() = "erase";
        words.insert(words.end(), {"--confirm", std::string(first.text_of("confirmation_code"))});
        const auto result = in_scenario("firmware", words);
        ASSERT_EQ(result.status, 0) << result.out << result.err;
        EXPECT_EQ(residue("firmware", name), 0);
        const Json said = lines(result.out).back();
        const Json& drive = said.find("drives")->as<Json::Array>()->front();
        const auto same = in_scenario("firmware", {"recheck", name, "--certificate",
                                                   std::string(drive.text_of("document")),
                                                   "--trust", training + "/keys/root.pem"});
        EXPECT_EQ(same.status, 0) << same.out << same.err;
        EXPECT_THAT(same.out, HasSubstr("rehearsal:two: same"));
    }
}

TEST_F(Rehearse, KeepsALogThatAnAuditorFindsClean) {
    ASSERT_EQ(erased("honest", "rehearsal:one").first.status, 0);
    ASSERT_EQ(erased("bad-blocks", "rehearsal:worn").first.status, 1);
    const auto result =
        audit({"register", training + "/log", "--documents", training + "/certificates"});
    EXPECT_EQ(result.status, 0) << result.out;
    const auto status = rehearse({"status", "--json"});
    EXPECT_EQ(status.status, 0) << status.err;
    EXPECT_THAT(status.out, AllOf(HasSubstr("QTS-REHEARSAL-00000001"), HasSubstr(document)));
    const auto proof = rehearse({"register", "proof", "QTS-REHEARSAL-00000001"});
    EXPECT_EQ(proof.status, 0) << proof.err;
    EXPECT_THAT(names(training + "/certificates"),
                testing::Contains("QTS-REHEARSAL-00000001.qrh.tlog-proof"));
}

TEST_F(Rehearse, GoesOnWithARunThatWasInterrupted) {
    const auto [stopped, before] = erased("interrupted", "rehearsal:halted");
    EXPECT_EQ(stopped.status, 7) << stopped.out << stopped.err;
    EXPECT_EQ(before.text_of("verdict"), "interrupted");
    const auto left = residue("interrupted", "rehearsal:halted");
    EXPECT_GT(left, 0);
    EXPECT_LT(left, 32768) << "half of it was written";
    EXPECT_EQ(audit({"verify", document}).status, 9);

    const Words words{"resume", "QTS-REHEARSAL-00000001", "--json"};
    const auto nowhere = rehearse(words);
    EXPECT_EQ(nowhere.status, 2);
    EXPECT_THAT(nowhere.err, HasSubstr("--scenario is missing"));
    const auto elsewhere = in_scenario("honest", words);
    EXPECT_EQ(elsewhere.status, 3) << "that drive is not there";
    EXPECT_EQ(residue("interrupted", "rehearsal:halted"), left);

    const auto result = in_scenario("interrupted", words);
    EXPECT_EQ(result.status, 0) << result.out << result.err;
    const Json drive = lines(result.out).back().find("drives")->as<Json::Array>()->front();
    EXPECT_EQ(drive.text_of("verdict"), "erased");
    EXPECT_EQ(residue("interrupted", "rehearsal:halted"), 0);
    const std::string second(drive.text_of("document"));
    EXPECT_THAT(second, testing::EndsWith("QTS-REHEARSAL-00000002.qrh.json"));
    const auto verified = audit({"verify", second, "--json"});
    EXPECT_EQ(verified.status, 9) << verified.out;
    EXPECT_THAT(verified.out, AllOf(HasSubstr("W_REHEARSAL"), Not(HasSubstr("\"E_"))));
    EXPECT_THAT(content(second), HasSubstr(R"("job":"QTS-REHEARSAL-00000001")"));
    EXPECT_THAT(rehearse({"status"}).out, HasSubstr("gone on with as QTS-REHEARSAL-00000002"));
    EXPECT_EQ(in_scenario("interrupted", words).status, 3) << "it was gone on with";
    const auto log =
        audit({"register", training + "/log", "--documents", training + "/certificates"});
    EXPECT_EQ(log.status, 0) << log.out;
}

TEST_F(Rehearse, ListsAndInspectsTheDrivesOfTheScenarioAlone) {
    const auto listed = in_scenario("honest", {"list", "--json"});
    EXPECT_EQ(listed.status, 0) << listed.err;
    const auto json = parse_json(listed.out);
    ASSERT_TRUE(json);
    EXPECT_EQ(json->find("drives")->as<Json::Array>()->size(), 2u);
    const auto inspected = in_scenario("honest", {"inspect", "serial:REHEARSAL-EX1002"});
    EXPECT_EQ(inspected.status, 0) << inspected.err;
    EXPECT_THAT(inspected.out, AllOf(HasSubstr("rehearsal:two"), HasSubstr("Example SSD")));
    EXPECT_THAT(inspected.err, HasSubstr("REHEARSAL: the drives are emulated"));
}

TEST_F(Rehearse, TestsItself) {
    const auto result = rehearse({"selftest", "--json"}, {"env", "TMPDIR=" + directory});
    EXPECT_EQ(result.status, 0) << result.out << result.err;
    EXPECT_THAT(result.out, HasSubstr("emulated drive"));
}

// Keys of the one are nothing to the other.

TEST_F(Rehearse, IsRefusedTheKeysOfARealStation) {
    const auto before = everything();
    const auto result = run_command({QUIETUS_REHEARSE_PROGRAM, "--state", state, "key", "show"},
                                    directory + "/scratch");
    EXPECT_EQ(result.status, 3);
    EXPECT_THAT(result.err, HasSubstr("keys of the role station"));
    EXPECT_EQ(everything(), before);
    const Words chosen{"--state",       state,         "--scenario", scenario("honest"),
                       "rehearsal:one", "--technique", "overwrite"};
    Words words{QUIETUS_REHEARSE_PROGRAM, "plan", "--json"};
    words.insert(words.end(), chosen.begin(), chosen.end());
    const auto planned = run_command(words, directory + "/scratch");
    ASSERT_EQ(planned.status, 0) << planned.err;
    const auto plan = parse_json(planned.out);
    words = {
        QUIETUS_REHEARSE_PROGRAM, "erase", "--confirm",
        std::string(plan->find("plans")->as<Json::Array>()->front().text_of("confirmation_code"))};
    words.insert(words.end(), chosen.begin(), chosen.end());
    const auto erased = run_command(words, directory + "/scratch");
    EXPECT_EQ(erased.status, 8);
    EXPECT_THAT(erased.err, HasSubstr("a rehearsal is signed by a key of its own"));
    EXPECT_FALSE(std::filesystem::exists(state + "/drives"));
    EXPECT_EQ(documents(), Words{});
}

TEST_F(Rehearse, HasKeysThatTheRealProgramRefuses) {
    const std::string before = content(image);
    std::filesystem::remove_all(state);
    std::filesystem::copy(made + "/training", state, std::filesystem::copy_options::recursive);
    const auto result = on_image("erase", {"--confirm", code()});
    EXPECT_EQ(result.status, 8);
    EXPECT_THAT(result.err, HasSubstr("a key for rehearsals signs no document of a real drive"));
    EXPECT_EQ(content(image), before);
    EXPECT_EQ(documents(), Words{});
    EXPECT_EQ(quietus({"key", "show"}).status, 3);
}

TEST_F(Rehearse, HasDocumentsThatTheRealProgramDoesNotReadADriveBy) {
    ASSERT_EQ(erased("honest", "rehearsal:one").first.status, 0);
    const auto result = quietus({"recheck", "image:" + image, "--certificate", document, "--trust",
                                 training + "/keys/root.pem"});
    EXPECT_EQ(result.status, 3);
    EXPECT_THAT(result.err, HasSubstr("the drive was not read"));
}

TEST_F(Rehearse, KeepsItsNameForItself) {
    const auto init = [this](const std::string& program, const std::string& station) {
        return run_command(
            {program, "key", "init", "--station", station, "--state", directory + "/new"},
            directory + "/scratch");
    };
    for (const char* station : {"REHEARSAL", "REHEARSAL2"}) {
        const auto real = init(QUIETUS_PROGRAM, station);
        EXPECT_EQ(real.status, 2);
        EXPECT_THAT(real.err, HasSubstr("only a rehearsal's begins with REHEARSAL"));
    }
    EXPECT_EQ(init(QUIETUS_REHEARSE_PROGRAM, "BENCH7").status, 2);
    EXPECT_FALSE(std::filesystem::exists(directory + "/new/keys"));
    EXPECT_EQ(init(QUIETUS_REHEARSE_PROGRAM, "REHEARSAL2").status, 0);
    EXPECT_EQ(init(QUIETUS_REHEARSE_PROGRAM, "REHEARSAL2").status, 3) << "there are keys already";
}

TEST_F(Rehearse, RefusesTheKeysOfPersons) {
    for (const Words& words :
         {Words{"key", "init", "--person", "alice", "--out", directory + "/alice"},
          Words{"key", "import", "--person", "alice", "--certificate", "alice.pem"},
          Words{"sign", document, "--key", "alice.key", "--certificate", "alice.pem"}}) {
        const auto result = rehearse(words);
        EXPECT_EQ(result.status, 3) << testing::PrintToString(words);
        EXPECT_THAT(result.err,
                    AllOf(HasSubstr("quietus-rehearse: "), HasSubstr("a rehearsal has one key")));
    }
    EXPECT_FALSE(std::filesystem::exists(directory + "/alice"));
}

TEST_F(Rehearse, TellsWhatIsWrongWithACommandLine) {
    const std::string broken = directory + "/scratch/broken.toml";
    overwrite(broken, "title = \"x\"\n[[drive]]\nname = \"a\"\nserial = \"S\"\nsize = 3\n");
    const std::vector<std::tuple<Words, int, std::string>> mistakes{
        {{"list"}, 2, "--scenario is missing"},
        {{"list", "--scenario", directory + "/none.toml"}, 2, directory + "/none.toml"},
        {{"list", "--scenario", broken}, 1, broken + ": line 2: size: not blocks"},
        {{"inspect", "/dev/null", "--scenario", scenario("honest")}, 2, "no such drive"},
        {{"inspect", "image:" + image, "--scenario", scenario("honest")}, 2, "touches no files"},
        {{"reveal", "--scenario", scenario("honest")}, 2, "DRIVE"},
        {{"reveal", "rehearsal:none", "--scenario", scenario("honest")}, 2, "no such drive"}};
    for (const auto& [words, status, told] : mistakes) {
        const auto result = rehearse(words);
        EXPECT_EQ(result.status, status) << testing::PrintToString(words) << result.err;
        EXPECT_THAT(result.err, AllOf(HasSubstr("quietus-rehearse: "), HasSubstr(told)));
    }
}

TEST_F(Rehearse, GivesAdviceInItsOwnName) {
    const auto result = run_command(
        {QUIETUS_REHEARSE_PROGRAM, "key", "show", "--json", "--state", directory + "/none"},
        directory + "/scratch");
    EXPECT_EQ(result.status, 8);
    EXPECT_THAT(result.err, HasSubstr("hint: quietus-rehearse key init\n"));
    EXPECT_THAT(result.out, HasSubstr(R"("hint":"quietus-rehearse key init")"));
}

// No privilege, and nothing of the machine: neither a node nor sysfs is opened.
TEST_F(Rehearse, NeedsNoPrivilegeAndLooksAtNoDrive) {
    if (::geteuid() != 0) GTEST_SKIP() << "needs root to become somebody else";
    const std::string trace = directory + "/scratch/trace";
    const auto traced = rehearse(
        {"--scenario", scenario("honest"), "plan", "rehearsal:one", "--technique", "overwrite"},
        {"env", "ASAN_OPTIONS=detect_leaks=0", "strace", "-f", "-o", trace, "-e",
         "trace=open,openat,ioctl"});
    EXPECT_EQ(traced.status, 0) << traced.err;
    const std::string calls = content(trace);
    EXPECT_THAT(calls, AllOf(HasSubstr("honest.toml"), Not(HasSubstr("\"/sys/")),
                             Not(HasSubstr("\"/dev/sd")), Not(HasSubstr("BLKGETSIZE64"))));
    ASSERT_EQ(run_command({"chown", "-R", "65534:65534", training}, directory + "/scratch").status,
              0);
    for (const std::string& way : {made, directory})
        std::filesystem::permissions(way, std::filesystem::perms(0755));
    // Where the sources lie may be closed to everybody else.
    const std::string readable = directory + "/honest.toml";
    std::filesystem::copy_file(scenario("honest"), readable);
    const auto plain = rehearse(
        {"--scenario", readable, "plan", "rehearsal:one", "--technique", "overwrite", "--json"},
        {"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"});
    EXPECT_EQ(plain.status, 0) << plain.err;
}

// As at a real bench: the register's word, and nobody else's, lifts a hold.
TEST_F(Rehearse, LeavesADriveOnHoldAloneUntilSomebodyNamedClearedIt) {
    const std::string hold = "[[hold]]\nserial = \"REHEARSAL-EX1001\"\nreason = \"inquiry 12\"\n";
    overwrite(training + "/assets.toml", hold);
    for (const char* verb : {"plan", "erase"}) {
        const auto held = in_scenario("honest", {verb, "rehearsal:one", "--technique", "overwrite",
                                                 "--hold-clearance", "me"});
        EXPECT_EQ(held.status, 3);
        EXPECT_THAT(held.err, HasSubstr("on-hold: inquiry 12"));
    }
    const auto insisted = in_scenario(
        "honest", {"plan", "rehearsal:one", "--technique", "overwrite", "--override", "on-hold"});
    EXPECT_EQ(insisted.status, 2) << "never overridable";
    EXPECT_GT(residue("honest", "rehearsal:one"), 0);
    overwrite(training + "/assets.toml", hold + "cleared_by = \"A. Lee, Legal, ref 7\"\n");
    const auto [result, drive] = erased("honest", "rehearsal:one");
    ASSERT_EQ(result.status, 0) << result.err;
    EXPECT_THAT(content(std::string(drive.text_of("document"))),
                HasSubstr("\"hold_clearance\":\"REHEARSAL A. Lee, Legal, ref 7\""));
}

} // namespace
} // namespace quietus
