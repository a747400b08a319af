#include "nvme_firmware.hpp"

#include "quietus/transport/transfer_bytes.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <utility>

namespace quietus::emulator {
namespace {

constexpr std::uint32_t unallocated_block = 512;

std::uint32_t block_bytes(const NvmeNamespaceTraits& traits) {
    return 1U << nvme_lba_format(traits.format).value_or(NvmeLbaFormat{9, 0}).exponent;
}

Error no_answer() {
    return {Fault::io, "the emulated drive does not answer"};
}

} // namespace

NvmeDrive::Firmware::Firmware(const NvmeTraits& traits, SimulatedClock& clock)
    : traits_(traits), clock_(clock), serial_(traits.serial) {
    for (const NvmeNamespaceTraits& each : traits.namespaces) {
        const std::uint32_t block = block_bytes(each);
        Space& space = spaces_.emplace_back();
        space.traits = each;
        space.media = make_media(each.blocks * block, block, true);
        const std::uint64_t apart = each.blocks / (each.retired_blocks + 1);
        for (std::uint64_t i = 1; i <= each.retired_blocks; ++i)
            space.media->retire(i * apart * block);
    }
    if (traits.unallocated_blocks != 0)
        unallocated_ =
            make_media(traits.unallocated_blocks * unallocated_block, unallocated_block, false);
}

// What no namespace has is stored as what has an address is, since nobody can ask for it anyway.
std::unique_ptr<Media> NvmeDrive::Firmware::make_media(std::uint64_t bytes, std::uint32_t block,
                                                       bool has_address) {
    MediaTraits media;
    media.size_bytes = bytes;
    media.block_bytes = block;
    media.slots = 1;
    media.slot_bytes = block;
    media.encrypts = traits_.encrypts;
    if (has_address) {
        media.slots = MediaTraits{}.slots;
        media.slot_bytes = shortest_transfer;
        media.cached_writes = traits_.cached_writes;
        media.bytes_a_second = traits_.bytes_a_second;
        media.spare_blocks = traits_.spare_blocks;
        media.stale_copies = traits_.stale_copies;
    }
    return std::make_unique<Media>(media, clock_);
}

NvmeDrive::Firmware::Space* NvmeDrive::Firmware::find(std::uint32_t nsid) {
    const auto found =
        std::ranges::find_if(spaces_, [&](const Space& each) { return each.traits.nsid == nsid; });
    return found == spaces_.end() ? nullptr : &*found;
}

const NvmeDrive::Firmware::Space* NvmeDrive::Firmware::find(std::uint32_t nsid) const {
    const auto found =
        std::ranges::find_if(spaces_, [&](const Space& each) { return each.traits.nsid == nsid; });
    return found == spaces_.end() ? nullptr : &*found;
}

Media* NvmeDrive::Firmware::media(std::uint32_t nsid) {
    Space* space = find(nsid);
    return space == nullptr ? nullptr : space->media.get();
}

bool NvmeDrive::Firmware::is_attached(std::uint32_t nsid) const {
    const Space* space = find(nsid);
    return space != nullptr && space->traits.attached;
}

void NvmeDrive::Firmware::turn(Knob knob) {
    knobs_.insert(knob);
    constexpr std::uint32_t of_long_ago = 0x0000000A; // a block erase with AUSE
    if (knob == Knob::stale_completed_bit || knob == Knob::log_of_another_operation)
        sanitize_.pretend_success(of_long_ago);
    for (const Space& each : spaces_) {
        const std::uint64_t size = each.media->geometry().size_bytes;
        if (knob == Knob::drops_writes) each.media->add({.kind = FaultKind::write_dropped});
        if (knob == Knob::aliases)
            each.media->add({.kind = FaultKind::alias, .where = {0, size}, .amount = size / 2});
        if (knob == Knob::reads_differ_twice) each.media->add({.kind = FaultKind::read_flicker});
    }
}

void NvmeDrive::Firmware::hold(ByteView secret) {
    for (const Space& each : spaces_)
        each.media->hold(secret);
    if (unallocated_) unallocated_->hold(secret);
}

std::uint64_t NvmeDrive::Firmware::residue(ByteView secret) const {
    std::uint64_t found = unallocated_ ? unallocated_->residue(secret) : 0;
    for (const Space& each : spaces_)
        found += each.media->residue(secret);
    return found;
}

// A format does not go on, and nobody knows how far it came.
void NvmeDrive::Firmware::reset() {
    catch_up();
    if (running_ && !running_->sanitizes) running_.reset();
    const bool verified = sanitize_.state() == NvmeState::media_verification;
    sanitize_.reset();
    if (verified) deallocates_ = clock_.monotonic();
    traits_.firmware_pending = false;
    set_access();
}

void NvmeDrive::Firmware::power_cycle() {
    catch_up();
    for (Space& each : spaces_) {
        each.media->forget_cache();
        if (each.traits.write_protection == 2) each.traits.write_protection = 0;
    }
    reset();
}

std::chrono::nanoseconds NvmeDrive::Firmware::worked() const {
    return clock_.monotonic() - running_->began;
}

std::vector<Media*> NvmeDrive::Firmware::all_media() {
    std::vector<Media*> all;
    for (const Space& each : spaces_)
        all.push_back(each.media.get());
    if (unallocated_) all.push_back(unallocated_.get());
    return all;
}

const Knobs& NvmeDrive::Firmware::knobs_of_part(std::uint32_t medium) const {
    if (!running_->sanitizes && knobs_.contains(Knob::format_nothing_done)) return idle_knobs_;
    return medium < spaces_.size() ? knobs_of(spaces_[medium].traits.nsid) : knobs_;
}

void NvmeDrive::Firmware::add_part(const ErasingOrder& order, std::uint32_t medium) {
    Media& media = *all_media().at(medium);
    ErasingOrder part = order;
    part.addressed_bytes = media.native_bytes();
    running_->parts.emplace_back(std::move(part), knobs_of_part(medium), media);
    running_->media.push_back(medium);
}

NvmeMemory NvmeDrive::Firmware::memory() {
    catch_up();
    NvmeMemory memory;
    memory.serial = serial_;
    memory.sanitize = sanitize_.memory();
    memory.passes_done = passes_done_;
    memory.format_nsid = format_.nsid;
    memory.format_word = format_.cdw10_15[0];
    memory.format_well = format_well_;
    memory.unexpected = unexpected_;
    if (deallocates_)
        memory.deallocates_ns =
            static_cast<std::uint64_t>((clock_.monotonic() - *deallocates_).count());
    if (!running_) return memory;
    memory.passes = running_->passes;
    for (std::size_t at = 0; at < running_->parts.size(); ++at) {
        OperationMemory operation = running_->parts[at].memory();
        operation.sanitizes = running_->sanitizes;
        operation.half_way = running_->half_way;
        operation.worked_ns = static_cast<std::uint64_t>(worked().count());
        memory.running.push_back({running_->media[at], std::move(operation)});
    }
    return memory;
}

void NvmeDrive::Firmware::recall(const NvmeMemory& memory) {
    serial_ = memory.serial;
    sanitize_.recall(memory.sanitize);
    passes_done_ = memory.passes_done;
    format_.nsid = memory.format_nsid;
    format_.cdw10_15[0] = memory.format_word;
    format_well_ = memory.format_well;
    unexpected_ = memory.unexpected;
    deallocates_.reset();
    if (memory.deallocates_ns)
        deallocates_ = clock_.monotonic() - std::chrono::nanoseconds(*memory.deallocates_ns);
    running_.reset();
    if (!memory.running.empty()) recall_operation(memory);
    set_access();
}

void NvmeDrive::Firmware::recall_operation(const NvmeMemory& memory) {
    const OperationMemory& first = memory.running.front().operation;
    running_.emplace();
    running_->sanitizes = first.sanitizes;
    running_->half_way = first.half_way;
    running_->passes = memory.passes;
    running_->began = clock_.monotonic() - std::chrono::nanoseconds(first.worked_ns);
    if (!first.sanitizes) running_->namespaces = format_scope(format_.nsid);
    for (const NvmePartMemory& each : memory.running) {
        running_->parts.emplace_back(each.operation, knobs_of_part(each.medium),
                                     *all_media().at(each.medium));
        running_->media.push_back(each.medium);
    }
}

void NvmeDrive::Firmware::happen_half_way() {
    running_->half_way = true;
    if (traits_.stops_program) ::raise(SIGINT);
    if (knobs_.contains(Knob::identity_changes)) serial_ = "EMU99999999";
    const bool power = knobs_.contains(Knob::power_loss);
    if (!power && !knobs_.contains(Knob::reset_in_middle)) return;
    for (Erasing& each : running_->parts)
        each.advance(each.takes() / 2);
    lost_ = power || !running_->sanitizes;
    if (power)
        power_cycle();
    else
        reset();
}

void NvmeDrive::Firmware::catch_up() {
    if (running_ && !running_->half_way && worked() >= running_->parts.front().takes() / 2)
        happen_half_way();
    if (running_) {
        for (Erasing& each : running_->parts)
            each.advance(worked());
        if (std::ranges::all_of(running_->parts, &Erasing::is_over)) end_operation();
    }
    if (!deallocates_) return;
    if (clock_.monotonic() - *deallocates_ < traits_.sanitize.deallocation_takes) return;
    deallocates_.reset();
    deallocate();
    sanitize_.deallocated(true);
    set_access();
}

void NvmeDrive::Firmware::end_operation() {
    const bool well = std::ranges::none_of(running_->parts,
                                           [](const Erasing& each) { return each.has_failed(); });
    const NvmeOperation over = std::move(*running_);
    running_.reset();
    if (over.sanitizes) {
        passes_done_ = over.passes;
        sanitize_.processed(well);
        unexpected_ = traits_.sanitize.no_deallocate_inhibited;
        const bool kept = sanitize_.keeps_allocated() && !unexpected_;
        if (sanitize_.state() == NvmeState::idle && !kept) deallocate();
    } else
        end_format(well);
    set_access();
}

// A drive that has done nothing has nothing to deallocate, or its lie would be seen by nobody.
void NvmeDrive::Firmware::deallocate() {
    if (knobs_.contains(Knob::done_but_nothing)) return;
    for (const Space& each : spaces_)
        if (!is_left_out(each.traits.nsid)) each.media->unmap();
}

// What transfers of blocks find. In the Media Verification state they end with a status that the
// kernel takes for an error.
void NvmeDrive::Firmware::set_access() {
    const bool closed = sanitize_.state() != NvmeState::idle;
    for (const Space& each : spaces_) {
        const bool formatted =
            running_ && !running_->sanitizes &&
            std::ranges::find(running_->namespaces, each.traits.nsid) != running_->namespaces.end();
        each.media->refuse(closed || formatted ? std::optional(EIO) : std::nullopt);
    }
}

bool NvmeDrive::Firmware::is_busy(bool for_format) const {
    if (!running_) return false;
    if (for_format) return !running_->sanitizes;
    return knobs_.contains(Knob::timeout_while_running);
}

// Lets time pass until the drive is not busy, or to the deadline. An event half-way ends the wait.
bool NvmeDrive::Firmware::waits_out(std::chrono::nanoseconds deadline, bool for_format) {
    while (is_busy(for_format)) {
        const auto now = clock_.monotonic();
        if (now >= deadline) return false;
        const auto takes = running_->parts.front().takes();
        auto next = running_->began + (running_->half_way ? takes : takes / 2);
        if (running_->half_way && knobs_.contains(Knob::stuck_at_99)) next = deadline;
        clock_.advance(std::min(std::max(next, now + std::chrono::nanoseconds(1)), deadline) - now);
        catch_up();
    }
    return true;
}

Result<NvmeReply> NvmeDrive::Firmware::execute(const NvmeCommand& command) {
    const auto deadline = clock_.monotonic() + command.timeout;
    catch_up();
    if (!waits_out(deadline, false) || std::exchange(lost_, false)) return no_answer();
    clock_.advance(traits_.command_takes);
    catch_up();
    if (std::exchange(lost_, false)) return no_answer();
    const bool was_running = running_.has_value();
    NvmeReply reply = dispatch(command);
    if (!running_ || was_running || running_->sanitizes) return reply;
    if (!waits_out(deadline, true) || std::exchange(lost_, false)) return no_answer();
    constexpr std::uint16_t internal_error = 0x06;
    if (!format_well_) reply.status = internal_error;
    return reply;
}

} // namespace quietus::emulator
