#include "by_id_links.hpp"

#include "sysfs.hpp"

#include <filesystem>

namespace quietus {

std::map<std::string, std::vector<std::string>> by_id_links(const std::string& dev) {
    const std::string directory = dev + "/disk/by-id";
    std::map<std::string, std::vector<std::string>> links;
    for (const std::string& name : sysfs::names(directory)) {
        const auto target = sysfs::link(directory + "/" + name);
        if (!target) continue;
        const auto node = (std::filesystem::path("/dev/disk/by-id") / *target).lexically_normal();
        links[node.string()].push_back("/dev/disk/by-id/" + name);
    }
    return links;
}

} // namespace quietus
