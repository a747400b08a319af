#include "ata_security.hpp"

#include <algorithm>

namespace quietus::emulator {
namespace {

using enum SecurityState;
constexpr std::nullopt_t aborts = std::nullopt;

constexpr unsigned attempts_at_power_on = 5;

// Of the block of data.
constexpr std::size_t password_at = 2;
constexpr std::size_t master_identifier_at = 34;

bool names_master(ByteView block) {
    return (block[0] & 1U) != 0;
}

std::uint16_t announced(std::chrono::minutes takes, bool extended) {
    const auto pairs = static_cast<std::uint64_t>((takes.count() + 1) / 2);
    if (!extended) return static_cast<std::uint16_t>(std::min<std::uint64_t>(pairs, 0xFF));
    constexpr std::uint64_t format = 0x8000;
    if (pairs == 0) return 0;
    return static_cast<std::uint16_t>(format | std::min<std::uint64_t>(pairs, 0x7FFF));
}

} // namespace

const std::array<SecurityRow, 5>& security_table() {
    static const std::array<SecurityRow, 5> table{{
        // SET PASSWORD, UNLOCK, ERASE PREPARE, ERASE UNIT, FREEZE LOCK, DISABLE PASSWORD
        {sec5, sec1, sec1, sec1, sec2, sec1},           // in SEC1
        {aborts, aborts, aborts, aborts, sec2, aborts}, // in SEC2
        {aborts, sec5, sec4, sec1, aborts, aborts},     // in SEC4
        {sec5, sec5, sec5, sec1, sec6, sec1},           // in SEC5
        {aborts, aborts, aborts, aborts, sec6, aborts}, // in SEC6
    }};
    return table;
}

AtaSecurity::AtaSecurity(const SecurityTraits& traits)
    : traits_(traits), user_(padded(traits.user_password)), master_(padded(traits.master_password)),
      maximum_(traits.level_maximum), master_identifier_(traits.master_identifier) {
    if (!traits.user_password.empty()) state_ = sec4;
    power_on();
}

AtaSecurity::Password AtaSecurity::padded(std::string_view text) {
    Password password{};
    std::copy_n(text.begin(), std::min(text.size(), password.size()), password.begin());
    return password;
}

bool AtaSecurity::is_enabled() const {
    return state_ == sec4 || state_ == sec5 || state_ == sec6;
}

bool AtaSecurity::is_frozen() const {
    return state_ == sec2 || state_ == sec6;
}

void AtaSecurity::power_on() {
    state_ = is_enabled() ? sec4 : sec1;
    attempts_ = attempts_at_power_on;
    prepared_ = false;
    const auto frozen = security_table()[static_cast<std::size_t>(state_)]
                                        [static_cast<std::size_t>(SecurityCommand::freeze_lock)];
    if (traits_.frozen_at_power_on && frozen) state_ = *frozen;
}

// A user password that is not set matches nothing. At level Maximum a master password opens
// nothing, it only erases (T13/e05179r4; WD HC310 11.43 for UNLOCK).
bool AtaSecurity::matches(SecurityCommand command, ByteView block) {
    const bool master = names_master(block);
    if (!master && !is_enabled()) return false;
    if (master && maximum_ && is_enabled() && command != SecurityCommand::erase_unit) return false;
    const bool equal =
        std::ranges::equal(block.subspan(password_at, user_.size()), master ? master_ : user_);
    // Only UNLOCK of a locked drive is counted.
    const bool counted = command == SecurityCommand::unlock && is_locked();
    if (!equal && counted && attempts_ > 0) --attempts_;
    return equal;
}

bool AtaSecurity::may(SecurityCommand command, ByteView block) {
    switch (command) {
    case SecurityCommand::erase_prepare:
    case SecurityCommand::freeze_lock:
    case SecurityCommand::set_password:
        return true;
    case SecurityCommand::unlock:
        return attempts_ > 0 && matches(command, block);
    case SecurityCommand::erase_unit:
        return prepared_ && attempts_ > 0 && (traits_.enhanced || !asks_for_enhanced(block)) &&
               matches(command, block);
    case SecurityCommand::disable_password:
        return matches(command, block);
    }
    return false;
}

bool AtaSecurity::asks_for_enhanced(ByteView block) {
    return (block[0] & 2U) != 0;
}

// 0000h and FFFFh leave the identifier as it is (WD HC310, Security Set Password).
void AtaSecurity::set(ByteView block) {
    Password& password = names_master(block) ? master_ : user_;
    std::ranges::copy(block.subspan(password_at, password.size()), password.begin());
    if (!names_master(block)) {
        maximum_ = (block[1] & 1U) != 0;
        return;
    }
    const auto identifier = static_cast<std::uint16_t>(block[master_identifier_at] |
                                                       block[master_identifier_at + 1] << 8U);
    if (identifier != 0 && identifier != 0xFFFF) master_identifier_ = identifier;
}

bool AtaSecurity::perform(SecurityCommand command, ByteView block) {
    const auto next =
        security_table()[static_cast<std::size_t>(state_)][static_cast<std::size_t>(command)];
    const bool succeeds = traits_.supported && next && may(command, block);
    prepared_ = succeeds && command == SecurityCommand::erase_prepare;
    if (!succeeds) return false;
    const bool set_master = command == SecurityCommand::set_password && names_master(block);
    if (command == SecurityCommand::set_password) set(block);
    if (!set_master && command != SecurityCommand::erase_unit) state_ = *next;
    return true;
}

void AtaSecurity::erased() {
    state_ = sec1;
    user_ = {};
    maximum_ = false;
}

void AtaSecurity::remember(AtaMemory& memory) const {
    memory.security = static_cast<std::uint32_t>(state_);
    memory.user_password = to_hex(user_);
    memory.master_password = to_hex(master_);
    memory.maximum = maximum_;
    memory.master_identifier = master_identifier_;
    memory.attempts = attempts_;
}

void AtaSecurity::recall(const AtaMemory& memory) {
    state_ = static_cast<SecurityState>(memory.security);
    std::ranges::copy(from_hex(memory.user_password).value_or(Bytes(user_.size())), user_.begin());
    std::ranges::copy(from_hex(memory.master_password).value_or(Bytes(master_.size())),
                      master_.begin());
    maximum_ = memory.maximum;
    master_identifier_ = static_cast<std::uint16_t>(memory.master_identifier);
    attempts_ = memory.attempts;
    prepared_ = false;
}

std::uint16_t AtaSecurity::word_89() const {
    return traits_.supported ? announced(traits_.normal_takes, traits_.extended_times)
                             : std::uint16_t{0};
}

std::uint16_t AtaSecurity::word_90() const {
    return traits_.supported && traits_.enhanced
               ? announced(traits_.enhanced_takes, traits_.extended_times)
               : std::uint16_t{0};
}

std::uint16_t AtaSecurity::word_128() const {
    if (!traits_.supported) return 0;
    unsigned word = 1;
    if (is_enabled()) word |= 1U << 1U;
    if (is_locked()) word |= 1U << 2U;
    if (is_frozen()) word |= 1U << 3U;
    if (attempts_ == 0) word |= 1U << 4U;
    if (traits_.enhanced) word |= 1U << 5U;
    if (is_enabled() && maximum_) word |= 1U << 8U;
    return static_cast<std::uint16_t>(word);
}

} // namespace quietus::emulator
