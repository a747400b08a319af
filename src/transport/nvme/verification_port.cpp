#include "quietus/transport/nvme/verification_port.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/transport/nvme/status.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <deque>
#include <limits>
#include <span>
#include <string>

namespace quietus::nvme {
namespace {

using std::chrono::milliseconds;

constexpr std::uint8_t opcode_read = 0x02;
constexpr unsigned slot_count = 9;
/// Below what controllers take in one command, a multiple of three as elsewhere.
constexpr std::size_t slot_bytes = std::size_t{3} << 15U;
constexpr milliseconds read_timeout{60'000};

// One command at a time: there is no queue to keep full, and nobody waits for a drive that erases.
class VerificationPort final : public BlockPort {
  public:
    VerificationPort(NvmeIoPort& port, const NvmeNamespaceRecord& name_space)
        : port_(port), nsid_(name_space.nsid) {
        geometry_.block_bytes = name_space.block_bytes;
        geometry_.size_bytes = name_space.blocks * name_space.block_bytes;
        geometry_.tail_offset = geometry_.size_bytes;
        for (Bytes& each : buffers_)
            each.resize(slot_bytes);
    }

    [[nodiscard]] BlockGeometry geometry() const override { return geometry_; }
    [[nodiscard]] unsigned slots() const override { return slot_count; }
    [[nodiscard]] std::span<std::uint8_t> slot(unsigned index) override { return buffers_[index]; }

    void start(Direction direction, unsigned slot, Extent extent) override {
        const int error = direction == Direction::write ? EROFS : read(slot, extent);
        ended_.push_back({slot, direction, extent, error});
    }

    [[nodiscard]] Result<std::optional<Completion>> wait(milliseconds /*at_most*/) override {
        if (ended_.empty()) return std::optional<Completion>();
        const Completion first = ended_.front();
        ended_.pop_front();
        return std::optional(first);
    }

    [[nodiscard]] std::optional<int> flush(milliseconds /*at_most*/) override { return 0; }
    [[nodiscard]] Result<PortState> state() override {
        return PortState{geometry_.size_bytes, 0, true};
    }
    [[nodiscard]] bool used_page_cache() const override { return false; }

  private:
    // Figure 50 of the NVM Command Set: SLBA in dwords 10 and 11, blocks less one in 12.
    int read(unsigned slot, Extent extent) {
        const std::uint64_t first = extent.offset / geometry_.block_bytes;
        const std::uint64_t blocks = extent.length / geometry_.block_bytes;
        if (blocks == 0 || extent.length > slot_bytes) return EINVAL;
        NvmeCommand command{opcode_read, nsid_, {}, extent.length, read_timeout};
        command.cdw10_15[0] = static_cast<std::uint32_t>(first & 0xFFFFFFFFU);
        command.cdw10_15[1] = static_cast<std::uint32_t>(first >> 32U);
        command.cdw10_15[2] = static_cast<std::uint32_t>(blocks - 1);
        const auto reply = port_.execute_io(command);
        if (!reply) return EIO;
        const std::uint16_t code = reply->code();
        const bool read = code == status::verification_read || code == status::success;
        if (!read || reply->data.size() != extent.length) return EIO;
        std::ranges::copy(reply->data, buffers_[slot].begin());
        return 0;
    }

    NvmeIoPort& port_;
    std::uint32_t nsid_;
    BlockGeometry geometry_;
    std::array<Bytes, slot_count> buffers_;
    std::deque<Completion> ended_;
};

} // namespace

Result<std::unique_ptr<BlockPort>> make_verification_port(NvmeIoPort& port,
                                                          const NvmeNamespaceRecord& name_space) {
    const std::string name = "namespace " + std::to_string(name_space.nsid);
    const bool known = name_space.described && name_space.blocks != 0 &&
                       name_space.block_bytes != 0 && name_space.block_bytes <= slot_bytes;
    if (!known) return Error{Fault::unsupported, name + ": its size is not known"};
    if (name_space.blocks > std::numeric_limits<std::uint64_t>::max() / name_space.block_bytes)
        return Error{Fault::unsupported, name + ": it is larger than can be read"};
    if (name_space.metadata_bytes != 0)
        return Error{Fault::unsupported, name + ": its blocks have metadata"};
    return std::make_unique<VerificationPort>(port, name_space);
}

} // namespace quietus::nvme
