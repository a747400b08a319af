#include "table.hpp"
#include "verb_scan.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/core/ensure.hpp"
#include "quietus/core/nearest.hpp"
#include "quietus/core/version.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <algorithm>

namespace quietus {
namespace {

// The library's parser for the options of one verb. It only splits: every judgement is ours, so
// that messages read alike and none of its conveniences (bracketed lists, flag overrides,
// configuration files) comes into play. Operands never reach it: it would take "[a,b]" for two.
class VerbParser {
  public:
    VerbParser(const Program& program, const Verb& verb)
        : verb_(verb), options_(options_of(program, verb)) {
        app_.set_help_flag();
        app_.allow_extras();
        for (const Option& option : options_)
            add(option);
    }

    Result<Invocation> parse(VerbScan scan) {
        std::ranges::reverse(scan.options); // the library takes them from the back
        app_.parse(std::move(scan.options));
        if (auto status = refuse_extras(); !status) return std::move(status).error();
        Invocation invocation;
        invocation.verb = verb_.name;
        invocation.operands = std::move(scan.operands);
        for (const Option& option : options_)
            if (auto status = take_values(option, invocation); !status)
                return std::move(status).error();
        if (auto status = check_operands(invocation.operands); !status)
            return std::move(status).error();
        return invocation;
    }

  private:
    void add(const Option& option) {
        const std::string names =
            option.letter.empty() ? option.name : option.letter + "," + option.name;
        using CLI::MultiOptionPolicy;
        if (option.value.empty())
            app_.add_flag(names)->multi_option_policy(MultiOptionPolicy::TakeAll);
        else
            app_.add_option(names)->allow_extra_args(false)->multi_option_policy(
                MultiOptionPolicy::TakeAll);
    }

    Error usage(std::string message, std::string hint = {}) const {
        return {Fault::usage, verb_.name + ": " + std::move(message), std::move(hint)};
    }

    // The scan knows every option of the program: what is left over belongs to another verb.
    Status refuse_extras() const {
        const auto extras = app_.remaining();
        if (extras.empty()) return {};
        const std::string name = extras.front().substr(0, extras.front().find('='));
        return usage("takes no option " + escaped(name),
                     did_you_mean(name, option_names(options_)));
    }

    Status take_values(const Option& option, Invocation& invocation) const {
        auto values = app_.get_option(option.name)->results();
        if (values.empty()) return {};
        if (option.value.empty()) {
            values.assign(values.size(), "");
        } else {
            if (values.size() > 1 && !option.repeatable)
                return usage(option.name + " is given more than once");
            for (const std::string& value : values)
                if (auto status = check_value(option, value); !status) return status;
        }
        invocation.values[option.name] = std::move(values);
        return {};
    }

    Status check_value(const Option& option, const std::string& value) const {
        if (option.choices.empty() || std::ranges::count(option.choices, value) != 0) return {};
        return usage(option.name + ": \"" + escaped(value) + "\" is not one of " +
                         joined(option.choices),
                     did_you_mean(value, option.choices));
    }

    Status check_operands(const std::vector<std::string>& operands) const {
        const OperandCount count = count_of(verb_.operands);
        if (operands.size() > count.most)
            return usage("unexpected operand \"" + escaped(operands[count.most]) + "\"",
                         verb_.operands.empty() ? "it takes none" : "it takes " + verb_.operands);
        if (operands.size() < count.least) return usage("needs " + verb_.operands);
        for (const std::string& operand : operands)
            if (operand.empty()) return usage("an operand is empty");
        return {};
    }

    const Verb& verb_;
    const OptionList options_;
    CLI::App app_;
};

Result<Invocation> parse_verb(const Program& program, VerbScan scan) {
    const Verb& verb = *scan.verb;
    try {
        return VerbParser(program, verb).parse(std::move(scan));
    } catch (const CLI::Error& error) {
        const bool table_is_sound = dynamic_cast<const CLI::ParseError*>(&error) != nullptr;
        QUIETUS_ENSURE(table_is_sound);
        return Error{Fault::usage, verb.name + ": " + escaped(error.what())};
    }
}

std::string version_answer(const Program& program) {
    return program.name + " " + std::string(version_number()) + " (commit " + commit_text() + ")\n";
}

} // namespace

Result<std::variant<Invocation, Answer>>
parse_command_line(const Program& program, const std::vector<std::string>& arguments) {
    using Parsed = std::variant<Invocation, Answer>;
    auto scan = scan_for_verb(program, arguments);
    if (!scan) return std::move(scan).error();
    if (scan->help)
        return Parsed(
            Answer{scan->verb == nullptr ? help_text(program) : help_text(program, *scan->verb)});
    if (scan->version) return Parsed(Answer{version_answer(program)});
    auto invocation = parse_verb(program, std::move(*scan));
    if (!invocation) return std::move(invocation).error();
    return Parsed(std::move(*invocation));
}

} // namespace quietus
