// The headers of a LUKS volume: the first, and of version 2 the copy behind it.
//
// Version 1 by the LUKS On-Disk Format Specification 1.2.3, version 2 by the LUKS2 On-Disk Format
// Specification 1.1.1, as `cryptsetup luksDump` and libblkid read them; their texts were not read.
#pragma once

#include "quietus/core/bytes.hpp"
#include "quietus/core/result.hpp"
#include "quietus/record/luks_facts.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace quietus::luks {

/// So many octets from there on the drive; fewer at its end. Fault::io.
using Reader = std::function<Result<Bytes>(std::uint64_t offset, std::size_t octets)>;

/// Of the volume that begins there, by offset: none when no header is left. The copy is looked for
/// where the first header says that it is, and at every place where one may be if there is none.
/// What cannot be read of one is told in its `text`. Fault::io when the drive cannot be read.
[[nodiscard]] Result<std::vector<LuksHeader>> read_headers(const Reader& read,
                                                           std::uint64_t offset);

} // namespace quietus::luks
