// VPD page 83h, device identification (SPC-5 clause 7.7.6): names of a logical unit, its target and
// the target's ports.
#pragma once

#include "quietus/core/bytes.hpp"
#include "quietus/core/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace quietus::scsi {

enum class Association : std::uint8_t { logical_unit = 0, target_port = 1, target = 2 };
enum class DesignatorType : std::uint8_t {
    vendor = 0,
    t10 = 1,
    eui64 = 2,
    naa = 3,
    relative_port = 4,
    port_group = 5,
    unit_group = 6,
    md5 = 7,
    name_string = 8,
    protocol_specific = 9,
    uuid = 10,
};

struct Designator {
    std::uint8_t association = 0;         ///< Association, or reserved
    std::uint8_t type = 0;                ///< DesignatorType, or reserved
    std::uint8_t code_set = 0;            ///< 1 binary, 2 ASCII, 3 UTF-8
    std::optional<std::uint8_t> protocol; ///< SPC-5 table 512 when PIV says so: 6 is SAS
    ByteView value;                       ///< into the page
};

/// All designators of a whole page. Fault::drive when one does not fit in it.
[[nodiscard]] Result<std::vector<Designator>> parse_designators(ByteView page);

/// "naa.…", "eui.…" or "uuid.…" of a designator that is such a name of a length that the standard
/// knows (a name string that spells one counts); else empty. Names that are zero throughout are
/// none.
[[nodiscard]] std::string name_of(const Designator& designator);

/// The best name of this association: NAA, then EUI-64, then UUID; of several the longest, and of
/// those the first. Empty when there is none.
[[nodiscard]] std::string best_name(const std::vector<Designator>& all, Association association);

/// Whether a name is one that its maker gives out once: not an NAA that an administrator chose
/// (NAA 3), nor one whose maker's number or own part is all zero, as cheap bridges have.
[[nodiscard]] bool is_worldwide(const std::string& name);

} // namespace quietus::scsi
