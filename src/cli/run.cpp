#include "quietus/cli/run.hpp"

#include "commands.hpp"
#include "facts_json.hpp"

#include "quietus/app/log.hpp"
#include "quietus/core/bytes.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>

namespace quietus {
namespace cli {

void print(const std::string& text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fflush(stdout);
}

void print_json(const Json& value) {
    print(to_line(value) + "\n");
}

void say(const std::string& text) {
    std::fwrite(text.data(), 1, text.size(), stderr);
}

namespace {

const std::map<std::string, Outcome (*)(const Call&), std::less<>> commands{
    {"list", command_list},
    {"inspect", command_inspect},
    {"plan", command_plan},
    {"erase", command_erase},
    {"certify", command_certify},
    {"sign", command_sign},
    {"recheck", command_recheck},
    {"status", command_status},
    {"key init", command_key_init},
    {"key show", command_key_show},
    {"key request", command_key_request},
    {"key import", command_key_import},
    {"policy list", command_policy_list},
    {"policy show", command_policy_show},
    {"policy explain", command_policy_explain},
    {"policy lint", command_policy_lint},
    {"policy sign", command_policy_sign},
    {"selftest", command_selftest},
    {"register init", command_register_init},
    {"register proof", command_register_proof}};

std::string absolute(const std::string& path) {
    std::error_code ignored;
    const auto full = std::filesystem::absolute(path, ignored);
    return ignored ? path : full.lexically_normal().string();
}

Places places_of(const Invocation& invocation) {
    const std::string state =
        absolute(invocation.value("--state").value_or(default_state_directory()));
    const auto log = invocation.value("--log");
    Places places{state,
                  absolute(invocation.value("--certificates").value_or(state + "/certificates")),
                  log ? absolute(*log) : ""};
    // To other verbs --trust names files.
    const std::string& verb = invocation.verb;
    if (verb == "plan" || verb == "erase" || verb.starts_with("policy "))
        if (const auto trust = invocation.value("--trust")) places.trust = absolute(*trust);
    return places;
}

bool wants_colour(const Invocation& invocation) {
    const std::string when = invocation.value("--color").value_or("auto");
    if (when != "auto") return when == "always";
    const char* no_colour = std::getenv("NO_COLOR");
    return (no_colour == nullptr || *no_colour == '\0') && ::isatty(STDOUT_FILENO) != 0;
}

// An answer that nobody received is no success.
int delivered(int status) {
    if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return status;
    say("quietus: standard output: it could not be written\n");
    return status == 0 ? static_cast<int>(ExitStatus::preflight) : status;
}

int fail(const Error& error, const std::string& where, bool json) {
    const ExitStatus status = exit_status(error.fault);
    say("quietus: " + escaped(error.message) + "\n");
    if (!error.hint.empty()) say("hint: " + escaped(error.hint) + "\n");
    if (json) print_json(error_json(error, status, where));
    return static_cast<int>(status);
}

int run(const Invocation& invocation) {
    const bool json = invocation.has("--json");
    if (auto status = open_log(invocation.value("--log"), invocation.has("--verbose")); !status)
        return fail(status.error(), invocation.verb, json);
    const Call call{invocation, places_of(invocation), json, invocation.has("--quiet"),
                    wants_colour(invocation)};
    auto outcome = commands.find(invocation.verb)->second(call);
    if (!outcome) return fail(outcome.error(), invocation.verb, json);
    const int status = static_cast<int>(*outcome);
    // These leave a document, which tells how they ended whoever hears it.
    const bool documented = invocation.verb == "erase" || invocation.verb == "certify";
    return documented ? status : delivered(status);
}

bool asks_for_json(const std::vector<std::string>& arguments) {
    return std::find(arguments.begin(), arguments.end(), "--json") != arguments.end();
}

} // namespace
} // namespace cli

int run_quietus(const std::vector<std::string>& arguments) {
    auto parsed = parse_command_line(quietus_program(), arguments);
    if (!parsed) return cli::fail(parsed.error(), "command line", cli::asks_for_json(arguments));
    if (const auto* answer = std::get_if<Answer>(&*parsed)) {
        cli::print(answer->text);
        return cli::delivered(static_cast<int>(ExitStatus::success));
    }
    return cli::run(std::get<Invocation>(*parsed));
}

} // namespace quietus
