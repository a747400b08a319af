#include "configured.hpp"

#include "quietus/app/policies.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string_view>

namespace quietus::cli {
namespace {

const Option* option_of(const Program& program, const Invocation& invocation,
                        std::string_view name) {
    const auto in = [&](const std::vector<Option>& options) -> const Option* {
        const auto found = std::ranges::find(options, name, &Option::name);
        return found == options.end() ? nullptr : &*found;
    };
    const auto verb = std::ranges::find(program.verbs, invocation.verb, &Verb::name);
    const Option* own = verb == program.verbs.end() ? nullptr : in(verb->options);
    return own == nullptr ? in(program.common) : own;
}

// One name may stand for two things: --trust for a directory or for files.
bool is_meant(const ConfigurationKey& key, const Option& option) {
    const bool directory = key.form == ConfiguredForm::directory;
    const bool file = key.form == ConfiguredForm::file || key.form == ConfiguredForm::files;
    return (!directory && !file) || directory == (option.value == "DIR");
}

// A default of the one mode says nothing in the other, that of the station nothing of a person.
bool is_in_place(const ConfigurationKey& key, const Invocation& invocation) {
    constexpr std::array<std::string_view, 4> of_policy{"--policy", "--classification",
                                                        "--disposition", "--destination"};
    const bool direct = invocation.has("--technique");
    if (std::ranges::count(of_policy, key.option) != 0) return !direct;
    if (key.option == "--scheme") return direct;
    if (key.option == "--key") return invocation.verb == "erase" && invocation.has("--operator");
    if (key.option == "--station") return !invocation.has("--person");
    if (key.option == "--trust" && key.form == ConfiguredForm::files)
        return invocation.verb == "sign" || invocation.verb == "validate" ||
               invocation.verb == "recheck";
    return true;
}

// Whatever chooses files, keys, state, or how to erase without policy.
bool chooses(const Invocation& invocation, std::string_view option) {
    constexpr std::array<std::string_view, 12> all{
        "--config",    "--state",  "--log",     "--certificates", "--trust", "--key",
        "--technique", "--passin", "--passout", "--keep-ca",      "--out",   "--certificate"};
    if (std::ranges::count(all, option) == 0) return false;
    // What these verbs are about: a document or a text that somebody brings, and their own key.
    static const std::map<std::string_view, std::set<std::string_view>> brought{
        {"recheck", {"--certificate"}},
        {"sign", {"--certificate", "--key", "--passin"}},
        {"validate", {"--certificate", "--key", "--passin"}},
        {"policy sign", {"--certificate", "--key", "--passin"}}};
    const auto verb = brought.find(invocation.verb);
    return verb == brought.end() || !verb->second.contains(option);
}

Error refusal(const Configuration& configuration, const std::string& what) {
    return {Fault::refused,
            what + ": the station is locked (" + place_in(configuration, *configuration.locked_at) +
                ")",
            "on a locked station that is for its configuration to say, see quietus.toml(5)"};
}

Status check_overrides(const Configuration& configuration, const Invocation& invocation,
                       const PolicyShelf& shelf) {
    const auto names = invocation.all("--override");
    if (names.empty()) return {};
    auto profile =
        load_profile(invocation.value("--policy").value_or(std::string(default_profile)), shelf);
    if (!profile) return std::move(profile).error();
    const auto& listed = profile->profile.overrides;
    for (const std::string& name : names)
        if (std::ranges::count(listed, name) == 0)
            return refusal(configuration,
                           "--override " + name + ": " + profile->profile.id + " does not list it");
    return {};
}

} // namespace

std::string default_configuration(const Program& program) {
    return "/etc/" + program.name + "/" + program.name + ".toml";
}

Result<Configuration> configuration_of(const Program& program, const Invocation& invocation) {
    auto usual = read_configuration_if_there(default_configuration(program));
    const auto chosen = invocation.value("--config");
    if (!usual || !chosen) return usual;
    if (usual->locked_at) return refusal(*usual, "--config");
    auto configuration = read_configuration(*chosen);
    if (configuration) return configuration;
    Error error = std::move(configuration).error();
    if (error.fault == Fault::io) error.fault = Fault::usage;
    return std::move(error).during("--config");
}

void add_configured(const Configuration& configuration, const Program& program,
                    Invocation& invocation) {
    const Invocation typed = invocation;
    // Some stand by others: those come first in the table.
    for (const ConfiguredOption& each : configuration.options) {
        const std::string name(each.key->option);
        const Option* option = option_of(program, invocation, name);
        if (option == nullptr || typed.has(name) || !is_meant(*each.key, *option) ||
            !is_in_place(*each.key, invocation))
            continue;
        invocation.values[name] = each.values;
        invocation.configured.insert(name);
    }
}

Status check_lock(const Configuration& configuration, const Invocation& invocation,
                  const PolicyShelf& shelf) {
    if (!configuration.locked_at) return {};
    for (const auto& [option, values] : invocation.values) {
        if (option == "--config" || invocation.configured.contains(option)) continue;
        const bool path = option == "--policy" && values.back().find('/') != std::string::npos;
        if (path || chooses(invocation, option)) return refusal(configuration, option);
    }
    return check_overrides(configuration, invocation, shelf);
}

Error with_origin(Error error, const Configuration& configuration, const Invocation& invocation) {
    if (error.fault != Fault::usage && error.fault != Fault::unsupported) return error;
    std::string origins;
    for (const ConfiguredOption& each : configuration.options) {
        const std::string option(each.key->option);
        // Some messages speak of the value and not of the option.
        const std::string_view spoken = each.key->table == "defaults" ? each.key->name : option;
        if (invocation.configured.contains(option) &&
            error.message.find(spoken) != std::string::npos)
            origins += " (" + option + " is from " + place_in(configuration, each.line) + ")";
    }
    error.message += origins;
    return error;
}

} // namespace quietus::cli
