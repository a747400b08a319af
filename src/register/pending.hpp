// pending: the write-ahead of a log. What is to be appended, before anything of it is in a tile.
#pragma once

#include "log_files.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace quietus {

inline constexpr auto pending_name = "pending";

struct Pending {
    std::uint64_t size = 0; ///< of the tree it is to be appended to
    std::string bundle;     ///< the entries, each with its length in front
};

/// On stable storage, its name included, when this returns.
[[nodiscard]] Status save_pending(LogFiles& files, const Pending& pending);
[[nodiscard]] Status clear_pending(LogFiles& files);

struct PendingFound {
    std::optional<Pending> whole;
    bool torn = false; ///< something is there, and its digest does not hold
};
[[nodiscard]] Result<PendingFound> load_pending(LogFiles& files);
/// The same of the file's content.
[[nodiscard]] PendingFound parse_pending(std::string_view content);

} // namespace quietus
