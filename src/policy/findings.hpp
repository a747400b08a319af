// Findings: what speaks against a drive, collected while its evidence is examined.
#pragma once

#include "quietus/core/extent.hpp"
#include "quietus/record/erasure_record.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace quietus {

/// At most this many extents of one list become findings of their own; one more finding sums up the
/// rest. The evidence keeps them all.
inline constexpr std::size_t findings_per_list = 256;

class Findings {
  public:
    explicit Findings(const Drive& drive) : drive_(drive) {}

    void add(std::string_view code, std::string text);
    /// One finding for each extent, in logical blocks rounded outwards: "pass 3: unwritable".
    void add_extents(std::string_view code, const std::string& where,
                     const std::vector<Extent>& extents);

    /// One finding for all of them, with its blocks where they are of one extent alone, and else
    /// with how many blocks there are and the first few in words.
    void add_folded(std::string_view code, const std::string& where,
                    const std::vector<Extent>& extents);

    [[nodiscard]] bool none() const { return found_.empty(); }
    [[nodiscard]] std::vector<Finding> take() && { return std::move(found_); }

  private:
    [[nodiscard]] Finding at(std::string_view code, std::string text, const Extent& extent) const;

    const Drive& drive_;
    std::vector<Finding> found_;
};

} // namespace quietus
