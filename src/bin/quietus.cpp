#include "quietus/cli/run.hpp"
#include "quietus/core/exit_status.hpp"

#include <cstdio>
#include <exception>

int main(int count, char** arguments) {
    try {
        return quietus::run_quietus({arguments + 1, arguments + count});
    } catch (const std::exception& problem) {
        std::fprintf(stderr, "quietus: internal error: %s\n", problem.what());
    } catch (...) {
        std::fputs("quietus: internal error\n", stderr);
    }
    return static_cast<int>(quietus::ExitStatus::internal_error);
}
