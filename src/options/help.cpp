// What --help answers.
#include "table.hpp"

#include <algorithm>

namespace quietus {
namespace {

constexpr std::size_t column_max = 28;
constexpr std::size_t screen_columns = 80;

struct Row {
    std::string left;
    std::string right;
};

/// Words into lines that end before the screen does; those after the first begin with `indent`
/// blanks, and the first one is taken to have as many columns before it. A word is never broken.
std::string wrapped(std::string_view words, std::size_t indent, std::string_view line_end = {}) {
    std::string text;
    std::size_t column = indent;
    while (!words.empty()) {
        const std::string_view word = words.substr(0, words.find(' '));
        words.remove_prefix(std::min(word.size() + 1, words.size()));
        const std::size_t reserve = words.empty() ? 0 : line_end.size();
        if (column > indent && column + 1 + word.size() + reserve > screen_columns) {
            text += std::string(line_end) + "\n" + std::string(indent, ' ');
            column = indent;
        }
        if (column > indent) {
            text += ' ';
            ++column;
        }
        text += word;
        column += word.size();
    }
    return text;
}

// Two columns; a left side too wide for its column has the line to itself.
std::string table_of(const std::vector<Row>& rows) {
    std::size_t width = 0;
    for (const Row& row : rows)
        if (row.left.size() <= column_max) width = std::max(width, row.left.size());
    std::string text;
    for (const Row& row : rows) {
        text += "  " + row.left;
        if (row.left.size() > width)
            text += "\n" + std::string(width + 4, ' ');
        else
            text += std::string(width + 2 - row.left.size(), ' ');
        text += wrapped(row.right, width + 4) + "\n";
    }
    return text;
}

Row row_of(const Option& option) {
    std::string left = option.letter.empty() ? "" : option.letter + ", ";
    left += option.name + (option.value.empty() ? "" : " " + option.value);
    std::string right = option.help;
    if (!option.choices.empty()) right += ": " + joined(option.choices);
    if (option.repeatable) right += " (repeatable)";
    return {left, right};
}

std::string options_text(std::string_view title, const std::vector<Option>& options) {
    if (options.empty()) return {};
    std::vector<Row> rows;
    std::ranges::transform(options, std::back_inserter(rows), row_of);
    return "\n" + std::string(title) + ":\n" + table_of(rows);
}

} // namespace

std::string help_text(const Program& program) {
    std::vector<Row> verbs;
    for (const Verb& verb : program.verbs)
        verbs.push_back(
            {verb.name + (verb.operands.empty() ? "" : " " + verb.operands), verb.summary});
    return "usage: " + program.name + " [OPTION...] VERB ...\n\n" + wrapped(program.summary, 0) +
           "\n\nverbs:\n" + table_of(verbs) +
           options_text("options of every verb", program.common) + "\n'" + program.name +
           " VERB --help' says more about one\n";
}

std::string help_text(const Program& program, const Verb& verb) {
    return "usage: " + program.name + " " + verb.name + " [OPTION...]" +
           (verb.operands.empty() ? "" : " " + verb.operands) + "\n\n" + wrapped(verb.summary, 0) +
           "\n" + options_text("options", verb.options) +
           options_text("options of every verb", program.common) + "\nexample:\n  " +
           wrapped(verb.example, 2, " \\") + "\n";
}

} // namespace quietus
