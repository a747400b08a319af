#include "quietus/policy/reach.hpp"

#include "quietus/core/bytes.hpp"

#include <algorithm>
#include <iterator>

namespace quietus {

std::vector<Part> parts_out_of_reach(const Drive& drive) {
    const auto is_beyond = [&](const Part& part) {
        return !is_reached_by_overwrite(part.kind) &&
               std::ranges::find(drive.members, part.node, &Member::node) == drive.members.end();
    };
    std::vector<Part> beyond;
    std::ranges::copy_if(drive.parts, std::back_inserter(beyond), is_beyond);
    return beyond;
}

std::string part_in_words(const Part& part) {
    const std::string title =
        part.title.empty() ? std::string(to_text(part.kind)) : escaped(part.title);
    std::string words = part.node.empty() ? title : escaped(part.node) + ", " + title;
    if (part.size_bytes != 0) words += ", " + std::to_string(part.size_bytes) + " bytes";
    return words;
}

} // namespace quietus
