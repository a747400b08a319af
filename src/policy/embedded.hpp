// Embedded data: files of this folder that the build turns into string constants.
#pragma once

#include <string_view>

namespace quietus {

extern const std::string_view schemes_json; ///< schemes.json

} // namespace quietus
