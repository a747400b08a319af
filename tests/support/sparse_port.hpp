// SparsePort: a BlockPort over memory that holds only what was written, however large the drive.
//
// Completions come back last-started-first, so nothing can rely on their order. Faults are
// functions that a test sets; the medium can be read and altered by the test itself.
#pragma once

#include "quietus/core/step_watch.hpp"
#include "quietus/transport/block_port.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <functional>
#include <map>
#include <vector>

namespace quietus::test {

class SparsePort final : public BlockPort {
  public:
    static constexpr std::size_t block = 512;
    static constexpr std::size_t page = 65536;

    explicit SparsePort(std::uint64_t size, unsigned slot_count = 16,
                        std::size_t slot_bytes = 1U << 20U)
        : geometry_{size, 512, size - size % 512},
          buffers_(slot_count, std::vector<std::uint8_t>(slot_bytes)) {}

    // What the drive does with a command; 0 is success.
    std::function<int(Direction, Extent)> fault = [](Direction, Extent) { return 0; };
    std::function<int()> flush_fault = [] { return 0; };
    std::function<bool(Extent)> drops = [](Extent) { return false; };
    std::function<std::uint64_t(std::uint64_t)> leads_to = [](std::uint64_t offset) {
        return offset;
    };
    PortState reported{0, 7, false}; ///< size 0 here means: the true one
    bool gone = false;
    bool lazy_reads = false; ///< claims success without moving anything

    // What a test may look at.
    unsigned most_in_flight = 0;
    unsigned least_in_flight_while_busy = ~0U; ///< at wait(), while there was more to start
    std::uint64_t started = 0;
    std::uint64_t writes_expected = 0; ///< set to watch least_in_flight until that many started
    std::map<std::uint64_t, std::array<std::uint8_t, page>> medium;

    [[nodiscard]] std::vector<std::uint8_t> at(std::uint64_t offset, std::size_t length) const {
        std::vector<std::uint8_t> bytes(length);
        for (std::size_t i = 0; i < length; ++i) {
            const auto found = medium.find((offset + i) / page);
            bytes[i] = found == medium.end() ? 0 : found->second[(offset + i) % page];
        }
        return bytes;
    }
    void set(std::uint64_t offset, std::uint8_t octet) {
        medium[offset / page][offset % page] = octet;
    }

    [[nodiscard]] BlockGeometry geometry() const override { return geometry_; }
    [[nodiscard]] unsigned slots() const override { return static_cast<unsigned>(buffers_.size()); }
    [[nodiscard]] std::span<std::uint8_t> slot(unsigned index) override { return buffers_[index]; }

    void start(Direction direction, unsigned slot, Extent extent) override {
        ++started;
        in_flight_.push_back({slot, direction, extent, 0});
        most_in_flight = std::max(most_in_flight, static_cast<unsigned>(in_flight_.size()));
    }

    Result<Completion> wait() override {
        if (started < writes_expected)
            least_in_flight_while_busy =
                std::min(least_in_flight_while_busy, static_cast<unsigned>(in_flight_.size()));
        Completion completion = in_flight_.back();
        in_flight_.pop_back();
        completion.error = gone ? 5 : fault(completion.direction, completion.extent);
        if (completion.error == 0) move(completion);
        return completion;
    }

    int flush() override { return flush_fault(); }
    Result<PortState> state() override {
        if (gone) return Error{Fault::io, "gone"};
        PortState now = reported;
        if (now.size_bytes == 0) now.size_bytes = geometry_.size_bytes;
        return now;
    }
    [[nodiscard]] bool used_page_cache() const override { return false; }

  private:
    void move(const Completion& completion) {
        auto& buffer = buffers_[completion.slot];
        if (completion.direction == Direction::write && drops(completion.extent)) return;
        if (completion.direction == Direction::read && lazy_reads) return;
        for (std::uint64_t at = 0; at < completion.extent.length; at += block) {
            const std::uint64_t place = leads_to(completion.extent.offset + at);
            const std::size_t count = std::min<std::uint64_t>(block, completion.extent.length - at);
            if (completion.direction == Direction::write) {
                std::memcpy(medium[place / page].data() + place % page, buffer.data() + at, count);
                continue;
            }
            const auto found = medium.find(place / page);
            if (found == medium.end())
                std::memset(buffer.data() + at, 0, count);
            else
                std::memcpy(buffer.data() + at, found->second.data() + place % page, count);
        }
    }

    BlockGeometry geometry_;
    std::vector<std::vector<std::uint8_t>> buffers_;
    std::vector<Completion> in_flight_;
};

/// Never asks to stop, unless told to after some bytes.
class QuietWatch final : public StepWatch {
  public:
    std::uint64_t stop_after = ~std::uint64_t{0};
    std::uint64_t last = 0;
    void moved(std::uint64_t bytes_done) override { last = bytes_done; }
    bool stop_requested() override { return last >= stop_after; }
};

} // namespace quietus::test
