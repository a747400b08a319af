#include "findings.hpp"

#include <algorithm>

namespace quietus {

void Findings::add(std::string_view code, std::string text) {
    found_.push_back({std::string(code), std::move(text), std::nullopt, std::nullopt});
}

void Findings::add_extents(std::string_view code, const std::string& where,
                           const std::vector<Extent>& extents) {
    const std::size_t listed = std::min(extents.size(), findings_per_list);
    const std::string text = where + ": " + std::string(code);
    for (std::size_t index = 0; index < listed; ++index)
        found_.push_back(at(code, text, extents[index]));
    if (listed < extents.size())
        add(code, text + ": " + std::to_string(extents.size() - listed) +
                      " more extents in the evidence");
}

Finding Findings::at(std::string_view code, std::string text, const Extent& extent) const {
    Finding finding{std::string(code), std::move(text), std::nullopt, std::nullopt};
    // Nothing is computed from an extent that is not on the drive: it could wrap.
    if (drive_.logical_block_bytes == 0 || !is_inside(extent, drive_.size_bytes)) return finding;
    const std::uint64_t block = drive_.logical_block_bytes;
    const std::uint64_t first = extent.offset / block;
    const std::uint64_t last = (extent.end() - 1) / block;
    finding.first_block = first;
    finding.blocks = last - first + 1;
    return finding;
}

} // namespace quietus
