#include "verb_scan.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/core/nearest.hpp"

namespace quietus {
namespace {

Error usage(std::string message, std::string hint = {}) {
    return {Fault::usage, std::move(message), std::move(hint)};
}

class Scanner {
  public:
    Scanner(const Program& program, const std::vector<std::string>& arguments)
        : program_(program), arguments_(arguments), options_(all_options(program)) {}

    Result<VerbScan> scan() {
        while (next_ < arguments_.size()) {
            const std::string& argument = arguments_[next_++];
            if (auto status = take(argument); !status) return std::move(status).error();
        }
        if (auto status = settle_verb(); !status) return std::move(status).error();
        return std::move(found_);
    }

  private:
    Status take(const std::string& argument) {
        if (only_operands_ || argument.size() < 2 || argument[0] != '-') return take_word(argument);
        if (argument == "--") {
            only_operands_ = true;
            return {};
        }
        found_.options.push_back(argument);
        return argument[1] == '-' ? take_long(argument) : take_letters(argument);
    }

    Status take_word(const std::string& word) {
        if (only_operands_ || found_.verb != nullptr) {
            found_.operands.push_back(word);
            return {};
        }
        words_ += (words_.empty() ? "" : " ") + word;
        found_.verb = find_verb(program_, words_);
        if (found_.verb != nullptr || begins_verbs(program_, words_)) return {};
        return unknown_verb();
    }

    Error unknown_verb() const {
        const auto names = verb_names(program_);
        auto hint = did_you_mean(words_, names);
        if (hint.empty()) hint = "the verbs are " + joined(names);
        return usage("unknown verb \"" + escaped(words_) + "\"", std::move(hint));
    }

    Status take_long(const std::string& argument) {
        const auto equals = argument.find('=');
        const std::string name = argument.substr(0, equals);
        if (name == "--help" || name == "--version")
            (name == "--help" ? found_.help : found_.version) = true;
        else if (find_option(options_, name) == nullptr)
            return usage("unknown option " + escaped(name),
                         did_you_mean(name, option_names(options_)));
        const Option* option = find_option(options_, name);
        const bool is_flag = option == nullptr || option->value.empty();
        if (equals == std::string::npos) return is_flag ? Status{} : take_value(*option);
        if (is_flag) return usage(name + " takes no value");
        return equals + 1 < argument.size() ? Status{} : missing_value(*option);
    }

    Status take_letters(const std::string& argument) {
        for (std::size_t index = 1; index < argument.size(); ++index) {
            const std::string letter = {'-', argument[index]};
            const Option* option = find_option(options_, letter);
            if (option == nullptr && letter == "-h")
                found_.help = true;
            else if (option == nullptr)
                return usage("unknown option " + escaped(letter));
            else if (!option->value.empty()) // what follows the letter is its value
                return index + 1 < argument.size() ? Status{} : take_value(*option);
        }
        return {};
    }

    // The argument after an option: not an option itself, and not empty.
    Status take_value(const Option& option) {
        if (next_ == arguments_.size()) return missing_value(option);
        const std::string& value = arguments_[next_++];
        const bool is_option = value == "--" || find_option(options_, value) != nullptr;
        if (value.empty() || is_option) return missing_value(option);
        found_.options.push_back(value);
        return {};
    }

    static Status missing_value(const Option& option) {
        return usage(option.name + " needs a value: " +
                     (option.choices.empty() ? option.value : joined(option.choices)));
    }

    Status settle_verb() const {
        if (found_.verb != nullptr || found_.help || found_.version) return {};
        if (words_.empty())
            return usage("no verb", "the verbs are " + joined(verb_names(program_)));
        return usage("\"" + words_ + "\" alone is no verb",
                     "the verbs are " + joined(verb_names(program_, words_)));
    }

    const Program& program_;
    const std::vector<std::string>& arguments_;
    const OptionList options_;
    std::size_t next_ = 0;
    bool only_operands_ = false;
    std::string words_; // of the verb, as far as seen
    VerbScan found_;
};

} // namespace

Result<VerbScan> scan_for_verb(const Program& program, const std::vector<std::string>& arguments) {
    return Scanner(program, arguments).scan();
}

} // namespace quietus
