#include "commands.hpp"
#include "people_text.hpp"
#include "policy_text.hpp"

#include "quietus/app/select.hpp"
#include "quietus/core/bytes.hpp"

namespace quietus::cli {
namespace {

std::string profile_name(const Invocation& invocation) {
    return invocation.value("--policy").value_or(std::string(default_profile));
}

// About the drive that is named, else about a medium in general.
Result<Question> question_of(const Call& call, const AskedPolicy& asked) {
    const auto node = call.invocation.value("--drive");
    const auto medium = call.invocation.value("--medium");
    if (!node && !medium)
        return Error{Fault::usage, "neither --medium nor --drive is given",
                     "a medium such as hdd or nvme, or a drive that is attached"};
    if (!node) return about_medium(asked, *medium);
    MachineSite machine(call.places);
    const Site site = machine.doors();
    auto drive = select(site.host, site.places.detect_request(false), *node);
    if (!drive) return std::move(drive).error().during("select");
    Question question = about_drive(asked, *drive);
    if (!medium) return question;
    const auto named = about_medium(asked, *medium);
    if (!named) return named;
    if (named->medium != question.medium)
        return Error{Fault::usage, "--medium: " + escaped(*node) + " is none of these"};
    return question;
}

PolicyQuestion policy_question(const Invocation& invocation) {
    return {invocation.value("--classification"), invocation.value("--disposition"),
            invocation.value("--destination")};
}

// One line each: FILE:LINE: code: text, which editors know how to follow.
void print_flaws(const std::string& file, const std::vector<ProfileFlaw>& flaws) {
    for (const ProfileFlaw& flaw : flaws)
        print(escaped(file) + ":" + std::to_string(flaw.line) + ": " + flaw.code + ": " +
              flaw.text + "\n");
}

} // namespace

Outcome command_policy_list(const Call& call) {
    const auto profiles = list_profiles();
    if (call.json)
        print_json(profiles_json(profiles));
    else
        print(profiles_in_words(profiles));
    return ExitStatus::success;
}

Outcome command_policy_show(const Call& call) {
    auto loaded = load_profile(call.invocation.operands.front());
    if (!loaded) return std::move(loaded).error().during("policy show");
    if (call.json)
        print_json(profile_json(*loaded));
    else
        print(loaded->text);
    return ExitStatus::success;
}

Outcome command_policy_explain(const Call& call) {
    auto loaded = load_profile(profile_name(call.invocation));
    if (!loaded) return std::move(loaded).error().during("policy explain");
    auto asked = read_question(loaded->profile, policy_question(call.invocation));
    if (!asked) return std::move(asked).error().during("policy explain");
    auto question = question_of(call, *asked);
    if (!question) return std::move(question).error().during("policy explain");
    const Explanation told = explain(loaded->profile, *question);
    if (call.json)
        print_json(explanation_json(told));
    else
        print(table(explanation_rows(told)));
    return ExitStatus::success;
}

Outcome command_policy_lint(const Call& call) {
    Json::Array files;
    bool clean = true;
    for (const std::string& file : call.invocation.operands) {
        auto text = read_profile_file(file);
        if (!text) return std::move(text).error().during("policy lint");
        const auto flaws = lint(*text);
        clean = clean && flaws.empty();
        files.push_back(Json::object({{"file", escaped(file)}, {"flaws", flaws_json(flaws)}}));
        if (!call.json) print_flaws(file, flaws);
    }
    if (call.json) print_json(Json::object({{"files", std::move(files)}}));
    return clean ? ExitStatus::success : ExitStatus::failed;
}

} // namespace quietus::cli
