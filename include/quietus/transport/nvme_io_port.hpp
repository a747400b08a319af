// NvmeIoPort: commands of the NVM command set to the namespaces of one NVMe controller, past the
// kernel's block layer.
//
// It is there for one thing: in the Media Verification state every read ends with a status other
// than success, and the block layer then says that it has failed.
#pragma once

#include "quietus/transport/nvme_port.hpp"

namespace quietus {

class NvmeIoPort {
  public:
    virtual ~NvmeIoPort() = default;
    /// As NvmePort::execute; the data is what was moved, whatever the status.
    [[nodiscard]] virtual Result<NvmeReply> execute_io(const NvmeCommand& command) = 0;
};

} // namespace quietus
