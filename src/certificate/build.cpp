#include "build.hpp"

#include "quietus/certificate/check.hpp"
#include "quietus/core/bytes.hpp"
#include "quietus/core/normal_form.hpp"
#include "quietus/record/rehearsal.hpp"
#include "quietus/stream/digest.hpp"

#include <algorithm>

namespace quietus {
namespace {

constexpr std::size_t text_max = 500; // octets; escaped at most eight characters each
constexpr std::size_t findings_max = 1000;
constexpr std::int64_t retention_seconds = std::int64_t{5479} * 86400; // 15 years

// Octets above ASCII as \\xNN.
std::string escaped_octets(std::string_view text) {
    std::string spelled;
    for (const char each : text)
        spelled += static_cast<unsigned char>(each) < 0x80 ? std::string(1, each)
                                                           : "\\x" + to_hex(as_bytes({&each, 1}));
    return spelled;
}

} // namespace

// Cut before it is escaped, so that no escape is torn; cut at an octet, since what is left of a
// torn character is escaped as well.
std::string fit(std::string_view text) {
    std::string fitting = escaped(text.substr(0, text_max));
    // Composing would make another text of it: what is not in form C is spelled octet by octet.
    if (!is_nfc(fitting)) fitting = escaped_octets(fitting);
    return text.size() <= text_max ? fitting : fitting + " ...";
}

namespace {

void fit_all(std::vector<std::string>& texts) {
    for (std::string& text : texts)
        text = fit(text);
}

// "/dev/sdb" and "image:/srv/a.img" to "sdb" and "a.img".
std::string host_name_of(const std::string& node) {
    const auto slash = node.rfind('/');
    return fit(slash == std::string::npos ? node : node.substr(slash + 1));
}

} // namespace

DrivePayload drive_payload(const Drive& drive) {
    DrivePayload facts;
    facts.kind = drive.kind;
    facts.medium = drive.medium;
    facts.host_name = host_name_of(drive.node);
    facts.model = fit(drive.model);
    facts.serial = fit(drive.serial);
    facts.serial_raw_hex = drive.serial_raw_hex;
    facts.identity_source = drive.identity_source;
    facts.wwn = fit(drive.wwn);
    facts.firmware = fit(drive.firmware);
    facts.capacity_bytes = drive.size_bytes;
    if (drive.native_size_bytes) facts.native_capacity_bytes = *drive.native_size_bytes;
    facts.logical_block_bytes = drive.logical_block_bytes;
    facts.physical_block_bytes = drive.physical_block_bytes;
    facts.removable = drive.removable;
    facts.provenance = drive.provenance;
    for (const Part& part : drive.parts)
        facts.parts.push_back({part.size_bytes});
    facts.health = drive.health;
    if (facts.health) facts.health->text = fit(facts.health->text);
    return facts;
}

namespace {

struct Fitting {
    void operator()(std::string_view, std::string& text) { text = fit(text); }
    void operator()(std::string_view, std::vector<std::string>& texts) { fit_all(texts); }
    void operator()(std::string_view, bool&) {}
    void operator()(std::string_view, std::vector<RequiredSigner>&) {}
    void operator()(std::string_view, std::optional<SignedConfirmation>&) {}
    void operator()(std::string_view, std::optional<FollowedOrder>& order) {
        if (order) FollowedOrder::each_field(*order, *this);
    }
    // Its texts are from a profile, where none may be of another form.
    void operator()(std::string_view, std::optional<PolicyDecision>&) {}
};

template <typename Texts>
Texts each_fitted(Texts texts) {
    Fitting fitting;
    Texts::each_field(texts, fitting);
    return texts;
}

// The seed of the final random pass is published on purpose; an earlier one never.
std::vector<PassRecord> published(std::vector<PassRecord> passes) {
    for (std::size_t i = 0; i < passes.size(); ++i)
        if (i + 1 != passes.size() || passes[i].data != StepData::random_stream)
            passes[i].seed.reset();
    return passes;
}

// The seed is of a run that has ended, as that of a host's own pass.
std::optional<FirmwareEvidence> published(std::optional<FirmwareEvidence> evidence) {
    if (!evidence) return evidence;
    for (const NamedText& each : firmware_texts(*evidence))
        *each.text = fit(*each.text);
    if (evidence->host_pass && evidence->stopped == StopReason::interrupted)
        evidence->host_pass->seed.reset();
    return evidence;
}

std::optional<HiddenAreaRecord> published(std::optional<HiddenAreaRecord> record) {
    if (!record) return record;
    for (const NamedText& each : hidden_texts(*record, ""))
        *each.text = fit(*each.text);
    return record;
}

MethodPayload method_payload(const Plan& plan, const Evidence& evidence) {
    MethodPayload method;
    method.technique = plan.technique;
    method.scheme = fit(plan.scheme);
    method.scheme_title = fit(plan.scheme_title);
    method.scheme_status = fit(plan.scheme_status);
    method.level = plan.level;
    method.steps = plan.steps;
    method.volumes = plan.volumes;
    method.not_reached = plan.not_reached;
    fit_all(method.not_reached);
    method.options = plan.firmware;
    method.probe = evidence.probe;
    method.passes = published(evidence.passes);
    method.page_cache = evidence.page_cache;
    method.stopped = evidence.stopped;
    method.stop_text = fit(evidence.stop_text);
    method.resumed = evidence.resumed;
    method.firmware = published(evidence.firmware);
    method.hidden = published(evidence.hidden);
    method.health_after = evidence.health_after;
    if (method.health_after) method.health_after->text = fit(method.health_after->text);
    method.luks = evidence.luks;
    if (method.luks) method.luks->text = fit(method.luks->text);
    return method;
}

std::vector<Finding> findings_payload(std::vector<Finding> findings) {
    const std::size_t all = findings.size();
    if (all > findings_max) {
        findings.resize(findings_max);
        findings.push_back({"more-findings",
                            std::to_string(all - findings_max) + " more in the journal",
                            std::nullopt, std::nullopt});
    }
    for (Finding& finding : findings) {
        finding.code = fit(finding.code);
        finding.text = fit(finding.text);
    }
    return findings;
}

void state_result(const Judgement& judgement, Payload& payload) {
    payload.coverage = {judgement.bytes_proven, judgement.unproven};
    payload.verdict = judgement.verdict;
    payload.level = judgement.level;
    payload.level_basis = judgement.level_basis;
    payload.grade = judgement.grade;
    payload.limits = judgement.limits;
    payload.findings = findings_payload(judgement.findings);
}

void state_place(const Placement& placement, Payload& payload) {
    payload.station = {placement.station, placement.sequence, placement.previous_sha384};
    payload.log = {placement.intent_log_index, placement.salt};
    payload.journal_sha256 = placement.journal_sha256;
}

// The SHA-256 of the list's canonical JSON, without making that of a million extents at once.
std::string canonical_sha256(const std::vector<Extent>& extents) {
    Digest digest(DigestKind::sha256);
    std::string text = "[";
    for (const Extent& each : extents) {
        if (&each != &extents.front()) text += ',';
        text += to_line(to_json(each));
        if (text.size() < 65536) continue;
        digest.update(as_bytes(text));
        text.clear();
    }
    text += ']';
    digest.update(as_bytes(text));
    return to_hex(digest.finish());
}

void mark(Payload& payload) {
    for (const NamedText& each : free_texts(payload))
        *each.text = marked(std::move(*each.text));
}

// Replaces the longest list by its count and digest; false when there is none left.
bool omit_longest(Payload& payload) {
    auto lists = extent_lists(payload);
    const auto longest = std::ranges::max_element(
        lists, {}, [](const NamedExtents& list) { return list.extents->size(); });
    std::vector<Extent>& extents = *longest->extents;
    if (extents.size() <= 1) return false;
    // What overlaps may add up to more than JSON can hold.
    constexpr auto most = static_cast<std::uint64_t>(json_integer_max);
    std::uint64_t bytes = 0;
    for (const Extent& extent : extents)
        bytes += std::min(extent.length, most - bytes);
    payload.omitted.push_back({longest->path, extents.size(), bytes, canonical_sha256(extents)});
    extents = {};
    return true;
}

// So many in all that a payload with them is too long whatever else it holds: each takes at least
// as many octets as {"length":1,"offset":0} and a comma.
bool has_too_many_extents(Payload& payload) {
    constexpr std::size_t fewest_octets = 23;
    std::size_t octets = 0;
    for (const NamedExtents& list : extent_lists(payload))
        octets += list.extents->size() * fewest_octets;
    return octets > payload_limit;
}

} // namespace

Statements fitted(const Statements& statements) {
    return each_fitted(statements);
}

Tool fitted(const Tool& tool) {
    return each_fitted(tool);
}

PolicyBasis fitted(const PolicyBasis& basis) {
    return each_fitted(basis);
}

std::string retain_until(const PolicyBasis& policy, std::int64_t issued_at) {
    constexpr std::int64_t year_seconds = std::int64_t{86400} * 36525 / 100;
    const auto& decision = policy.decision;
    const std::int64_t asked =
        decision ? std::int64_t{decision->retention_years} * year_seconds : 0;
    return to_rfc3339(issued_at + std::max(retention_seconds, asked));
}

Payload build_payload(const DocumentRequest& request, const Issue& issue) {
    const ErasureRecord& record = request.record;
    Payload payload;
    payload.type = issue.type;
    payload.title = title_of(issue.type);
    payload.id = record.job;
    payload.issued_at = to_rfc3339(issue.at);
    payload.document_marking = fit(request.statements.document_marking);
    payload.drive = drive_payload(record.drive);
    payload.statements.said = fitted(request.statements);
    payload.policy.basis = fitted(record.plan.policy);
    if (record.plan.policy.applied) payload.policy.statement = wording::policy_applied;
    payload.method = method_payload(record.plan, record.evidence);
    payload.verification = {record.plan.verification, record.evidence.read_backs,
                            sample_statements(record.evidence)};
    state_result(issue.judgement, payload);
    payload.timing = record.timing;
    payload.tool = fitted(request.tool);
    state_place(request.placement, payload);
    payload.retain_until = retain_until(record.plan.policy, issue.at);
    payload.signers_required = {{issue.signer.role, issue.signer.certificate_sha256}};
    const auto& persons = request.statements.signers;
    payload.confirmation = request.statements.confirmation;
    payload.signers_required.insert(payload.signers_required.end(), persons.begin(), persons.end());
    if (issue.type == DocumentType::rehearsal) mark(payload);
    return payload;
}

Result<std::string> encode(Payload payload) {
    while (has_too_many_extents(payload) && omit_longest(payload)) {
    }
    for (;;) {
        auto text = to_canonical(to_json(payload));
        if (text || !omit_longest(payload)) return text;
    }
}

} // namespace quietus
