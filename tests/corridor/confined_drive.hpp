// ConfinedDrive: a station whose orders are carried out in confined processes, and a drive that
// takes their commands in one of its own.
#pragma once

#include "drive_process.hpp"
#include "support/station.hpp"
#include "support/unkept_run.hpp"

#include "quietus/app/resume.hpp"
#include "quietus/certificate/check.hpp"
#include "quietus/core/file.hpp"
#include "quietus/core/json_fields.hpp"
#include "support/emulated_firmware.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace quietus::test {

class ConfinedDrive : public testing::Test {
  protected:
    /// In place of the one before it.
    void attach(const Served& kind) {
        workplace.reset();
        station.reset();
        drive = std::make_unique<DriveProcess>(kind);
        clock = std::make_unique<RoomClock>(drive->room());
        host = std::make_unique<DriveProcessHost>(*drive, kind, *clock);
    }
    void attach(const emulator::AtaTraits& traits, const Ready<emulator::AtaDrive>& ready = {}) {
        attach(served(traits, ready));
    }
    void attach(const emulator::ScsiTraits& traits, const Ready<emulator::ScsiDrive>& ready = {}) {
        attach(served(traits, ready));
    }
    void attach(const emulator::NvmeTraits& traits, const Ready<emulator::NvmeDrive>& ready = {}) {
        attach(served(traits, ready));
    }
    template <typename Traits>
    void attach(emulator::Knob knob, const Traits& traits) {
        attach(served(traits, [knob](auto& made, emulator::SimulatedClock&) { made.turn(knob); }));
    }
    /// With the processes of the program. Hours pass at once here, so that nobody is silent for
    /// long.
    [[nodiscard]] Site site() {
        if (!station) station = std::make_unique<Station>(*clock);
        const Site made = station->site(*host);
        workplace = make_workers(*host, *clock, patience);
        return {made.host, made.clock, made.log, made.places, made.signer, *workplace};
    }
    Disposal erase(const PlanRequest& plan, const Endurance& endurance = often()) {
        DisposalRequest request;
        request.targets = {"/dev/emulated"};
        request.plan = plan;
        request.endurance = endurance;
        Agreeing person;
        auto outcomes = dispose(request, site(), person, audience);
        EXPECT_TRUE(outcomes) << outcomes.error().message;
        return outcomes ? std::move(outcomes->front()) : Disposal{};
    }
    static PlanRequest by(Technique technique) {
        PlanRequest plan;
        plan.technique = technique;
        if (technique == Technique::ata_sanitize_overwrite ||
            technique == Technique::scsi_sanitize_overwrite ||
            technique == Technique::nvme_sanitize_overwrite)
            plan.firmware = FirmwareOptions{.pattern = 0xA5A5A5A5, .passes = 1};
        return plan;
    }
    /// The same without keys, log and documents, of which nothing is kept.
    Judgement erase_unkept(const PlanRequest& wish) {
        const auto processes = make_workers(*host, *clock, patience);
        const auto record =
            UnkeptRun{*host, *clock, audience, often()}.erase_in(*processes, host->told(), wish);
        return record ? record->judgement : Judgement{};
    }
    Result<std::vector<Disposal>> go_on(const std::string& job) {
        Agreeing person;
        return resume({job, often()}, site(), person, audience);
    }
    // A checkpoint after each transfer.
    static Endurance often() {
        Endurance endurance;
        endurance.checkpoint_least = endurance.checkpoint_most = std::chrono::milliseconds{0};
        return endurance;
    }
    void expect_certified(const Disposal& outcome) const {
        EXPECT_EQ(outcome.verdict, Verdict::erased) << why(outcome);
        EXPECT_EQ(outcome.exit_status, ExitStatus::success);
        ASSERT_TRUE(outcome.document);
        const auto files = read_document(outcome.document->path);
        ASSERT_TRUE(files) << files.error().message;
        const std::string root = read_regular_file(station->root(), 1U << 20U).value();
        const auto report = check_document(*files, TrustAnchors::from_pem(root).value());
        EXPECT_EQ(report.verdict, DocumentVerdict::valid);
    }
    static std::string why(const Disposal& outcome) {
        std::string text = outcome.error ? outcome.error->message + "\n" : "";
        if (outcome.document) text += to_line(to_json(outcome.document->findings));
        return text;
    }
    static std::vector<std::string> codes(const Disposal& outcome) {
        std::vector<std::string> found;
        if (outcome.document)
            for (const Finding& each : outcome.document->findings)
                found.push_back(each.code);
        return found;
    }

    static constexpr WorkerLimits patience{.silence = std::chrono::hours(10'000),
                                           .thermometer = std::chrono::hours(10'000)};
    std::unique_ptr<DriveProcess> drive;
    std::unique_ptr<RoomClock> clock;
    std::unique_ptr<DriveProcessHost> host;
    std::unique_ptr<Station> station;
    std::unique_ptr<Workplace> workplace;
    NotingAudience audience;
};

/// Blocks as an image has them.
inline emulator::AtaTraits filed_drive() {
    emulator::AtaTraits traits{.blocks = 256, .logical_bytes = 4096, .physical_bytes = 4096};
    traits.sanitize.block_takes = traits.sanitize.pass_takes = std::chrono::seconds(6);
    return traits;
}
inline emulator::AtaTraits hiding_drive() {
    emulator::AtaTraits traits = filed_drive();
    traits.accessible_blocks = 200;
    return traits;
}

inline emulator::ScsiTraits filed_sas_drive() {
    emulator::ScsiTraits traits;
    traits.blocks = 256;
    traits.block_bytes = 4096;
    traits.sanitize.block_takes = traits.sanitize.pass_takes = std::chrono::seconds(6);
    return traits;
}
inline emulator::NvmeTraits filed_nvme_drive() {
    emulator::NvmeTraits traits;
    traits.namespaces = {{.nsid = 1, .blocks = 256, .format = 1}};
    traits.sanitize.block_takes = traits.sanitize.pass_takes = std::chrono::seconds(6);
    return traits;
}

} // namespace quietus::test
