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

void Findings::add_folded(std::string_view code, const std::string& where,
                          const std::vector<Extent>& extents) {
    if (extents.size() <= 1) {
        add_extents(code, where, extents);
        return;
    }
    constexpr std::size_t named = 3;
    std::uint64_t blocks = 0;
    std::string first;
    for (std::size_t index = 0; index < extents.size(); ++index) {
        const Finding placed = at(code, "", extents[index]);
        blocks += placed.blocks.value_or(0);
        if (index < named && placed.first_block)
            first += (first.empty() ? "" : ", ") + std::to_string(*placed.first_block);
    }
    add(code, where + ": " + std::string(code) + ": " + std::to_string(blocks) + " blocks, at " +
                  first + (extents.size() > named ? " and further on" : ""));
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
