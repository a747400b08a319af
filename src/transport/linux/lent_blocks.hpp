// The one port on a node's descriptor, lent to one at a time: a process that is confined can close
// its blocks and open them anew.
#pragma once

#include "file_block_port.hpp"

#include "quietus/core/result.hpp"
#include "quietus/transport/joined_block_port.hpp"

#include <memory>
#include <utility>
#include <vector>

namespace quietus {

/// The one port there is, lent to one at a time.
struct SharedBlocks {
    std::unique_ptr<FileBlockPort> port;
    bool lent = false;
    bool spent = false; ///< somebody left with transfers that had not come back
};

class LentBlocks final : public BlockPort {
  public:
    explicit LentBlocks(std::shared_ptr<SharedBlocks> shared) : shared_(std::move(shared)) {
        shared_->lent = true;
    }
    LentBlocks(const LentBlocks&) = delete;
    LentBlocks& operator=(const LentBlocks&) = delete;
    ~LentBlocks() override {
        shared_->lent = false;
        shared_->spent = shared_->spent || in_flight_ != 0 || flushing_;
    }
    [[nodiscard]] BlockGeometry geometry() const override { return port().geometry(); }
    [[nodiscard]] unsigned slots() const override { return port().slots(); }
    [[nodiscard]] std::span<std::uint8_t> slot(unsigned index) override {
        return port().slot(index);
    }
    void start(Direction direction, unsigned slot, Extent extent) override {
        ++in_flight_;
        port().start(direction, slot, extent);
    }
    [[nodiscard]] std::span<std::uint8_t> common() override { return port().common(); }
    void start_common(unsigned slot, Extent extent) override {
        ++in_flight_;
        port().start_common(slot, extent);
    }
    [[nodiscard]] Result<std::optional<Completion>>
    wait(std::chrono::milliseconds at_most) override {
        auto completion = port().wait(at_most);
        if (!completion) shared_->spent = true;
        if (completion && *completion) --in_flight_;
        return completion;
    }
    [[nodiscard]] std::optional<int> flush(std::chrono::milliseconds at_most) override {
        const auto flushed = port().flush(at_most);
        flushing_ = !flushed;
        return flushed;
    }
    [[nodiscard]] Result<PortState> state() override { return port().state(); }
    [[nodiscard]] bool used_page_cache() const override { return port().used_page_cache(); }

  private:
    [[nodiscard]] FileBlockPort& port() const { return *shared_->port; }

    std::shared_ptr<SharedBlocks> shared_;
    unsigned in_flight_ = 0;
    bool flushing_ = false;
};

/// Fault::io while somebody has it, or when it is spent.
[[nodiscard]] inline Result<std::unique_ptr<BlockPort>>
lend(const std::shared_ptr<SharedBlocks>& blocks) {
    if (blocks->lent || blocks->spent)
        return Error{Fault::io, "transfers to the drive have not come back"};
    if (auto status = blocks->port->measure(); !status) return Error(status.error());
    return std::unique_ptr<BlockPort>(std::make_unique<LentBlocks>(blocks));
}

/// The nodes of one drive, in the order of their blocks.
using SharedNodes = std::vector<std::shared_ptr<SharedBlocks>>;

/// All of them joined. Faults as above, and of join_blocks.
[[nodiscard]] inline Result<std::unique_ptr<BlockPort>> lend(const SharedNodes& nodes) {
    std::vector<std::unique_ptr<BlockPort>> ports;
    for (const auto& node : nodes) {
        auto port = lend(node);
        if (!port) return port;
        ports.push_back(std::move(*port));
    }
    return join_blocks(std::move(ports));
}

} // namespace quietus
