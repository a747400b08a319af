// What persons state, killed before every call by which it becomes durable: afterwards there is one
// statement or none, never half of one, and the log has an entry for each and nothing open.
#include "support/dying_log.hpp"
#include "support/killed_run.hpp"
#include "support/persons.hpp"

#include "quietus/app/destroy.hpp"
#include "quietus/app/status.hpp"
#include "quietus/app/validate.hpp"
#include "quietus/certificate/check.hpp"
#include "quietus/core/file.hpp"
#include "quietus/emulator/media.hpp"
#include "quietus/register/audit.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

namespace quietus {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr std::uint64_t size = 3U << 20U;

std::string content_of(const std::string& path) {
    return read_regular_file(path, 4U << 20U).value_or("");
}

class StatedCrash : public testing::Test {
  protected:
    StatedCrash() {
        make_person("alice", Role::op);
        make_person("bob", Role::witness);
        make_person("vera", Role::validator);
    }
    void make_person(const std::string& id, Role role) {
        test::make_person(station, id, role);
        roots += content_of(station.directory + "/" + id + "/root.pem");
    }
    void erase() {
        test::Agreeing person;
        test::NotingAudience audience;
        DisposalRequest request;
        request.targets = {"image:/one"};
        const auto outcomes = dispose(request, station.site(host), person, audience);
        ASSERT_TRUE(outcomes) << outcomes.error().message;
        ASSERT_EQ(outcomes->front().verdict, Verdict::erased);
    }
    // As it is now is what every run begins with.
    void keep() {
        for (const std::string& each : {station.places.state, station.places.certificates})
            if (fs::exists(each))
                fs::copy(each, station.directory + "/kept" + fs::path(each).filename().string(),
                         fs::copy_options::recursive);
    }
    void put_back() {
        for (const std::string& each : {station.places.state, station.places.certificates}) {
            fs::remove_all(each);
            const std::string kept =
                station.directory + "/kept" + fs::path(each).filename().string();
            if (fs::exists(kept)) fs::copy(kept, each, fs::copy_options::recursive);
        }
        station.start_signer();
    }
    // Kills it before the first, the second, ... such call, and looks at what is left each time.
    void at_every_write(const std::function<void()>& work, const std::function<void()>& look) {
        keep();
        unsigned killed = 0;
        for (test::RunEnd end = test::RunEnd::killed; end == test::RunEnd::killed;) {
            end = test::run_killed_before(killed + 1, [&] {
                station.start_signer();
                work();
            });
            ASSERT_NE(end, test::RunEnd::lost);
            killed += end == test::RunEnd::killed ? 1 : 0;
            SCOPED_TRACE("killed before call " + std::to_string(killed));
            station.start_signer();
            look();
            if (HasFatalFailure()) return;
            put_back();
        }
        EXPECT_GT(killed, 10U);
    }
    void run_until(const std::string& stage, const std::function<void(const Site&)>& work) {
        const pid_t running = ::fork();
        if (running == 0) {
            station.start_signer();
            test::DyingLog log(*station.log, stage);
            const Site whole = station.site(host);
            work({whole.host, whole.clock, log, whole.places, whole.signer, whole.workplace});
            ::_exit(0);
        }
        int status = 0;
        ASSERT_EQ(::waitpid(running, &status, 0), running);
        ASSERT_TRUE(WIFSIGNALED(status)) << stage;
        station.start_signer();
    }

    [[nodiscard]] DestructionWish wish() const {
        DestructionWish stated;
        stated.drive.serial = "SPARSE0001";
        stated.medium = "hdd";
        stated.profile = profile;
        stated.asked = {read_classification(profile.profile, "OFFICIAL").value(),
                        Disposition::destroy,
                        std::nullopt,
                        {{"classification", "OFFICIAL", Supplier::option, ""}}};
        stated.facts = {"platters-4-pieces", "Example press",        std::nullopt,
                        "recycled",          "2026-11-26T08:00:00Z", ""};
        stated.statements.op = "alice";
        stated.statements.witness = "bob";
        return stated;
    }
    Result<GivenValidation> validate_as(ValidationDecision decision, const Site& site) {
        const std::string where = station.directory + "/vera";
        const auto key = load_personal_key({where + "/person.key", where + "/person.pem"}, {});
        const auto trust = TrustAnchors::from_pem(content_of(station.root()) + roots);
        const std::string reason = decision == ValidationDecision::rejected ? "no" : "";
        return validate({certificate(), decision, "OFFICIAL", reason, "", *key, *trust}, site);
    }
    [[nodiscard]] std::string certificate() const {
        return station.places.certificates + "/QTS-TEST01-00000001.qdc.json";
    }
    std::vector<std::string> documents() {
        std::vector<std::string> names;
        for (const auto& each : fs::directory_iterator(station.places.certificates))
            if (each.path().extension() == ".json") names.push_back(each.path().filename());
        std::ranges::sort(names);
        return names;
    }
    RegisterReport audited() {
        const std::string all = content_of(station.root()) + roots;
        const auto logs = log_keys_in(all);
        const auto trust = TrustAnchors::from_pem(all);
        return audit_register({station.places.log(), std::nullopt, station.places.certificates,
                               station.directory, *logs, *trust});
    }
    // Nothing open, nothing wrong; who has still to sign is no concern of a crash.
    void expect_closed() {
        for (const CheckFinding& each : audited().findings)
            EXPECT_EQ(each.code, "I_REGISTER_DOCUMENT_UNDECIDED") << each.text;
    }
    std::size_t logged_statements() {
        std::size_t count = 0;
        for (const auto& each : fs::recursive_directory_iterator(station.places.log() + "/tile")) {
            if (!each.is_regular_file()) continue;
            const std::string text = content_of(each.path());
            for (auto at = text.find("\"kind\":\"statement\""); at != text.npos;
                 at = text.find("\"kind\":\"statement\"", at + 1))
                ++count;
        }
        return count;
    }

    std::string roots;
    emulator::SimulatedClock time{test::Station::time_after_keys() + 60};
    test::Station station{time};
    emulator::Media port{{.size_bytes = size}, time};
    test::OneDriveHost host{port};
    LoadedProfile profile = load_profile("uk-official", {"", station.places.state, 0}).value();
};

TEST_F(StatedCrash, LeavesADestructionStatedOrNot) {
    at_every_write([&] { (void)state_destruction(wish(), station.site(host)); },
                   [&] {
                       const auto jobs = station_status(station.site(host));
                       ASSERT_TRUE(jobs) << jobs.error().message;
                       if (jobs->empty()) return; // before its intent
                       ASSERT_EQ(jobs->size(), 1U);
                       ASSERT_FALSE(jobs->front().error) << jobs->front().error->message;
                       ASSERT_EQ(documents().size(), 1U);
                       const bool stated = documents().front().ends_with(".qds.json");
                       EXPECT_EQ(jobs->front().state,
                                 stated ? JobState::finished : JobState::interrupted);
                       EXPECT_THAT(jobs->front().document, HasSubstr(documents().front()));
                       expect_closed();
                       const auto again = state_destruction(wish(), station.site(host));
                       ASSERT_TRUE(again) << again.error().message;
                       EXPECT_EQ(again->id, "QTS-TEST01-00000002");
                       expect_closed();
                   });
}

TEST_F(StatedCrash, LogsTheStatementThatWasSaved) {
    run_until("before document", [&](const Site& site) { (void)state_destruction(wish(), site); });
    const std::string path = station.places.certificates + "/QTS-TEST01-00000001.qds.json";
    const std::string saved = content_of(path);
    ASSERT_FALSE(saved.empty());
    const auto jobs = station_status(station.site(host));
    ASSERT_TRUE(jobs);
    EXPECT_EQ(jobs->front().state, JobState::finished);
    EXPECT_EQ(jobs->front().verdict, "");
    EXPECT_EQ(jobs->front().document, path);
    EXPECT_EQ(content_of(path), saved) << "octet for octet";
    expect_closed();
}

TEST_F(StatedCrash, TakesNoStatementThatIsNotItsOwn) {
    run_until("after intent", [&](const Site& site) { (void)state_destruction(wish(), site); });
    const std::string path = station.places.certificates + "/QTS-TEST01-00000001.qds.json";
    std::ofstream(path) << "somebody's";
    const auto jobs = station_status(station.site(host));
    ASSERT_TRUE(jobs && jobs->front().error);
    EXPECT_EQ(jobs->front().error->fault, Fault::evidence);
    EXPECT_EQ(content_of(path), "somebody's");
    fs::remove(path);
    EXPECT_EQ(station_status(station.site(host))->front().verdict, "interrupted");
    expect_closed();
}

TEST_F(StatedCrash, LeavesAValidationGivenOrNot) {
    erase();
    at_every_write([&] { (void)validate_as(ValidationDecision::accepted, station.site(host)); },
                   [&] {
                       ASSERT_TRUE(station.log->probe()) << "carries out what was whole";
                       const bool logged = logged_statements() == 1;
                       const auto again =
                           validate_as(ValidationDecision::accepted, station.site(host));
                       ASSERT_EQ(again.has_value(), !logged);
                       if (logged) {
                           EXPECT_THAT(again.error().message, HasSubstr("it has been validated"));
                       }
                       EXPECT_EQ(logged_statements(), 1U);
                       const auto trust =
                           TrustAnchors::from_pem(content_of(station.root()) + roots);
                       const auto report = check_file(certificate(), *trust);
                       EXPECT_EQ(report.verdict, DocumentVerdict::valid);
                       ASSERT_TRUE(report.validation);
                       EXPECT_EQ(report.validation->decision, ValidationDecision::accepted);
                       expect_closed();
                   });
}

TEST_F(StatedCrash, DoesNotTurnAnUnloggedStatement) {
    erase();
    run_until("before statement",
              [&](const Site& site) { (void)validate_as(ValidationDecision::rejected, site); });
    const auto turned = validate_as(ValidationDecision::accepted, station.site(host));
    ASSERT_FALSE(turned);
    EXPECT_EQ(turned.error().fault, Fault::refused);
    EXPECT_THAT(turned.error().message, HasSubstr("has been validated: rejected by vera"));
    const auto same = validate_as(ValidationDecision::rejected, station.site(host));
    ASSERT_TRUE(same) << same.error().message;
    EXPECT_EQ(logged_statements(), 1U);
    expect_closed();
}

} // namespace
} // namespace quietus
