// Command: runs a program the way a shell does, without a shell, and keeps what it said.
#pragma once

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

namespace quietus {

struct CommandResult {
    int status = -1; ///< exit status; -1 when a signal ended it
    std::string out;
    std::string err;
};

/// A program with empty standard input that runs beside its caller; standard output and error go to
/// files in `scratch`. It is killed when nobody waits for it.
class RunningCommand {
  public:
    RunningCommand(const std::vector<std::string>& words, const std::string& scratch)
        : files_{scratch + "/out", scratch + "/err"}, process_(fork()) {
        if (process_ != 0) return;
        const int input = open("/dev/null", O_RDONLY);
        dup2(input, 0);
        for (int number : {1, 2}) {
            const int file = open(files_[static_cast<std::size_t>(number) - 1].c_str(),
                                  O_WRONLY | O_CREAT | O_TRUNC, 0600);
            dup2(file, number);
        }
        std::vector<char*> arguments;
        for (const std::string& word : words)
            arguments.push_back(const_cast<char*>(word.c_str()));
        arguments.push_back(nullptr);
        execvp(arguments[0], arguments.data());
        _exit(127);
    }
    RunningCommand(const RunningCommand&) = delete;
    RunningCommand& operator=(const RunningCommand&) = delete;
    ~RunningCommand() {
        if (process_ <= 0) return;
        kill(process_, SIGKILL);
        waitpid(process_, nullptr, 0);
    }

    void signal(int number) const { kill(process_, number); }
    CommandResult wait() {
        int status = 0;
        CommandResult result;
        const pid_t child = std::exchange(process_, -1);
        if (child < 0 || waitpid(child, &status, 0) != child) return result;
        if (WIFEXITED(status)) result.status = WEXITSTATUS(status);
        const auto content = [](const std::string& path) {
            std::ifstream file(path, std::ios::binary);
            return std::string{std::istreambuf_iterator<char>(file), {}};
        };
        result.out = content(files_[0]);
        result.err = content(files_[1]);
        return result;
    }

  private:
    std::array<std::string, 2> files_;
    pid_t process_;
};

/// The same, waited for.
inline CommandResult run_command(const std::vector<std::string>& words,
                                 const std::string& scratch) {
    return RunningCommand(words, scratch).wait();
}

} // namespace quietus
