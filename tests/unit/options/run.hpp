// run: what a shell command prints, for tests that ask an independent program.
#pragma once

#include <cstdio>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

namespace quietus {

struct Printed {
    std::string text; ///< stdout and stderr
    int status = -1;
};

inline Printed run(const std::string& command) {
    Printed printed;
    FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
    if (pipe == nullptr) return printed;
    char buffer[4096];
    for (std::size_t read = 0; (read = std::fread(buffer, 1, sizeof buffer, pipe)) != 0;)
        printed.text.append(buffer, read);
    printed.status = ::pclose(pipe);
    return printed;
}

/// A file of the test's own, named after it; returns its path.
inline std::string file_with(const std::string& content) {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    const std::string path =
        testing::TempDir() + test->test_suite_name() + "." + test->name() + ".txt";
    std::ofstream(path) << content;
    return path;
}

inline bool is_installed(const std::string& program) {
    return run("command -v " + program).status == 0;
}

} // namespace quietus
