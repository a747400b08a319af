// SignedJob: a fixture with a job that has been carried out and logged, and exactly what its signer
// was shown, before anything was signed.
#pragma once

#include "support/station.hpp"

#include "quietus/core/json_fields.hpp"
#include "quietus/emulator/media.hpp"
#include "quietus/signing/station_signer.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

namespace quietus {

/// Keeps what it is shown, and signs no document; all else is up to the real one.
class Curious final : public StationSigner {
  public:
    explicit Curious(StationSigner& real) : real_(real) {}
    Result<SignerIdentity> identity() override { return real_.identity(); }
    Status try_out() override { return real_.try_out(); }
    Result<Bytes> sign(const SigningRequest& request) override {
        shown = request;
        return Error{Fault::evidence, "not now"};
    }
    Result<std::unique_ptr<CheckpointSigner>>
    checkpoint_signer(const std::string& origin) override {
        return real_.checkpoint_signer(origin);
    }
    SigningRequest shown;

  private:
    StationSigner& real_;
};

class SignedJob : public testing::Test {
  protected:
    Site site(StationSigner& signer) {
        const Site whole = station.site(host);
        return {whole.host, whole.clock, whole.log, whole.places, signer, whole.workplace};
    }
    /// A whole run up to the signature; what was shown for it.
    SigningRequest request_of_a_run() {
        Curious curious(*station.signer);
        test::Agreeing person;
        DisposalRequest request;
        request.targets = {"image:/one"};
        const auto outcomes = dispose(request, site(curious), person, audience);
        EXPECT_TRUE(outcomes && outcomes->front().exit_status == ExitStatus::evidence);
        if (outcomes) job = outcomes->front().job;
        return curious.shown;
    }
    /// The verdict line's record, changed, and the journal with it.
    template <typename Change>
    static std::string with_record(const std::string& journal, Change change) {
        const auto begin = journal.rfind('\n', journal.size() - 2) + 1;
        auto line = parse_json(std::string_view(journal).substr(begin), journal.size());
        EXPECT_TRUE(line.has_value());
        auto record = from_json<ErasureRecord>(*line->find("record"));
        EXPECT_TRUE(record.has_value());
        change(*record);
        return journal.substr(0, begin) +
               to_line(Json::object({{"event", "verdict"}, {"record", to_json(*record)}})) + "\n";
    }

    test::Station station;
    emulator::SimulatedClock time;
    emulator::Media port{{.size_bytes = 1U << 20U}, time};
    test::OneDriveHost host{port};
    test::NotingAudience audience;
    std::string job;
};

} // namespace quietus
