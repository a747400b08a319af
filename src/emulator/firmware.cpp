#include "firmware.hpp"

#include "quietus/transport/transfer_bytes.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <utility>

namespace quietus::emulator {
namespace {

MediaTraits media_traits(const AtaTraits& traits) {
    const AtaCapacity capacity(traits);
    MediaTraits media;
    media.size_bytes = capacity.accessible() * traits.logical_bytes;
    media.hidden_bytes = traits.blocks * traits.logical_bytes - media.size_bytes;
    media.block_bytes = traits.logical_bytes;
    media.slot_bytes = shortest_transfer;
    media.cached_writes = traits.cached_writes;
    media.bytes_a_second = traits.bytes_a_second;
    media.spare_blocks = traits.spare_blocks;
    media.stale_copies = traits.stale_copies;
    media.encrypts = traits.encrypts;
    return media;
}

Error no_answer() {
    return {Fault::io, "the emulated drive does not answer"};
}

} // namespace

AtaDrive::Firmware::Firmware(const AtaTraits& traits, SimulatedClock& clock)
    : traits_(traits), clock_(clock), media_(media_traits(traits), clock),
      security_(traits.security), capacity_(traits), serial_(traits.serial) {
    if (traits.scsi_blocks != 0) scsi_blocks = traits.scsi_blocks;
    const std::uint64_t apart = traits.blocks / (traits.retired_blocks + 1);
    for (std::uint64_t i = 1; i <= traits.retired_blocks; ++i)
        media_.retire(i * apart * traits.logical_bytes);
    set_access();
}

void AtaDrive::Firmware::turn(Knob knob) {
    knobs_.insert(knob);
    const std::uint64_t size = media_.geometry().size_bytes;
    if (knob == Knob::frozen) freeze();
    if (knob == Knob::stale_completed_bit) sanitize_.set_completed();
    if (knob == Knob::drops_writes) media_.add({.kind = FaultKind::write_dropped});
    if (knob == Knob::aliases)
        media_.add({.kind = FaultKind::alias, .where = {0, size}, .amount = size / 2});
    if (knob == Knob::reads_differ_twice) media_.add({.kind = FaultKind::read_flicker});
}

void AtaDrive::Firmware::freeze() {
    (void)security_.perform(SecurityCommand::freeze_lock, {});
    (void)sanitize_.perform(SanitizeCommand::freeze_lock);
}

// A sanitize operation goes on where it was; ERASE UNIT does not, and leaves the drive locked.
void AtaDrive::Firmware::power_cycle() {
    catch_up();
    media_.forget_cache();
    if (!sanitizes_) running_.reset();
    paused_.reset();
    security_.power_on();
    sanitize_.power_on();
    capacity_.power_on();
    media_.set_accessible(capacity_.accessible() * traits_.logical_bytes);
    if (is_turned(Knob::frozen)) freeze();
    reset_ = true;
    set_access();
}

void AtaDrive::Firmware::hard_reset() {
    catch_up();
    if (!sanitizes_) running_.reset();
    paused_.reset();
    security_.forget_prepare();
    reset_ = true;
    set_access();
}

bool AtaDrive::Firmware::take_reset() {
    catch_up();
    return std::exchange(reset_, false);
}

void AtaDrive::Firmware::begin(ErasingOrder order) {
    running_.emplace(std::move(order), knobs_, media_);
    began_ = clock_.monotonic();
    half_way_ = false;
    paused_.reset();
    set_access();
}

std::chrono::nanoseconds AtaDrive::Firmware::worked() const {
    return paused_.value_or(clock_.monotonic()) - began_;
}

void AtaDrive::Firmware::happen_half_way() {
    half_way_ = true;
    if (traits_.stops_program) ::raise(SIGINT);
    if (is_turned(Knob::identity_changes)) serial_ = "EMU99999999";
    const bool power = is_turned(Knob::power_loss);
    if (!power && !is_turned(Knob::reset_in_middle)) return;
    running_->advance(running_->takes() / 2);
    lost_ = power || !sanitizes_;
    if (power)
        power_cycle();
    else
        hard_reset();
}

void AtaDrive::Firmware::catch_up() {
    if (running_ && !half_way_ && worked() >= running_->takes() / 2) happen_half_way();
    if (running_) running_->advance(worked());
    if (running_ && running_->is_over()) end_operation();
}

void AtaDrive::Firmware::end_operation() {
    ended_well_ = !running_->has_failed();
    running_.reset();
    says_ok_next_ = false;
    if (sanitizes_)
        sanitize_.ended(ended_well_);
    else if (is_turned(Knob::fails_then_says_ok) ||
             (ended_well_ && !is_turned(Knob::password_left)))
        security_.erased();
    sanitizes_ = false;
    set_access();
}

// What transfers of blocks find: a locked drive and one that sanitizes, or could not, abort them.
void AtaDrive::Firmware::set_access() {
    const bool closed = security_.is_locked() || running_ || sanitize_.has_failed();
    media_.refuse(closed ? std::optional(EIO) : std::nullopt);
}

bool AtaDrive::Firmware::is_busy() const {
    return running_ && (!sanitizes_ || is_turned(Knob::timeout_while_running));
}

std::optional<std::chrono::nanoseconds> AtaDrive::Firmware::over_at() const {
    if (is_turned(Knob::stuck_at_99)) return std::nullopt;
    return began_ + running_->takes();
}

// Lets time pass until the drive is not busy, or to the deadline. An event half-way ends the wait.
bool AtaDrive::Firmware::waits_out(std::chrono::nanoseconds deadline) {
    while (is_busy()) {
        const auto now = clock_.monotonic();
        if (now >= deadline) return false;
        const auto half = began_ + running_->takes() / 2;
        const auto next = half_way_ ? over_at().value_or(deadline) : half;
        clock_.advance(std::min(std::max(next, now + std::chrono::nanoseconds(1)), deadline) - now);
        catch_up();
    }
    return true;
}

Result<AtaReply> AtaDrive::Firmware::execute(const AtaCommand& command) {
    const auto deadline = clock_.monotonic() + command.timeout;
    catch_up();
    if (!waits_out(deadline) || std::exchange(lost_, false)) return no_answer();
    if (paused_ && command.taskfile.command != 0xE1) {
        began_ += clock_.monotonic() - *paused_;
        paused_.reset();
    }
    clock_.advance(traits_.command_takes);
    catch_up();
    if (std::exchange(lost_, false)) return no_answer();
    const bool was_running = running_.has_value();
    AtaReply reply = dispatch(command);
    const bool erases_unit = running_ && !was_running && !sanitizes_;
    if (!erases_unit) return reply;
    if (!waits_out(deadline) || std::exchange(lost_, false)) return no_answer();
    return ended_well_ ? done() : failed(0x04);
}

AtaCondition AtaDrive::Firmware::condition() {
    const auto on = std::chrono::duration_cast<std::chrono::hours>(clock_.monotonic());
    return {traits_,          security_,
            capacity_,        serial_,
            media_.retired(), traits_.power_on_hours + static_cast<std::uint64_t>(on.count())};
}

AtaMemory AtaDrive::Firmware::memory() {
    catch_up();
    AtaMemory memory;
    sanitize_.remember(memory);
    security_.remember(memory);
    capacity_.remember(memory);
    memory.scsi_blocks = scsi_blocks;
    memory.serial = serial_;
    memory.ended_well = ended_well_;
    memory.says_ok_next = says_ok_next_;
    if (!running_) return memory;
    memory.running = running_->memory();
    memory.running->sanitizes = sanitizes_;
    memory.running->half_way = half_way_;
    memory.running->worked_ns = static_cast<std::uint64_t>(worked().count());
    return memory;
}

void AtaDrive::Firmware::recall(const AtaMemory& memory) {
    sanitize_.recall(memory);
    security_.recall(memory);
    capacity_.recall(memory);
    scsi_blocks = memory.scsi_blocks;
    serial_ = memory.serial;
    ended_well_ = memory.ended_well;
    says_ok_next_ = memory.says_ok_next;
    media_.set_accessible(capacity_.accessible() * traits_.logical_bytes);
    paused_.reset();
    running_.reset();
    if (memory.running) {
        running_.emplace(*memory.running, knobs_, media_);
        sanitizes_ = memory.running->sanitizes;
        half_way_ = memory.running->half_way;
        began_ = clock_.monotonic() - std::chrono::nanoseconds(memory.running->worked_ns);
    }
    set_access();
}

// Bit 4 of STATUS, once "seek complete", means nothing any more, and drives differ in it.
AtaReply AtaDrive::Firmware::done(AtaOutput output) const {
    const std::uint8_t status = traits_.seek_complete ? 0x50 : 0x40;
    return {AtaRegisters{status, 0, 0, output.count, true, output.lba}, {}};
}

AtaReply AtaDrive::Firmware::failed(std::uint8_t error, AtaOutput output) const {
    const std::uint8_t status = traits_.seek_complete ? 0x51 : 0x41;
    return {AtaRegisters{status, error, 0, output.count, true, output.lba}, {}};
}

AtaReply AtaDrive::Firmware::sent(Bytes page) const {
    AtaReply reply = done();
    reply.data = std::move(page);
    return reply;
}

AtaReply AtaDrive::Firmware::answered(const CapacityAnswer& answer) const {
    const AtaOutput output{answer.count, answer.lba};
    return answer.error == 0 ? done(output) : failed(answer.error, output);
}

// The end of what can be addressed may have moved.
AtaReply AtaDrive::Firmware::changed(const CapacityAnswer& answer) {
    media_.set_accessible(capacity_.accessible() * traits_.logical_bytes);
    return answered(answer);
}

} // namespace quietus::emulator
