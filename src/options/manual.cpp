// The manual page, in the man macros that groff and mandoc both read.
#include "table.hpp"

#include "quietus/core/version.hpp"

#include <algorithm>
#include <cctype>
#include <sstream>
#include <utility>

namespace quietus {
namespace {

constexpr std::size_t line_max = 78;

// Plain text as roff would have to be told it: nothing in it is a request or an escape.
std::string roff(std::string_view text) {
    std::string out;
    for (const char each : text) {
        switch (each) {
        case '\\':
            out += "\\e";
            break;
        case '-':
            out += "\\-";
            break;
        case '~':
            out += "\\(ti";
            break;
        case '^':
            out += "\\(ha";
            break;
        case '`':
            out += "\\(ga";
            break;
        case '\'':
            out += "\\(aq";
            break;
        default:
            out += each;
        }
    }
    return out.starts_with('.') ? "\\&" + out : out;
}

std::string bold(std::string_view text) {
    return "\\fB" + roff(text) + "\\fR";
}

std::string italic(std::string_view text) {
    return "\\fI" + roff(text) + "\\fR";
}

std::string upper(std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char each) {
        return static_cast<char>(std::toupper(each));
    });
    return text;
}

// Input lines of bearable length; a word that then begins a line is no request.
std::string filled(std::string_view text) {
    std::istringstream words{std::string(text)};
    std::string out;
    std::string line;
    for (std::string word; words >> word;) {
        const std::string piece = roff(word);
        if (!line.empty() && line.size() + 1 + piece.size() > line_max) {
            out += line + "\n";
            line.clear();
        }
        line += (line.empty() ? "" : " ") + piece;
    }
    return line.empty() ? out : out + line + "\n";
}

// Text of the table: paragraphs, lists of "TERM<tab>text" lines, and lines kept as they stand.
class TextWriter {
  public:
    static std::string roff_of(const std::string& text) {
        TextWriter writer;
        std::istringstream lines(text);
        for (std::string line; std::getline(lines, line);)
            writer.take(line);
        writer.flush();
        writer.end_block();
        return std::move(writer.out_);
    }

  private:
    void take(const std::string& line) {
        const auto tab = line.find('\t');
        if (line.find_first_not_of(" \t") == std::string::npos) {
            flush();
            end_block();
            after_gap_ = !out_.empty();
        } else if (line.starts_with("  ")) {
            flush();
            if (!in_block_) out_ += gap() + ".nf\n";
            in_block_ = true;
            out_ += "\\&" + roff(line) + "\n";
        } else {
            end_block();
            if (tab != std::string::npos) begin_entry(line.substr(0, tab));
            paragraph_ += " " + (tab == std::string::npos ? line : line.substr(tab + 1));
        }
    }

    void begin_entry(const std::string& term) {
        flush();
        after_gap_ = false;
        out_ += ".TP\n" + bold(term) + "\n";
    }

    void flush() {
        if (paragraph_.empty()) return;
        out_ += gap() + filled(paragraph_);
        paragraph_.clear();
    }

    void end_block() {
        if (in_block_) out_ += ".fi\n";
        in_block_ = false;
    }

    std::string gap() { return std::exchange(after_gap_, false) ? ".PP\n" : ""; }

    std::string out_;
    std::string paragraph_;
    bool in_block_ = false;
    bool after_gap_ = false;
};

std::string option_text(const Option& option) {
    std::string text = ".TP\n";
    if (!option.letter.empty()) text += bold(option.letter) + ", ";
    text += bold(option.name);
    if (!option.value.empty()) text += " " + italic(option.value);
    std::string help = option.help;
    if (!option.choices.empty()) help += ": " + joined(option.choices);
    if (option.repeatable) help += " (repeatable)";
    return text + "\n" + filled(help);
}

std::string verb_text(const Program& program, const Verb& verb) {
    std::string text = ".SS \"" + roff(program.name + " " + verb.name) + "\"\n";
    text += bold(program.name + " " + verb.name) + " [" + italic("OPTION") + "...]";
    if (!verb.operands.empty()) text += " " + italic(verb.operands);
    text += "\n.PP\n" + filled(verb.summary);
    if (!verb.text.empty()) text += ".PP\n" + TextWriter::roff_of(verb.text);
    for (const Option& option : verb.options)
        text += option_text(option);
    if (!verb.example.empty())
        text += ".PP\nExample:\n.PP\n.nf\n" + TextWriter::roff_of("    " + verb.example).substr(4);
    return text;
}

std::string section(std::string_view title, const std::string& text) {
    return ".SH \"" + roff(title) + "\"\n" + text;
}

std::string title(const std::string& name, std::string_view number, std::string_view volume) {
    return ".TH " + roff(upper(name)) + " " + std::string(number) + " " +
           std::string(release_date()) + " \"" + version_text() + "\" \"" + std::string(volume) +
           "\"\n";
}

} // namespace

std::string manual_page(const Program& program) {
    std::string page = ".\\\" Written from the option table of " + program.name + ".\n" +
                       title(program.name, "1", "User Commands");
    page += section("NAME", roff(program.name) + " \\- " + filled(program.summary));
    page += section("SYNOPSIS", bold(program.name) + " [" + italic("OPTION") + "...] " +
                                    italic("VERB") + " [" + italic("OPERAND") + "...]\n");
    page += section("DESCRIPTION", TextWriter::roff_of(program.text));
    std::string verbs;
    for (const Verb& verb : program.verbs)
        verbs += verb_text(program, verb);
    page += section("VERBS", verbs);
    std::string common;
    for (const Option& option : program.common)
        common += option_text(option);
    page += section("OPTIONS OF EVERY VERB", common);
    for (const ManualSection& extra : program.sections)
        page += section(upper(extra.title), TextWriter::roff_of(extra.text));
    return page;
}

std::string manual_page(const FilePage& file) {
    std::string page = ".\\\" Written from the table of what may stand in " + file.name + ".\n" +
                       title(file.name, "5", "File Formats");
    page += section("NAME", roff(file.name) + " \\- " + filled(file.summary));
    for (const ManualSection& each : file.sections)
        page += section(upper(each.title), TextWriter::roff_of(each.text));
    return page;
}

} // namespace quietus
