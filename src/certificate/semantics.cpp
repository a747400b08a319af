#include "examine_payload.hpp"

#include "quietus/certificate/check.hpp"

#include <algorithm>

namespace quietus {

bool is_proof(const Payload& payload) {
    return payload.type == DocumentType::certificate ||
           (payload.type == DocumentType::rehearsal && payload.verdict == Verdict::erased);
}

void examine_semantics(const Payload& payload, CheckFindings& findings) {
    const std::size_t before = findings.size();
    examine_form(payload, findings);
    examine_rehearsal(payload, findings);
    examine_times(payload, findings);
    examine_confirmation(payload, findings);
    if (!examine_extents(payload, findings)) return;
    examine_totals(payload, findings);
    // An attempt record that is no more than misdated is still judged; so is anything else whose
    // members have the required form.
    const auto is_form = [](const CheckFinding& finding) { return finding.code == "E_SCHEMA"; };
    if (std::any_of(findings.begin() + static_cast<std::ptrdiff_t>(before), findings.end(),
                    is_form))
        return;
    examine_result(payload, findings);
    examine_policy(payload, findings);
}

std::vector<CheckFinding> check_semantics(std::string_view payload, DocumentType type) {
    auto [json, findings] = examine_bytes(payload);
    if (!json) return findings;
    if (type == DocumentType::destruction && json->text_of("type") == to_text(type)) {
        DestructionReading reading = examine_destruction_schema(*json);
        findings.insert(findings.end(), reading.findings.begin(), reading.findings.end());
        if (reading.payload) examine_destruction(*reading.payload, findings);
        return findings;
    }
    auto [facts, schema] = examine_schema(*json);
    findings.insert(findings.end(), schema.begin(), schema.end());
    if (!facts) return findings;
    if (facts->type != type)
        findings.push_back({"E_TYPE", "payload: of another document type than it is used as"});
    examine_semantics(*facts, findings);
    return findings;
}

} // namespace quietus
