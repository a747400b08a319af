#include "opened_block.hpp"

#include "slot_memory.hpp"

#include "quietus/core/ensure.hpp"
#include "quietus/transport/linux/open_block.hpp"

#include <sys/stat.h>

namespace quietus {

void check_transfer(const OpenedBlock& opened, Direction direction, const Extent& extent) {
    QUIETUS_ENSURE(direction == Direction::read || !opened.read_only);
    QUIETUS_ENSURE(extent.length != 0 && extent.length <= opened.transfers.bytes);
    QUIETUS_ENSURE(is_inside(extent, opened.geometry.size_bytes));
    QUIETUS_ENSURE(opened.in_tail(extent) || extent.end() <= opened.geometry.tail_offset);
}

namespace {

Status measure_image(OpenedBlock& opened) {
    struct stat facts {};
    if (::fstat(opened.direct.get(), &facts) != 0) return system_error(Fault::io, "image");
    const auto size = static_cast<std::uint64_t>(facts.st_size);
    const std::uint64_t tail_offset = size - size % opened.geometry.block_bytes;
    if (tail_offset != size && !opened.buffered.open())
        return Error{Fault::io, "the image has become one that does not end with a whole block"};
    opened.geometry.size_bytes = size;
    opened.geometry.tail_offset = tail_offset;
    return {};
}

} // namespace

Status measure_again(OpenedBlock& opened) {
    if (opened.image) return measure_image(opened);
    const auto facts = block_node_facts(opened.direct.get());
    if (!facts) return facts.error();
    opened.geometry = {facts->size_bytes, facts->logical_block_bytes, facts->size_bytes};
    return {};
}

Result<PortState> state_of(const OpenedBlock& opened) {
    if (opened.image) {
        struct stat facts {};
        if (::fstat(opened.direct.get(), &facts) != 0) return system_error(Fault::io, "image");
        return PortState{static_cast<std::uint64_t>(facts.st_size), 0, false};
    }
    auto facts = block_node_facts(opened.direct.get());
    if (!facts) return std::move(facts).error();
    return PortState{facts->size_bytes, facts->diskseq, facts->read_only};
}

} // namespace quietus
