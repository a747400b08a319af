// What open_block_port opens, as the port that it is.
#pragma once

#include "file_block_port.hpp"

#include "quietus/core/result.hpp"
#include "quietus/record/drive.hpp"
#include "quietus/transport/transfer_bytes.hpp"

#include <memory>
#include <string>

namespace quietus {

/// As open_block_port.
[[nodiscard]] Result<std::unique_ptr<FileBlockPort>>
open_file_port(const Drive& drive, const std::string& path, const Transfers& transfers);

} // namespace quietus
