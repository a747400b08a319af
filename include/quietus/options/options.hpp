// Options: a program's verbs and options as one declarative table, from which the command line is
// parsed and the manual page and shell completions are written.
#pragma once

#include "quietus/core/result.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace quietus {

/// An option means the same wherever it stands: verbs that share a name share value and letter.
struct Option {
    std::string name;   ///< "--scheme"
    std::string letter; ///< "-q"; empty when it has none
    std::string value;  ///< "ID"; empty for a flag; FILE, DIR and PATH are completed as files
    std::string help;   ///< one line, lower case, no full stop
    bool repeatable = false;
    std::vector<std::string> choices = {}; ///< for the completions and the usage error; empty: any
};

struct Verb {
    std::string name; ///< "erase", or two words: "key init"
    /// "DRIVE..." (one or more), "DRIVE" (one), "[DRIVE...]" (any number), "" (none)
    std::string operands;
    std::string summary; ///< one line
    std::string text;    ///< paragraphs for the manual, separated by empty lines
    std::vector<Option> options;
    std::string example;
};

/// A section of the manual page that no option table can write: exit status, interlocks, files.
/// A line "TERM<tab>text" is an entry of a list; a line that begins with two blanks is kept as it
/// stands.
struct ManualSection {
    std::string title;
    std::string text;
};

/// A manual page about something else than a program, such as a file: section 5.
struct FilePage {
    std::string name; ///< "quietus.toml"
    std::string summary;
    std::vector<ManualSection> sections; ///< after NAME
};

struct Program {
    std::string name;
    std::string summary;
    std::string text;
    std::vector<Option> common; ///< may stand before or after the verb
    std::vector<Verb> verbs;
    std::vector<ManualSection> sections;
};

/// A command line that holds: verb known, every option known and in range of its choices, operands
/// of the right number.
struct Invocation {
    std::string verb;
    std::vector<std::string> operands;
    /// By name, "--scheme"; a flag has one empty value for each time it was given.
    std::map<std::string, std::vector<std::string>, std::less<>> values;
    /// Of these, what did not stand on the command line: the station's configuration gives it.
    std::set<std::string, std::less<>> configured = {};

    [[nodiscard]] bool has(std::string_view option) const;
    /// The last value given, or nothing.
    [[nodiscard]] std::optional<std::string> value(std::string_view option) const;
    [[nodiscard]] std::vector<std::string> all(std::string_view option) const;
};

/// Text asked for instead of a run: --help, --version.
struct Answer {
    std::string text;
};

/// `arguments` without the program's own name. Options may stand before or after the verb; what
/// follows `--` is never one. An empty value is a missing one, and an option that is not repeatable
/// may be given once. --help (-h) and --version answer as soon as what stands around them can be
/// read, complete or not. Fault::usage names the argument, and lists what would have been accepted
/// where that is short. A table that contradicts itself is a bug (QUIETUS_ENSURE).
[[nodiscard]] Result<std::variant<Invocation, Answer>>
parse_command_line(const Program& program, const std::vector<std::string>& arguments);

/// What --help answers for the whole program, or for one of its verbs.
[[nodiscard]] std::string help_text(const Program& program);
[[nodiscard]] std::string help_text(const Program& program, const Verb& verb);

/// The manual page in mdoc-free roff (man macros), section 1.
[[nodiscard]] std::string manual_page(const Program& program);
/// The same for a file, section 5.
[[nodiscard]] std::string manual_page(const FilePage& file);
/// A bash completion script; needs no other file.
[[nodiscard]] std::string bash_completion(const Program& program);

} // namespace quietus
