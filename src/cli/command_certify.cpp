#include "commands.hpp"

#include "quietus/app/issue.hpp"
#include "quietus/core/bytes.hpp"

namespace quietus::cli {

Outcome command_certify(const Call& call) {
    auto opened = open_site(call, Signing::ready);
    if (!opened) return std::move(opened).error().during("certify");
    const std::string& job = call.invocation.operands.front();
    auto issued = certify_job(job, (*opened)->doors());
    if (!issued) return std::move(issued).error().during("certify");
    // Persons stated it: there is no verdict.
    const bool stated = issued->type == DocumentType::destruction;
    const std::string verdict(stated ? "" : to_text(issued->verdict));
    if (call.json)
        print_json(Json::object({{"job", job},
                                 {"verdict", stated ? Json(nullptr) : Json(verdict)},
                                 {"document", issued->path}}));
    else
        print(job + ": " + (stated ? "statement of destruction" : verdict) + ", " +
              escaped(issued->path) + "\n");
    return stated ? ExitStatus::success : exit_status(issued->verdict);
}

} // namespace quietus::cli
