// An emulated SATA drive as an erasure by its own firmware meets it: commands through a translator,
// blocks as the kernel opens them, and somebody who waits.
#pragma once

#include "quietus/emulator/ata_drive.hpp"
#include "quietus/emulator/sat_face.hpp"
#include "quietus/job/firmware_run.hpp"
#include "quietus/technique/firmware_watch.hpp"
#include "quietus/transport/ata/identify_words.hpp"
#include "quietus/transport/ata_over_scsi.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace quietus::test {

/// What such drives are full of.
inline const std::string secret = "the secret that must not be left";

/// Time passes while it waits. Lets go after so many waits, and keeps so many records.
class WaitingWatch final : public FirmwareWatch {
  public:
    explicit WaitingWatch(emulator::SimulatedClock& clock) : clock_(clock) {}
    void wait(std::chrono::milliseconds at_most) override {
        ++waits;
        clock_.advance(at_most);
    }
    bool release_requested() override { return release_after && waits >= *release_after; }
    Status reached(const SanitizeRecord& record) override {
        sanitize.push_back(record);
        return keep();
    }
    Status reached(const SecurityRecord& record) override {
        security.push_back(record);
        return keep();
    }

    unsigned waits = 0;
    std::optional<unsigned> release_after;
    std::optional<unsigned> fails_from; ///< of what is to be kept, from 0
    std::vector<SanitizeRecord> sanitize;
    std::vector<SecurityRecord> security;

  private:
    Status keep() {
        const bool full = fails_from && kept_ >= *fails_from;
        ++kept_;
        return full ? Status(Error{Fault::evidence, "no space left"}) : Status{};
    }
    emulator::SimulatedClock& clock_;
    unsigned kept_ = 0;
};

/// Loses one command, before it gets there or after it was carried out.
class LossyAtaPort final : public AtaPort {
  public:
    enum class Loss : std::uint8_t { command, answer };
    explicit LossyAtaPort(AtaPort& port) : port_(port) {}
    Result<AtaReply> execute(const AtaCommand& command) override {
        const bool struck = lost_at && count++ == *lost_at;
        if (struck && loss == Loss::command) return Error{Fault::io, "no answer"};
        auto reply = port_.execute(command);
        if (struck) return Error{Fault::io, "no answer"};
        return reply;
    }
    std::optional<unsigned> lost_at;
    Loss loss = Loss::command;
    unsigned count = 0;

  private:
    AtaPort& port_;
};

/// The same of a whole run, which keeps all evidence so far.
class WaitingRunWatch final : public FirmwareRunWatch {
  public:
    explicit WaitingRunWatch(emulator::SimulatedClock& clock) : clock_(clock), unshown_(*this) {}
    StepWatch& begin(StepKind kind, std::uint64_t) override {
        steps.push_back(kind);
        return unshown_;
    }
    void wait(std::chrono::milliseconds at_most) override {
        ++waits;
        clock_.advance(at_most);
    }
    bool release_requested() override { return release_after && waits >= *release_after; }
    Status reached(const FirmwareEvidence& evidence) override {
        if (evidence.sanitize) sanitize.push_back(*evidence.sanitize);
        if (evidence.security) security.push_back(*evidence.security);
        if (fails_from && kept.size() >= *fails_from)
            return Error{Fault::evidence, "no space left"};
        kept.push_back(evidence);
        return {};
    }

    unsigned waits = 0;
    std::optional<unsigned> release_after;
    std::optional<unsigned> fails_from; ///< of what is to be kept, from 0
    std::vector<StepKind> steps;
    std::vector<FirmwareEvidence> kept;
    std::vector<SanitizeRecord> sanitize; ///< what was to be kept, kept or not
    std::vector<SecurityRecord> security;

  private:
    class Unshown final : public StepWatch {
      public:
        explicit Unshown(WaitingRunWatch& watch) : watch_(watch) {}
        void moved(std::uint64_t) override {}
        bool stop_requested() override { return watch_.release_requested(); }

      private:
        WaitingRunWatch& watch_;
    };
    emulator::SimulatedClock& clock_;
    Unshown unshown_;
};

class EmulatedBay final : public FirmwareBay {
  public:
    EmulatedBay(emulator::AtaDrive& drive, const emulator::SatTraits& traits = {})
        : drive_(drive), sat_(drive, traits), ata_(sat_), lossy(ata_) {}
    AtaPort* ata() override { return &lossy; }
    Result<std::unique_ptr<BlockPort>> open_blocks() override { return drive_.open_scsi_block(); }
    bool reset() override {
        drive_.hard_reset();
        return true;
    }

  private:
    emulator::AtaDrive& drive_;
    emulator::SatFace sat_;
    AtaOverScsi ata_;

  public:
    LossyAtaPort lossy;
};

} // namespace quietus::test
