// papers PROGRAM man|bash: prints the manual page or the bash completions of a program, or with
// quietus.toml man that of the configuration, as they are checked in under man/ and
// packaging/completions/. A tool of the build; not installed.
#include "audit_table.hpp"
#include "rehearse_table.hpp"

#include "quietus/cli/run.hpp"
#include "quietus/core/exit_status.hpp"

#include <cstdio>
#include <optional>
#include <string>
#include <string_view>

namespace quietus {
namespace {

const Program* find_program(std::string_view name) {
    for (const Program* each : {&quietus_program(), &audit::program(), &rehearse::program()})
        if (each->name == name) return each;
    return nullptr;
}

std::optional<std::string> paper_of(const Program& program, std::string_view kind) {
    if (kind == "man") return manual_page(program);
    if (kind == "bash") return bash_completion(program);
    return std::nullopt;
}

std::optional<std::string> paper_named(std::string_view name, std::string_view kind) {
    const FilePage configuration = configuration_page();
    if (name == configuration.name && kind == "man") return manual_page(configuration);
    const Program* program = find_program(name);
    return program == nullptr ? std::nullopt : paper_of(*program, kind);
}

ExitStatus print_paper(std::string_view name, std::string_view kind) {
    const auto paper = paper_named(name, kind);
    if (!paper) {
        std::fputs("usage: papers quietus|quietus-audit|quietus-rehearse man|bash\n"
                   "       papers quietus.toml man\n",
                   stderr);
        return ExitStatus::usage;
    }
    const bool written = std::fputs(paper->c_str(), stdout) >= 0 && std::fflush(stdout) == 0;
    return written ? ExitStatus::success : ExitStatus::failed;
}

} // namespace
} // namespace quietus

int main(int count, char** values) {
    const auto argument = [&](int index) { return index < count ? values[index] : ""; };
    return static_cast<int>(quietus::print_paper(argument(1), argument(2)));
}
