#include "quietus/policy/schemes.hpp"

#include "embedded.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/core/ensure.hpp"
#include "quietus/core/json.hpp"
#include "quietus/core/nearest.hpp"
#include "quietus/record/technique.hpp"

#include <algorithm>

namespace quietus {
namespace {

std::string required(const Json& object, std::string_view member) {
    const auto text = object.text_of(member);
    QUIETUS_ENSURE(!text.empty());
    return std::string(text);
}

const Json::Array& list(const Json& object, std::string_view member) {
    const Json* found = object.find(member);
    QUIETUS_ENSURE(found != nullptr && found->as<Json::Array>() != nullptr);
    return *found->as<Json::Array>();
}

SchemeStep read_step(const Json& json) {
    SchemeStep step{
        .op = required(json, "op"),
        .data = std::string(json.text_of("data")),
        .bytes = std::string(json.text_of("bytes")),
        .id = std::string(json.text_of("id")),
        .of = std::string(json.text_of("of")),
        .base = std::string(json.text_of("base")),
    };
    const Json* reuse = json.find("reuse");
    step.reuse = reuse != nullptr && reuse->as<bool>() != nullptr && *reuse->as<bool>();
    // No scheme known asks for less than a full read-back of what was written last.
    if (step.op == "verify")
        QUIETUS_ENSURE(step.of == "last" && json.text_of("coverage") == "full");
    else
        QUIETUS_ENSURE(step.op == "write" && !step.data.empty());
    return step;
}

std::vector<SchemeStep> read_steps(const Json::Array& array) {
    std::vector<SchemeStep> steps;
    std::ranges::transform(array, std::back_inserter(steps), read_step);
    QUIETUS_ENSURE(!steps.empty() && steps.front().op == "write");
    return steps;
}

Scheme read_scheme(const Json& json) {
    Scheme scheme{
        .id = required(json, "id"),
        .title = required(json, "title"),
        .authority = required(json, "authority"),
        .status = required(json, "status"),
        .confidence = required(json, "confidence"),
        .max_claim = required(json, "max_claim"),
        .steps = read_steps(list(json, "steps")),
        .variants = {},
        .sources = {},
        .note = std::string(json.text_of("note")),
    };
    const auto claim = from_text<Level>(scheme.max_claim);
    QUIETUS_ENSURE(claim && *claim <= Level::clear); // a host overwrite is never more
    if (json.find("variants") != nullptr)
        for (const Json& variant : list(json, "variants")) {
            QUIETUS_ENSURE(variant.as<Json::Array>() != nullptr);
            scheme.variants.push_back(read_steps(*variant.as<Json::Array>()));
        }
    for (const Json& source : list(json, "sources")) {
        QUIETUS_ENSURE(source.as<std::string>() != nullptr);
        scheme.sources.push_back(*source.as<std::string>());
    }
    return scheme;
}

std::vector<Scheme> read_catalogue() {
    const auto json = parse_json(schemes_json);
    QUIETUS_ENSURE(json && json->text_of("schema") == "quietus.schemes/1");
    std::vector<Scheme> catalogue;
    std::ranges::transform(list(*json, "schemes"), std::back_inserter(catalogue), read_scheme);
    return catalogue;
}

} // namespace

const std::vector<Scheme>& schemes() {
    static const std::vector<Scheme> catalogue = read_catalogue();
    return catalogue;
}

Result<const Scheme*> find_scheme(std::string_view id) {
    const auto found = std::ranges::find(schemes(), id, &Scheme::id);
    if (found != schemes().end()) return &*found;
    std::vector<std::string> ids;
    std::ranges::transform(schemes(), std::back_inserter(ids), &Scheme::id);
    return Error{Fault::usage, "no scheme \"" + escaped(id) + "\"", did_you_mean(id, ids)};
}

} // namespace quietus
