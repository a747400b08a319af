#include "statement_options.hpp"

#include "quietus/core/json.hpp"

namespace quietus::cli {
namespace {

// What goes onto a document must fit its format before a drive is touched.
Status check_statements(const Invocation& invocation) {
    for (const char* option :
         {"--marking", "--operator", "--witness", "--organisation", "--contractor", "--site",
          "--country", "--authority", "--hold-clearance", "--reference", "--asset-tag"})
        for (const std::string& text : invocation.all(option))
            if (auto canonical = to_canonical(Json(text)); !canonical)
                return Error{Fault::usage, canonical.error().message}.during(option);
    return {};
}

} // namespace

Result<Statements> statements_of(const Invocation& invocation, const Given& given) {
    if (auto status = check_statements(invocation); !status) return std::move(status).error();
    const auto text = [&](std::string_view option) {
        return given.text(option).value_or(std::string{});
    };
    Statements statements;
    statements.document_marking = given.text("--marking").value_or("OFFICIAL");
    statements.op = text("--operator");
    statements.witness = text("--witness");
    statements.organisation = text("--organisation");
    statements.contractor = text("--contractor");
    statements.site = text("--site");
    statements.country = text("--country");
    statements.authority = text("--authority");
    statements.hold_clearance = text("--hold-clearance");
    statements.references = given.references();
    statements.overrides = invocation.all("--override");
    if (given.order()) statements.order = named(*given.order());
    return statements;
}

} // namespace quietus::cli
