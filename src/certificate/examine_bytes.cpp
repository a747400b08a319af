#include "examine_payload.hpp"

#include "quietus/core/bytes.hpp"

namespace quietus {
namespace {

std::string_view code_of(JsonFlaw flaw) {
    switch (flaw) {
    case JsonFlaw::none:
        return "";
    case JsonFlaw::size:
        return "E_SIZE";
    case JsonFlaw::encoding:
        return "E_JSON_UTF8";
    case JsonFlaw::syntax:
        return "E_JSON_SYNTAX";
    case JsonFlaw::duplicate_member:
        return "E_JSON_DUPKEY";
    case JsonFlaw::depth:
        return "E_JSON_DEPTH";
    case JsonFlaw::number:
        return "E_JSON_NUMBER";
    }
    return "";
}

} // namespace

PayloadBytes examine_bytes(std::string_view payload) {
    PayloadBytes examined;
    JsonReading reading = read_json(payload);
    if (reading.flaw != JsonFlaw::none) {
        examined.findings.push_back(
            {std::string(code_of(reading.flaw)), "payload: " + reading.problem});
        return examined;
    }
    const auto canonical = to_canonical(reading.value);
    if (!canonical)
        examined.findings.push_back(
            {"E_JSON_NOT_CANONICAL", "payload: " + escaped(canonical.error().message)});
    else if (*canonical != payload)
        examined.findings.push_back(
            {"E_JSON_NOT_CANONICAL", "payload: not the canonical bytes of its own content"});
    examined.json = std::move(reading.value);
    return examined;
}

PayloadFacts examine_schema(const Json& json) {
    PayloadFacts examined;
    const auto type = from_text<DocumentType>(json.text_of("type"));
    if (!type) {
        examined.findings.push_back({"E_TYPE", "payload: not of a known document type"});
        return examined;
    }
    if (*type != DocumentType::certificate && *type != DocumentType::attempt) {
        examined.findings.push_back(
            {"I_TYPE_UNSUPPORTED", "payload: this version cannot check documents of type " +
                                       std::string(to_text(*type))});
        return examined;
    }
    const Json* schema = json.find("schema");
    if (schema == nullptr || *schema != Json(payload_schema)) {
        examined.findings.push_back({"E_SCHEMA_VERSION", "payload: schema version is not 1"});
        return examined;
    }
    auto payload = from_json<Payload>(json);
    if (payload)
        examined.payload = std::move(*payload);
    else
        examined.findings.push_back({"E_SCHEMA", "payload: " + escaped(payload.error().message)});
    return examined;
}

} // namespace quietus
