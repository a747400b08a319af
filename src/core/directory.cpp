#include "quietus/core/directory.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

namespace quietus {

std::vector<std::string> files_in(const std::string& directory, std::string_view ending) {
    std::vector<std::string> paths;
    std::error_code failed;
    for (std::filesystem::directory_iterator entry(directory, failed), end; !failed && entry != end;
         entry.increment(failed))
        if (std::string path = entry->path().string(); path.ends_with(ending))
            paths.push_back(std::move(path));
    std::ranges::sort(paths);
    return paths;
}

} // namespace quietus
