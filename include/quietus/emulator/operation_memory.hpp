// OperationMemory: an operation of a drive that erases itself, as far as it has come, for a drive
// that lasts from run to run.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace quietus::emulator {

/// A block that gets its content back when the operation ends.
struct SparedBlock {
    std::uint64_t offset = 0;
    std::string content; ///< hexadecimal

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("offset", self.offset);
        visit("content", self.content);
    }
};

/// An operation that is under way.
struct OperationMemory {
    bool sanitizes = false; ///< of what can do something else too
    bool half_way = false;
    std::vector<std::string> passes; ///< hexadecimal; none: a new key
    std::uint64_t passes_done = 0;
    std::uint64_t addressed_bytes = 0;
    bool reserve = false;
    std::uint64_t takes_ns = 0;
    std::uint64_t worked_ns = 0;
    std::vector<SparedBlock> spared;

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("sanitizes", self.sanitizes);
        visit("half_way", self.half_way);
        visit("passes", self.passes);
        visit("passes_done", self.passes_done);
        visit("addressed_bytes", self.addressed_bytes);
        visit("reserve", self.reserve);
        visit("takes_ns", self.takes_ns);
        visit("worked_ns", self.worked_ns);
        visit("spared", self.spared);
    }
};

/// Whether it is one of a medium of so many bytes, hidden ones included.
[[nodiscard]] bool is_sound(const OperationMemory& operation, std::uint64_t bytes);

} // namespace quietus::emulator
