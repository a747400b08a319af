#include "max_address.hpp"

#include "octet_fields.hpp"

#include <algorithm>

namespace quietus::emulator {
namespace {

constexpr std::uint8_t abrt = 0x04;
constexpr std::uint8_t idnf = 0x10;
constexpr CapacityAnswer aborted{abrt, 0, 0};
constexpr CapacityAnswer not_found{idnf, 0, 0};

/// What READ NATIVE MAX ADDRESS says when 28 bits are not enough (Hitachi HTC4260 clause 7.5.21).
constexpr std::uint64_t most_in_28_bits = 0x0FFFFFFE;

// Of the DCO data structure, in words.
constexpr std::size_t dco_max_lba = 3;
constexpr std::size_t dco_features = 7;

} // namespace

AtaCapacity::AtaCapacity(const AtaTraits& traits)
    : traits_(traits), native_(traits.dco_blocks != 0 ? traits.dco_blocks : traits.blocks),
      accessible_(traits.accessible_blocks != 0 ? traits.accessible_blocks : native_),
      kept_(accessible_) {}

void AtaCapacity::power_on() {
    accessible_ = kept_;
    native_read_.reset();
    set_extended_.reset();
    non_volatile_used_ = accessible_max_set_ = ama_frozen_ = dco_frozen_ = false;
}

void AtaCapacity::remember(AtaMemory& memory) const {
    memory.native = native_;
    memory.accessible = accessible_;
    memory.kept = kept_;
}

void AtaCapacity::recall(const AtaMemory& memory) {
    native_ = memory.native;
    accessible_ = memory.accessible;
    kept_ = memory.kept;
    native_read_.reset();
    set_extended_.reset();
}

CapacityAnswer AtaCapacity::read_native_max(bool extended) {
    if (traits_.max_address != MaxAddress::hpa) return aborted;
    native_read_ = extended;
    const std::uint64_t last = native_ - 1;
    return {0, extended ? last : std::min(last, most_in_28_bits), 0};
}

// In this order: it must follow; what the other of the two has set is the other's; beyond what
// there is (Hitachi 7K3000); for good only once until the next power-on, which is IDNF (Fujitsu
// MHW2).
CapacityAnswer AtaCapacity::set_max(bool extended, std::uint64_t lba, bool non_volatile) {
    const bool follows = native_read_ == extended;
    native_read_.reset();
    if (traits_.max_address != MaxAddress::hpa || !follows) return aborted;
    if (is_set() && set_extended_ && set_extended_ != extended) return aborted;
    if (lba >= native_) return aborted;
    if (non_volatile && non_volatile_used_) return not_found;
    accessible_ = lba + 1;
    set_extended_ = extended;
    if (non_volatile) {
        kept_ = accessible_;
        non_volatile_used_ = true;
    }
    return {0, lba, 0};
}

CapacityAnswer AtaCapacity::accessible_max(std::uint16_t feature, std::uint64_t lba) {
    if (traits_.max_address != MaxAddress::ama) return aborted;
    switch (feature) {
    case 0x0000:
        return {0, native_ - 1, 0};
    case 0x0001:
        if (ama_frozen_ || accessible_max_set_ || lba >= native_) return aborted;
        accessible_ = kept_ = lba + 1;
        accessible_max_set_ = true;
        return {0, lba, 0};
    case 0x0002:
        ama_frozen_ = true;
        return {};
    default:
        return aborted;
    }
}

CapacityAnswer AtaCapacity::refused(DcoReason reason) const {
    return {abrt, 0, static_cast<std::uint8_t>(reason)};
}

void AtaCapacity::set_native(std::uint64_t blocks) {
    native_ = accessible_ = kept_ = blocks;
}

CapacityAnswer AtaCapacity::dco_restore() {
    if (!traits_.dco) return aborted;
    if (dco_frozen_) return refused(DcoReason::frozen);
    if (is_set()) return refused(DcoReason::set_max_established);
    set_native(traits_.blocks);
    return {};
}

CapacityAnswer AtaCapacity::dco_freeze() {
    if (!traits_.dco || dco_frozen_) return aborted;
    dco_frozen_ = true;
    return {};
}

CapacityAnswer AtaCapacity::dco_set(ByteView block) {
    if (!traits_.dco) return aborted;
    if (dco_frozen_) return refused(DcoReason::frozen);
    if (native_ != traits_.blocks) return refused(DcoReason::modified);
    if (is_set()) return refused(DcoReason::set_max_established);
    const std::uint64_t last = little(block, 2 * dco_max_lba, 8);
    if (!is_sealed(block) || last >= traits_.blocks) return refused(DcoReason::other);
    set_native(last + 1);
    return {};
}

std::optional<Bytes> AtaCapacity::dco_identify() const {
    if (!traits_.dco || dco_frozen_) return std::nullopt;
    Bytes block(512);
    put_little(block, 0, 2, 0x0002);                           // revision
    put_little(block, 2, 2, 0x0007);                           // multiword DMA 0 to 2
    put_little(block, 4, 2, 0x007F);                           // Ultra DMA 0 to 6
    put_little(block, 2 * dco_max_lba, 8, traits_.blocks - 1); // whatever has been set
    const unsigned features = (traits_.max_address == MaxAddress::hpa ? 1U << 7U : 0) |
                              (traits_.security.supported ? 1U << 3U : 0) | 1U;
    put_little(block, 2 * dco_features, 2, features);
    seal(block);
    return block;
}

} // namespace quietus::emulator
