#include "quietus/cli/run.hpp"

#include "commands.hpp"
#include "configured.hpp"
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

// Advice names commands of `quietus`; another program has the same ones.
std::string in_the_name_of(const std::string& program, std::string advice) {
    constexpr std::string_view name = "quietus ";
    for (auto at = advice.find(name); at != std::string::npos; at = advice.find(name, at)) {
        const bool word = at == 0 || advice[at - 1] == ' ' || advice[at - 1] == '`';
        if (word) advice.replace(at, name.size() - 1, program);
        at += word ? program.size() : name.size();
    }
    return advice;
}

} // namespace

void say_error(const Premises& premises, const Error& error) {
    const std::string& program = premises.program().name;
    say(program + ": " + escaped(error.message) + "\n");
    const std::string hint = in_the_name_of(program, error.hint);
    if (!hint.empty()) say("hint: " + escaped(hint) + "\n");
}

Status refuse_persons(const Call& call) {
    if (call.places.provenance == Provenance::machine) return {};
    return Error{Fault::refused, "a rehearsal has one key: persons do not sign its documents"};
}

Result<std::unique_ptr<OpenSite>> open_site(const Call& call, Signing signing) {
    auto setting = call.premises.setting(call.invocation, call.places);
    if (!setting) return std::move(setting).error();
    return std::make_unique<OpenSite>(call.places, signing, std::move(*setting));
}

namespace {

const std::map<std::string, Outcome (*)(const Call&), std::less<>> commands{
    {"list", command_list},
    {"inspect", command_inspect},
    {"plan", command_plan},
    {"erase", command_erase},
    {"resume", command_resume},
    {"certify", command_certify},
    {"destroy", command_destroy},
    {"sign", command_sign},
    {"validate", command_validate},
    {"recheck", command_recheck},
    {"recover", command_recover},
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

// On a locked station the environment chooses as little as the command line.
std::string default_state(const Program& program, const Configuration& configuration) {
    return configuration.locked_at ? "/var/lib/" + program.name
                                   : default_state_directory(program.name);
}

Places places_of(const Premises& premises, const Invocation& invocation,
                 const Configuration& configuration) {
    const std::string state = absolute(
        invocation.value("--state").value_or(default_state(premises.program(), configuration)));
    const auto log = invocation.value("--log");
    Places places{state,
                  absolute(invocation.value("--certificates").value_or(state + "/certificates")),
                  log ? absolute(*log) : "", premises.provenance()};
    // To other verbs --trust names files.
    const std::string& verb = invocation.verb;
    if (verb == "plan" || verb == "erase" || verb == "destroy" || verb.starts_with("policy "))
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
int delivered(const Premises& premises, int status) {
    if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return status;
    say(premises.program().name + ": standard output: it could not be written\n");
    return status == 0 ? static_cast<int>(ExitStatus::preflight) : status;
}

// What was run, and with which answers.
struct Line {
    const Premises& premises;
    std::string where;
    bool json = false;
};

int fail(Error error, const Line& line) {
    const ExitStatus status = exit_status(error.fault);
    say_error(line.premises, error);
    error.hint = in_the_name_of(line.premises.program().name, std::move(error.hint));
    if (line.json) print_json(error_json(error, status, line.where));
    return static_cast<int>(status);
}

Outcome carry_out(const Call& call) {
    const auto command = commands.find(call.invocation.verb);
    if (command != commands.end()) return command->second(call);
    return call.premises.own_verb(call.invocation, call.places);
}

// In a service what goes to standard error comes to the journal: as lines, without fields.
LogPlaces log_places(const Premises& premises, const Invocation& invocation,
                     const Configuration& configuration) {
    const bool service = stderr_is_system_journal();
    const bool journal = configuration.system_journal.value_or(service);
    return {invocation.value("--log"), invocation.has("--verbose") && !(journal && service),
            journal ? system_journal_socket : "", premises.program().name};
}

int run_configured(const Premises& premises, const Invocation& invocation,
                   const Configuration& configuration) {
    const Line line{premises, invocation.verb, invocation.has("--json")};
    const LogPlaces log = log_places(premises, invocation, configuration);
    if (auto status = open_log(log); !status)
        return fail(with_origin(status.error(), configuration, invocation), line);
    const Call call{premises,
                    invocation,
                    configuration,
                    places_of(premises, invocation, configuration),
                    line.json,
                    invocation.has("--quiet"),
                    wants_colour(invocation)};
    if (premises.provenance() == Provenance::rehearsal && !call.json && !call.quiet)
        say("REHEARSAL: the drives are emulated, no real one is touched\n");
    auto outcome = carry_out(call);
    if (!outcome) {
        log_event(LogLevel::warning,
                  {"not_done", invocation.verb + ": " + outcome.error().message});
        return fail(with_origin(outcome.error(), configuration, invocation), line);
    }
    const int status = static_cast<int>(*outcome);
    // These leave a document, which tells how they ended whoever hears it.
    const bool documented = invocation.verb == "erase" || invocation.verb == "resume" ||
                            invocation.verb == "certify" || invocation.verb == "destroy";
    return documented ? status : delivered(premises, status);
}

int run(const Premises& premises, Invocation invocation) {
    const Line line{premises, invocation.verb, invocation.has("--json")};
    auto configuration = configuration_of(premises.program(), invocation);
    if (!configuration) return fail(std::move(configuration).error().during("configuration"), line);
    add_configured(*configuration, premises.program(), invocation);
    const Places places = places_of(premises, invocation, *configuration);
    SystemClock clock;
    const PolicyShelf shelf{places.trust, places.state, clock.utc_seconds()};
    if (auto status = check_lock(*configuration, invocation, shelf); !status)
        return fail(std::move(status).error(), line);
    return run_configured(premises, invocation, *configuration);
}

bool asks_for_json(const std::vector<std::string>& arguments) {
    return std::find(arguments.begin(), arguments.end(), "--json") != arguments.end();
}

} // namespace
} // namespace cli

Result<ExitStatus> Premises::own_verb(const Invocation& invocation, const Places&) const {
    return Error{Fault::usage, invocation.verb + ": no such verb"};
}

int run_program(const Premises& premises, const std::vector<std::string>& arguments) {
    auto parsed = parse_command_line(premises.program(), arguments);
    if (!parsed)
        return cli::fail(parsed.error(), {premises, "command line", cli::asks_for_json(arguments)});
    if (const auto* answer = std::get_if<Answer>(&*parsed)) {
        cli::print(answer->text);
        return cli::delivered(premises, static_cast<int>(ExitStatus::success));
    }
    return cli::run(premises, std::get<Invocation>(std::move(*parsed)));
}

} // namespace quietus
