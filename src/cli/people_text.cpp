#include "people_text.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/core/listed.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <utility>

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

std::size_t sum_of(const std::vector<std::size_t>& columns) {
    std::size_t sum = 2 * (columns.empty() ? 0 : columns.size() - 1); // the gaps
    for (const std::size_t each : columns)
        sum += each;
    return sum;
}

// Takes what is too much from the columns that fold, or from those that are cut off, from the left.
void fit_into(const TableFit& fit, bool folded, std::vector<std::size_t>& columns) {
    for (std::size_t i = 0; i < columns.size() && fit.width != 0; ++i) {
        const std::size_t sum = sum_of(columns);
        const std::size_t least = i < fit.least.size() ? fit.least[i] : 0;
        if (sum <= fit.width || least == 0 || columns[i] <= least) continue;
        if (fit.is_folded(i) != folded) continue;
        columns[i] = std::max(least, columns[i] - std::min(columns[i], sum - fit.width));
    }
}

// How many octets the text's first columns take.
std::size_t octets_of(const std::string& text, std::size_t columns) {
    std::size_t octets = 0;
    for (std::size_t shown = 0; octets < text.size(); ++octets) {
        const bool begins = (static_cast<unsigned char>(text[octets]) & 0xC0U) != 0x80U;
        if (begins && ++shown > columns) break;
    }
    return octets;
}

// The text's first columns, the last of them an ellipsis when something is cut off.
std::string shortened(const std::string& text, std::size_t columns) {
    if (width(text) <= columns) return text;
    return text.substr(0, octets_of(text, columns - 1)) + "\xe2\x80\xa6";
}

std::string line_of(const std::vector<std::string>& row, const std::vector<std::size_t>& columns) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
        const std::string cell = shortened(row[i], columns[i]);
        line += cell;
        if (i + 1 < row.size()) line.append(columns[i] - width(cell) + 2, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    return line + '\n';
}

// A row, and in further lines what is left of the cells that fold.
std::string lines_of(std::vector<std::string> row, const std::vector<std::size_t>& columns,
                     const TableFit& fit) {
    std::string lines;
    for (bool more = true; more;) {
        more = false;
        std::vector<std::string> rest(row.size());
        for (std::size_t i = 0; i < row.size(); ++i) {
            if (!fit.is_folded(i)) continue;
            const std::size_t octets = octets_of(row[i], columns[i]);
            rest[i] = row[i].substr(octets);
            row[i].resize(octets);
            more = more || !rest[i].empty();
        }
        lines += line_of(row, columns);
        row = std::move(rest);
    }
    return lines;
}

// 0 when the shell exports none.
std::size_t exported(const char* name) {
    const char* value = std::getenv(name);
    const long number = value == nullptr ? 0 : std::strtol(value, nullptr, 10);
    return number > 0 ? static_cast<std::size_t>(number) : 0;
}

constexpr std::size_t usual_columns = 80;

} // namespace

std::string short_size(std::uint64_t bytes) {
    constexpr std::array units{"B", "kB", "MB", "GB", "TB", "PB", "EB"};
    auto value = static_cast<double>(bytes);
    std::size_t unit = 0;
    for (; value >= 999.5 && unit + 1 < units.size(); ++unit)
        value /= 1000;
    std::array<char, 32> text{};
    const int digits = unit == 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
    const int length = std::snprintf(text.data(), text.size(), "%.*f", digits, value);
    std::string number(text.data(), static_cast<std::size_t>(length));
    if (digits == 2 && number.back() == '0') number.pop_back(); // "4.0", but "1.92"
    return number + " " + units[unit];
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
    return table(rows, {});
}

std::string table(const std::vector<std::vector<std::string>>& rows, const TableFit& fit) {
    auto safe = rows;
    for (auto& row : safe)
        for (std::string& cell : row)
            cell = escaped(cell);
    auto columns = widths(safe);
    for (const bool folded : {false, true})
        fit_into(fit, folded, columns);
    std::string text;
    for (auto& row : safe)
        text += lines_of(std::move(row), columns, fit);
    return text;
}

std::size_t screen_columns() {
    const std::size_t columns = exported("COLUMNS");
    return columns != 0 ? columns : usual_columns;
}

std::size_t screen_lines() {
    constexpr std::size_t usual_lines = 22;
    const std::size_t lines = exported("LINES");
    return lines == 0 ? usual_lines : std::max<std::size_t>(lines, 4);
}

std::size_t output_columns() {
    return ::isatty(STDOUT_FILENO) != 0 ? screen_columns() : exported("COLUMNS");
}

std::string part_line(const Part& part) {
    const bool plain = part.kind == PartKind::partition && !part.node.empty();
    std::string line = plain || part.node.empty() ? part.node : part.node + ", ";
    if (!plain) line += part.title.empty() ? std::string(to_text(part.kind)) : part.title;
    return line + (part.size_bytes == 0 ? "" : ", " + long_size(part.size_bytes));
}

std::string joined(const std::vector<std::string>& words, const std::string& none) {
    std::string text = listed(words);
    return text.empty() ? none : text;
}

std::string first_words(const std::vector<std::string>& words, std::size_t most,
                        const std::string& none) {
    if (words.size() <= most) return joined(words, none);
    const auto end = words.begin() + static_cast<std::ptrdiff_t>(most);
    return joined({words.begin(), end}, none) + " +" + std::to_string(words.size() - most);
}

} // namespace quietus::cli
