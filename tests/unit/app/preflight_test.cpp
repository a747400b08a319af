// The check before the point of no return: every obstacle is found, and none costs evidence.
#include "support/station.hpp"

#include "quietus/app/commit.hpp"

#include <gmock/gmock.h>

#include <fstream>

namespace quietus {
namespace {

using testing::HasSubstr;

class NoMachine final : public Host {
  public:
    Result<std::vector<Drive>> detect(const DetectRequest&) override { return none; }
    Result<Drive> image(const std::string&, const DetectRequest&) override { return none; }
    Result<DriveLink> open(const Drive&) override { return none; }
    Result<DriveLink> open_to_read(const Drive&) override { return none; }

  private:
    const Error none{Fault::io, "no drive is touched here"};
};

class NoSigner final : public StationSigner {
  public:
    explicit NoSigner(Error why) : why_(std::move(why)) {}
    Result<SignerIdentity> identity() override { return why_; }
    Status try_out() override { return why_; }
    Result<Bytes> sign(const SigningRequest&) override { return why_; }
    Result<std::unique_ptr<CheckpointSigner>> checkpoint_signer(const std::string&) override {
        return why_;
    }

  private:
    Error why_;
};

class ShiftedClock final : public Clock {
  public:
    std::int64_t utc_seconds() override { return SystemClock().utc_seconds() + shift; }
    std::chrono::nanoseconds monotonic() override { return SystemClock().monotonic(); }
    std::int64_t shift = 0;
};

class Preflight : public testing::Test {
  protected:
    Site site() {
        Site made = station.site(host);
        return {made.host, clock, made.log, made.places, made.signer, made.workplace};
    }
    void expect_obstacle(const Site& site, Fault fault, const std::string& message,
                         std::uint64_t seconds = 1) {
        const auto signer = preflight(site, seconds);
        ASSERT_FALSE(signer);
        EXPECT_EQ(signer.error().fault, fault);
        EXPECT_THAT(signer.error().message, HasSubstr(message));
    }
    NoMachine host;
    ShiftedClock clock;
    test::Station station;
};

TEST_F(Preflight, PassesAndLeavesNoTrial) {
    EXPECT_TRUE(preflight(site(), 60));
    EXPECT_TRUE(std::filesystem::is_empty(station.places.certificates));
}

TEST_F(Preflight, FindsADirectoryThatIsAFile) {
    std::ofstream(station.places.certificates) << "in the way";
    expect_obstacle(site(), Fault::io, "Not a directory");
    Site other = site();
    other.places.state = station.places.certificates + "/state";
    expect_obstacle(other, Fault::io, "Not a directory");
}

TEST_F(Preflight, FindsAKeyThatCannotBeUsedWhateverIsWrongWithIt) {
    for (const Fault fault : {Fault::evidence, Fault::invalid, Fault::refused, Fault::io}) {
        NoSigner none(Error{fault, "no good"});
        const Site whole = site();
        expect_obstacle({whole.host, clock, whole.log, whole.places, none, whole.workplace},
                        Fault::io, "station key: no good");
    }
}

TEST_F(Preflight, FindsAClockThatCannotBeRight) {
    clock.shift = -86400 * 365;
    expect_obstacle(site(), Fault::refused, "clock: it says 20");
}

TEST_F(Preflight, FindsAKeyThatEndsBeforeTheErase) {
    expect_obstacle(site(), Fault::io, "may sign only until", std::uint64_t{86400} * 365 * 40);
}

} // namespace
} // namespace quietus
