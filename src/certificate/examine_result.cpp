#include "examine_payload.hpp"

#include "quietus/policy/judge.hpp"

#include <algorithm>

namespace quietus {
namespace {

void add(CheckFindings& findings, std::string_view code, std::string text) {
    findings.push_back({std::string(code), std::move(text)});
}

// All that there is, by the drive's own word after it had erased itself, is what was covered.
bool is_all_there_is(const HiddenAreaRecord& hidden, std::uint64_t blocks) {
    const auto native = hidden.after ? native_sectors(*hidden.after) : std::nullopt;
    return native && *native == blocks && hidden.after->accessible == blocks;
}

void examine_own_proof(const Payload& payload, const FirmwareEvidence& evidence,
                       CheckFindings& findings) {
    const auto& identity = evidence.identity_after;
    if (!identity || !is_all_there_is(evidence.hidden, identity->sectors) ||
        identity->sectors * identity->logical_bytes != covered_bytes(payload))
        add(findings, "E_SEM_CAPACITY", "the native capacity is unknown or not what was erased");
    const auto& canaries = evidence.canaries;
    if (!canaries || !canaries->left.empty() || !canaries->elsewhere.empty())
        add(findings, "E_SEM_RESULT", "erased, with canaries that are left");
    const auto& read_back = evidence.read_back;
    // What a sample must have read is for judge() to say.
    if (!read_back ||
        (!read_back->sample && !ExtentSet(read_back->matched).covers({0, covered_bytes(payload)})))
        add(findings, "E_SEM_COVERAGE", "the read-back left bytes out");
    if (read_back && (!read_back->mismatched.empty() || !read_back->unreadable.empty()))
        add(findings, "E_SEM_RESULT", "erased, with wrong or unreadable blocks");
}

void examine_capacity(const Payload& payload, CheckFindings& findings) {
    const std::uint64_t capacity = covered_bytes(payload);
    const auto* native = payload.drive.native_capacity_bytes.as<std::int64_t>();
    const bool beyond = native != nullptr && static_cast<std::uint64_t>(*native) != capacity;
    if (capacity == 0 || beyond || (native == nullptr && !is_virtual(payload.drive.kind)))
        add(findings, "E_SEM_CAPACITY", "the native capacity is unknown or not what was erased");
}

bool is_all_but(const ExtentSet& kept, std::uint64_t capacity, const std::vector<Extent>& written) {
    ExtentSet rest;
    if (capacity != 0) rest.add({0, capacity});
    rest.subtract(kept);
    rest.subtract(ExtentSet(written));
    return rest.empty();
}

// Said again in so many words, and not only by judge(): a certificate rests on these.
void examine_proof(const Payload& payload, CheckFindings& findings) {
    const std::uint64_t capacity = covered_bytes(payload);
    if (!payload.omitted.empty())
        add(findings, "E_SEM_COVERAGE", "a certificate that leaves extents out");
    if (payload.method.firmware)
        examine_own_proof(payload, *payload.method.firmware, findings);
    else
        examine_capacity(payload, findings);
    const ExtentSet kept = kept_extents(payload);
    if (payload.coverage.bytes_proven != capacity - std::min(kept.bytes(), capacity) ||
        payload.coverage.unproven != kept.extents())
        add(findings, "E_SEM_COVERAGE", "coverage: not the whole drive");
    if (!kept.empty())
        add(findings, "W_CIPHERTEXT_LEFT",
            std::to_string(kept.bytes()) +
                " bytes of ciphertext are left: it was their keys that were destroyed");
    for (const PassRecord& pass : payload.method.passes)
        if (!is_all_but(kept, capacity, pass.written) || !pass.unwritable.empty())
            add(findings, "E_SEM_COVERAGE",
                "step " + std::to_string(pass.step) + ": the pass left bytes out");
    for (const ReadBackRecord& record : payload.verification.read_backs)
        if (!record.mismatched.empty() || !record.unreadable.empty())
            add(findings, "E_SEM_RESULT",
                "step " + std::to_string(record.step) +
                    ": erased, with wrong or unreadable blocks");
}

// Texts are for people and may have been cut or escaped; what they are about may not differ.
bool same_findings(const std::vector<Finding>& stated, const std::vector<Finding>& derived) {
    if (!stated.empty() && stated.back().code == "more-findings")
        return derived.size() >= stated.size();
    return std::ranges::equal(stated, derived, [](const Finding& a, const Finding& b) {
        return a.code == b.code && a.first_block == b.first_block && a.blocks == b.blocks;
    });
}

void compare(const Payload& payload, const Judgement& derived, CheckFindings& findings) {
    const auto require = [&](bool same, std::string_view member) {
        if (!same)
            add(findings, "E_SEM_RESULT",
                std::string(member) + ": does not follow from the evidence");
    };
    require(payload.level == derived.level, "level");
    require(payload.level_basis == derived.level_basis, "level_basis");
    require(payload.grade == derived.grade, "grade");
    require(payload.coverage.bytes_proven == derived.bytes_proven, "coverage.bytes_proven");
    require(payload.coverage.unproven == derived.unproven, "coverage.unproven");
    require(payload.limits == derived.limits, "limits");
    require(same_findings(payload.findings, derived.findings), "findings");
}

// The type of the document against its verdict; of a rehearsal both kinds are of one type.
void examine_claim(const Payload& payload, CheckFindings& findings) {
    const bool erased = payload.verdict == Verdict::erased;
    if (payload.type == DocumentType::certificate && !erased)
        add(findings, "E_SEM_RESULT", "a certificate with a verdict other than erased");
    if (payload.type == DocumentType::attempt && erased)
        add(findings, "E_SEM_RESULT", "an attempt record with the verdict erased");
}

// An attempt record may say less than the evidence shows, never more.
bool claims_nothing(const Payload& payload) {
    return payload.type != DocumentType::certificate && payload.verdict == Verdict::indeterminate &&
           payload.level == Level::none && payload.grade.empty() &&
           payload.coverage.bytes_proven == 0;
}

} // namespace

void examine_result(const Payload& payload, CheckFindings& findings) {
    examine_claim(payload, findings);
    if (is_proof(payload)) examine_proof(payload, findings);
    if (!payload.omitted.empty()) return; // the evidence is not all here: nothing to derive it from
    const Judgement derived = judge(drive_of(payload), plan_of(payload), evidence_of(payload));
    if (payload.verdict == derived.verdict)
        compare(payload, derived, findings);
    else if (!claims_nothing(payload))
        add(findings, "E_SEM_RESULT", "verdict: does not follow from the evidence");
}

} // namespace quietus
