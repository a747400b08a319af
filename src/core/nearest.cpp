#include "quietus/core/nearest.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace quietus {
namespace {

constexpr std::size_t names_max = 3;
// Nobody mistypes a name this long; beyond it the table would only cost time.
constexpr std::size_t length_max = 64;

std::size_t edit_distance(std::string_view left, std::string_view right) {
    std::vector<std::size_t> row(right.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < left.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i + 1);
        for (std::size_t j = 0; j < right.size(); ++j) {
            const std::size_t replaced = diagonal + (left[i] == right[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
        }
    }
    return row.back();
}

struct Candidate {
    std::size_t distance;
    const std::string* name;
};

} // namespace

std::vector<std::string> nearest(std::string_view word, const std::vector<std::string>& names) {
    if (word.empty() || word.size() > length_max) return {};
    std::vector<Candidate> candidates;
    for (const std::string& name : names) {
        const bool contained = word.size() > 2 && name.find(word) != std::string::npos;
        const std::size_t distance = contained ? 1 : edit_distance(word, name);
        const std::size_t tolerated =
            std::max<std::size_t>(2, std::max(word.size(), name.size()) / 3);
        if (distance <= tolerated && distance < name.size())
            candidates.push_back({distance, &name});
    }
    std::ranges::stable_sort(candidates, {}, &Candidate::distance);
    std::vector<std::string> near;
    for (const Candidate& each : candidates)
        if (near.size() < names_max) near.push_back(*each.name);
    return near;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& names) {
    const auto near = nearest(word, names);
    std::string text;
    for (const std::string& name : near) {
        if (!text.empty()) text += &name == &near.back() ? " or " : ", ";
        text += name;
    }
    return text.empty() ? text : "did you mean " + text + "?";
}

} // namespace quietus
