// NvmeSanitize: the Sanitize Operation State Machine of an emulated NVM subsystem.
//
// NVM Express Base 2.1, 5.1.22 and 8.1.24.3 (figures 648 to 655).
#pragma once

#include "quietus/emulator/nvme_memory.hpp"

#include <array>
#include <cstdint>

namespace quietus::emulator {

/// With the numbers of SANS.
enum class NvmeState : std::uint8_t {
    idle,
    restricted_processing,
    restricted_failure,
    unrestricted_processing,
    unrestricted_failure,
    media_verification,
    post_verification,
};

/// What a Sanitize command that is otherwise right can be.
enum class NvmeAction : std::uint8_t {
    exit_failure,
    restricted,   ///< an operation with AUSE 0
    unrestricted, ///< with AUSE 1
    exit_verification,
};

struct NvmeAnswer {
    std::uint16_t status = 0;
    NvmeState next = NvmeState::idle; ///< of a command that is refused: as it was
};

using NvmeRow = std::array<NvmeAnswer, 4>;
[[nodiscard]] const std::array<NvmeRow, 7>& nvme_sanitize_table();

class NvmeSanitize {
  public:
    /// What the table says; the status of the command.
    std::uint16_t perform(NvmeAction action, std::uint32_t command);
    void processed(bool well); ///< what was begun is over
    void deallocated(bool well);
    /// A reset of the controller, or power that was gone: what runs goes on; nobody verifies.
    void reset();
    void wrote() { data_erased_ = false; }

    [[nodiscard]] NvmeState state() const { return state_; }
    [[nodiscard]] bool is_processing() const;
    [[nodiscard]] bool is_in_progress() const;
    [[nodiscard]] bool has_failed() const;
    [[nodiscard]] std::uint32_t command() const { return command_; }
    [[nodiscard]] bool keeps_allocated() const { return (command_ & (1U << 9U)) != 0; }
    /// SSTAT without the passes; `unexpected`: a success has deallocated what NDAS was to keep.
    [[nodiscard]] std::uint16_t status(bool unexpected) const;
    [[nodiscard]] std::uint8_t state_octet() const; ///< SSI
    /// As though an operation had ended well, by this command.
    void pretend_success(std::uint32_t command);
    [[nodiscard]] NvmeSanitizeMemory memory() const;
    void recall(const NvmeSanitizeMemory& memory);

  private:
    NvmeState state_ = NvmeState::idle;
    NvmeState failed_in_ = NvmeState::idle;
    bool ever_ = false;
    bool well_ = false; ///< the last operation, as far as it is over
    bool restricted_ = false;
    bool cancelled_ = false; ///< MVCNCLD
    bool data_erased_ = false;
    std::uint32_t command_ = 0;
};

} // namespace quietus::emulator
