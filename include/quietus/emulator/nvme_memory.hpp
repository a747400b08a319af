// NvmeMemory: what the firmware of an emulated NVMe drive knows, for a drive that lasts from run to
// run. As AtaMemory.
//
// A format leaves blocks of the size that they had: nobody who erases asks for others.
#pragma once

#include "quietus/core/result.hpp"
#include "quietus/emulator/nvme_traits.hpp"
#include "quietus/emulator/operation_memory.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quietus::emulator {

/// What runs, on one medium after the other.
struct NvmePartMemory {
    /// Which namespace of the traits, from 0; behind the last: what no namespace has.
    std::uint32_t medium = 0;
    OperationMemory operation;

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("medium", self.medium);
        visit("operation", self.operation);
    }
};

/// The Sanitize Operation State Machine; states are numbers of the enumeration NvmeState.
struct NvmeSanitizeMemory {
    std::uint32_t state = 0;
    std::uint32_t failed_in = 0;
    bool ever = false;
    bool well = false;
    bool restricted = false;
    bool cancelled = false;
    bool data_erased = false;
    std::uint32_t command = 0;

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("state", self.state);
        visit("failed_in", self.failed_in);
        visit("ever", self.ever);
        visit("well", self.well);
        visit("restricted", self.restricted);
        visit("cancelled", self.cancelled);
        visit("data_erased", self.data_erased);
        visit("command", self.command);
    }
};

struct NvmeMemory {
    std::string serial;
    NvmeSanitizeMemory sanitize;
    std::vector<NvmePartMemory> running;
    std::uint32_t passes = 0; ///< of the sanitize operation that runs
    std::uint32_t passes_done = 0;
    std::uint32_t format_nsid = 0; ///< and dword 10 of the last format
    std::uint32_t format_word = 0;
    bool format_well = false;
    bool unexpected = false;
    std::optional<std::uint64_t> deallocates_ns; ///< for so long

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("serial", self.serial);
        visit("sanitize", self.sanitize);
        visit("running", self.running);
        visit("passes", self.passes);
        visit("passes_done", self.passes_done);
        visit("format_nsid", self.format_nsid);
        visit("format_word", self.format_word);
        visit("format_well", self.format_well);
        visit("unexpected", self.unexpected);
        visit("deallocates_ns", self.deallocates_ns);
    }
};

[[nodiscard]] std::string written(const NvmeMemory& memory);
/// Read as strictly as a stranger's, for a drive of these traits: Fault::invalid.
[[nodiscard]] Result<NvmeMemory> read_nvme_memory(std::string_view text, const NvmeTraits& traits);

} // namespace quietus::emulator
