// The person at a terminal: the label is asked for where there is one, else the code.
#include "operators.hpp"

#include "commands.hpp"
#include "unit/app/proposal.hpp"

#include <gmock/gmock.h>

#include <pty.h>
#include <unistd.h>

#include <filesystem>
#include <functional>

namespace quietus::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

class NoDrives final : public Premises {
  public:
    [[nodiscard]] const Program& program() const override { return quietus_program(); }
    [[nodiscard]] Provenance provenance() const override { return Provenance::machine; }
    [[nodiscard]] Result<Setting> setting(const Invocation&, const Places&) const override {
        return Error{Fault::io, "no drives here"};
    }
    [[nodiscard]] SelftestResult selftest(const std::string&) const override { return {}; }
};

class Operators : public testing::Test {
  protected:
    Operators() {
        // Standard input becomes a terminal, as `make_operator` looks for one there.
        int terminal = -1;
        EXPECT_EQ(openpty(&keyboard, &terminal, nullptr, nullptr, nullptr), 0);
        before = dup(STDIN_FILENO);
        dup2(terminal, STDIN_FILENO);
        close(terminal);
    }
    ~Operators() override {
        dup2(before, STDIN_FILENO);
        close(before);
        close(keyboard);
        std::filesystem::remove_all(directory);
    }
    Status answer(const Proposal& proposal, const std::string& typed) {
        EXPECT_EQ(write(keyboard, typed.data(), typed.size()), static_cast<ssize_t>(typed.size()));
        testing::internal::CaptureStderr();
        const Status status = make_operator(call, {}, plans).value()->agree(proposal);
        asked = testing::internal::GetCapturedStderr();
        return status;
    }

    std::string asked;
    static std::string new_directory() {
        std::string pattern = testing::TempDir() + "quietus-operators-XXXXXX";
        return mkdtemp(pattern.data());
    }

    const std::string directory = new_directory();
    Invocation invocation;
    NoDrives premises;
    Configuration configuration;
    Call call{premises, invocation, configuration, {}};
    SystemClock clock;
    PlanStore plans{directory + "/plans", clock};
    int keyboard = -1;
    int before = -1;
};

TEST_F(Operators, AsksForTheEndOfTheSerialWithoutShowingIt) {
    EXPECT_TRUE(answer(test::a_disk(), "1234\n"));
    EXPECT_THAT(asked, HasSubstr("SERIAL????"));
    EXPECT_THAT(asked, Not(HasSubstr("1234")));
    EXPECT_THAT(asked, HasSubstr("last four characters of the serial, from its label: "));
}

TEST_F(Operators, TakesNothingElseForTheEndOfTheSerial) {
    for (const char* typed : {"\n", "123\n", "SERIAL1234\n", "1234 \n", "yes\n", "????\n"}) {
        const Status status = answer(test::a_disk(), typed);
        ASSERT_FALSE(status) << typed;
        EXPECT_EQ(status.error().fault, Fault::refused);
    }
}

TEST_F(Operators, AsksForTheCodeWhereThereIsNoLabelToTrust) {
    for (const auto& change : std::vector<std::function<void(Drive&)>>{
             [](Drive& drive) { drive.identity_source = IdentitySource::bridge; },
             [](Drive& drive) { drive.serial = "1234"; },
             [](Drive& drive) { drive.serial.clear(); },
             [](Drive& drive) { drive.kind = DriveKind::virtio; }}) {
        Proposal proposal = test::a_disk();
        change(proposal.drive);
        EXPECT_FALSE(answer(proposal, "1234\n"));
        EXPECT_THAT(asked, HasSubstr("to go on, type the code "));
    }
}

TEST_F(Operators, AsksNobodyWhenCodesWereGiven) {
    const auto stored = plans.store(test::a_disk());
    ASSERT_TRUE(stored);
    invocation.values["--confirm"] = {"AAAA-AAAA", stored->code};
    EXPECT_TRUE(answer(test::a_disk(), ""));
    EXPECT_EQ(asked, "");
    EXPECT_FALSE(answer(test::a_disk(), ""));
}

} // namespace
} // namespace quietus::cli
