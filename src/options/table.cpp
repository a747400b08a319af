#include "table.hpp"

#include <algorithm>
#include <limits>
#include <set>
#include <sstream>

namespace quietus {
namespace {

void append_new(OptionList& list, const std::vector<Option>& options) {
    for (const Option& option : options)
        if (find_option(list, option.name) == nullptr) list.emplace_back(option);
}

} // namespace

const Verb* find_verb(const Program& program, std::string_view name) {
    const auto found = std::ranges::find(program.verbs, name, &Verb::name);
    return found == program.verbs.end() ? nullptr : &*found;
}

std::string first_word(const Verb& verb) {
    return verb.name.substr(0, verb.name.find(' '));
}

bool begins_verbs(const Program& program, std::string_view word) {
    return std::ranges::any_of(program.verbs, [&](const Verb& verb) {
        return verb.name != word && first_word(verb) == word;
    });
}

std::vector<std::string> verb_names(const Program& program, std::string_view first) {
    std::vector<std::string> names;
    for (const Verb& verb : program.verbs)
        if (first.empty() || first_word(verb) == first) names.push_back(verb.name);
    return names;
}

OptionList all_options(const Program& program) {
    OptionList list;
    append_new(list, program.common);
    for (const Verb& verb : program.verbs)
        append_new(list, verb.options);
    return list;
}

OptionList options_of(const Program& program, const Verb& verb) {
    OptionList list;
    append_new(list, verb.options);
    append_new(list, program.common);
    return list;
}

const Option* find_option(const OptionList& options, std::string_view spelling) {
    for (const Option& option : options)
        if (option.name == spelling || (!option.letter.empty() && option.letter == spelling))
            return &option;
    return nullptr;
}

std::vector<std::string> option_names(const OptionList& options) {
    std::vector<std::string> names;
    std::ranges::transform(options, std::back_inserter(names),
                           [](const Option& option) { return option.name; });
    return names;
}

OperandCount count_of(std::string_view operands) {
    OperandCount count;
    std::istringstream words{std::string(operands)};
    for (std::string word; words >> word;) {
        if (!word.starts_with('[')) ++count.least;
        const bool many = word.find("...") != std::string::npos;
        count.most = many ? std::numeric_limits<std::size_t>::max() : count.most + 1;
    }
    return count;
}

std::string joined(const std::vector<std::string>& words, std::string_view separator) {
    std::string text;
    for (const std::string& word : words)
        text.append(text.empty() ? "" : separator).append(word);
    return text;
}

} // namespace quietus
