// Table: looking things up in a program's option table.
#pragma once

#include "quietus/options/options.hpp"

#include <functional>

namespace quietus {

/// The verb with exactly this name; nullptr when there is none.
[[nodiscard]] const Verb* find_verb(const Program& program, std::string_view name);
/// "key" of "key init"; the whole name of a verb of one word.
[[nodiscard]] std::string first_word(const Verb& verb);
/// Whether the word begins verbs of two words.
[[nodiscard]] bool begins_verbs(const Program& program, std::string_view word);
/// The names of all verbs, or of those that begin with this first word.
[[nodiscard]] std::vector<std::string> verb_names(const Program& program,
                                                  std::string_view first = {});

using OptionList = std::vector<std::reference_wrapper<const Option>>;

/// Every option of the program, each name once.
[[nodiscard]] OptionList all_options(const Program& program);
/// What may stand with this verb: its own, then the common ones.
[[nodiscard]] OptionList options_of(const Program& program, const Verb& verb);
/// By "--name" or "-n"; nullptr when there is none.
[[nodiscard]] const Option* find_option(const OptionList& options, std::string_view spelling);
[[nodiscard]] std::vector<std::string> option_names(const OptionList& options);

/// How many operands "DRIVE...", "[FILE]", "A B" stand for.
struct OperandCount {
    std::size_t least = 0;
    std::size_t most = 0;
};
[[nodiscard]] OperandCount count_of(std::string_view operands);

/// "a, b, c".
[[nodiscard]] std::string joined(const std::vector<std::string>& words,
                                 std::string_view separator = ", ");

} // namespace quietus
