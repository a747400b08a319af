#include "quietus/transport/joined_block_port.hpp"

#include "quietus/core/ensure.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <utility>

namespace quietus {
namespace {

using std::chrono::milliseconds;

class JoinedBlockPort final : public BlockPort {
  public:
    explicit JoinedBlockPort(std::vector<std::unique_ptr<BlockPort>> ports);

    BlockGeometry geometry() const override { return geometry_; }
    unsigned slots() const override { return static_cast<unsigned>(transfers_.size()); }
    std::span<std::uint8_t> slot(unsigned index) override { return transfers_[index].buffer; }
    void start(Direction direction, unsigned slot, Extent extent) override;
    Result<std::optional<Completion>> wait(milliseconds at_most) override;
    std::optional<int> flush(milliseconds at_most) override;
    Result<PortState> state() override;
    bool used_page_cache() const override;

  private:
    struct Member {
        std::unique_ptr<BlockPort> port;
        Extent place; ///< in the whole
        unsigned in_flight = 0;
    };
    struct Transfer {
        std::vector<std::uint8_t> buffer;
        Completion completion;
        unsigned pieces = 0; ///< that have not ended
    };
    [[nodiscard]] static std::optional<Extent> part_in(const Member& member, Extent extent);
    /// The transfer that has ended with this, if it was its last piece.
    std::optional<Completion> take(Member& member, const Completion& piece);
    /// Of any member, each of which is waited for so long.
    Result<std::optional<Completion>> wait_for_each(milliseconds at_most);

    std::vector<Member> members_;
    std::vector<Transfer> transfers_; ///< by slot
    BlockGeometry geometry_;
    std::size_t flushed_ = 0; ///< so many members, of a flush that is not through yet
};

JoinedBlockPort::JoinedBlockPort(std::vector<std::unique_ptr<BlockPort>> ports) {
    std::size_t slots = std::numeric_limits<std::size_t>::max();
    std::size_t slot_bytes = slots;
    geometry_.block_bytes = ports.front()->geometry().block_bytes;
    for (std::unique_ptr<BlockPort>& port : ports) {
        const std::uint64_t size = port->geometry().size_bytes;
        slots = std::min<std::size_t>(slots, port->slots());
        slot_bytes = std::min(slot_bytes, port->slot(0).size());
        members_.push_back({std::move(port), {geometry_.size_bytes, size}});
        geometry_.size_bytes += size;
    }
    geometry_.tail_offset = geometry_.size_bytes;
    transfers_.resize(slots);
    for (Transfer& transfer : transfers_)
        transfer.buffer.resize(slot_bytes);
}

std::optional<Extent> JoinedBlockPort::part_in(const Member& member, Extent extent) {
    const std::uint64_t from = std::max(extent.offset, member.place.offset);
    const std::uint64_t to = std::min(extent.end(), member.place.end());
    if (from >= to) return std::nullopt;
    return Extent{from, to - from};
}

void JoinedBlockPort::start(Direction direction, unsigned slot, Extent extent) {
    QUIETUS_ENSURE(extent.end() <= geometry_.size_bytes);
    Transfer& transfer = transfers_[slot];
    transfer.completion = {slot, direction, extent, 0};
    for (Member& member : members_) {
        const auto part = part_in(member, extent);
        if (!part) continue;
        if (direction == Direction::write) {
            const auto data = std::span(transfer.buffer)
                                  .subspan(static_cast<std::size_t>(part->offset - extent.offset),
                                           static_cast<std::size_t>(part->length));
            std::ranges::copy(data, member.port->slot(slot).begin());
        }
        ++transfer.pieces;
        ++member.in_flight;
        member.port->start(direction, slot, {part->offset - member.place.offset, part->length});
    }
}

std::optional<Completion> JoinedBlockPort::take(Member& member, const Completion& piece) {
    --member.in_flight;
    Transfer& transfer = transfers_[piece.slot];
    if (transfer.completion.error == 0) transfer.completion.error = piece.error;
    if (piece.direction == Direction::read && piece.error == 0) {
        const std::uint64_t at =
            member.place.offset + piece.extent.offset - transfer.completion.extent.offset;
        const auto data =
            member.port->slot(piece.slot).first(static_cast<std::size_t>(piece.extent.length));
        std::ranges::copy(data, transfer.buffer.begin() + static_cast<std::ptrdiff_t>(at));
    }
    if (--transfer.pieces != 0) return std::nullopt;
    return transfer.completion;
}

Result<std::optional<Completion>> JoinedBlockPort::wait_for_each(milliseconds at_most) {
    for (Member& member : members_) {
        if (member.in_flight == 0) continue;
        auto piece = member.port->wait(at_most);
        if (!piece) return Error(piece.error());
        if (!*piece) continue;
        if (auto ended = take(member, **piece)) return ended;
    }
    return std::optional<Completion>();
}

Result<std::optional<Completion>> JoinedBlockPort::wait(milliseconds at_most) {
    const auto busy =
        std::ranges::count_if(members_, [](const Member& member) { return member.in_flight != 0; });
    if (busy == 0) return members_.front().port->wait(at_most);
    // A drive is gone through from one end to the other: more than one is busy at borders alone.
    constexpr milliseconds slice{1};
    const milliseconds share = busy == 1 ? at_most : std::min(at_most, slice);
    milliseconds waited{0};
    do {
        auto ended = wait_for_each(share);
        if (!ended || *ended) return ended;
        waited += std::max(share, slice) * busy;
    } while (waited < at_most);
    return std::optional<Completion>();
}

std::optional<int> JoinedBlockPort::flush(milliseconds at_most) {
    for (; flushed_ < members_.size(); ++flushed_) {
        const auto flushed = members_[flushed_].port->flush(at_most);
        if (!flushed) return std::nullopt;
        if (*flushed == 0) continue;
        flushed_ = 0;
        return flushed;
    }
    flushed_ = 0;
    return 0;
}

// The counts of attached drives go up alone: their sum stays only if every one of them does.
Result<PortState> JoinedBlockPort::state() {
    PortState whole;
    for (Member& member : members_) {
        const auto state = member.port->state();
        if (!state) return Error(state.error());
        whole.size_bytes += state->size_bytes;
        whole.diskseq += state->diskseq;
        whole.read_only = whole.read_only || state->read_only;
    }
    return whole;
}

bool JoinedBlockPort::used_page_cache() const {
    return std::ranges::any_of(members_,
                               [](const Member& member) { return member.port->used_page_cache(); });
}

} // namespace

Result<std::unique_ptr<BlockPort>> join_blocks(std::vector<std::unique_ptr<BlockPort>> members) {
    QUIETUS_ENSURE(!members.empty());
    if (members.size() == 1) return std::move(members.front());
    const std::uint32_t block = members.front()->geometry().block_bytes;
    for (const std::unique_ptr<BlockPort>& member : members) {
        const BlockGeometry geometry = member->geometry();
        if (geometry.block_bytes != block)
            return Error{Fault::unsupported, "its parts have blocks of " + std::to_string(block) +
                                                 " and of " + std::to_string(geometry.block_bytes) +
                                                 " bytes"};
        if (geometry.tail_offset != geometry.size_bytes || geometry.size_bytes % block != 0)
            return Error{Fault::unsupported, "a part of it does not end with a whole block"};
    }
    return std::make_unique<JoinedBlockPort>(std::move(members));
}

} // namespace quietus
