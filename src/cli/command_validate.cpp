#include "commands.hpp"
#include "signing_key.hpp"

#include "quietus/app/validate.hpp"
#include "quietus/core/bytes.hpp"
#include "quietus/core/clock.hpp"

namespace quietus::cli {
namespace {

Result<ValidationDecision> decision_of(const Invocation& invocation) {
    const auto text = invocation.value("--decision");
    if (!text) return Error{Fault::usage, "--decision is missing: accepted or rejected"};
    return from_text<ValidationDecision>(*text).value_or(ValidationDecision::rejected);
}

// Texts that go onto the statement.
Status check_texts(const Invocation& invocation) {
    for (const char* option : {"--reason", "--classification", "--marking"})
        for (const std::string& text : invocation.all(option))
            if (auto canonical = to_canonical(Json(text)); !canonical)
                return Error{Fault::usage, canonical.error().message}.during(option);
    return {};
}

Json json_of(const GivenValidation& given) {
    return Json::object({{"document", given.id},
                         {"file", given.path},
                         {"decision", to_text(given.decision)},
                         {"validator", given.validator.name},
                         {"certificate_sha256", given.validator.certificate_sha256},
                         {"log_index", given.log_index}});
}

std::string in_words(const GivenValidation& given) {
    return given.id + ": " + std::string(to_text(given.decision)) + " by the validator " +
           escaped(given.validator.name) + "\n  statement " + escaped(given.path) +
           "\n  logged as entry " + std::to_string(given.log_index) + "\n";
}

} // namespace

Outcome command_validate(const Call& call) {
    const Invocation& invocation = call.invocation;
    const auto failed = [](Error error) { return std::move(error).during("validate"); };
    if (auto status = refuse_persons(call); !status) return failed(std::move(status).error());
    const auto decision = decision_of(invocation);
    if (!decision) return failed(decision.error());
    if (auto status = check_texts(invocation); !status) return failed(std::move(status).error());
    auto trust = trust_of(call);
    if (!trust) return failed(std::move(trust).error());
    auto key = signing_key_of(invocation);
    if (!key) return failed(std::move(key).error());
    auto opened = open_site(call, Signing::ready);
    if (!opened) return failed(std::move(opened).error());
    const auto text = [&](const char* option) { return invocation.value(option).value_or(""); };
    auto given = validate({invocation.operands.front(), *decision, text("--classification"),
                           text("--reason"), text("--marking"), *key, *trust},
                          (*opened)->doors());
    if (!given) return failed(std::move(given).error());
    if (call.json)
        print_json(json_of(*given));
    else
        print(in_words(*given));
    return ExitStatus::success;
}

} // namespace quietus::cli
