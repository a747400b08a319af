// The program for training: the verbs of `quietus` over emulated drives, with keys of its own.
#include "rehearse_premises.hpp"

#include "quietus/core/exit_status.hpp"

#include <cstdio>
#include <exception>

int main(int count, char** arguments) {
    try {
        return quietus::run_program(quietus::rehearse::RehearsalPremises(),
                                    {arguments + 1, arguments + count});
    } catch (const std::exception& problem) {
        std::fprintf(stderr, "quietus-rehearse: internal error: %s\n", problem.what());
    } catch (...) {
        std::fputs("quietus-rehearse: internal error\n", stderr);
    }
    return static_cast<int>(quietus::ExitStatus::internal_error);
}
