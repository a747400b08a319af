// DisposalOrder: what somebody with the authority to do so ordered about some drives: what they
// held, where they go, on whose word, and which drives they are.
//
// A TOML file; quietus(1) describes it. Whether anybody signed it is for app to find out.
#pragma once

#include "quietus/core/result.hpp"
#include "quietus/record/drive.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quietus {

/// One drive, by its serial as the drive itself tells it.
struct OrderedDrive {
    std::string serial;
    std::string model;     ///< when stated, the drive must be of it
    std::string asset_tag; ///< for the document; may be empty
};

/// Any drive that is like this, so many of them.
struct OrderedDrives {
    std::uint32_t at_most = 0;
    DriveKind kind = DriveKind::unknown;
    std::uint64_t least_bytes = 0;
    std::uint64_t most_bytes = 0;
    bool removable = false;
};

struct DisposalOrder {
    std::string id;      ///< the approver's own: it stands on every document
    std::string station; ///< the one that may follow it
    std::int64_t valid_from = 0;
    std::int64_t valid_until = 0; ///< the first second in which it may no longer be followed
    /// The owner of the information accepts the fallbacks that rules make depend on that.
    bool owner_accepts = false;
    /// What it says in place of an option, by the option's name: "--classification".
    std::map<std::string, std::string, std::less<>> values;
    std::vector<std::string> references;
    std::vector<OrderedDrive> drives;
    std::optional<OrderedDrives> any;
};

/// The options that an order may say something for.
[[nodiscard]] const std::vector<std::string>& options_of_orders();

/// Reads the text of one order, at most 1 MiB. Fault::invalid, "line 12: ...", naming the first
/// thing that is wrong; an order that covers no drive is none.
[[nodiscard]] Result<DisposalOrder> parse_disposal_order(std::string_view text);

/// Which of its entries covers a drive: a position in `drives`, or `any`.
struct Cover {
    std::optional<std::size_t> listed; ///< absent: covered by `any`

    friend bool operator==(const Cover&, const Cover&) = default;
};
/// Nothing when it covers no such drive. A drive that is listed is never counted as any.
[[nodiscard]] std::optional<Cover> cover_of(const DisposalOrder& order, const Drive& drive);

} // namespace quietus
