#include "examine_payload.hpp"
#include "schema_reader.hpp"

#include "quietus/certificate/check.hpp"
#include "quietus/core/bytes.hpp"

namespace quietus {
namespace {

std::string_view code_of(JsonFlaw flaw) {
    switch (flaw) {
    case JsonFlaw::size:
        return "E_SIZE";
    case JsonFlaw::encoding:
        return "E_JSON_UTF8";
    case JsonFlaw::surrogate:
        return "E_JSON_SURROGATE";
    case JsonFlaw::syntax:
        return "E_JSON_SYNTAX";
    case JsonFlaw::duplicate_member:
        return "E_JSON_DUPKEY";
    case JsonFlaw::depth:
        return "E_JSON_DEPTH";
    case JsonFlaw::number:
        return "E_JSON_NUMBER";
    case JsonFlaw::null_value:
        return "E_JSON_NULL";
    case JsonFlaw::control:
        return "E_JSON_CONTROL";
    case JsonFlaw::name:
        return "E_JSON_NAME";
    case JsonFlaw::long_text:
        return "E_JSON_STRING";
    case JsonFlaw::normal_form:
        return "E_JSON_NFC";
    }
    return "";
}

void add(const std::vector<JsonProblem>& problems, CheckFindings& findings) {
    for (const JsonProblem& each : problems)
        findings.push_back({std::string(code_of(each.flaw)), "payload: " + each.text});
}

} // namespace

PayloadBytes examine_bytes(std::string_view payload) {
    PayloadBytes examined;
    JsonReading reading = read_json(payload, payload_limit);
    add(reading.problems, examined.findings);
    if (reading.to_the_end) add(profile_problems(reading.value), examined.findings);
    if (!reading.problems.empty()) return examined;
    if (to_line(reading.value) != payload)
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
    if (*type != DocumentType::certificate && *type != DocumentType::attempt &&
        *type != DocumentType::rehearsal) {
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
    SchemaReader reader;
    Payload payload = reader.read<Payload>(json, "");
    if (reader.is_whole()) examined.payload = std::move(payload);
    for (CheckFinding& each : std::move(reader).take())
        examined.findings.push_back(std::move(each));
    return examined;
}

} // namespace quietus
