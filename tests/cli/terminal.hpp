// Terminal: runs a program on a pseudo-terminal, as a person does, and keeps what the screen
// showed.
#pragma once

#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

namespace quietus {

struct Screen {
    int status = -1; ///< exit status; -1 when a signal or the time limit ended it
    std::string text;
};

/// The program on a terminal of 80 columns; `terminal` is this side of it.
inline pid_t start_on_terminal(const std::vector<std::string>& words, int& terminal) {
    winsize size{};
    size.ws_col = 80;
    size.ws_row = 24;
    const pid_t child = forkpty(&terminal, nullptr, nullptr, &size);
    if (child != 0) return child;
    std::vector<char*> arguments;
    for (const std::string& word : words)
        arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    execvp(arguments[0], arguments.data());
    _exit(127);
}

/// `answer` is called once, when the screen ends with `question`, with all that it shows so far;
/// what it returns is typed. 20 seconds at most.
inline Screen run_on_terminal(const std::vector<std::string>& words, const std::string& question,
                              const std::function<std::string(const std::string&)>& answer) {
    Screen screen;
    int terminal = -1;
    const pid_t child = start_on_terminal(words, terminal);
    if (child < 0) return screen;
    bool answered = false;
    bool gone = false;
    pollfd waiting{terminal, POLLIN, 0};
    while (poll(&waiting, 1, 20000) > 0) {
        std::array<char, 4096> chunk{};
        const ssize_t got = read(terminal, chunk.data(), chunk.size());
        if (got < 0 && errno == EINTR) continue;
        gone = got <= 0; // EIO: nobody has the terminal any more
        if (gone) break;
        screen.text.append(chunk.data(), static_cast<std::size_t>(got));
        if (answered || !screen.text.ends_with(question)) continue;
        answered = true;
        const std::string typed = answer(screen.text);
        if (write(terminal, typed.data(), typed.size()) < 0) break;
    }
    if (!gone) kill(child, SIGKILL);
    int status = 0;
    waitpid(child, &status, 0);
    close(terminal);
    if (WIFEXITED(status)) screen.status = WEXITSTATUS(status);
    return screen;
}

} // namespace quietus
