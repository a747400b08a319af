// quietus-audit: checks documents offline, without privileges, and without any code that could open
// a drive.
#include "audit.hpp"

#include "quietus/core/bytes.hpp"

#include <algorithm>
#include <exception>
#include <iostream>

namespace quietus::audit {
namespace {

ExitStatus fail(const Error& error, const ExitStatus status, bool json) {
    if (json)
        std::cout << to_line(Json::object(
                         {{"error", Json::object({{"exit_status", static_cast<int>(status)},
                                                  {"where", "quietus-audit"},
                                                  {"message", error.message},
                                                  {"hint", error.hint}})}}))
                  << '\n';
    std::cerr << "quietus-audit: " << escaped(error.message) << '\n';
    if (!error.hint.empty()) std::cerr << "hint: " << escaped(error.hint) << '\n';
    return status;
}

Result<ExitStatus> run_verb(const Invocation& invocation) {
    const Streams streams{std::cout, std::cerr};
    if (invocation.verb == "show") return show(invocation, streams);
    if (invocation.verb == "register") return check_register(invocation, streams);
    return verify(invocation, streams);
}

ExitStatus run(const std::vector<std::string>& arguments) {
    auto parsed = parse_command_line(program(), arguments);
    const bool json = std::ranges::find(arguments, "--json") != arguments.end();
    if (!parsed) return fail(parsed.error(), ExitStatus::usage, json);
    if (const auto* answer = std::get_if<Answer>(&*parsed)) {
        std::cout << answer->text;
        return ExitStatus::success;
    }
    const auto status = run_verb(std::get<Invocation>(*parsed));
    if (!status) return fail(status.error(), exit_status(status.error().fault), json);
    // A verdict that nobody received is no verdict.
    if (!std::cout.flush())
        return fail({Fault::io, "standard output: cannot be written"}, exit_status(Fault::io),
                    false);
    return *status;
}

} // namespace
} // namespace quietus::audit

int main(int count, char** values) {
    try {
        return static_cast<int>(quietus::audit::run({values + 1, values + count}));
    } catch (const std::exception& exception) {
        std::cerr << "quietus-audit: internal error: " << exception.what() << '\n';
        return static_cast<int>(quietus::ExitStatus::internal_error);
    }
}
