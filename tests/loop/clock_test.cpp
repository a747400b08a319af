// The programs with a clock that cannot be right: the station's log has an entry of tomorrow.
#include "interlock_fixture.hpp"

#include "quietus/register/register.hpp"
#include "quietus/signing/signer_process.hpp"

namespace quietus::rig {
namespace {

class Tomorrow final : public Clock {
  public:
    std::int64_t utc_seconds() override { return now; }
    std::chrono::nanoseconds monotonic() override { return SystemClock().monotonic(); }
    const std::int64_t now = SystemClock().utc_seconds() + 86400;
};

class WrongClock : public Interlocks {
  protected:
    void log_an_entry_of_tomorrow() {
        SignerProcess signer({bench.state() + "/keys", bench.state() + "/log"});
        signer.start();
        const auto log = open_log_register(
            {bench.state() + "/log",
             [&](const std::string& origin) { return signer.checkpoint_signer(origin); }},
            tomorrow);
        RecheckFacts read;
        read.station = "BENCH1";
        read.document = "QTS-BENCH1-00000001";
        read.payload_sha384 = std::string(96, 'a');
        const auto receipt = log->append_recheck(read);
        ASSERT_TRUE(receipt) << receipt.error().message;
    }
    [[nodiscard]] std::string reason() const {
        return ", earlier than the last entry of the log, " + to_rfc3339(tomorrow.now);
    }

    Tomorrow tomorrow;
    const Words options{"--technique", "overwrite", "--scheme", "generic.zero"};
    const Words setting_aside{"--scheme", "generic.zero", "--override", "clock"};
};

TEST_F(WrongClock, IsAnInterlockOfEveryDrive) {
    code = bench.code_for(loop->node(), {"--scheme", "generic.zero"});
    log_an_entry_of_tomorrow();
    const std::string before = content();
    for (Words words :
         {Words{"plan", loop->node()}, Words{"erase", loop->node(), "--confirm", code}}) {
        words.insert(words.end(), options.begin(), options.end());
        const ProgramRun refused = bench.quietus(words);
        EXPECT_EQ(refused.exit_status, 3) << refused.output;
        EXPECT_THAT(refused.output, HasSubstr("clock: the clock says 2"));
        EXPECT_THAT(refused.output, HasSubstr(reason()));
        EXPECT_THAT(refused.output, HasSubstr("\nhint: date --utc --set='YYYY-MM-DD hh:mm:ss'"));
    }
    EXPECT_TRUE(content() == before);
    EXPECT_THAT(bench.quietus({"inspect", loop->node()}).output, HasSubstr(reason()));
    const Json listed = json_of(bench.quietus({"list", "--json"}).output);
    for (const Json& drive : *at(listed, {"drives"}).as<Json::Array>())
        EXPECT_THAT(to_line(at(drive, {"guards"})), HasSubstr("\"clock\"")) << to_line(drive);
}

TEST_F(WrongClock, IsSetAsideByTheOperatorAndThatIsOnTheDocument) {
    log_an_entry_of_tomorrow();
    const Erasure erasure = bench.erase(loop->node(), setting_aside);
    ASSERT_EQ(erasure.exit_status, 0) << erasure.said;
    EXPECT_TRUE(content_of(medium) == std::string(drive_bytes, '\0'));
    const Json document = json_of(content_of(erasure.document));
    EXPECT_EQ(to_line(at(document, {"statements", "overrides"})), "[\"clock\"]");
    EXPECT_EQ(bench.audit(erasure.document).exit_status, 0);
}

} // namespace
} // namespace quietus::rig
