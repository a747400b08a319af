#include "scsi_firmware.hpp"

#include <algorithm>
#include <csignal>
#include <utility>

namespace quietus::emulator {
namespace {

constexpr SenseCode power_on_occurred{0x06, 0x29, 0x01};
constexpr SenseCode reset_occurred{0x06, 0x29, 0x02};

Error no_answer() {
    return {Fault::io, "the emulated drive does not answer"};
}

} // namespace

class ScsiDrive::Firmware::Port final : public ScsiPort {
  public:
    Port(Firmware& firmware, unsigned unit) : firmware_(firmware), unit_(unit) {}
    [[nodiscard]] Result<ScsiReply> execute(const ScsiCommand& command) override {
        return firmware_.execute(unit_, command);
    }

  private:
    Firmware& firmware_;
    unsigned unit_;
};

ScsiDrive::Firmware::Firmware(const ScsiTraits& traits, SimulatedClock& clock)
    : traits_(traits), clock_(clock), serial_(traits.serial) {
    for (unsigned unit = 0; unit < traits.units; ++unit)
        units_.emplace_back(traits_, clock, knobs_, unit == 0);
}

ScsiPort& ScsiDrive::Firmware::port(unsigned unit) {
    while (ports_.size() <= unit)
        ports_.push_back(std::make_unique<Port>(*this, static_cast<unsigned>(ports_.size())));
    return *ports_[unit];
}

void ScsiDrive::Firmware::turn(Knob knob) {
    knobs_.insert(knob);
    for (ScsiUnit& unit : units_) {
        const std::uint64_t size = unit.media().geometry().size_bytes;
        if (knob == Knob::drops_writes) unit.media().add({.kind = FaultKind::write_dropped});
        if (knob == Knob::aliases)
            unit.media().add({.kind = FaultKind::alias, .where = {0, size}, .amount = size / 2});
        if (knob == Knob::reads_differ_twice) unit.media().add({.kind = FaultKind::read_flicker});
    }
}

void ScsiDrive::Firmware::tell_all(const SenseCode& attention) {
    for (ScsiUnit& unit : units_)
        unit.attentions.push_back(attention);
}

void ScsiDrive::Firmware::power_cycle() {
    catch_up();
    for (ScsiUnit& unit : units_)
        unit.power_cycle();
    tell_all(power_on_occurred);
}

void ScsiDrive::Firmware::hard_reset() {
    catch_up();
    tell_all(reset_occurred);
}

void ScsiDrive::Firmware::happen_half_way(ScsiUnit& unit) {
    unit.pass_half_way();
    if (traits_.stops_program) ::raise(SIGINT);
    if (is_turned(Knob::identity_changes)) serial_ = "EMU99999999";
    if (is_turned(Knob::power_loss)) {
        lost_ = true;
        for (ScsiUnit& each : units_)
            each.power_cycle();
        tell_all(power_on_occurred);
    } else if (is_turned(Knob::reset_in_middle)) {
        tell_all(reset_occurred);
    }
}

void ScsiDrive::Firmware::catch_up() {
    for (ScsiUnit& unit : units_)
        if (unit.is_half_way_due()) happen_half_way(unit);
    for (ScsiUnit& unit : units_)
        unit.catch_up();
}

ScsiMemory ScsiDrive::Firmware::memory() {
    catch_up();
    ScsiMemory memory;
    memory.serial = serial_;
    for (const ScsiUnit& unit : units_)
        memory.units.push_back(unit.memory());
    return memory;
}

void ScsiDrive::Firmware::recall(const ScsiMemory& memory) {
    serial_ = memory.serial;
    for (std::size_t at = 0; at < units_.size(); ++at)
        units_[at].recall(memory.units.at(at));
}

bool ScsiDrive::Firmware::is_busy(const ScsiUnit& unit) const {
    return unit.is_working();
}

// An event half-way ends the wait.
bool ScsiDrive::Firmware::waits_out(ScsiUnit& unit, std::chrono::nanoseconds deadline) {
    while (is_busy(unit)) {
        const auto now = clock_.monotonic();
        if (now >= deadline) return false;
        const auto half = unit.half_way_at();
        const auto next = now < half ? half : unit.over_at().value_or(deadline);
        clock_.advance(std::min(std::max(next, now + std::chrono::nanoseconds(1)), deadline) - now);
        catch_up();
    }
    return true;
}

Result<ScsiReply> ScsiDrive::Firmware::execute(unsigned number, const ScsiCommand& command) {
    const auto deadline = clock_.monotonic() + command.timeout;
    catch_up();
    if (is_turned(Knob::timeout_while_running) && number < units_.size() &&
        !waits_out(units_[number], deadline))
        return no_answer();
    if (std::exchange(lost_, false)) return no_answer();
    clock_.advance(traits_.command_takes);
    catch_up();
    if (std::exchange(lost_, false)) return no_answer();
    Given given{units_[number < units_.size() ? number : 0], number, command, deadline};
    given.command.cdb.resize(16);
    auto reply = dispatch(given);
    constexpr std::size_t cut_to = 18;
    if (reply && is_turned(Knob::sense_cut_to_18)) {
        const bool sensed = given.command.cdb[0] == 0x03;
        if (reply->sense.size() > cut_to) reply->sense.resize(cut_to);
        if (sensed && reply->data.size() > cut_to) reply->data.resize(cut_to);
    }
    return reply;
}

ScsiReply ScsiDrive::Firmware::refused(const SenseCode& code) const {
    return {scsi::check_condition, sense_of(code), {}};
}

Bytes ScsiDrive::Firmware::sense_of(const SenseCode& code) const {
    return traits_.descriptor_sense ? descriptor_sense(code) : fixed_sense(code);
}

// What a unit tells of the operation that it works on, or that has failed.
Bytes ScsiDrive::Firmware::sense_with_progress(const ScsiUnit& unit) const {
    constexpr std::uint8_t valid = 0x80;
    Bytes sense = sense_of(unit.states().sense());
    if (!unit.states().is_under_way()) return sense;
    const std::uint16_t progress = unit.progress();
    const auto high = static_cast<std::uint8_t>(progress >> 8U);
    const auto low = static_cast<std::uint8_t>(progress & 0xFFU);
    if (traits_.descriptor_sense) {
        const Bytes specific{0x02, 0x06, 0, 0, valid, high, low, 0};
        sense[7] = static_cast<std::uint8_t>(specific.size());
        sense.insert(sense.end(), specific.begin(), specific.end());
    } else {
        sense[15] = valid;
        sense[16] = high;
        sense[17] = low;
    }
    return sense;
}

ScsiReply ScsiDrive::Firmware::barred(ScsiUnit& unit) const {
    return {scsi::check_condition, sense_with_progress(unit), {}};
}

ScsiSituation ScsiDrive::Firmware::situation(const Given& given) {
    const auto on = std::chrono::duration_cast<std::chrono::minutes>(clock_.monotonic());
    return {traits_,
            serial_,
            given.number,
            given.unit.shown_blocks(),
            given.unit.media().retired(),
            traits_.powered_minutes + static_cast<std::uint64_t>(on.count())};
}

} // namespace quietus::emulator
