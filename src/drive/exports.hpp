// Exports: drives and files that the kernel itself hands on to other machines, from configfs. It
// has them open for writing without a process, and some of them without a claim.
#pragma once

#include <string>
#include <vector>

namespace quietus {

struct Export {
    std::string by;      ///< "nvmet", "target", "usb-gadget"
    std::string title;   ///< which of them: "nqn.2014-08.org:one namespace 1"; hostile text
    std::string path;    ///< of the node or the file
    std::string release; ///< the command that ends it
};

/// Of the NVMe target, the SCSI target and USB mass storage gadgets. `sys` is HostPaths::sys.
[[nodiscard]] std::vector<Export> exports_of(const std::string& sys);

} // namespace quietus
