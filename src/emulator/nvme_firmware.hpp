// The firmware of an emulated NVMe drive: its states, the clock of its operations, its commands.
#pragma once

#include "erasing.hpp"
#include "nvme_pages.hpp"
#include "nvme_sanitize.hpp"

#include "quietus/emulator/nvme_drive.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace quietus::emulator {

/// What runs: one part for each run of blocks that it reaches.
struct NvmeOperation {
    std::vector<Erasing> parts;
    std::vector<std::uint32_t> media;      ///< of each part, as NvmePartMemory
    std::vector<std::uint32_t> namespaces; ///< of a format
    std::chrono::nanoseconds began{};
    bool sanitizes = false;
    bool half_way = false;
    unsigned passes = 0;
};

class NvmeDrive::Firmware {
  public:
    Firmware(const NvmeTraits& traits, SimulatedClock& clock);

    void turn(Knob knob);
    void hold(ByteView secret);
    void power_cycle();
    void reset();
    /// Brings everything up to the time that it is.
    void catch_up();
    [[nodiscard]] std::uint64_t residue(ByteView secret) const;
    [[nodiscard]] const NvmeTraits& traits() const { return traits_; }
    /// The media of all namespaces, then that of what no namespace has.
    [[nodiscard]] std::vector<Media*> all_media();
    [[nodiscard]] NvmeMemory memory();
    void recall(const NvmeMemory& memory);
    [[nodiscard]] NvmeSanitize& machine() { return sanitize_; }
    void disable_memory_region() { traits_.memory_region_enabled = false; }
    [[nodiscard]] Result<NvmeReply> execute(const NvmeCommand& command);
    [[nodiscard]] Result<NvmeReply> execute_io(const NvmeCommand& command);
    /// Nothing when it is not there.
    [[nodiscard]] Media* media(std::uint32_t nsid);
    [[nodiscard]] bool is_attached(std::uint32_t nsid) const;

  private:
    struct Space {
        NvmeNamespaceTraits traits;
        std::unique_ptr<Media> media;
    };

    // Commands
    [[nodiscard]] NvmeReply dispatch(const NvmeCommand& command);
    [[nodiscard]] std::optional<std::uint16_t> closed_by_sanitize(const NvmeCommand& command) const;
    NvmeReply identify(const NvmeCommand& command);
    NvmeReply get_log(const NvmeCommand& command);
    NvmeReply get_features(const NvmeCommand& command);
    NvmeReply security_receive(const NvmeCommand& command);
    NvmeReply sanitize(const NvmeCommand& command);
    NvmeReply format(const NvmeCommand& command);
    [[nodiscard]] std::optional<std::uint16_t> sanitize_prohibited(std::uint32_t word) const;
    [[nodiscard]] std::optional<std::uint16_t> format_prohibited(const NvmeCommand& command) const;
    [[nodiscard]] std::vector<std::uint32_t> format_scope(std::uint32_t nsid) const;
    [[nodiscard]] NvmeSanitizeNow sanitize_now();
    [[nodiscard]] NvmeNamespaceNow now_of(const Space& space) const;
    [[nodiscard]] static NvmeReply sent(const NvmeCommand& command, Bytes page);

    // Operations
    void begin_sanitize(const NvmeCommand& command);
    void recall_operation(const NvmeMemory& memory);
    void begin_format(const NvmeCommand& command);
    /// To what is running: on one of all_media.
    void add_part(const ErasingOrder& order, std::uint32_t medium);
    [[nodiscard]] const Knobs& knobs_of_part(std::uint32_t medium) const;
    [[nodiscard]] bool is_left_out(std::uint32_t nsid) const;
    [[nodiscard]] const Knobs& knobs_of(std::uint32_t nsid) const;
    void end_operation();
    void end_format(bool well);
    void deallocate();
    void happen_half_way();
    void set_access();
    [[nodiscard]] std::chrono::nanoseconds worked() const;
    [[nodiscard]] bool is_frozen() const { return knobs_.contains(Knob::frozen); }
    [[nodiscard]] bool waits_out(std::chrono::nanoseconds deadline, bool for_format);
    [[nodiscard]] bool is_busy(bool for_format) const;
    [[nodiscard]] std::unique_ptr<Media> make_media(std::uint64_t bytes, std::uint32_t block,
                                                    bool has_address);
    [[nodiscard]] Space* find(std::uint32_t nsid);
    [[nodiscard]] const Space* find(std::uint32_t nsid) const;

    NvmeTraits traits_;
    SimulatedClock& clock_;
    Knobs knobs_;
    const Knobs idle_knobs_{Knob::done_but_nothing};
    std::vector<Space> spaces_;
    std::unique_ptr<Media> unallocated_; ///< none when there is nothing
    NvmeSanitize sanitize_;
    std::string serial_;
    std::optional<NvmeOperation> running_;
    NvmeCommand format_;                                  ///< that runs
    bool format_well_ = false;                            ///< the last format
    std::optional<std::chrono::nanoseconds> deallocates_; ///< since when
    bool unexpected_ = false;  ///< the last sanitize has deallocated what NDAS was to keep
    bool lost_ = false;        ///< the power went under the command that was under way
    unsigned passes_done_ = 0; ///< of the last sanitize, an overwrite
};

} // namespace quietus::emulator
