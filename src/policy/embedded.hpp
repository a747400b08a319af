// Embedded data: files of this folder that the build turns into string constants.
#pragma once

#include <string_view>

namespace quietus {

extern const std::string_view schemes_toml; ///< data/schemes.toml
extern const std::string_view classifications_toml;
extern const std::string_view media_toml;
extern const std::string_view techniques_toml;
extern const std::string_view destruction_toml;
extern const std::string_view uk_official_toml;
extern const std::string_view nist_800_88r2_toml;
extern const std::string_view au_ism_toml;
extern const std::string_view legacy_overwrite_toml;

} // namespace quietus
