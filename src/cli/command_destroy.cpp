#include "commands.hpp"
#include "people_text.hpp"
#include "policy_options.hpp"
#include "statement_options.hpp"

#include "quietus/app/destroy.hpp"
#include "quietus/core/bytes.hpp"
#include "quietus/core/clock.hpp"

#include <charconv>

namespace quietus::cli {
namespace {

Result<std::string> needed(const Invocation& invocation, std::string_view option) {
    auto value = invocation.value(option);
    if (!value) return Error{Fault::usage, std::string(option) + " is missing"};
    return std::move(*value);
}

Result<std::optional<std::uint32_t>> particle_of(const Invocation& invocation) {
    const auto text = invocation.value("--particle");
    if (!text) return std::optional<std::uint32_t>{};
    std::uint32_t millimetres = 0;
    const char* const end = text->data() + text->size();
    const auto read = std::from_chars(text->data(), end, millimetres);
    if (read.ec != std::errc{} || read.ptr != end || millimetres == 0 || millimetres > 1000)
        return Error{Fault::usage, "--particle: \"" + escaped(*text) +
                                       "\" is no number of millimetres from 1 to 1000"};
    return std::optional(millimetres);
}

Result<std::string> time_of(const Invocation& invocation) {
    SystemClock clock;
    const auto text = invocation.value("--at");
    if (!text) return to_rfc3339(clock.utc_seconds());
    const auto at = from_rfc3339(*text);
    if (!at) return Error{Fault::usage, "--at: \"" + escaped(*text) + "\" is no time in UTC"};
    if (*at > clock.utc_seconds()) return Error{Fault::usage, "--at: " + *text + " is to come"};
    return to_rfc3339(*at);
}

// Of texts that go onto the statement; those of all documents are checked elsewhere.
Status check_texts(const Invocation& invocation) {
    for (const char* option : {"--equipment", "--residue", "--serial", "--model"})
        for (const std::string& text : invocation.all(option))
            if (auto canonical = to_canonical(Json(text)); !canonical)
                return Error{Fault::usage, canonical.error().message}.during(option);
    return {};
}

Result<DestructionFacts> facts_of(const Invocation& invocation) {
    if (auto status = check_texts(invocation); !status) return std::move(status).error();
    auto method = needed(invocation, "--method");
    if (!method) return std::move(method).error();
    auto equipment = needed(invocation, "--equipment");
    if (!equipment) return std::move(equipment).error();
    const auto particle = particle_of(invocation);
    if (!particle) return Error(particle.error());
    auto at = time_of(invocation);
    if (!at) return std::move(at).error();
    return DestructionFacts{std::move(*method), std::move(*equipment),
                            *particle,          invocation.value("--residue").value_or(""),
                            std::move(*at),     {}};
}

// What stands on the label of a drive that is not attached any more.
Status take_drive(const Invocation& invocation, DestructionWish& wish) {
    if (!invocation.operands.empty()) {
        wish.target = invocation.operands.front();
        if (invocation.has("--serial"))
            return Error{Fault::usage, "--serial: beside a drive that is attached"};
        return {};
    }
    auto serial = needed(invocation, "--serial");
    if (!serial) return std::move(serial).error().with_hint("or name a drive that is attached");
    wish.drive.serial = std::move(*serial);
    wish.drive.model = invocation.value("--model").value_or("");
    return {};
}

Result<DestructionWish> wish_of(const Call& call) {
    const Invocation& invocation = call.invocation;
    const auto given = Given::of(call);
    if (!given) return Error(given.error());
    auto profile = profile_of(call, *given);
    if (!profile) return std::move(profile).error();
    PolicyQuestion question = policy_question(*given);
    question.disposition = Supplied{std::string(to_text(Disposition::destroy))};
    auto asked = read_question(profile->profile, question);
    if (!asked) return std::move(asked).error();
    auto facts = facts_of(invocation);
    if (!facts) return std::move(facts).error();
    auto statements = statements_of(invocation, *given);
    if (!statements) return std::move(statements).error();
    DestructionWish wish{{},
                         {},
                         invocation.value("--medium").value_or(""),
                         std::move(*profile),
                         std::move(*asked),
                         std::move(*facts),
                         invocation.all("--job"),
                         std::move(*statements)};
    if (auto status = take_drive(invocation, wish); !status) return std::move(status).error();
    return wish;
}

Json json_of(const StatedToBeDestroyed& stated) {
    Json::Array missing;
    for (const Role role : stated.missing)
        missing.emplace_back(to_text(role));
    return Json::object({{"document", stated.id},
                         {"file", stated.path},
                         {"sufficient", stated.sufficient},
                         {"reason", stated.reason},
                         {"closes", Json::Array(stated.closes.begin(), stated.closes.end())},
                         {"missing", std::move(missing)}});
}

std::string in_words(const StatedToBeDestroyed& stated) {
    std::string text = stated.id + ": statement of physical destruction\n";
    text += stated.sufficient ? "  by policy it suffices\n"
                              : "  by policy it does not suffice: " + escaped(stated.reason) + "\n";
    for (const std::string& job : stated.closes)
        text += "  closes " + job + " when both have signed\n";
    for (const Role role : stated.missing)
        text += "  still to sign: " + std::string(to_text(role)) + "\n";
    return text + "  document " + escaped(stated.path) + "\n";
}

} // namespace

Outcome command_destroy(const Call& call) {
    if (auto status = refuse_persons(call); !status)
        return std::move(status).error().during("destroy");
    auto wish = wish_of(call);
    if (!wish) return std::move(wish).error().during("destroy");
    auto opened = open_site(call, Signing::ready);
    if (!opened) return std::move(opened).error().during("destroy");
    auto stated = state_destruction(*wish, (*opened)->doors());
    if (!stated) return std::move(stated).error().during("destroy");
    if (call.json)
        print_json(json_of(*stated));
    else
        print(in_words(*stated));
    return stated->sufficient ? ExitStatus::success : ExitStatus::failed;
}

} // namespace quietus::cli
