#include "commands.hpp"
#include "people_text.hpp"
#include "policy_options.hpp"
#include "policy_text.hpp"
#include "signing_key.hpp"

#include "quietus/app/orders.hpp"
#include "quietus/app/select.hpp"
#include "quietus/core/bytes.hpp"

namespace quietus::cli {
namespace {

// About the drive that is named, else about a medium in general.
Result<Question> question_of(const Call& call, const PolicyRequest& asked) {
    const auto node = call.invocation.value("--drive");
    const auto name = call.invocation.value("--medium");
    if (!node && !name)
        return Error{Fault::usage, "neither --medium nor --drive is given",
                     "a medium such as hdd or nvme, or a drive that is attached"};
    const auto medium = name ? read_medium(*name) : MediumId::unknown;
    if (!medium) return medium.error();
    if (!node) return question_about(asked, *medium);
    auto opened = open_site(call, Signing::none);
    if (!opened) return std::move(opened).error();
    const Site site = (*opened)->doors();
    auto drive = select(site.host, site.places.detect_request(false), *node);
    if (!drive) return std::move(drive).error().during("select");
    Question question = about_drive(asked, *drive);
    if (!name || question.medium == *medium) return question;
    return Error{Fault::usage, "--medium: " + escaped(*node) + " is none of these"};
}

// One line each: FILE:LINE: code: text, which editors know how to follow.
void print_flaws(const std::string& file, const std::vector<ProfileFlaw>& flaws) {
    for (const ProfileFlaw& flaw : flaws)
        print(escaped(file) + ":" + std::to_string(flaw.line) + ": " + flaw.code + ": " +
              flaw.text + "\n");
}

} // namespace

Outcome command_policy_list(const Call& call) {
    const ProfileList list = list_profiles(shelf_of(call));
    if (call.json)
        print_json(profiles_json(list.profiles));
    else
        print(profiles_in_words(list.profiles));
    for (const Error& each : list.refused)
        say("quietus: policy list: " + escaped(each.message) + "\n");
    return ExitStatus::success;
}

Outcome command_policy_show(const Call& call) {
    auto loaded = load_profile(call.invocation.operands.front(), shelf_of(call));
    if (!loaded) return std::move(loaded).error().during("policy show");
    if (call.json)
        print_json(profile_json(*loaded));
    else
        print(loaded->text);
    return ExitStatus::success;
}

Outcome command_policy_explain(const Call& call) {
    const auto given = Given::of(call);
    if (!given) return Error(given.error()).during("policy explain");
    auto loaded = profile_of(call, *given);
    if (!loaded) return std::move(loaded).error().during("policy explain");
    auto asked = read_question(loaded->profile, policy_question(*given));
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

Outcome command_policy_sign(const Call& call) {
    auto key = signing_key_of(call.invocation);
    if (!key) return std::move(key).error().during("policy sign");
    SystemClock clock;
    const std::string& file = call.invocation.operands.front();
    const bool orders = key->identity().role == Role::approver;
    auto made = orders ? sign_order(file, *key, clock) : sign_profile(file, *key, clock);
    if (!made) return std::move(made).error().during("policy sign");
    if (call.json)
        print_json(Json::object({{"file", escaped(file)},
                                 {"signature", escaped(made->p7s)},
                                 {"sha256", made->sha256},
                                 {"signer", made->signer.name}}));
    else
        print(escaped(made->p7s) + ": signed by the " + (orders ? "approver " : "policy owner ") +
              escaped(made->signer.name) + "\n");
    return ExitStatus::success;
}

} // namespace quietus::cli
