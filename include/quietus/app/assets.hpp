// Assets: what the register says about drives at this station. Which are expected here, and which
// nobody may erase for now.
//
// STATE/assets.toml, read strictly: [[expected]] with serial and asset_tag, [[hold]] with serial
// and reason. As soon as any drive is expected, all others are not.
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

  private:
    std::map<std::string, std::string, std::less<>> expected_; ///< tags by serial
    std::map<std::string, std::string, std::less<>> holds_;    ///< reasons by serial
};

} // namespace quietus
