#include "slot_memory.hpp"

#include "quietus/core/descriptor.hpp"
#include "quietus/core/ensure.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

namespace quietus {
namespace {

constexpr std::size_t huge_page = std::size_t{2} << 20U;
/// Whole pages, and whole periods of nearly all patterns.
constexpr std::size_t tile_bytes = std::size_t{3} << 14U;

// Where the kernel will not, the memory that is there stays.
bool map_tiles(std::uint8_t* at, std::size_t bytes) {
    const Descriptor pages(::memfd_create("quietus-tile", MFD_CLOEXEC));
    if (!pages.open() || ::ftruncate(pages.get(), static_cast<off_t>(tile_bytes)) != 0)
        return false;
    for (std::size_t done = 0; done < bytes; done += tile_bytes)
        if (::mmap(at + done, std::min(tile_bytes, bytes - done), PROT_READ | PROT_WRITE,
                   MAP_SHARED | MAP_FIXED, pages.get(), 0) == MAP_FAILED)
            return false;
    return true;
}

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
    SlotMemory memory(base, transfers);
    const auto common = memory.common();
    memory.is_tiled_ = map_tiles(common.data(), common.size());
    ::madvise(common.data(), common.size(), MADV_DONTFORK);
    return memory;
}

SlotMemory::SlotMemory(SlotMemory&& other) noexcept
    : base_(std::exchange(other.base_, nullptr)), transfers_(other.transfers_),
      is_tiled_(other.is_tiled_) {}

SlotMemory::~SlotMemory() {
    if (base_ != nullptr) ::munmap(base_, total(transfers_));
}

std::span<std::uint8_t> SlotMemory::slot(unsigned index) {
    QUIETUS_ENSURE(index < slots());
    return {base_ + index * transfers_.bytes, transfers_.bytes};
}

std::span<std::uint8_t> SlotMemory::tile() {
    if (!is_tiled_) return {};
    return common().first(std::min(tile_bytes, transfers_.bytes));
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
