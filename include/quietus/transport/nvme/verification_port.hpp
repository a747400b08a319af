// VerificationPort: a namespace in the Media Verification state as blocks that can be read.
//
// Reads there end with a status of their own, which Linux's block layer takes for an error; as
// commands they bring what is on the medium, errors of its integrity left aside (NVM Command Set
// 1.0, Media Verification).
#pragma once

#include "quietus/core/result.hpp"
#include "quietus/record/nvme_evidence.hpp"
#include "quietus/transport/block_port.hpp"
#include "quietus/transport/nvme_io_port.hpp"

#include <memory>

namespace quietus::nvme {

/// Writes fail with EROFS. `port` outlives it. Fault::unsupported for a namespace whose blocks have
/// metadata behind them, or whose size is not known or passes 2^64 bytes.
[[nodiscard]] Result<std::unique_ptr<BlockPort>>
make_verification_port(NvmeIoPort& port, const NvmeNamespaceRecord& name_space);

} // namespace quietus::nvme
