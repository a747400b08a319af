#include "examine_payload.hpp"

#include "schema_reader.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/core/clock.hpp"
#include "quietus/policy/destruction.hpp"
#include "quietus/record/job_id.hpp"

#include <algorithm>

namespace quietus {
namespace {

class DestructionForm {
  public:
    DestructionForm(const DestructionPayload& payload, CheckFindings& findings)
        : payload_(payload), findings_(findings) {}

    void run() {
        examine_words();
        examine_digests();
        examine_times();
        examine_people();
        if (payload_.id != job_id(payload_.station.id, payload_.station.sequence))
            findings_.push_back({"E_STATION", "id: not named by station and number"});
        if (payload_.drive.provenance == Provenance::rehearsal)
            findings_.push_back({"E_REHEARSAL", "drive.provenance: an emulated drive, in a "
                                                "document about real ones"});
    }

  private:
    void require(bool holds, std::string_view member) {
        if (!holds)
            findings_.push_back({"E_SCHEMA", std::string(member) + ": not of the required form"});
    }
    static bool is_digest(std::string_view text, std::size_t digits) {
        return text.size() == digits && is_hex(text);
    }

    void examine_words() {
        const PolicyPayload& policy = payload_.policy;
        require(payload_.title == wording::destruction_title, "title");
        require(!payload_.document_marking.empty(), "document_marking");
        require(payload_.statements.basis == wording::stated, "statements.basis");
        require(payload_.basis == wording::persons_stated, "basis");
        require(payload_.time_source == wording::time_source, "time_source");
        // It is a policy that says whether this is enough.
        require(policy.statement == wording::policy_applied && policy.basis.applied &&
                    policy.basis.decision,
                "policy");
        require(payload_.sufficient == payload_.reason.empty(), "reason");
        require(is_station_id(payload_.station.id) && payload_.station.sequence != 0, "station");
        require(is_hex(payload_.drive.serial_raw_hex), "drive.serial_raw_hex");
        if (payload_.drive.serial.empty())
            findings_.push_back({"E_DESTRUCTION", "drive.serial: no drive is named"});
    }

    void examine_digests() {
        const std::string& previous = payload_.station.previous_sha384;
        require(previous.empty() || is_digest(previous, 96), "station.previous_sha384");
        require(is_digest(payload_.log.salt, 64), "log.salt");
        for (const RequiredSigner& each : payload_.signers_required)
            require(is_digest(each.certificate_sha256, 64), "signers_required");
        if (const auto& decision = payload_.policy.basis.decision)
            require(is_digest(decision->profile.sha256, 64), "policy.decision.profile");
    }

    void examine_times() {
        const auto destroyed = from_rfc3339(payload_.destruction.destroyed_at);
        const auto issued = from_rfc3339(payload_.issued_at);
        const auto retained = from_rfc3339(payload_.retain_until);
        require(destroyed && issued && retained, "issued_at");
        if (destroyed && issued && *destroyed > *issued)
            findings_.push_back({"E_SEM_TIME_ORDER", "destroyed after the statement was issued"});
        if (issued && retained && *retained < *issued)
            findings_.push_back({"E_SEM_TIME_ORDER", "end of retention before the issue"});
    }

    // Two persons, each with a key of their own; whether they are two is for their signatures to
    // show.
    void examine_people() {
        for (const Role role : {Role::op, Role::witness})
            if (std::ranges::find(payload_.signers_required, role, &RequiredSigner::role) ==
                payload_.signers_required.end())
                findings_.push_back(
                    {"E_DESTRUCTION",
                     "signers_required: no " + std::string(to_text(role)) + " among them"});
    }

    const DestructionPayload& payload_;
    CheckFindings& findings_;
};

DestructionWay way_of(const DestructionPayload& payload) {
    return {payload.destruction.method, payload.destruction.particle_mm};
}

// The catalogue is asked again, whatever the profile says.
void examine_way(const DestructionPayload& payload, CheckFindings& findings) {
    const PolicyDecision& decision = *payload.policy.basis.decision;
    const auto held = find_classification(decision.classification);
    const auto medium = find_medium(decision.medium);
    if (!medium || !check_way(way_of(payload), *medium))
        findings.push_back({"E_DESTRUCTION", "destruction.method: no way to destroy this medium"});
    if (medium && payload.seen_by_station && !may_be(drive_of(common_of(payload)), *medium))
        findings.push_back(
            {"E_DESTRUCTION", "another medium than that of the drive that was seen"});
    if (held && residue_of(*held, way_of(payload)) != payload.destruction.residue_counts_as)
        findings.push_back({"E_DESTRUCTION", "destruction.residue_counts_as: does not follow"});
}

void examine_with(const DestructionPayload& payload, const Profile* profile,
                  CheckFindings& findings) {
    if (profile == nullptr) return;
    add_objections(review_destruction(*profile, payload.policy.basis, way_of(payload),
                                      {payload.sufficient, payload.reason}),
                   findings);
}

} // namespace

DestructionReading examine_destruction_schema(const Json& json) {
    DestructionReading reading;
    const Json* schema = json.find("schema");
    if (schema == nullptr || *schema != Json(payload_schema)) {
        reading.findings.push_back({"E_SCHEMA_VERSION", "payload: schema version is not 1"});
        return reading;
    }
    SchemaReader reader;
    auto payload = reader.read<DestructionPayload>(json, "");
    if (reader.is_whole()) reading.payload = std::move(payload);
    reading.findings = std::move(reader).take();
    return reading;
}

void examine_destruction(const DestructionPayload& payload, CheckFindings& findings) {
    static const ProfileTexts shipped = ProfileTexts::shipped();
    DestructionForm(payload, findings).run();
    const auto& decision = payload.policy.basis.decision;
    if (!decision) return;
    examine_way(payload, findings);
    examine_with(payload, find_deciding_profile(*decision, shipped, nullptr, findings), findings);
}

void check_destruction(const DestructionPayload& payload, const ProfileTexts& texts,
                       const TrustAnchors& trust, CheckFindings& findings) {
    const auto& decision = payload.policy.basis.decision;
    if (!decision) return;
    examine_with(payload, find_deciding_profile(*decision, texts, &trust, findings), findings);
}

} // namespace quietus
