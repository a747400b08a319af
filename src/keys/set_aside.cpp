#include "set_aside.hpp"

#include <cstdio>
#include <filesystem>

namespace quietus {

std::string name_aside(const std::string& path, Clock& clock) {
    std::string name = path + "-until-";
    for (const char each : to_rfc3339(clock.utc_seconds()))
        if (each != '-' && each != ':') name += each;
    std::string free = name;
    std::error_code ignored;
    for (int i = 2; std::filesystem::exists(std::filesystem::symlink_status(free, ignored)); ++i)
        free = name + "-" + std::to_string(i);
    return free;
}

Status set_aside(const std::string& path, Clock& clock) {
    const std::string aside = name_aside(path, clock);
    if (::rename(path.c_str(), aside.c_str()) != 0) return system_error(Fault::evidence, aside);
    return {};
}

} // namespace quietus
