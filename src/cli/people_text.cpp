#include "people_text.hpp"

#include "quietus/core/bytes.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <string_view>

namespace quietus::cli {
namespace {

// Columns a text takes: code points, not octets.
std::size_t width(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char each) { return (static_cast<unsigned char>(each) & 0xC0U) != 0x80U; }));
}

std::vector<std::size_t> widths(const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::size_t> columns;
    for (const auto& row : rows) {
        columns.resize(std::max(columns.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i)
            columns[i] = std::max(columns[i], width(row[i]));
    }
    return columns;
}

} // namespace

std::string short_size(std::uint64_t bytes) {
    constexpr std::array units{"B", "kB", "MB", "GB", "TB", "PB", "EB"};
    auto value = static_cast<double>(bytes);
    std::size_t unit = 0;
    for (; value >= 999.5 && unit + 1 < units.size(); ++unit)
        value /= 1000;
    std::array<char, 32> text{};
    const int digits = unit == 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
    std::snprintf(text.data(), text.size(), "%.*f %s", digits, value, units[unit]);
    return text.data();
}

std::string long_size(std::uint64_t bytes) {
    return short_size(bytes) + " (" + std::to_string(bytes) + " bytes)";
}

std::string duration(std::uint64_t seconds) {
    std::array<char, 48> text{};
    std::snprintf(text.data(), text.size(), "%llu:%02u:%02u",
                  static_cast<unsigned long long>(seconds / 3600),
                  static_cast<unsigned>(seconds / 60 % 60), static_cast<unsigned>(seconds % 60));
    return text.data();
}

std::string table(const std::vector<std::vector<std::string>>& rows) {
    auto safe = rows;
    for (auto& row : safe)
        for (std::string& cell : row)
            cell = escaped(cell);
    const auto columns = widths(safe);
    std::string text;
    for (const auto& row : safe) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            line += row[i];
            if (i + 1 < row.size()) line.append(columns[i] - width(row[i]) + 2, ' ');
        }
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + '\n';
    }
    return text;
}

std::string joined(const std::vector<std::string>& words, const std::string& none) {
    std::string text;
    for (const std::string& word : words)
        text += (text.empty() ? "" : ", ") + word;
    return text.empty() ? none : text;
}

std::string first_words(const std::vector<std::string>& words, std::size_t most,
                        const std::string& none) {
    if (words.size() <= most) return joined(words, none);
    const auto end = words.begin() + static_cast<std::ptrdiff_t>(most);
    return joined({words.begin(), end}, none) + " +" + std::to_string(words.size() - most);
}

} // namespace quietus::cli
