// Command: runs a program the way a shell does, without a shell, and keeps what it said.
#pragma once

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace quietus {

struct CommandResult {
    int status = -1; ///< exit status; -1 when a signal ended it
    std::string out;
    std::string err;
};

/// Runs the program with empty standard input; standard output and error go to files in `scratch`.
inline CommandResult run_command(const std::vector<std::string>& words,
                                 const std::string& scratch) {
    const std::array<std::string, 2> files{scratch + "/out", scratch + "/err"};
    const pid_t child = fork();
    if (child == 0) {
        const int input = open("/dev/null", O_RDONLY);
        dup2(input, 0);
        for (int number : {1, 2}) {
            const int file = open(files[static_cast<std::size_t>(number) - 1].c_str(),
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
    int status = 0;
    CommandResult result;
    if (child < 0 || waitpid(child, &status, 0) != child) return result;
    if (WIFEXITED(status)) result.status = WEXITSTATUS(status);
    const auto content = [](const std::string& path) {
        std::ifstream file(path, std::ios::binary);
        return std::string{std::istreambuf_iterator<char>(file), {}};
    };
    result.out = content(files[0]);
    result.err = content(files[1]);
    return result;
}

} // namespace quietus
