#include "scsi_unit.hpp"

#include "quietus/transport/transfer_bytes.hpp"

#include <cerrno>
#include <utility>

namespace quietus::emulator {
namespace {

// A drive that is formatted with 520 or 528 octets has no blocks for a host: they are kept as 512.
std::uint32_t stored_octets(const ScsiTraits& traits) {
    return traits.block_bytes % 512 == 0 ? traits.block_bytes : 512;
}

std::uint64_t shown(const ScsiTraits& traits) {
    return traits.shown_blocks == 0 ? traits.blocks : traits.shown_blocks;
}

MediaTraits media_traits(const ScsiTraits& traits) {
    const std::uint32_t octets = stored_octets(traits);
    MediaTraits media;
    media.size_bytes = shown(traits) * octets;
    media.hidden_bytes = traits.blocks * octets - media.size_bytes;
    media.block_bytes = octets;
    media.slot_bytes = shortest_transfer;
    media.cached_writes = traits.cached_writes;
    media.bytes_a_second = traits.bytes_a_second;
    media.spare_blocks = traits.spare_blocks;
    media.stale_copies = traits.stale_copies;
    media.encrypts = traits.encrypts;
    return media;
}

} // namespace

ScsiUnit::ScsiUnit(const ScsiTraits& traits, SimulatedClock& clock, const Knobs& knobs, bool first)
    : traits_(traits), clock_(clock), knobs_(knobs), first_(first),
      stored_bytes_(stored_octets(traits)), shown_blocks_(shown(traits)),
      media_(media_traits(traits), clock) {
    const std::uint64_t apart = traits.blocks / (traits.retired_blocks + 1);
    for (std::uint64_t i = 1; i <= traits.retired_blocks; ++i)
        media_.retire(i * apart * stored_bytes_);
    set_access();
}

bool ScsiUnit::shorten(std::optional<std::uint64_t> blocks) {
    if (blocks.value_or(0) > traits_.blocks) return false;
    shown_blocks_ = blocks.value_or(traits_.blocks);
    media_.set_accessible(shown_blocks_ * stored_bytes_);
    return true;
}

const Knobs& ScsiUnit::knobs_of(ScsiEvent event) {
    const bool idles = (knobs_.contains(Knob::lun_left) && !first_) ||
                       (knobs_.contains(Knob::format_nothing_done) && event == ScsiEvent::format);
    if (!idles) return knobs_;
    idle_knobs_ = knobs_;
    idle_knobs_.insert(Knob::done_but_nothing);
    return idle_knobs_;
}

ScsiAnswer ScsiUnit::begin(ScsiWork work) {
    const ScsiStates before = states_;
    const ScsiAnswer answer = perform(work.event);
    if (!answer.is_good()) return answer;
    if (knobs_.contains(Knob::idle_without_start)) {
        states_ = before;
        set_access();
        return answer;
    }
    running_.emplace(std::move(work.order), knobs_of(work.event), media_);
    must_be_written_ = work.must_be_written;
    began_ = clock_.monotonic();
    half_way_ = false;
    set_access();
    return answer;
}

ScsiAnswer ScsiUnit::perform(ScsiEvent event) {
    const ScsiAnswer answer = states_.perform(event);
    set_access();
    return answer;
}

void ScsiUnit::power_cycle() {
    media_.forget_cache();
    static_cast<void>(states_.perform(ScsiEvent::power_on));
    if (!states_.is_under_way()) running_.reset();
    set_access();
}

std::chrono::nanoseconds ScsiUnit::worked() const {
    return clock_.monotonic() - began_;
}

bool ScsiUnit::is_half_way_due() const {
    return running_ && !half_way_ && worked() >= running_->takes() / 2;
}

void ScsiUnit::pass_half_way() {
    half_way_ = true;
    running_->advance(running_->takes() / 2);
}

void ScsiUnit::catch_up() {
    if (running_) running_->advance(worked());
    if (running_ && running_->is_over()) end_operation();
}

void ScsiUnit::end_operation() {
    const bool well = !running_->has_failed();
    running_.reset();
    states_.ended(well);
    if (well) unwritten = {};
    if (well && must_be_written_) unwritten.add({0, traits_.blocks * stored_bytes_});
    set_access();
}

std::optional<std::chrono::nanoseconds> ScsiUnit::over_at() const {
    if (!running_ || knobs_.contains(Knob::stuck_at_99)) return std::nullopt;
    return began_ + running_->takes();
}

std::chrono::nanoseconds ScsiUnit::half_way_at() const {
    return began_ + running_->takes() / 2;
}

std::uint16_t ScsiUnit::progress() const {
    return running_ ? running_->progress(worked()) : std::uint16_t{0xFFFF};
}

void ScsiUnit::told_of_failure() {
    if (states_.has_failed() && knobs_.contains(Knob::fails_then_says_ok)) {
        states_.forget_failure();
        set_access();
    }
}

ScsiUnitMemory ScsiUnit::memory() const {
    ScsiUnitMemory memory;
    states_.remember(memory);
    memory.shown_blocks = shown_blocks_;
    memory.unwritten = unwritten.extents();
    memory.must_be_written = must_be_written_;
    if (!running_) return memory;
    memory.running = running_->memory();
    memory.running->sanitizes = states_.state() == ScsiState::sanitizing;
    memory.running->half_way = half_way_;
    memory.running->worked_ns = static_cast<std::uint64_t>(worked().count());
    return memory;
}

void ScsiUnit::recall(const ScsiUnitMemory& memory) {
    states_.recall(memory);
    static_cast<void>(shorten(memory.shown_blocks));
    unwritten = ExtentSet(memory.unwritten);
    must_be_written_ = memory.must_be_written;
    running_.reset();
    if (memory.running) {
        const bool sanitizes = memory.running->sanitizes;
        running_.emplace(*memory.running,
                         knobs_of(sanitizes ? ScsiEvent::sanitize_restricted : ScsiEvent::format),
                         media_);
        half_way_ = memory.running->half_way;
        began_ = clock_.monotonic() - std::chrono::nanoseconds(memory.running->worked_ns);
    }
    set_access();
}

// RESERVATION CONFLICT is EBADE to those who use a block device of Linux.
void ScsiUnit::set_access() {
    const bool closed = states_.state() != ScsiState::idle;
    const std::optional<int> reserved =
        traits_.reserved_by != 0 ? std::optional(EBADE) : std::nullopt;
    media_.refuse(closed ? std::optional(EIO) : reserved);
}

} // namespace quietus::emulator
