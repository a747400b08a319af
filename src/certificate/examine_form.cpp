#include "examine_payload.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/core/clock.hpp"
#include "quietus/policy/volumes.hpp"
#include "quietus/record/job_id.hpp"

#include <algorithm>
#include <charconv>

namespace quietus {
namespace {

bool is_digest(std::string_view text, std::size_t digits) {
    return text.size() == digits && is_hex(text);
}

class Form {
  public:
    explicit Form(CheckFindings& findings) : findings_(findings) {}

    void require(bool holds, std::string_view member) {
        if (!holds)
            findings_.push_back({"E_SCHEMA", std::string(member) + ": not of the required form"});
    }

  private:
    CheckFindings& findings_;
};

void examine_words(const Payload& payload, Form& form) {
    form.require(payload.title == title_of(payload.type), "title");
    form.require(!payload.document_marking.empty(), "document_marking");
    form.require(payload.statements.basis == wording::stated, "statements.basis");
    form.require(payload.policy.statement ==
                     (payload.policy.basis.applied ? wording::policy_applied : wording::no_policy),
                 "policy.statement");
    form.require(payload.policy.basis.applied == payload.policy.basis.decision.has_value(),
                 "policy.decision");
    form.require(payload.method.level_source == wording::level_source, "method.level_source");
    form.require(payload.time_source == wording::time_source, "time_source");
}

void examine_digests(const Payload& payload, Form& form) {
    const std::string& previous = payload.station.previous_sha384;
    form.require(previous.empty() || is_digest(previous, 96), "station.previous_sha384");
    form.require(is_digest(payload.log.salt, 64), "log.salt");
    form.require(is_digest(payload.journal_sha256, 64), "journal_sha256");
    form.require(is_hex(payload.drive.serial_raw_hex), "drive.serial_raw_hex");
    if (const auto& decision = payload.policy.basis.decision) {
        form.require(is_digest(decision->profile.sha256, 64), "policy.decision.profile");
        form.require(!decision->extends || is_digest(decision->extends->sha256, 64),
                     "policy.decision.extends");
    }
    if (const auto& order = payload.statements.said.order)
        form.require(is_digest(order->sha256, 64), "statements.order");
    for (const RequiredSigner& signer : payload.signers_required)
        form.require(is_digest(signer.certificate_sha256, 64), "signers_required");
    for (const OmittedExtents& omitted : payload.omitted)
        form.require(is_digest(omitted.sha256, 64), "omitted");
}

void examine_identity(const std::optional<FirmwareIdentity>& identity, Form& form) {
    if (identity) form.require(is_digest(identity->sha256, 64), "method.firmware.identity");
}

// Capacities may be larger than numbers of JSON are: digits alone.
bool is_decimal(const std::string& text) {
    return std::ranges::all_of(text, [](char each) { return each >= '0' && each <= '9'; });
}

void examine_nvme(const FirmwareEvidence& evidence, Form& form) {
    for (const auto* scope : {&evidence.scope_before, &evidence.scope_after})
        if (*scope)
            form.require(is_decimal((*scope)->total_bytes) &&
                             is_decimal((*scope)->unallocated_bytes) &&
                             is_decimal((*scope)->namespace_bytes),
                         "method.firmware.scope");
    if (const auto& record = evidence.nvme_sanitize)
        form.require(is_hex(record->log_before) && is_hex(record->log_after) &&
                         is_hex(record->status),
                     "method.firmware.nvme_sanitize");
    if (const auto& record = evidence.nvme_format)
        for (const FormatCommandRecord& each : record->commands)
            form.require(is_hex(each.status), "method.firmware.nvme_format.commands");
    if (const auto& medium = evidence.medium_read)
        form.require(is_hex(medium->read_back.bytes) && !medium->read_back.sample,
                     "method.firmware.medium_read");
}

void examine_volumes(const Payload& payload, Form& form) {
    for (const LuksVolume& each : payload.method.volumes)
        form.require(is_plain_cipher(each.cipher), "method.volumes.cipher");
    if (const auto& record = payload.method.luks)
        for (const LuksKeysFound& each : record->before)
            form.require(is_digest(each.sha256, 64), "method.luks.before");
}

void examine_firmware(const Payload& payload, Form& form) {
    form.require(payload.method.options.has_value() == is_by_firmware(payload.method.technique),
                 "method.options");
    const auto& evidence = payload.method.firmware;
    if (!evidence) return;
    examine_identity(evidence->identity_before, form);
    examine_identity(evidence->identity_after, form);
    if (const auto& way = evidence->pass_through)
        form.require(is_hex(way->power_mode), "method.firmware.pass_through");
    const std::string& transcript = evidence->transcript_sha256;
    form.require(transcript.empty() || is_digest(transcript, 64),
                 "method.firmware.transcript_sha256");
    if (const auto& record = evidence->sanitize)
        form.require(is_hex(record->registers_before) && is_hex(record->registers_after),
                     "method.firmware.sanitize");
    for (const ScsiOperationRecord& record : evidence->scsi)
        form.require(is_hex(record.sense_before) && is_hex(record.sense_begun) &&
                         is_hex(record.sense_after),
                     "method.firmware.scsi");
    examine_nvme(*evidence, form);
    if (const auto& pass = evidence->host_pass; pass && pass->seed)
        form.require(pass->data == StepData::random_stream && is_hex(*pass->seed),
                     "method.firmware.host_pass.seed");
    if (const auto& record = evidence->read_back)
        form.require(is_hex(record->bytes) && (!record->sample || is_hex(record->sample->seed)),
                     "method.firmware.read_back");
}

void examine_seeds(const Payload& payload, Form& form) {
    const auto& passes = payload.method.passes;
    for (std::size_t i = 0; i < passes.size(); ++i) {
        if (!passes[i].seed) continue;
        form.require(i + 1 == passes.size() && passes[i].data == StepData::random_stream &&
                         is_hex(*passes[i].seed),
                     "method.passes." + std::to_string(i) + ".seed");
    }
    for (const ReadBackRecord& record : payload.verification.read_backs)
        if (record.sample_seed)
            form.require(is_hex(*record.sample_seed), "verification.read_backs.sample_seed");
}

// "QTS-STATION-00000042", written as job_id() writes it.
bool is_earlier_job(const std::string& job, const StationPayload& station) {
    const auto dash = job.rfind('-');
    std::uint64_t number = 0;
    const std::string digits = dash == std::string::npos ? "" : job.substr(dash + 1);
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return number != 0 && number < station.sequence && job == job_id(station.id, number);
}

void examine_resumptions(const Payload& payload, Form& form, CheckFindings& findings) {
    std::string before;
    for (const Resumption& each : payload.method.resumed) {
        form.require(is_digest(each.journal_sha256, 64), "method.resumed.journal_sha256");
        form.require(from_rfc3339(each.resumed_at).has_value(), "method.resumed.resumed_at");
        if (!is_earlier_job(each.job, payload.station) || each.job <= before)
            findings.push_back({"E_STATION", "method.resumed: not an earlier job of the station"});
        before = each.job;
    }
}

void examine_drive(const DrivePayload& drive, Form& form) {
    const Json& native = drive.native_capacity_bytes;
    const auto* number = native.as<std::int64_t>();
    form.require(native == Json("unknown") || (number != nullptr && *number >= 0),
                 "drive.native_capacity_bytes");
    form.require(drive.logical_block_bytes != 0, "drive.logical_block_bytes");
}

} // namespace

void examine_form(const Payload& payload, CheckFindings& findings) {
    Form form(findings);
    examine_words(payload, form);
    examine_digests(payload, form);
    examine_seeds(payload, form);
    examine_firmware(payload, form);
    examine_volumes(payload, form);
    examine_drive(payload.drive, form);
    examine_resumptions(payload, form, findings);
    form.require(is_station_id(payload.station.id) && payload.station.sequence != 0, "station");
    if (payload.id != job_id(payload.station.id, payload.station.sequence))
        findings.push_back({"E_STATION", "id: not named by station and number"});
}

} // namespace quietus
