// The commands of an emulated SATA drive, and when it runs them.
#include "firmware.hpp"
#include "tcg_pages.hpp"

#include <algorithm>
#include <array>

namespace quietus::emulator {
namespace {

constexpr std::uint8_t abrt = 0x04;

std::uint8_t low(std::uint64_t value) {
    return static_cast<std::uint8_t>(value & 0xFFU);
}

/// The log that READ LOG EXT asks for: LBA 7:0; its page: LBA 39:32 and 15:8.
std::uint8_t log_of(const AtaTaskfile& in) {
    return low(in.lba);
}
std::uint16_t page_of(const AtaTaskfile& in) {
    return static_cast<std::uint16_t>(low(in.lba >> 32U) << 8U | low(in.lba >> 8U));
}

// The octets that a command which is not of the 48-bit set cannot bring.
AtaCommand as_received(AtaCommand command) {
    AtaTaskfile& in = command.taskfile;
    if (command.extended) return command;
    in.feature &= 0xFFU;
    in.count &= 0xFFU;
    in.lba = (in.lba & 0xFFFFFFU) | std::uint64_t{in.device & 0x0FU} << 24U;
    return command;
}

} // namespace

// When locked: the command tables of Hitachi Travelstar 5K160 (clause 12.9.6) and T13/e05179r4.
// While it sanitizes, and after that failed: ACS-3 clause 4.17.5 as WD HC580 has it on pages 103
// and 104. Its list begins before what could be read of it; CHECK POWER MODE, IDENTIFY DEVICE, IDLE
// IMMEDIATE and SANITIZE STATUS EXT in it are from memory.
const AtaDrive::Firmware::Row* AtaDrive::Firmware::find(std::uint8_t command) {
    static const std::array rows{
        // command, while locked, while sanitizing, 48-bit, what it does
        Row{0x00, true, false, false, &Firmware::nop},
        Row{0x27, true, false, true, &Firmware::read_native_max},
        Row{0x2F, true, true, true, &Firmware::read_log},
        Row{0x37, false, false, true, &Firmware::set_max},
        Row{0x5C, true, false, false, &Firmware::trusted_receive},
        Row{0x78, true, false, true, &Firmware::accessible_max},
        Row{0xB0, true, true, false, &Firmware::smart},
        Row{0xB1, true, false, false, &Firmware::device_configuration},
        Row{0xB4, true, true, true, &Firmware::sanitize},
        Row{0xE1, true, true, false, &Firmware::idle_immediate},
        Row{0xE5, true, true, false, &Firmware::check_power_mode},
        Row{0xE7, false, false, false, &Firmware::flush_cache},
        Row{0xEA, false, false, true, &Firmware::flush_cache},
        Row{0xEC, true, true, false, &Firmware::identify_device},
        Row{0xEF, true, false, false, &Firmware::set_features},
        Row{0xF1, true, false, false, &Firmware::security},
        Row{0xF2, true, true, false, &Firmware::security},
        Row{0xF3, true, false, false, &Firmware::security},
        Row{0xF4, true, false, false, &Firmware::security},
        Row{0xF5, true, false, false, &Firmware::security},
        Row{0xF6, true, false, false, &Firmware::security},
        Row{0xF8, true, false, false, &Firmware::read_native_max},
        Row{0xF9, false, false, false, &Firmware::set_max},
    };
    const auto found =
        std::ranges::find_if(rows, [&](const Row& each) { return each.command == command; });
    return found == rows.end() ? nullptr : &*found;
}

bool AtaDrive::Firmware::is_refused(const Row& row, const AtaCommand& command) const {
    const bool sanitizes = sanitize_.is_in_progress() || sanitize_.has_failed();
    if (row.extended && (!traits_.extended || !command.extended)) return true;
    return (security_.is_locked() && !row.while_locked) || (sanitizes && !row.while_sanitizing);
}

// DEVICE RESET among those that it does not know: it is no packet drive (ACS-4, DEVICE RESET).
AtaReply AtaDrive::Firmware::dispatch(const AtaCommand& command) {
    const AtaCommand received = as_received(command);
    const std::uint8_t code = received.taskfile.command;
    const Row* row = find(code);
    const bool is_security = code >= 0xF1 && code <= 0xF6;
    if (!is_security) security_.forget_prepare();
    const bool reads_or_sets_max = code == 0x27 || code == 0x37 || code == 0xF8 || code == 0xF9;
    if (!reads_or_sets_max) capacity_.forget_native_read();
    if (row == nullptr || is_refused(*row, received)) return failed(abrt);
    return (this->*row->run)(received);
}

// ACS-4 clause 7.22: always aborted; the other registers are as they came.
AtaReply AtaDrive::Firmware::nop(const AtaCommand& command) {
    return failed(abrt, {command.taskfile.count, command.taskfile.lba});
}

AtaReply AtaDrive::Firmware::read_native_max(const AtaCommand& command) {
    return answered(capacity_.read_native_max(command.taskfile.command == 0x27));
}

AtaReply AtaDrive::Firmware::set_max(const AtaCommand& command) {
    const AtaTaskfile& in = command.taskfile;
    return changed(capacity_.set_max(in.command == 0x37, in.lba, (in.count & 1U) != 0));
}

AtaReply AtaDrive::Firmware::accessible_max(const AtaCommand& command) {
    const AtaTaskfile& in = command.taskfile;
    if (security_.is_locked() && in.feature != 0) return failed(abrt);
    return changed(capacity_.accessible_max(in.feature, in.lba));
}

AtaReply AtaDrive::Firmware::device_configuration(const AtaCommand& command) {
    constexpr unsigned restore = 0xC0;
    constexpr unsigned freeze = 0xC1;
    constexpr unsigned identify = 0xC2;
    constexpr unsigned set = 0xC3;
    const unsigned what = command.taskfile.feature;
    if (security_.is_locked() && (what == restore || what == set)) return failed(abrt);
    if (what == restore) return changed(capacity_.dco_restore());
    if (what == freeze) return answered(capacity_.dco_freeze());
    if (what == set && command.out.size() == 512) return changed(capacity_.dco_set(command.out));
    auto page = what == identify ? capacity_.dco_identify() : std::nullopt;
    return page ? sent(std::move(*page)) : failed(abrt);
}

// While it sanitizes it gives logs 10h, 30h and E0h; of those it has one.
AtaReply AtaDrive::Firmware::read_log(const AtaCommand& command) {
    const AtaTaskfile& in = command.taskfile;
    const bool sanitizes = sanitize_.is_in_progress() || sanitize_.has_failed();
    const bool closed = sanitizes && log_of(in) != 0x30;
    if (is_turned(Knob::log_unreadable) || closed || in.count == 0) return failed(abrt);
    Bytes pages;
    const AtaCondition now = condition();
    for (unsigned i = 0; i < in.count; ++i) {
        const auto page = log_page(now, log_of(in), static_cast<std::uint16_t>(page_of(in) + i));
        if (!page) return failed(abrt);
        pages.insert(pages.end(), page->begin(), page->end());
    }
    return sent(std::move(pages));
}

// ACS-4 clause 7.44: with LBA 23:8 C24Fh. RETURN STATUS gives it back when no threshold is passed.
AtaReply AtaDrive::Firmware::smart(const AtaCommand& command) {
    constexpr std::uint64_t signature = 0xC24F00;
    const AtaTaskfile& in = command.taskfile;
    const bool sanitizes = sanitize_.is_in_progress() || sanitize_.has_failed();
    if ((in.lba & 0xFFFF00U) != signature) return failed(abrt);
    if (in.feature == 0xDA) return done({0, signature});
    if (sanitizes) return failed(abrt);
    if (in.feature == 0xD8) return done();
    if (in.feature != 0xD0 || is_turned(Knob::log_unreadable)) return failed(abrt);
    return sent(smart_data(condition()));
}

AtaReply AtaDrive::Firmware::check_power_mode(const AtaCommand&) {
    return done({0xFF, 0}); // PM0: active, or idle
}

// With UNLOAD (FEATURE 44h, LBA 27:0 0554E4Ch) it halts a sanitize operation until the next
// command.
AtaReply AtaDrive::Firmware::idle_immediate(const AtaCommand& command) {
    const AtaTaskfile& in = command.taskfile;
    const bool unloads = in.feature == 0x44 && (in.lba & 0xFFFFFFU) == 0x554E4C;
    if (sanitize_.has_failed() || (sanitize_.is_in_progress() && !unloads)) return failed(abrt);
    if (running_ && !paused_) paused_ = clock_.monotonic();
    constexpr std::uint64_t unloaded = 0xC4;
    return done({0, unloads ? unloaded : 0});
}

// Level 0 Discovery alone; the length is COUNT, and LBA 7:0 above it, in 512 octets.
AtaReply AtaDrive::Firmware::trusted_receive(const AtaCommand& command) {
    constexpr unsigned discovery = 0x01;
    const AtaTaskfile& in = command.taskfile;
    const bool asks = in.feature == discovery && (in.lba >> 8U & 0xFFFFU) == discovery;
    if (!traits_.tcg || !asks || in.count != 1 || (in.lba & 0xFFU) != 0) return failed(abrt);
    return sent(tcg_discovery(traits_.tcg, false));
}

AtaReply AtaDrive::Firmware::flush_cache(const AtaCommand&) {
    return media_.flush(std::chrono::milliseconds(0)) == 0 ? done() : failed(abrt);
}

AtaReply AtaDrive::Firmware::identify_device(const AtaCommand&) {
    return sent(identify_page(condition()));
}

// Transfer modes, and the write cache where there is one.
AtaReply AtaDrive::Firmware::set_features(const AtaCommand& command) {
    const unsigned what = command.taskfile.feature;
    const bool cache = what == 0x02 || what == 0x82;
    return what == 0x03 || (cache && traits_.cached_writes != 0) ? done() : failed(abrt);
}

} // namespace quietus::emulator
