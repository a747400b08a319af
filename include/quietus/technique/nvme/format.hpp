// Format NVM with Secure Erase: every namespace of a drive, each as it was formatted before.
//
// What a command reaches is the drive's matter (FNA): one namespace, or all of them. The order
// names all that there are, and none is begun when one of them would be left out, or changed. The
// command lasts as long as it does.
#pragma once

#include "quietus/record/nvme_evidence.hpp"
#include "quietus/technique/nvme/watch.hpp"
#include "quietus/transport/nvme/controller.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace quietus::nvme {

struct FormatOrder {
    FormatErase erase = FormatErase::user_data;
    FormatFeatures features = {};
    std::vector<NvmeNamespaceRecord> namespaces = {}; ///< all of the drive, as they are
    std::uint64_t size_bytes = 0; ///< all of the drive, for how long it may take
};

/// Why it cannot be begun on such a drive; nothing when it can.
[[nodiscard]] std::optional<std::string> format_obstacle(const FormatOrder& order);

/// As long again as the size takes at 30 MB/s, and no shorter than four hours.
[[nodiscard]] std::chrono::hours format_timeout(std::uint64_t size_bytes);

/// Sends one command, or one for each namespace, and looks at all of them afterwards; the record
/// says what was seen. Of a command whose completion did not come nobody knows how it ended, even
/// where the drive then says that no format is in progress any more. It cannot be let go of while a
/// command lasts: a host that ends it resets the drive.
void run_format(const NvmeDesk& desk, const FormatOrder& order, NvmeFormatRecord& record);

} // namespace quietus::nvme
