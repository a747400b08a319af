#include "erasing.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace quietus::emulator {
namespace {

constexpr double failing_share = 7.0 / 8;
constexpr double stuck_share = 0.99;

} // namespace

Erasing::Erasing(ErasingOrder order, const Knobs& knobs, Media& media)
    : order_(std::move(order)), knobs_(knobs), media_(media) {
    const BlockGeometry now = media.geometry();
    const bool addressable_only = knobs.contains(Knob::addressable_only);
    if (addressable_only || knobs.contains(Knob::hidden_area_left))
        order_.addressed_bytes = std::min(order_.addressed_bytes, now.size_bytes);
    order_.reserve = order_.reserve && !addressable_only;
    everywhere_ = order_.reserve && order_.addressed_bytes == media.native_bytes();
    const std::uint64_t blocks = now.size_bytes / now.block_bytes;
    const auto spare = [&](std::uint64_t block) {
        const std::uint64_t at = block * now.block_bytes;
        spared_[at] = media.at(at, now.block_bytes);
    };
    if (knobs.contains(Knob::one_block_stays)) spare(blocks / 2);
    if (knobs.contains(Knob::last_block_spared)) spare(blocks - 1);
}

namespace {

ErasingOrder order_of(const OperationMemory& memory) {
    ErasingOrder order;
    for (const std::string& each : memory.passes)
        order.passes.push_back(from_hex(each).value_or(Bytes(4)));
    order.addressed_bytes = memory.addressed_bytes;
    order.reserve = memory.reserve;
    order.takes = std::chrono::nanoseconds(memory.takes_ns);
    return order;
}

} // namespace

bool is_sound(const OperationMemory& operation, std::uint64_t bytes) {
    const auto is_pattern = [](const std::string& each) {
        const auto octets = from_hex(each);
        return octets && !octets->empty();
    };
    const auto is_within = [&](const SparedBlock& each) {
        const auto octets = from_hex(each.content);
        return octets && is_inside({each.offset, octets->size()}, bytes);
    };
    constexpr std::uint64_t most_ns = std::uint64_t{1} << 62U;
    return std::ranges::all_of(operation.passes, is_pattern) &&
           std::ranges::all_of(operation.spared, is_within) && operation.takes_ns != 0 &&
           operation.takes_ns < most_ns && operation.worked_ns < most_ns &&
           operation.addressed_bytes <= bytes && operation.passes_done <= operation.passes.size();
}

Erasing::Erasing(const OperationMemory& memory, const Knobs& knobs, Media& media)
    : Erasing(order_of(memory), knobs, media) {
    passes_done_ = memory.passes_done;
    spared_.clear();
    for (const SparedBlock& each : memory.spared)
        spared_[each.offset] = from_hex(each.content).value_or(Bytes{});
}

OperationMemory Erasing::memory() const {
    OperationMemory memory;
    for (const Bytes& each : order_.passes)
        memory.passes.push_back(to_hex(each));
    memory.passes_done = passes_done_;
    memory.addressed_bytes = order_.addressed_bytes;
    memory.reserve = order_.reserve;
    memory.takes_ns = static_cast<std::uint64_t>(order_.takes.count());
    for (const auto& [offset, content] : spared_)
        memory.spared.push_back({offset, to_hex(content)});
    return memory;
}

double Erasing::share(std::chrono::nanoseconds worked) const {
    const double part = static_cast<double>(worked.count()) / static_cast<double>(takes().count());
    return std::clamp(part, 0.0, 1.0);
}

std::uint16_t Erasing::progress(std::chrono::nanoseconds worked) const {
    double part = share(worked);
    if (knobs_.contains(Knob::stuck_at_99)) part = std::min(part, stuck_share);
    constexpr double falls_back_at = 0.5;
    constexpr double until = 0.75;
    if (knobs_.contains(Knob::progress_backwards) && part >= falls_back_at && part < until)
        part -= falls_back_at / 2;
    return static_cast<std::uint16_t>(std::min(part * 65536, 65534.0));
}

void Erasing::advance(std::chrono::nanoseconds worked) {
    if (over_) return;
    const double part = share(worked);
    const bool fails =
        knobs_.contains(Knob::fails_at_end) || knobs_.contains(Knob::fails_then_says_ok);
    const bool stuck = knobs_.contains(Knob::stuck_at_99);
    const double limit = fails ? failing_share : stuck ? stuck_share : 1.0;
    fill_up_to(std::min(part, limit));
    if (part < limit || stuck) return;
    over_ = true;
    failed_ = fails;
    end();
}

// Whole passes that are over, then as much of the one that runs.
void Erasing::fill_up_to(double share) {
    const bool fills =
        !knobs_.contains(Knob::done_but_nothing) && !knobs_.contains(Knob::zeros_without_erasing);
    if (!fills || order_.passes.empty()) return;
    const std::uint64_t block = media_.geometry().block_bytes;
    const double position = share * static_cast<double>(order_.passes.size());
    const auto done = static_cast<std::size_t>(position);
    if (done > passes_done_) media_.fill({0, order_.addressed_bytes}, order_.passes[done - 1]);
    passes_done_ = done;
    if (done == order_.passes.size()) return;
    const std::uint64_t all = order_.addressed_bytes / block;
    const auto blocks = static_cast<double>(all);
    const auto begun =
        static_cast<std::uint64_t>(std::floor((position - std::floor(position)) * blocks));
    media_.fill({0, begun * block}, order_.passes[done]);
}

// A drive that reaches only part of its blocks cannot have one key for all of them: those in reach
// become noise.
void Erasing::change_key() {
    if (knobs_.contains(Knob::crypto_keeps_key)) return;
    if (everywhere_) return media_.change_key();
    Bytes noise(media_.geometry().block_bytes);
    encipher(0x6E6F697365, 0, noise);
    media_.fill({0, order_.addressed_bytes}, noise);
    if (order_.reserve) media_.fill_reserve(noise);
}

void Erasing::end() {
    if (knobs_.contains(Knob::done_but_nothing)) return;
    if (knobs_.contains(Knob::zeros_without_erasing)) return media_.unmap();
    media_.forget_cache();
    if (!failed_ && order_.passes.empty())
        change_key();
    else if (!failed_ && order_.reserve)
        media_.fill_reserve(order_.passes.back());
    for (const auto& [place, content] : spared_)
        media_.fill({place, content.size()}, content);
}

} // namespace quietus::emulator
