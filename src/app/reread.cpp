#include "quietus/app/reread.hpp"

#include "quietus/app/commit.hpp"
#include "quietus/app/select.hpp"
#include "quietus/certificate/stated.hpp"
#include "quietus/core/bytes.hpp"
#include "quietus/job/step_progress.hpp"
#include "quietus/verify/read_back.hpp"

#include <algorithm>
#include <iterator>

namespace quietus {
namespace {

bool tells_serial(const Drive& drive) {
    return drive.identity_source == IdentitySource::drive && !drive.serial.empty();
}

// SCSI has room for a part of the model only: whoever says less does not contradict.
bool contradict(const std::string& a, const std::string& b) {
    return !a.starts_with(b) && !b.starts_with(a);
}

// Why it cannot be the drive of the certificate, of that size since the erasure; empty when nothing
// speaks against it. Only what both drives say of themselves is compared: a bridge speaks for
// itself.
std::string difference(const Drive& stated, std::uint64_t size, const Drive& now) {
    if (size != now.size_bytes)
        return "it has " + std::to_string(now.size_bytes) +
               " bytes, the drive of the certificate " + std::to_string(size);
    if (!tells_serial(stated) || !tells_serial(now)) return {};
    if (stated.serial != now.serial)
        return "its serial is " + now.serial + ", that of the certificate " + stated.serial;
    if (contradict(stated.model, now.model))
        return "its model is " + now.model + ", that of the certificate " + stated.model;
    if (!stated.wwn.empty() && !now.wwn.empty() && stated.wwn != now.wwn)
        return "its world-wide name is " + now.wwn + ", that of the certificate " + stated.wwn;
    return {};
}

// A pass of the host's, or the pattern that the drive was told; what else it returns is its affair.
std::optional<Pattern> content_left_by(const FirmwareEvidence& evidence) {
    if (evidence.host_pass) {
        const auto key = from_hex(evidence.host_pass->seed.value_or(""));
        if (!key || key->size() != Keystream::key_bytes) return std::nullopt;
        return Pattern::stream(*key);
    }
    const auto octets = from_hex(evidence.read_back ? evidence.read_back->bytes : "");
    if (!octets || octets->empty()) return std::nullopt;
    return Pattern::fixed(*octets);
}

// What the last pass wrote, as far as the certificate tells. An octet string of no length and a
// key of another one come from no engine of ours, but no signature keeps others from making them.
std::optional<Pattern> final_content(const StatedErasure& stated) {
    if (stated.evidence.firmware) return content_left_by(*stated.evidence.firmware);
    if (stated.evidence.passes.empty()) return std::nullopt;
    const PassRecord& last = stated.evidence.passes.back();
    const auto octets = from_hex(last.seed ? *last.seed : last.bytes);
    if (!octets || octets->empty()) return std::nullopt;
    switch (last.data) {
    case StepData::random_stream:
        if (!last.seed || octets->size() != Keystream::key_bytes) return std::nullopt;
        return Pattern::stream(*octets);
    case StepData::fixed:
    case StepData::random_char:
    case StepData::complement:
        return Pattern::fixed(*octets);
    case StepData::lba_stamp:
        return Pattern::lba_stamp(octets->front(), stated.drive.logical_block_bytes);
    case StepData::none:
        break;
    }
    return std::nullopt;
}

std::vector<Guard> users_among(const std::vector<Guard>& guards) {
    std::vector<Guard> users;
    std::ranges::copy_if(guards, std::back_inserter(users), [](const Guard& guard) {
        return guard.interlock <= Interlock::unknown_holder &&
               guard.interlock != Interlock::state_on_drive;
    });
    return users;
}

void conclude(Reading& reading) {
    const ReadBackRecord& record = reading.read_back;
    if (!record.mismatched.empty()) {
        reading.verdict = RecheckVerdict::different;
        return;
    }
    if (!record.unreadable.empty()) reading.reason = "some of it cannot be read";
    if (!record.completed || !record.unreadable.empty() || record.bytes_matched == 0) return;
    reading.verdict = RecheckVerdict::same;
}

std::uint64_t bytes_of(const Verification& verification, std::uint64_t size) {
    return verification.mode == VerificationMode::sample ? size / 100 * verification.percent : size;
}

/// What the drive must hold, and where nobody knows.
struct ExpectedContent {
    Pattern pattern;
    ExtentSet kept;
};

// Of a drive with ciphertext that was left a sample would have to know its bounds: all else is read
// then.
Verification asked_of(const RereadRequest& request, const ExtentSet& kept) {
    return kept.empty() ? request.verification : Verification{};
}

Status read_content(ExpectedContent& expected, Reading& reading, const RereadRequest& request,
                    const Site& site) {
    auto link = site.host.open_to_read(reading.drive);
    if (!link) return std::move(link).error();
    if (link->block == nullptr) return Error{Fault::unsupported, "no block interface"};
    const auto at_open = link->block->state();
    if (!at_open) return at_open.error();
    const Verification asked = asked_of(request, expected.kept);
    const std::uint64_t size = reading.drive.size_bytes;
    const std::uint64_t bytes = bytes_of(asked, size - std::min(expected.kept.bytes(), size));
    StepProgress progress(request.watch, {1, 1, StepKind::verify, 0, bytes});
    Surface surface{*link->block, *at_open, progress, site.clock, {}, expected.kept};
    reading.read_back.verification = asked;
    Stop stop = read_back(surface, expected.pattern, reading.read_back);
    progress.finish();
    reading.stopped = stop.reason;
    reading.reason = std::move(stop.text);
    reading.page_cache = link->block->used_page_cache();
    conclude(reading);
    return {};
}

Result<Reading> look_at(const StatedErasure& stated, const RereadRequest& request,
                        const Site& site) {
    auto drive = select(site.host, site.places.detect_request(true), request.target);
    if (!drive) return std::move(drive).error();
    Reading reading;
    reading.drive = std::move(*drive);
    reading.in_use = users_among(reading.drive.guards);
    reading.read_back.verification = request.verification;
    const Drive now = as_stated(reading.drive);
    reading.reason = difference(stated.drive, stated.covered_bytes, now);
    if (!reading.reason.empty()) {
        reading.verdict = RecheckVerdict::another_drive;
        return reading;
    }
    reading.identified = tells_serial(stated.drive) && tells_serial(now);
    auto expected = final_content(stated);
    if (!expected) {
        reading.reason = "what the last pass wrote does not follow from the certificate";
        return reading;
    }
    ExpectedContent content{std::move(*expected), stated.kept};
    if (auto status = read_content(content, reading, request, site); !status)
        return std::move(status).error();
    return reading;
}

Status log_it(const StatedErasure& stated, const std::string& station, Register& log,
              Reading& reading) {
    const auto receipt = log.append_recheck({.station = station,
                                             .document = stated.id,
                                             .payload_sha384 = stated.payload_sha384,
                                             .verdict = reading.verdict,
                                             .identified = reading.identified,
                                             .verification = reading.read_back.verification,
                                             .bytes_matched = reading.read_back.bytes_matched});
    if (!receipt) return receipt.error();
    reading.log_index = receipt->log_index;
    return {};
}

// In an exercise with a document of one, and in no other case.
bool can_be_compared(const DocumentReport& document, Provenance provenance) {
    if (provenance == Provenance::machine) return document.verdict == DocumentVerdict::valid;
    return document.type == DocumentType::rehearsal &&
           document.verdict == DocumentVerdict::not_an_erasure;
}

ExitStatus exit_status(const Reading& reading) {
    switch (reading.verdict) {
    case RecheckVerdict::same:
        return ExitStatus::success;
    case RecheckVerdict::different:
    case RecheckVerdict::another_drive:
        return ExitStatus::failed;
    case RecheckVerdict::not_established:
        break;
    }
    return reading.stopped == StopReason::interrupted ? ExitStatus::interrupted
                                                      : ExitStatus::not_established;
}

} // namespace

Result<Reread> reread(const RereadRequest& request, const Site& site) {
    auto signer = preflight(site, 0);
    if (!signer) return std::move(signer).error();
    const auto files = read_document(request.certificate);
    if (!files) return files.error();
    const ProfileTexts profiles = profiles_beside(request.certificate);
    Reread answer{check_document(*files, request.trust, profiles), std::nullopt};
    if (!can_be_compared(answer.document, site.places.provenance)) return answer;
    const auto stated = read_stated(files->payload);
    if (!stated) return stated.error();
    if (stated->verdict != Verdict::erased) return answer;
    auto reading = look_at(*stated, request, site);
    if (!reading) return std::move(reading).error();
    if (auto status = log_it(*stated, signer->name, site.log, *reading); !status)
        return std::move(status).error();
    answer.reading = std::move(*reading);
    return answer;
}

ExitStatus exit_status(const Reread& reread) {
    if (reread.reading) return exit_status(*reread.reading);
    switch (reread.document.verdict) {
    case DocumentVerdict::invalid:
        return ExitStatus::failed;
    case DocumentVerdict::not_an_erasure:
        return ExitStatus::refused;
    case DocumentVerdict::valid:
    case DocumentVerdict::indeterminate:
        break;
    }
    return ExitStatus::not_established;
}

} // namespace quietus
