#include "slot_memory.hpp"

#include "quietus/core/ensure.hpp"

#include <sys/mman.h>

#include <utility>

namespace quietus {
namespace {

constexpr std::size_t huge_page = std::size_t{2} << 20U;

} // namespace

Result<SlotMemory> SlotMemory::map(const Transfers& transfers) {
    const std::size_t total = SlotMemory::total(transfers);
    void* mapped = ::mmap(nullptr, total + huge_page, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED) return system_error(Fault::io, "transfer buffers");
    auto* base = static_cast<std::uint8_t*>(mapped);
    // Trim to the aligned part, so that the kernel can back it with huge pages.
    const auto address = reinterpret_cast<std::uintptr_t>(base);
    const std::size_t before = (huge_page - address % huge_page) % huge_page;
    if (before != 0) ::munmap(base, before);
    ::munmap(base + before + total, huge_page - before);
    base += before;
    ::madvise(base, total, MADV_HUGEPAGE); // only speed depends on it
    ::madvise(base, total, MADV_DONTFORK);
    return SlotMemory(base, transfers);
}

SlotMemory::SlotMemory(SlotMemory&& other) noexcept
    : base_(std::exchange(other.base_, nullptr)), transfers_(other.transfers_) {}

SlotMemory::~SlotMemory() {
    if (base_ != nullptr) ::munmap(base_, total(transfers_));
}

std::span<std::uint8_t> SlotMemory::slot(unsigned index) {
    QUIETUS_ENSURE(index < slots());
    return {base_ + index * transfers_.bytes, transfers_.bytes};
}

std::span<std::uint8_t> SlotMemory::common() {
    return {base_ + slots() * transfers_.bytes, transfers_.bytes};
}

std::vector<iovec> SlotMemory::vectors() {
    std::vector<iovec> vectors;
    for (unsigned index = 0; index < slots(); ++index)
        vectors.push_back({slot(index).data(), transfers_.bytes});
    vectors.push_back({common().data(), transfers_.bytes});
    return vectors;
}

} // namespace quietus
