// An emulated NVMe drive as an erasure by its own firmware meets it: commands that may be lost,
// blocks of its namespaces, and somebody who waits.
#pragma once

#include "quietus/drive/nvme/facts.hpp"
#include "quietus/emulator/nvme_drive.hpp"
#include "quietus/technique/nvme/format.hpp"
#include "quietus/technique/nvme/sanitize.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace quietus::test {

/// Time passes while it waits. Lets go after so many waits, and keeps so many records.
class WaitingNvmeWatch final : public NvmeWatch {
  public:
    explicit WaitingNvmeWatch(emulator::SimulatedClock& clock) : clock_(clock) {}
    void wait(std::chrono::milliseconds at_most) override {
        ++waits;
        clock_.advance(at_most);
        if (meanwhile) meanwhile(waits);
    }
    bool release_requested() override { return release_after && waits >= *release_after; }
    Status reached(const NvmeSanitizeRecord& record) override {
        sanitize.push_back(record);
        return keep();
    }
    Status reached(const NvmeFormatRecord& record) override {
        format.push_back(record);
        return keep();
    }

    unsigned waits = 0;
    std::optional<unsigned> release_after;
    std::optional<unsigned> fails_from; ///< of what is to be kept, from 0
    std::function<void(unsigned waits)> meanwhile;
    std::vector<NvmeSanitizeRecord> sanitize;
    std::vector<NvmeFormatRecord> format;

  private:
    Status keep() {
        const bool full = fails_from && kept_ >= *fails_from;
        ++kept_;
        return full ? Status(Error{Fault::evidence, "no space left"}) : Status{};
    }
    emulator::SimulatedClock& clock_;
    unsigned kept_ = 0;
};

/// Loses one command, before it gets there or after it was carried out, and keeps all of them.
class LossyNvmePort final : public NvmePort {
  public:
    enum class Loss : std::uint8_t { command, answer, timed_out };
    explicit LossyNvmePort(NvmePort& port) : port_(port) {}
    Result<NvmeReply> execute(const NvmeCommand& command) override {
        seen.push_back(command);
        const bool struck = lost_at && count++ == *lost_at;
        if (struck && loss == Loss::command) return Error{Fault::io, "no answer"};
        auto reply = port_.execute(command);
        if (struck && loss == Loss::timed_out) return NvmeReply{0x0371, 0, {}};
        if (struck) return Error{Fault::io, "no answer"};
        return reply;
    }
    Result<std::uint32_t> namespace_id() override { return port_.namespace_id(); }
    /// Words of the commands with this opcode.
    [[nodiscard]] std::vector<std::uint32_t> words_of(std::uint8_t opcode) const {
        std::vector<std::uint32_t> words;
        for (const NvmeCommand& each : seen)
            if (each.opcode == opcode) words.push_back(each.cdw10_15[0]);
        return words;
    }
    std::optional<unsigned> lost_at;
    Loss loss = Loss::command;
    unsigned count = 0;
    std::vector<NvmeCommand> seen;

  private:
    NvmePort& port_;
};

/// What such drives are full of.
inline const std::string nvme_secret = "the secret of an NVMe drive";

/// One drive full of secrets, and a desk before it.
struct NvmeScene {
    explicit NvmeScene(const emulator::NvmeTraits& traits = {})
        : drive(traits, clock), port(drive), watch(clock), desk{port, clock, watch} {
        drive.hold(as_bytes(nvme_secret));
        facts = nvme::ask_facts(drive).value();
        features = nvme::read_controller(drive).value();
    }
    [[nodiscard]] std::uint64_t size_bytes() const {
        std::uint64_t size = 0;
        for (const NvmeNamespaceRecord& each : facts.scope.namespaces)
            size += each.blocks * each.block_bytes;
        return size;
    }
    [[nodiscard]] nvme::SanitizeOrder order(nvme::SanitizeAction action) const {
        return {action, nvme::readable_options(action, features.sanitize), features.sanitize,
                size_bytes()};
    }
    [[nodiscard]] nvme::FormatOrder format_order(FormatErase erase) const {
        return {erase, features.format, facts.scope.namespaces, size_bytes()};
    }
    std::uint64_t residue() { return drive.residue(as_bytes(nvme_secret)); }

    emulator::SimulatedClock clock;
    emulator::NvmeDrive drive;
    LossyNvmePort port;
    WaitingNvmeWatch watch;
    NvmeDesk desk;
    nvme::Facts facts;
    nvme::ControllerFeatures features;
};

} // namespace quietus::test
