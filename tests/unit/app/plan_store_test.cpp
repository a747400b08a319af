// Stored plans: a code is good for one drive, its contents, its steps, one boot, one hour and once.
#include "quietus/app/confirm.hpp"

#include "unit/app/proposal.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>

namespace quietus {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class HandClock final : public Clock {
  public:
    std::int64_t utc_seconds() override { return utc; }
    std::chrono::nanoseconds monotonic() override { return passed; }
    void pass(std::chrono::seconds time) {
        utc += time.count();
        passed += time;
    }
    std::int64_t utc = 1795316400; // 2026-11-22T03:00:00Z
    std::chrono::nanoseconds passed = 5h;
};

class PlanStoreTest : public testing::Test {
  protected:
    ~PlanStoreTest() override { std::filesystem::remove_all(directory); }

    std::string store() {
        auto stored = plans.store(proposal);
        EXPECT_TRUE(stored);
        expires_at = stored ? stored->expires_at : "";
        return stored ? stored->code : "";
    }
    [[nodiscard]] std::string file(const std::string& code) const {
        return directory + "/plans/" + code + ".json";
    }
    void expect_refused(const std::string& code, const std::string& message) {
        const Status status = plans.redeem(code, proposal);
        ASSERT_FALSE(status);
        EXPECT_EQ(status.error().fault, Fault::refused);
        EXPECT_THAT(status.error().message, HasSubstr(message));
    }

    static std::string new_directory() {
        std::string pattern = testing::TempDir() + "quietus-plans-XXXXXX";
        return mkdtemp(pattern.data());
    }

    const std::string directory = new_directory();
    std::string expires_at;
    HandClock clock;
    PlanStore plans{directory + "/plans", clock};
    Proposal proposal = test::an_image();
};

TEST_F(PlanStoreTest, RefusesACodeFromBeforeTheClockWasSetBack) {
    const std::string code = store();
    clock.passed += 20min;
    clock.utc += 20 * 60 - 61;
    expect_refused(code, "clock: it was set back by 61 s");
    clock.utc += 1; // as whoever keeps a clock right may do
    EXPECT_TRUE(plans.redeem(code, proposal));
}

TEST_F(PlanStoreTest, GivesCodesThatWorkOnce) {
    const std::string code = store();
    EXPECT_EQ(expires_at, "2026-11-22T04:00:00Z");
    EXPECT_THAT(code, testing::MatchesRegex("[A-HJ-NP-Z2-9]{4}-[A-HJ-NP-Z2-9]{4}"));
    EXPECT_TRUE(plans.redeem(code, proposal));
    expect_refused(code, "no plan waits for the code");
    EXPECT_TRUE(std::filesystem::is_empty(directory + "/plans"));
}

TEST_F(PlanStoreTest, KeepsACodeThatWasRefused) {
    const std::string code = store();
    Proposal other = proposal;
    other.drive.serial = "ANOTHER";
    EXPECT_FALSE(plans.redeem(code, other));
    EXPECT_TRUE(plans.redeem(code, proposal));
}

TEST_F(PlanStoreTest, LetsACodeExpireAfterAnHourWhateverTheWallClockSays) {
    const std::string code = store();
    clock.utc += 100000;
    clock.passed += 1h;
    EXPECT_TRUE(plans.redeem(code, proposal));
    const std::string late = store();
    clock.utc -= 100000;
    clock.passed += 1h + 1s;
    expect_refused(late, "expired");
}

TEST_F(PlanStoreTest, ForgetsACodeThatIsWithdrawn) {
    const auto stored = plans.store(proposal);
    ASSERT_TRUE(stored);
    plans.withdraw(*stored);
    expect_refused(stored->code, "no plan waits");
}

TEST_F(PlanStoreTest, SweepsAwayPlansThatCanBeConfirmedNoLonger) {
    const std::string early = store();
    clock.pass(59min);
    const std::string later = store();
    std::ofstream(directory + "/plans/notes.json") << "{}";
    std::ofstream(directory + "/plans/AAAA-BBBB.json") << "no plan";
    clock.pass(2min);
    const std::string last = store();
    EXPECT_FALSE(std::filesystem::exists(file(early)));
    for (const std::string& kept :
         {file(later), file(last), directory + "/plans/notes.json", file("AAAA-BBBB")})
        EXPECT_TRUE(std::filesystem::exists(kept)) << kept;
    EXPECT_TRUE(plans.redeem(later, proposal));
}

TEST_F(PlanStoreTest, BindsEveryPartOfTheIdentity) {
    const std::string code = store();
    const Proposal good = proposal;
    const std::vector<std::function<void(Drive&)>> changes{[](Drive& drive) { drive.node += "x"; },
                                                           [](Drive& drive) { drive.model = "x"; },
                                                           [](Drive& drive) { drive.serial = "x"; },
                                                           [](Drive& drive) { drive.serial_raw_hex = "20"; },
                                                           [](Drive& drive) { drive.wwn = "x"; },
                                                           [](Drive& drive) { drive.kind = DriveKind::loop; },
                                                           [](Drive& drive) { drive.size_bytes += 512; },
                                                           [](Drive& drive) { drive.device_number += 1; },
                                                           [](Drive& drive) { drive.diskseq += 1; }};
    for (const auto& change : changes) {
        proposal = good;
        change(proposal.drive);
        expect_refused(code, "another drive");
    }
}

TEST_F(PlanStoreTest, BindsWhatTheDriveHolds) {
    const std::string code = store();
    const Proposal good = proposal;
    proposal.drive.contents.push_back({"", "ext4", "", "", "filesystem", 4096});
    expect_refused(code, "what the drive holds has changed");
    proposal = good;
    proposal.drive.parts.push_back({"", 4096});
    expect_refused(code, "what the drive holds has changed");
}

TEST_F(PlanStoreTest, BindsTheStepsButNotTheEstimate) {
    const std::string code = store();
    const Proposal good = proposal;
    proposal.plan.steps.pop_back();
    expect_refused(code, "other steps");
    proposal = good;
    proposal.plan.verification = {VerificationMode::sample, 10};
    expect_refused(code, "other steps");
    proposal = good;
    proposal.plan.estimated_seconds += 1;
    EXPECT_TRUE(plans.redeem(code, proposal));
}

TEST_F(PlanStoreTest, BindsTheBoot) {
    const std::string code = store();
    std::ifstream in(file(code));
    std::string text{std::istreambuf_iterator<char>(in), {}};
    const auto at = text.find("\"boot\":\"");
    ASSERT_NE(at, std::string::npos);
    text[at + 8] = text[at + 8] == '0' ? '1' : '0';
    std::ofstream(file(code)) << text;
    expect_refused(code, "before the machine was restarted");
}

TEST_F(PlanStoreTest, NeverLooksOutsideItsDirectory) {
    const std::string code = store();
    std::filesystem::copy_file(file(code), directory + "/AAAA-AAAA.json");
    for (const std::string& text :
         {std::string("../AAAA-AAAA"), std::string("../../x"), directory + "/AAAA-AAAA",
          std::string(), std::string(9, '\0'), code + "\n", code.substr(0, 8)})
        expect_refused(text, "is no confirmation code");
}

TEST_F(PlanStoreTest, RefusesADamagedFile) {
    const std::string code = store();
    for (const char* text : {"", "{", "[]", "{}", R"({"boot":1})", "\xff\xfe"}) {
        std::ofstream(file(code), std::ios::trunc) << text;
        expect_refused(code, code + ".json is damaged");
    }
}

TEST_F(PlanStoreTest, FailsBeforeAnythingIsWrittenWhenItCannotStore) {
    std::ofstream(directory + "/plans") << "in the way";
    const auto stored = plans.store(proposal);
    ASSERT_FALSE(stored);
    EXPECT_EQ(stored.error().fault, Fault::io);
}

} // namespace
} // namespace quietus
