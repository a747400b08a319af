// Assets: what the register says about drives at this station. Which are expected here, and which
// nobody may erase for now.
//
// STATE/assets.toml, read strictly: [[expected]] with serial and asset_tag, [[hold]] with serial,
// reason and, once somebody has lifted it, cleared_by. As soon as any drive is expected, all others
// are not.
#pragma once

#include "quietus/core/result.hpp"
#include "quietus/record/drive.hpp"

#include <map>
#include <string>
#include <string_view>

namespace quietus {

class Assets {
  public:
    /// Fault::invalid with the line.
    [[nodiscard]] static Result<Assets> from_toml(std::string_view text);
    /// Those of the station with this state directory; none when there is no file. Fault::refused
    /// when it cannot be read, or others may write to it: nobody may erase what may be on hold.
    [[nodiscard]] static Result<Assets> of(const std::string& state);

    /// Adds the interlocks on-hold and not-expected to a drive for which they hold.
    void guard(Drive& drive) const;
    /// The tag of an expected drive; empty when it has none.
    [[nodiscard]] std::string tag_of(const Drive& drive) const;
    /// Who lifted the hold that was on it; empty when none was.
    [[nodiscard]] std::string clearance_of(const Drive& drive) const;

    /// What is said of one drive: of one that is expected its tag, of a hold why and who lifted it.
    struct Entry {
        std::string tag = {};
        std::string reason = {};
        std::string cleared_by = {};
    };

  private:
    std::map<std::string, Entry, std::less<>> expected_; ///< by serial
    std::map<std::string, Entry, std::less<>> holds_;
};

} // namespace quietus
