// Resumable: a station with an emulated drive whose erasure can be interrupted anywhere, looked at
// as a power cut would have left it, and gone on with.
#pragma once

#include "support/station.hpp"

#include "quietus/app/resume.hpp"
#include "quietus/app/status.hpp"
#include "quietus/certificate/check.hpp"
#include "quietus/core/bytes.hpp"
#include "quietus/core/file.hpp"
#include "quietus/core/json_fields.hpp"
#include "quietus/emulator/media.hpp"
#include "quietus/register/audit.hpp"
#include "quietus/stream/pattern.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace quietus::test {

/// Calls a function around every flush.
class FlushPort final : public LentPort {
  public:
    using LentPort::LentPort;
    std::optional<int> flush(std::chrono::milliseconds at_most) override {
        ++flushes;
        at_flush("before");
        const auto ended = LentPort::flush(at_most);
        at_flush("after");
        return ended;
    }

    unsigned flushes = 0;
    std::function<void(const char* when)> at_flush = [](const char*) {};
};

inline const std::string secret = "TOP SECRET: the cellar is behind the wine rack. ";
inline constexpr std::uint64_t resumable_size = 1U << 20U;
inline const std::string first_job = "QTS-TEST01-00000001";
inline const std::string second_job = "QTS-TEST01-00000002";

/// A drive that keeps what it is told in a cache until it is flushed, and takes more transfers for
/// a pass than can be in flight at once.
inline emulator::MediaTraits cached_drive() {
    return {.size_bytes = resumable_size, .slots = 1, .slot_bytes = 65536, .cached_writes = 64};
}

class Resumable : public testing::Test {
  protected:
    Resumable() { media.hold(as_bytes(secret)); }

    /// A checkpoint after each transfer.
    static Endurance often() {
        Endurance endurance;
        endurance.checkpoint_least = endurance.checkpoint_most = std::chrono::milliseconds{0};
        return endurance;
    }
    Result<std::vector<Disposal>> erase(const std::string& scheme) {
        DisposalRequest request;
        request.targets = {"image:/one"};
        request.plan.scheme = scheme;
        request.endurance = often();
        audience.last = {};
        Agreeing person;
        return dispose(request, station->site(host), person, audience);
    }
    /// Stopped on request in that step, once it has moved so much.
    Disposal interrupt(const std::string& scheme, std::uint32_t step, std::uint64_t bytes) {
        audience.stop = [=](const Progress& progress) {
            return progress.step > step || (progress.step == step && progress.bytes_done >= bytes);
        };
        auto outcomes = erase(scheme);
        audience.stop = [](const Progress&) { return false; };
        EXPECT_TRUE(outcomes.has_value()) << outcomes.error().message;
        EXPECT_EQ(outcomes->front().verdict, Verdict::interrupted);
        EXPECT_EQ(outcomes->front().exit_status, ExitStatus::interrupted);
        return outcomes->front();
    }
    Result<std::vector<Disposal>> go_on(const std::string& job, Operator& person) {
        audience.last = {};
        return resume({job, often()}, station->site(host), person, audience);
    }
    Result<std::vector<Disposal>> go_on(const std::string& job) {
        Agreeing person;
        return go_on(job, person);
    }
    /// Goes on, and holds the end against everything that vouches for it.
    void expect_erased_from(const std::string& job) {
        const auto outcomes = go_on(job);
        ASSERT_TRUE(outcomes.has_value()) << outcomes.error().message;
        const Disposal& end = outcomes->front();
        ASSERT_EQ(end.verdict, Verdict::erased)
            << (end.error ? end.error->message : to_line(to_json(end.document->findings)));
        EXPECT_EQ(end.exit_status, ExitStatus::success);
        EXPECT_NE(end.job, job);
        EXPECT_EQ(media.residue(as_bytes(secret)), 0u);
        expect_certified(end, media);
        expect_clean_log();
    }
    // The document is valid, names the interruption, and says what is on the drive.
    void expect_certified(const Disposal& end, const emulator::Media& drive) {
        const auto files = read_document(end.document->path);
        ASSERT_TRUE(files.has_value());
        const auto report = check_document(*files, trust());
        EXPECT_EQ(report.verdict, DocumentVerdict::valid);
        document = parse_json(files->payload).value();
        const auto passes = document.find("method")->find("passes")->as<Json::Array>();
        const auto seed = passes->back().text_of("seed");
        const auto octets = from_hex(passes->back().text_of("bytes"));
        const Bytes all = drive.at(0, resumable_size);
        Pattern expected =
            seed.empty() ? Pattern::fixed(*octets) : Pattern::stream(*from_hex(seed));
        EXPECT_TRUE(expected.matches(all, 0));
        EXPECT_FALSE(std::filesystem::exists(keys_of(end.job)));
    }
    [[nodiscard]] TrustAnchors trust() const {
        return TrustAnchors::from_pem(read_regular_file(station->root(), 1U << 20U).value())
            .value();
    }
    // With the auditor's own eyes: each intent has one result and one document, no number twice.
    RegisterReport audit() const {
        const std::string root = read_regular_file(station->root(), 1U << 20U).value();
        const auto logs = log_keys_in(root).value();
        return audit_register({station->places.log(), std::nullopt, station->places.certificates,
                               station->directory, logs, trust()});
    }
    void expect_clean_log() const {
        const auto report = audit();
        EXPECT_TRUE(report.findings.empty())
            << report.findings.front().code << ": " << report.findings.front().text;
        EXPECT_EQ(report.intents, report.documents);
        EXPECT_EQ(report.size, 1 + 3 * report.intents) << "genesis; intent, result, document each";
    }
    [[nodiscard]] std::string keys_of(const std::string& job) const {
        return station->places.job(job) + "/keys.json";
    }
    [[nodiscard]] std::string journal_of(const std::string& job) const {
        return station->places.job(job) + "/journal.jsonl";
    }
    /// What the last document says of an interruption.
    [[nodiscard]] Resumption resumption(std::size_t index = 0) const {
        const auto* all = document.find("method")->find("resumed")->as<Json::Array>();
        return from_json<Resumption>(all->at(index)).value();
    }
    void expect_refused(const std::string& job, const std::string& why) {
        const auto before = media.counts().writes;
        const auto outcomes = go_on(job);
        EXPECT_EQ(media.counts().writes, before) << "nothing is written";
        if (outcomes) {
            EXPECT_EQ(outcomes->front().exit_status, ExitStatus::refused);
            ASSERT_TRUE(outcomes->front().error.has_value());
            EXPECT_THAT(outcomes->front().error->message, testing::HasSubstr(why));
            return;
        }
        EXPECT_EQ(outcomes.error().fault, Fault::refused);
        EXPECT_THAT(outcomes.error().message, testing::HasSubstr(why));
    }

    std::unique_ptr<Station> station = std::make_unique<Station>();
    emulator::SimulatedClock time;
    emulator::Media media{cached_drive(), time};
    FlushPort port{media};
    OneDriveHost host{port};
    NotingAudience audience;
    Json document;
};

} // namespace quietus::test
