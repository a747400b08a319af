// Traces: the lines of traces.txt, which make_traces.py describes.
#pragma once

#include "quietus/core/bytes.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace quietus::test {

struct TraceDrive {
    std::string name;
    std::uint32_t block_bytes = 0;
    std::uint64_t size_bytes = 0;
    std::size_t slot_bytes = 0; ///< 0: too large to be written
};

struct TraceStep {
    std::uint32_t number = 0; ///< in the scheme, from 1
    std::string does;         ///< "fixed" ... or "verify"
    Bytes draw;               ///< what the step draws at random; empty when nothing
    std::string sha256;       ///< of the whole drive
    std::map<std::uint64_t, std::string> places; ///< hexadecimal, by offset
};

struct Traces {
    std::vector<TraceDrive> drives;
    std::vector<std::string> schemes; ///< in the order of the file
    /// By scheme, then by drive.
    std::map<std::string, std::map<std::string, std::vector<TraceStep>>> steps;
};

/// Read once; a line that cannot be read ends the program.
[[nodiscard]] const Traces& traces();

} // namespace quietus::test
