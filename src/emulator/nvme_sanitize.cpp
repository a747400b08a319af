#include "nvme_sanitize.hpp"

#include <cstddef>

namespace quietus::emulator {
namespace {

using enum NvmeState;

constexpr std::uint16_t invalid_field = 0x02;
constexpr std::uint16_t sanitize_failed = 0x1C;
constexpr std::uint16_t in_progress = 0x1D;

constexpr NvmeAnswer to(NvmeState next) {
    return {0, next};
}

} // namespace

// While it processes or deallocates a Sanitize command is none of those allowed (8.1.24.4).
const std::array<NvmeRow, 7>& nvme_sanitize_table() {
    static constexpr NvmeAnswer busy_r{in_progress, restricted_processing};
    static constexpr NvmeAnswer busy_u{in_progress, unrestricted_processing};
    static constexpr NvmeAnswer busy_d{in_progress, post_verification};
    static constexpr NvmeAnswer verifies{invalid_field, media_verification};
    static constexpr std::array<NvmeRow, 7> table{{
        // exit failure, restricted, unrestricted, exit verification
        {to(idle), to(restricted_processing), to(unrestricted_processing),
         NvmeAnswer{invalid_field, idle}},
        {busy_r, busy_r, busy_r, busy_r},
        {NvmeAnswer{sanitize_failed, restricted_failure}, to(restricted_processing),
         NvmeAnswer{sanitize_failed, restricted_failure},
         NvmeAnswer{invalid_field, restricted_failure}},
        {busy_u, busy_u, busy_u, busy_u},
        {to(idle), to(restricted_processing), to(unrestricted_processing),
         NvmeAnswer{invalid_field, unrestricted_failure}},
        {verifies, verifies, verifies, to(post_verification)},
        {busy_d, busy_d, busy_d, busy_d},
    }};
    return table;
}

std::uint16_t NvmeSanitize::perform(NvmeAction action, std::uint32_t command) {
    const NvmeAnswer& answer =
        nvme_sanitize_table()[static_cast<std::size_t>(state_)][static_cast<std::size_t>(action)];
    if (answer.status != 0) return answer.status;
    state_ = answer.next;
    if (!is_processing()) return 0;
    ever_ = true;
    restricted_ = action == NvmeAction::restricted;
    cancelled_ = false;
    data_erased_ = false;
    command_ = command;
    failed_in_ = idle;
    return 0;
}

void NvmeSanitize::processed(bool well) {
    const bool verifies = (command_ & (1U << 10U)) != 0 && !cancelled_;
    const NvmeState was = state_;
    well_ = well;
    data_erased_ = well;
    if (!well) {
        failed_in_ = was;
        state_ = restricted_ ? restricted_failure : unrestricted_failure;
    } else
        state_ = verifies ? media_verification : idle;
}

void NvmeSanitize::deallocated(bool well) {
    well_ = well;
    if (!well) failed_in_ = post_verification;
    state_ = well ? idle : restricted_ ? restricted_failure : unrestricted_failure;
}

void NvmeSanitize::reset() {
    const bool asked = (command_ & (1U << 10U)) != 0;
    if (asked && (is_processing() || state_ == media_verification)) cancelled_ = true;
    if (state_ == media_verification) state_ = post_verification;
}

bool NvmeSanitize::is_processing() const {
    return state_ == restricted_processing || state_ == unrestricted_processing;
}

bool NvmeSanitize::is_in_progress() const {
    return is_processing() || state_ == media_verification || state_ == post_verification;
}

bool NvmeSanitize::has_failed() const {
    return state_ == restricted_failure || state_ == unrestricted_failure;
}

std::uint16_t NvmeSanitize::status(bool unexpected) const {
    unsigned value = 0;
    if (is_in_progress())
        value = 2;
    else if (ever_)
        value = !well_ ? 3 : unexpected && keeps_allocated() ? 4 : 1;
    if (data_erased_) value |= 1U << 8U;
    if (cancelled_) value |= 1U << 9U;
    return static_cast<std::uint16_t>(value);
}

std::uint8_t NvmeSanitize::state_octet() const {
    const bool tells = !is_in_progress() && ever_ && !well_;
    const unsigned failed = tells ? static_cast<unsigned>(failed_in_) : 0;
    return static_cast<std::uint8_t>(failed << 4U | static_cast<unsigned>(state_));
}

void NvmeSanitize::pretend_success(std::uint32_t command) {
    state_ = idle;
    ever_ = well_ = data_erased_ = true;
    command_ = command;
}

NvmeSanitizeMemory NvmeSanitize::memory() const {
    NvmeSanitizeMemory memory;
    memory.state = static_cast<std::uint32_t>(state_);
    memory.failed_in = static_cast<std::uint32_t>(failed_in_);
    memory.ever = ever_;
    memory.well = well_;
    memory.restricted = restricted_;
    memory.cancelled = cancelled_;
    memory.data_erased = data_erased_;
    memory.command = command_;
    return memory;
}

void NvmeSanitize::recall(const NvmeSanitizeMemory& memory) {
    state_ = static_cast<NvmeState>(memory.state);
    failed_in_ = static_cast<NvmeState>(memory.failed_in);
    ever_ = memory.ever;
    well_ = memory.well;
    restricted_ = memory.restricted;
    cancelled_ = memory.cancelled;
    data_erased_ = memory.data_erased;
    command_ = memory.command;
}

} // namespace quietus::emulator
