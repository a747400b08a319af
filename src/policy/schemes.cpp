#include "quietus/policy/schemes.hpp"

#include "embedded.hpp"
#include "toml_fields.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/core/ensure.hpp"
#include "quietus/core/nearest.hpp"
#include "quietus/record/technique.hpp"

#include <algorithm>

namespace quietus {
namespace {

using Flaws = std::vector<ProfileFlaw>;

// Members for the reader of the data alone.
void pass_over(TomlFields& fields) {
    (void)fields.flag("per_block_unique");
    (void)fields.flag("per_device_seed");
    (void)fields.number("unit", {1, 4096}, Need::optional);
    (void)fields.text("note", Need::optional);
}

SchemeStep read_step(const Toml& toml, Flaws& flaws) {
    TomlFields fields(toml, flaws);
    SchemeStep step{
        .op = fields.text("op", Need::required),
        .data = fields.text("data", Need::optional),
        .bytes = fields.text("bytes", Need::optional),
        .id = fields.text("id", Need::optional),
        .of = fields.text("of", Need::optional),
        .base = fields.text("base", Need::optional),
        .reuse = fields.flag("reuse").value_or(false),
    };
    // No scheme known asks for less than a full read-back of what was written last.
    if (step.op == "verify")
        QUIETUS_ENSURE(step.of == "last" && fields.text("coverage", Need::required) == "full");
    else
        QUIETUS_ENSURE(step.op == "write" && !step.data.empty());
    pass_over(fields);
    fields.refuse_others();
    return step;
}

std::vector<SchemeStep> read_steps(const Toml::Array& array, Flaws& flaws) {
    std::vector<SchemeStep> steps;
    for (const Toml& each : array)
        steps.push_back(read_step(each, flaws));
    QUIETUS_ENSURE(!steps.empty() && steps.front().op == "write");
    return steps;
}

Scheme read_scheme(const Toml& toml, Flaws& flaws) {
    TomlFields fields(toml, flaws);
    Scheme scheme{
        .id = fields.text("id", Need::required),
        .title = fields.text("title", Need::required),
        .authority = fields.text("authority", Need::required),
        .status = fields.text("status", Need::required),
        .confidence = std::string(to_text(
            fields.word<Confidence>("confidence", Need::required).value_or(Confidence::memory))),
        .max_claim = fields.text("max_claim", Need::required),
        .steps = read_steps(fields.array("steps", Need::required), flaws),
        .variants = {},
        .sources = fields.plain_texts("sources", Need::required),
        .note = fields.text("note", Need::optional),
    };
    const auto claim = from_text<Level>(scheme.max_claim);
    QUIETUS_ENSURE(claim && *claim <= Level::clear); // a host overwrite is never more
    for (const Toml& variant : fields.array("variants", Need::optional)) {
        QUIETUS_ENSURE(variant.as<Toml::Array>() != nullptr);
        scheme.variants.push_back(read_steps(*variant.as<Toml::Array>(), flaws));
    }
    fields.refuse_others();
    return scheme;
}

std::vector<Scheme> read_schemes() {
    const TomlReading reading = read_toml(schemes_toml);
    QUIETUS_ENSURE(reading.problems.empty());
    Flaws flaws;
    TomlFields file(reading.value, flaws);
    std::vector<Scheme> all;
    for (const Toml& each : file.array("scheme", Need::required))
        all.push_back(read_scheme(each, flaws));
    file.refuse_others();
    QUIETUS_ENSURE(flaws.empty());
    return all;
}

} // namespace

const std::vector<Scheme>& schemes() {
    static const std::vector<Scheme> all = read_schemes();
    return all;
}

Result<const Scheme*> find_scheme(std::string_view id) {
    const auto found = std::ranges::find(schemes(), id, &Scheme::id);
    if (found != schemes().end()) return &*found;
    std::vector<std::string> ids;
    std::ranges::transform(schemes(), std::back_inserter(ids), &Scheme::id);
    return Error{Fault::usage, "no scheme \"" + escaped(id) + "\"", did_you_mean(id, ids)};
}

} // namespace quietus
