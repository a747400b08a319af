// What must be destroyed after a failed erasure, until two persons have signed that it was.
#include "support/persons.hpp"

#include "quietus/app/destroy.hpp"
#include "quietus/app/sign.hpp"
#include "quietus/certificate/check.hpp"
#include "quietus/core/file.hpp"
#include "quietus/emulator/media.hpp"
#include "quietus/register/audit.hpp"

#include <gmock/gmock.h>

#include <fstream>

namespace quietus {
namespace {

using emulator::FaultKind;
using testing::HasSubstr;

constexpr std::uint64_t size = 3U << 20U;

std::string content_of(const std::string& path) {
    return read_regular_file(path, 1U << 20U).value_or("");
}

class Destroy : public testing::Test {
  protected:
    Destroy() {
        host.drive.kind = DriveKind::ata;
        host.drive.medium = Medium::magnetic;
        host.drive.backing = Backing::physical;
        host.drive.identity_source = IdentitySource::drive;
        host.drive.native_size_bytes = size;
        test::make_person(station, "alice", Role::op);
        test::make_person(station, "bob", Role::witness);
    }
    [[nodiscard]] PolicyRequest asked(Disposition disposition) const {
        return {read_classification(profile.profile, "OFFICIAL").value(),
                disposition,
                std::nullopt,
                {{"classification", "OFFICIAL", Supplier::option, ""}}};
    }
    // By policy; with writes that are acknowledged and not done it fails.
    Disposal erase() {
        test::Agreeing person;
        test::NotingAudience audience;
        DisposalRequest request;
        request.targets = {"image:/one"};
        request.policy = PolicyMode{profile, asked(Disposition::reuse), std::nullopt};
        auto outcomes = dispose(request, station.site(host), person, audience);
        EXPECT_TRUE(outcomes.has_value()) << outcomes.error().message;
        return outcomes ? std::move(outcomes->front()) : Disposal{};
    }
    void fail() {
        port.add({.kind = FaultKind::write_dropped});
        EXPECT_EQ(erase().verdict, Verdict::failed);
    }
    [[nodiscard]] DestructionWish wish() const {
        DestructionWish stated;
        stated.drive.serial = "SPARSE0001";
        stated.medium = "hdd";
        stated.profile = profile;
        stated.asked = asked(Disposition::destroy);
        stated.facts = {"platters-4-pieces", "Example press",        std::nullopt,
                        "recycled",          "2026-11-26T08:00:00Z", ""};
        stated.statements.op = "alice";
        stated.statements.witness = "bob";
        return stated;
    }
    std::vector<MustBeDestroyed> open_items() {
        auto items = must_be_destroyed(station.site(host));
        EXPECT_TRUE(items) << items.error().message;
        return items ? std::move(*items) : std::vector<MustBeDestroyed>{};
    }
    [[nodiscard]] std::string roots() const {
        std::string all = content_of(station.root());
        for (const char* id : {"alice", "bob"})
            all += content_of(station.directory + "/" + id + "/root.pem");
        return all;
    }
    void sign(const std::string& id, const std::string& document) {
        const std::string where = station.directory + "/" + id;
        const auto key = load_personal_key({where + "/person.key", where + "/person.pem"}, {});
        ASSERT_TRUE(key) << key.error().message;
        const auto trust = TrustAnchors::from_pem(roots());
        const auto added = sign_document({document, std::nullopt, *key, *trust}, time);
        ASSERT_TRUE(added) << added.error().message;
    }
    [[nodiscard]] DocumentReport audited(const std::string& document) const {
        return check_file(document, TrustAnchors::from_pem(roots()).value(),
                          profiles_beside(document));
    }
    RegisterReport audited_log() {
        const auto logs = log_keys_in(roots());
        const auto trust = TrustAnchors::from_pem(roots());
        return audit_register({station.places.log(), std::nullopt, station.places.certificates,
                               station.directory, *logs, *trust});
    }
    void expect_refusal(const DestructionWish& stated, Fault fault, const std::string& message) {
        const auto refused = state_destruction(stated, station.site(host));
        ASSERT_FALSE(refused) << message;
        EXPECT_EQ(refused.error().fault, fault);
        EXPECT_THAT(refused.error().message, HasSubstr(message));
    }

    emulator::SimulatedClock time{test::Station::time_after_keys() + 60};
    test::Station station{time};
    emulator::Media port{{.size_bytes = size}, time};
    test::OneDriveHost host{port};
    LoadedProfile profile = load_profile("uk-official", {"", station.places.state, 0}).value();
};

TEST_F(Destroy, HasNothingToDoAfterWhatDidNotFail) {
    erase();
    EXPECT_TRUE(open_items().empty());
}

TEST_F(Destroy, IsDueAfterAFailureUntilBothHaveSigned) {
    fail();
    auto open = open_items();
    ASSERT_EQ(open.size(), 1U);
    EXPECT_EQ(open.front().job, "QTS-TEST01-00000001");
    EXPECT_EQ(open.front().serial, "SPARSE0001");
    EXPECT_EQ(open.front().rule, "uk-official official-hdd-reuse");
    EXPECT_EQ(open.front().statement, "");

    const auto stated = state_destruction(wish(), station.site(host));
    ASSERT_TRUE(stated) << stated.error().message;
    EXPECT_EQ(stated->id, "QTS-TEST01-00000002");
    EXPECT_THAT(stated->path, testing::EndsWith("QTS-TEST01-00000002.qds.json"));
    EXPECT_TRUE(stated->sufficient) << stated->reason;
    EXPECT_EQ(stated->closes, std::vector<std::string>{"QTS-TEST01-00000001"});
    open = open_items();
    ASSERT_EQ(open.size(), 1U);
    EXPECT_EQ(open.front().statement, "QTS-TEST01-00000002");
    EXPECT_EQ(audited(stated->path).verdict, DocumentVerdict::indeterminate);

    sign("alice", stated->path);
    EXPECT_EQ(open_items().size(), 1U);
    sign("bob", stated->path);
    EXPECT_TRUE(open_items().empty());
    const DocumentReport report = audited(stated->path);
    EXPECT_EQ(report.verdict, DocumentVerdict::not_an_erasure)
        << (report.findings.empty() ? "" : report.findings.front().text);
    EXPECT_EQ(report.signers.size(), 3U);
    const RegisterReport log = audited_log();
    EXPECT_EQ(log.intents, 2U);
    EXPECT_EQ(log.documents, 2U);
    for (const CheckFinding& each : log.findings)
        EXPECT_EQ(each.code.front(), 'W') << each.code << ": " << each.text;
    // Numbers go on from there.
    EXPECT_EQ(erase().job, "QTS-TEST01-00000003");
}

TEST_F(Destroy, IsStillDueWhenASuccessFollows) {
    fail();
    emulator::Media other{{.size_bytes = size}, time};
    test::OneDriveHost honest{other};
    honest.drive = host.drive;
    test::Agreeing person;
    test::NotingAudience audience;
    DisposalRequest request;
    request.targets = {"image:/one"};
    request.policy = PolicyMode{profile, asked(Disposition::reuse), std::nullopt};
    const auto outcomes = dispose(request, station.site(honest), person, audience);
    ASSERT_TRUE(outcomes) << outcomes.error().message;
    EXPECT_NE(outcomes->front().verdict, Verdict::failed);
    EXPECT_EQ(open_items().size(), 1U);
}

TEST_F(Destroy, SaysWhatPolicySaysOfTheWay) {
    DestructionWish stated = wish();
    stated.facts.method = "shred";
    const auto shredded = state_destruction(stated, station.site(host));
    ASSERT_TRUE(shredded) << shredded.error().message;
    EXPECT_FALSE(shredded->sufficient);
    EXPECT_THAT(shredded->reason, HasSubstr("official-hdd-destroy asks for"));
    const auto text = content_of(shredded->path);
    EXPECT_THAT(text, HasSubstr("\"sufficient\":false"));
    EXPECT_THAT(text, testing::Not(HasSubstr("erased")));
    // And when it has nothing to say but no.
    stated = wish();
    stated.asked.classification = read_classification(profile.profile, "SECRET").value();
    const auto secret = state_destruction(stated, station.site(host));
    ASSERT_TRUE(secret) << secret.error().message;
    EXPECT_FALSE(secret->sufficient);
    EXPECT_THAT(secret->reason, HasSubstr("secret-destroy leaves it to a person"));
    EXPECT_EQ(audited(secret->path).verdict, DocumentVerdict::indeterminate);
}

TEST_F(Destroy, TakesTheDriveThatIsThere) {
    DestructionWish stated = wish();
    stated.target = "image:/one";
    stated.medium.clear();
    const auto seen = state_destruction(stated, station.site(host));
    ASSERT_TRUE(seen) << seen.error().message;
    EXPECT_THAT(content_of(seen->path), HasSubstr("\"seen_by_station\":true"));
    host.drive.serial.clear();
    expect_refusal(stated, Fault::usage, "tells no serial");
}

TEST_F(Destroy, AsksForEverythingThatItNeeds) {
    DestructionWish stated = wish();
    stated.medium.clear();
    expect_refusal(stated, Fault::usage, "--medium is missing");
    stated = wish();
    stated.facts.method = "disintegrate-6"; // none of hard disks
    expect_refusal(stated, Fault::usage, "--method");
    stated = wish();
    stated.statements.witness = "carol";
    expect_refusal(stated, Fault::usage, "--witness");
    stated.statements.witness = "alice";
    expect_refusal(stated, Fault::usage, "nobody witnesses their own work");
    stated = wish();
    stated.statements.op.clear();
    expect_refusal(stated, Fault::usage, "--operator");
    stated = wish();
    stated.closes = {"QTS-TEST01-00000009"};
    expect_refusal(stated, Fault::usage, "left nothing that must be destroyed");
    EXPECT_FALSE(std::filesystem::exists(station.places.log() + "/checkpoint"));
}

TEST_F(Destroy, NamesNoJobOfAnotherDrive) {
    fail();
    DestructionWish stated = wish();
    stated.drive.serial = "SPARSE0002";
    stated.closes = {"QTS-TEST01-00000001"};
    expect_refusal(stated, Fault::usage, "was about the drive with the serial \"SPARSE0001\"");
    stated.closes.clear();
    const auto other = state_destruction(stated, station.site(host));
    ASSERT_TRUE(other) << other.error().message;
    EXPECT_TRUE(other->closes.empty());
    EXPECT_EQ(open_items().front().statement, "");
}

TEST_F(Destroy, LeavesADriveOnHoldAlone) {
    std::ofstream(station.places.state + "/assets.toml")
        << "[[hold]]\nserial = \"SPARSE0001\"\nreason = \"inquiry 12\"\n";
    expect_refusal(wish(), Fault::refused, "on-hold: inquiry 12");
}

} // namespace
} // namespace quietus
