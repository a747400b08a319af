#include "passphrases.hpp"

#include "commands.hpp"

#include "quietus/core/bytes.hpp"

#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <utility>

namespace quietus::cli {
namespace {

constexpr std::size_t longest = 1024;

/// A passphrase being read: in one buffer that never grows, wiped unless it is taken.
class Line {
  public:
    Line() { text_.reserve(longest); }
    Line(const Line&) = delete;
    Line& operator=(const Line&) = delete;
    ~Line() { wipe(text_); }

    [[nodiscard]] bool add(char each) {
        if (text_.size() == longest) return false;
        text_ += each;
        return true;
    }
    // The last character, which in UTF-8 may be several octets.
    void rub_out() {
        while (!text_.empty() && (static_cast<unsigned char>(text_.back()) & 0xC0U) == 0x80U)
            text_.pop_back();
        if (!text_.empty()) text_.pop_back();
    }
    void start_again() { text_.clear(); }
    [[nodiscard]] Result<Secret> take(const std::string& from) {
        if (text_.empty()) return Error{Fault::refused, from + ": no passphrase was given"};
        return Secret(std::exchange(text_, {}));
    }

  private:
    std::string text_;
};

/// The terminal without echo, without lines and without signals by key, until it is given back:
/// whatever is typed comes here, Ctrl-C included, so that the echo is never left off.
class QuietTerminal {
  public:
    QuietTerminal() : usable_(::tcgetattr(STDIN_FILENO, &before_) == 0) {
        termios quiet = before_;
        quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO | ICANON | ISIG);
        usable_ = usable_ && ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet) == 0;
    }
    QuietTerminal(const QuietTerminal&) = delete;
    QuietTerminal& operator=(const QuietTerminal&) = delete;
    ~QuietTerminal() {
        if (usable_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    }
    [[nodiscard]] bool usable() const { return usable_; }

  private:
    termios before_{};
    bool usable_;
};

enum class Key : std::uint8_t { text, enter, rub_out, start_again, give_up };

Key key_of(char typed) {
    switch (typed) {
    case '\n':
    case '\r':
        return Key::enter;
    case '\x7f':
    case '\b':
        return Key::rub_out;
    case '\x15': // Ctrl-U
        return Key::start_again;
    case '\x03': // Ctrl-C
    case '\x04': // Ctrl-D
        return Key::give_up;
    default:
        return Key::text;
    }
}

bool read_octet(int descriptor, char& octet) {
    ssize_t got = 0;
    do {
        got = ::read(descriptor, &octet, 1);
    } while (got < 0 && errno == EINTR);
    return got == 1;
}

// Silenced before the question is put: whoever answers at once must not be echoed, nor lost.
Result<Secret> type_line(const std::string& question, const std::string& what) {
    const QuietTerminal terminal;
    if (!terminal.usable())
        return Error{Fault::refused, what + ": the terminal cannot be silenced"};
    say(question);
    Line line;
    for (char typed = 0; read_octet(STDIN_FILENO, typed);) {
        switch (key_of(typed)) {
        case Key::enter:
            return line.take(what);
        case Key::rub_out:
            line.rub_out();
            break;
        case Key::start_again:
            line.start_again();
            break;
        case Key::give_up:
            return Error{Fault::refused, what + ": no passphrase was given"};
        case Key::text:
            if (!line.add(typed)) return Error{Fault::refused, what + ": over 1024 octets"};
            break;
        }
    }
    return Error{Fault::refused, what + ": no passphrase was given"};
}

Result<Secret> ask(const std::string& question, const std::string& what) {
    if (::isatty(STDIN_FILENO) == 0)
        return Error{Fault::refused, what + ": encrypted, and nobody to ask: stdin is no terminal",
                     "give its passphrase with --passin file:PATH or --passin fd:N"};
    auto typed = type_line(question, what);
    say("\n");
    return typed;
}

// Octet by octet: what comes after the line is somebody else's.
Result<Secret> read_descriptor(int descriptor) {
    Line line;
    for (char octet = 0; read_octet(descriptor, octet) && octet != '\n';)
        if (!line.add(octet)) return Error{Fault::usage, "over 1024 octets"};
    return line.take("descriptor " + std::to_string(descriptor));
}

std::optional<int> descriptor_in(std::string_view text) {
    int number = -1;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (problem != std::errc{} || end != text.data() + text.size() || number < 0)
        return std::nullopt;
    return number;
}

/// From where one option says.
Result<Secret> from_source(const std::string& source, const std::string& option) {
    if (source.starts_with("file:")) return read_passphrase_file(source.substr(5));
    const auto number = source.starts_with("fd:")
                            ? descriptor_in(std::string_view(source).substr(3))
                            : std::nullopt;
    if (number) return read_descriptor(*number);
    return Error{Fault::usage, option + ": \"" + escaped(source) + "\" is not file:PATH or fd:N"};
}

} // namespace

Result<AskPassphrase> passphrases_of(const Invocation& invocation) {
    const auto source = invocation.value("--passin");
    if (!source)
        return AskPassphrase([](const std::string& path) {
            return ask("passphrase of " + escaped(path) + ": ", path);
        });
    if (!source->starts_with("file:") && !source->starts_with("fd:"))
        return Error{Fault::usage,
                     "--passin: \"" + escaped(*source) + "\" is not file:PATH or fd:N"};
    return AskPassphrase(
        [source = *source](const std::string&) { return from_source(source, "--passin"); });
}

Result<std::optional<Secret>> new_passphrase(const Invocation& invocation) {
    const auto source = invocation.value("--passout");
    if (!source) return std::optional<Secret>{};
    if (*source != "tty") {
        auto given = from_source(*source, "--passout");
        if (!given) return std::move(given).error();
        return std::optional<Secret>(std::move(*given));
    }
    auto once = ask("new passphrase: ", "--passout");
    if (!once) return std::move(once).error();
    auto again = ask("the same again: ", "--passout");
    if (!again) return std::move(again).error();
    if (once->view() != again->view())
        return Error{Fault::refused, "--passout: the two are not the same"};
    return std::optional<Secret>(std::move(*once));
}

} // namespace quietus::cli
