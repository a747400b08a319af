// Sanitizing: one sanitize operation while it is followed.
#pragma once

#include "operation.hpp"

#include "quietus/technique/nvme/sanitize.hpp"
#include "quietus/transport/nvme/sanitize_log.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace quietus::nvme {

/// Asks the drive now; the errors of fetch() and of parse_sanitize_log().
[[nodiscard]] Result<SanitizeLog> read_sanitize_log(NvmePort& port);

class Sanitizing : private FirmwareOperation<NvmeDesk, NvmeSanitizeRecord> {
  public:
    /// All outlive it.
    Sanitizing(const NvmeDesk& desk, const SanitizeOrder& order, NvmeSanitizeRecord& record);

    void run();   ///< from the beginning
    void go_on(); ///< from where it is
    void leave(); ///< from the Media Verification state on

  private:
    bool may_begin();
    bool may_begin_after(const SanitizeLog& log);
    bool begin();
    void follow();
    void ask();
    void take(const SanitizeLog& log);
    void note(const SanitizeLog& log);
    [[nodiscard]] bool is_strange(const SanitizeLog& log);
    void take_progress(const SanitizeLog& log);
    void enter_verification();
    void note_verification(const SanitizeLog& log);
    bool begin_leaving();
    void end_well();
    [[nodiscard]] bool was_begun() const;
    void see_progress(std::uint16_t progress);
    void see_whether_late();
    void end();
    [[nodiscard]] bool goes_on() const;

    const SanitizeOrder& order_;
    SanitizePatience patience_;
    std::chrono::nanoseconds answered_; ///< last
    std::chrono::nanoseconds stepped_;  ///< when the progress last changed
    std::uint16_t last_ = 0;
    unsigned silent_ = 0;  ///< questions without an answer, since the last one
    unsigned idle_ = 0;    ///< answers that told of no operation, one after the other
    unsigned strange_ = 0; ///< the same, of another operation
};

} // namespace quietus::nvme
