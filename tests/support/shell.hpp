// shell: runs another program, an independent implementation, and keeps what it said.
#pragma once

#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <string>

namespace quietus::testing_support {

struct ShellOutcome {
    int status = -1;    ///< exit status; -1 when it did not end by itself
    std::string output; ///< stdout and stderr together
};

/// `/bin/sh -c COMMAND`.
inline ShellOutcome shell(const std::string& command) {
    ShellOutcome outcome;
    std::FILE* pipe = popen(("( " + command + " ) 2>&1").c_str(), "re");
    if (pipe == nullptr) return outcome;
    std::array<char, 4096> chunk{};
    std::size_t got = 0;
    while ((got = std::fread(chunk.data(), 1, chunk.size(), pipe)) > 0)
        outcome.output.append(chunk.data(), got);
    const int status = pclose(pipe);
    if (WIFEXITED(status)) outcome.status = WEXITSTATUS(status);
    return outcome;
}

inline bool has_openssl() {
    static const bool found = shell("openssl version").status == 0;
    return found;
}

} // namespace quietus::testing_support
