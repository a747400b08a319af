// The bash completion: a script that needs nothing but bash.
#include "table.hpp"

#include <algorithm>
#include <set>

namespace quietus {
namespace {

constexpr std::string_view script_head =
    R"(    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
    local verb= skip= word words= files=
    COMPREPLY=()
    # bash takes "--option=value" for three words
    if [[ $current == = ]]; then
        current=
    elif [[ $previous == = ]]; then
        previous=${COMP_WORDS[COMP_CWORD - 2]}
    fi
)";

constexpr std::string_view script_tail = R"(    if [[ $current != -* && -n $files ]]; then
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
    else
        mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
    fi
}
)";

bool names_a_file(const Option& option) {
    return option.value == "FILE" || option.value == "DIR" || option.value == "PATH";
}

// "--state|--config", with letters.
std::string alternatives(const OptionList& options, auto wanted) {
    std::vector<std::string> spellings;
    for (const Option& option : options) {
        if (!wanted(option)) continue;
        if (!option.letter.empty()) spellings.push_back(option.letter);
        spellings.push_back(option.name);
    }
    return joined(spellings, "|");
}

std::string branch(const std::string& pattern, std::string_view body) {
    return pattern.empty() ? "" : "    " + pattern + ")\n" + std::string(body) + "        ;;\n";
}

// What stands after an option that takes a value.
std::string value_branches(const OptionList& options) {
    std::string text = "    case $previous in\n";
    for (const Option& option : options)
        if (!option.choices.empty())
            text += branch(alternatives({option}, [](const Option&) { return true; }),
                           "        mapfile -t COMPREPLY < <(compgen -W \"" +
                               joined(option.choices, " ") +
                               "\" -- \"$current\")\n"
                               "        return\n");
    text += branch(alternatives(options, names_a_file),
                   "        compopt -o filenames 2>/dev/null\n"
                   "        mapfile -t COMPREPLY < <(compgen -f -- \"$current\")\n"
                   "        return\n");
    text += branch(alternatives(options,
                                [](const Option& option) {
                                    return !option.value.empty() && option.choices.empty() &&
                                           !names_a_file(option);
                                }),
                   "        return\n");
    return text + "    esac\n";
}

// Finds the verb among the words before the one being completed.
std::string verb_search(const Program& program, const OptionList& options) {
    std::string text = "    for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
                       "        [[ $word == = ]] && continue\n"
                       "        [[ -n $skip ]] && { skip=; continue; }\n"
                       "        case $word in\n";
    const auto valued =
        alternatives(options, [](const Option& option) { return !option.value.empty(); });
    if (!valued.empty()) text += "        " + valued + ") skip=yes ;;\n";
    text +=
        "        -*) ;;\n        *)\n            case $verb in\n            '') verb=$word ;;\n";
    std::set<std::string> groups;
    for (const Verb& verb : program.verbs)
        if (verb.name != first_word(verb)) groups.insert(first_word(verb));
    for (const std::string& group : groups)
        text += "            " + group + ") verb=\"$verb $word\" ;;\n";
    return text + "            esac\n            ;;\n        esac\n    done\n";
}

std::string words_branch(const std::string& verb, const std::vector<std::string>& words,
                         bool files = false) {
    return branch("'" + verb + "'", "        words=\"" + joined(words, " ") + "\"\n" +
                                        (files ? "        files=yes\n" : ""));
}

std::vector<std::string> second_words(const Program& program, const std::string& group) {
    std::vector<std::string> words;
    for (const Verb& verb : program.verbs)
        if (verb.name.starts_with(group + " ")) words.push_back(verb.name.substr(group.size() + 1));
    return words;
}

// What may stand where no value is due.
std::string word_branches(const Program& program) {
    std::vector<std::string> first;
    std::string groups;
    for (const Verb& verb : program.verbs) {
        const std::string word = first_word(verb);
        if (std::ranges::count(first, word) != 0) continue;
        first.push_back(word);
        if (find_verb(program, word) == nullptr)
            groups += words_branch(word, second_words(program, word));
    }
    OptionList common(program.common.begin(), program.common.end());
    for (const std::string& name : option_names(common))
        first.push_back(name);
    first.insert(first.end(), {"--help", "--version"});
    std::string text = "    case $verb in\n" + words_branch("", first) + groups;
    for (const Verb& verb : program.verbs) {
        auto words = option_names(options_of(program, verb));
        words.emplace_back("--help");
        text += words_branch(verb.name, words, !verb.operands.empty());
    }
    return text + "    esac\n";
}

} // namespace

std::string bash_completion(const Program& program) {
    std::string function = "_" + program.name;
    std::ranges::replace(function, '-', '_');
    const OptionList options = all_options(program);
    return "# bash completion for " + program.name + ", written from its option table\n" +
           function + "()\n{\n" + std::string(script_head) + value_branches(options) +
           verb_search(program, options) + word_branches(program) + std::string(script_tail) +
           "complete -F " + function + " " + program.name + "\n";
}

} // namespace quietus
