// FileBlockPort: a BlockPort on an open descriptor, which others may use besides.
#pragma once

#include "quietus/core/result.hpp"
#include "quietus/transport/block_port.hpp"

namespace quietus {

class FileBlockPort : public BlockPort {
  public:
    /// The one that goes past the page cache; stays the port's.
    [[nodiscard]] virtual int descriptor() const = 0;
    /// Takes the geometry that the drive has now: it may have been told to have another. Nothing
    /// may be in flight. Fault::io.
    [[nodiscard]] virtual Status measure() = 0;
};

} // namespace quietus
