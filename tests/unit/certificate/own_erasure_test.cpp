// Documents about drives that erased themselves: what stands there is judged as what was recorded,
// and whatever is taken away or altered is found.
#include "../policy/good_erasure.hpp"
#include "build.hpp"
#include "examine_payload.hpp"
#include "finished_job.hpp"

#include "quietus/certificate/check.hpp"

#include <gtest/gtest.h>

#include <array>
#include <set>

namespace quietus {
namespace {

constexpr std::array techniques{
    Technique::ata_sanitize_crypto_scramble, Technique::ata_sanitize_block_erase,
    Technique::ata_sanitize_overwrite, Technique::ata_security_erase_enhanced,
    Technique::ata_security_erase};

FinishedJob job_of(const GoodErasure& run) {
    FinishedJob job;
    job.record.drive = run.drive;
    job.record.plan = run.plan;
    job.record.evidence = run.evidence;
    job.judge_again();
    return job;
}

Payload payload_of(const GoodErasure& run, DocumentType type = DocumentType::certificate) {
    const FinishedJob job = job_of(run);
    const SignerIdentity signer{.name = "TEST", .certificate_sha256 = std::string(64, '4')};
    return build_payload(job.request(),
                         {type, job.record.judgement, signer, FinishedJob::began + 200});
}

std::string texts_of(const std::vector<CheckFinding>& findings) {
    std::string text;
    for (const CheckFinding& each : findings)
        text += each.code + ": " + each.text + "\n";
    return text;
}

std::string check(const std::string& octets, DocumentType type = DocumentType::certificate) {
    return texts_of(check_semantics(octets, type));
}

TEST(OwnErasure, IsJudgedFromTheDocumentAsFromTheRecord) {
    for (const Technique technique : techniques) {
        const GoodErasure run(technique);
        ASSERT_EQ(run.judged().verdict, Verdict::erased) << to_text(technique);
        const std::string octets = encode(payload_of(run)).value();
        EXPECT_EQ(check(octets), "") << to_text(technique);
        const auto read = examine_schema(parse_json(octets).value());
        ASSERT_TRUE(read.payload) << texts_of(read.findings);
        const Payload& payload = *read.payload;
        EXPECT_TRUE(
            is_same(judge(drive_of(payload), plan_of(payload), evidence_of(payload)), run.judged()))
            << to_text(technique);
        EXPECT_EQ(payload.coverage.bytes_proven, GoodErasure::size);
    }
}

TEST(OwnErasure, ThatProvedNothingIsAnAttemptRecord) {
    GoodErasure refused;
    refused.evidence.firmware = FirmwareEvidence{};
    refused.evidence.firmware->method = refused.plan.technique;
    refused.evidence.firmware->stop_text = "a \\ strange \x1b[2J reason";
    GoodErasure under_way;
    under_way.evidence.firmware->sanitize->outcome = FirmwareOutcome::under_way;
    GoodErasure failed;
    failed.evidence.firmware->sanitize->outcome = FirmwareOutcome::failed;
    GoodErasure unknown;
    unknown.evidence.firmware->sanitize->outcome = FirmwareOutcome::indeterminate;
    GoodErasure lost;
    lost.evidence.firmware.reset();
    lost.evidence.stopped = StopReason::worker_lost;
    const std::array runs{&refused, &under_way, &failed, &unknown, &lost};
    const std::array verdicts{Verdict::refused, Verdict::interrupted, Verdict::failed,
                              Verdict::indeterminate, Verdict::interrupted};
    for (std::size_t i = 0; i < runs.size(); ++i) {
        const Payload payload = payload_of(*runs[i], DocumentType::attempt);
        EXPECT_EQ(payload.verdict, verdicts[i]) << i;
        EXPECT_EQ(check(encode(payload).value(), DocumentType::attempt), "") << i;
    }
}

TEST(OwnErasure, GivesAwayNoSeedOfARunThatMayBeGoneOnWith) {
    GoodErasure run(Technique::ata_sanitize_crypto_scramble);
    EXPECT_TRUE(payload_of(run).method.firmware->host_pass->seed.has_value());
    run.evidence.firmware->stopped = StopReason::interrupted;
    const Payload stopped = payload_of(run, DocumentType::attempt);
    EXPECT_FALSE(stopped.method.firmware->host_pass->seed.has_value());
}

TEST(OwnErasure, LeavesExtentsOutOnlyWhenTheyAreTooMany) {
    GoodErasure run;
    auto& read_back = *run.evidence.firmware->read_back;
    read_back.matched = {{0, 512}};
    Payload payload = payload_of(run, DocumentType::attempt);
    std::vector<Extent>& many = payload.method.firmware->read_back->mismatched;
    for (std::uint64_t at = 0; at < 300000; ++at)
        many.push_back({2 * at, 1});
    const std::string octets = encode(payload).value();
    const Json json = parse_json(octets).value();
    EXPECT_EQ(json.find("omitted")->as<Json::Array>()->front().text_of("list"),
              "method.firmware.read_back.mismatched");
}

// --- one thing taken away or altered ---

using Paths = std::set<std::string>;

Json altered(const Json& value) {
    if (const auto* flag = value.as<bool>()) return !*flag;
    if (const auto* number = value.as<std::int64_t>()) return *number + 1;
    if (const auto* text = value.as<std::string>()) return *text + "00";
    return Json::Array{};
}

Json* place_of(Json& root, const std::vector<std::string>& path) {
    Json* at = &root;
    for (const std::string& name : path)
        at = &(*at)[name];
    return at;
}

// Of every member beneath, that of objects in lists apart: whether the document holds without it,
// and with another value in its place.
void try_each(const Json& whole, const std::vector<std::string>& path, Paths& unread) {
    Json copy = whole;
    const Json::Object members = *place_of(copy, path)->as<Json::Object>();
    for (const auto& [name, value] : members) {
        std::vector<std::string> inner = path;
        inner.push_back(name);
        std::string spelled = inner[2];
        for (std::size_t i = 3; i < inner.size(); ++i)
            spelled += "." + inner[i];
        Json without = whole;
        Json::Object fewer = members;
        fewer.erase(name);
        *place_of(without, path) = fewer;
        if (check(to_canonical(without).value()).empty()) unread.insert("-" + spelled);
        if (value.as<Json::Object>() != nullptr) {
            try_each(whole, inner, unread);
            continue;
        }
        Json changed = whole;
        *place_of(changed, inner) = altered(value);
        if (check(to_canonical(changed).value()).empty()) unread.insert(spelled);
    }
}

Paths unread_of(Technique technique) {
    const Json whole = parse_json(encode(payload_of(GoodErasure(technique))).value()).value();
    Paths unread;
    try_each(whole, {"method", "firmware"}, unread);
    return unread;
}

// What no verdict rests on by itself: words for people, counts, what one of two says, and what says
// only more of it. "-": it may be left out.
const Paths rests_on_no_single_one{"-health_after.pending",
                                   "-health_after.power_on_hours",
                                   "-health_before.pending",
                                   "-health_before.power_on_hours",
                                   "-hidden.after.protected_area",
                                   "-hidden.before.protected_area",
                                   "-hidden.lifted.protected_area",
                                   "-host_pass.seed",
                                   "health_after.power_on_hours",
                                   "health_after.text",
                                   "health_before.power_on_hours",
                                   "health_before.text",
                                   "hidden.before.protected_area",
                                   "hidden.text",
                                   "host_pass.bytes",
                                   "host_pass.seed",
                                   "host_pass.step",
                                   "host_pass.timing.milliseconds",
                                   "identity_after.security_word",
                                   "identity_before.security_word",
                                   "pass_through.addresses_seen",
                                   "pass_through.echoes",
                                   "pass_through.power_mode",
                                   "pass_through.text",
                                   "probe.stamps",
                                   "probe.step",
                                   "probe.timing.milliseconds",
                                   "read_back.bytes",
                                   "read_back.timing.milliseconds",
                                   "sanitize.asked",
                                   "sanitize.progress",
                                   "sanitize.registers_after",
                                   "sanitize.registers_before",
                                   "sanitize.seen_in_progress",
                                   "sanitize.text",
                                   "sanitize.timing.milliseconds",
                                   "sanitize.unanswered",
                                   "security.announced_minutes",
                                   "security.end_unseen",
                                   "security.text",
                                   "security.timeout_seconds",
                                   "security.timing.milliseconds",
                                   "security.word_before",
                                   "stop_text",
                                   "was_reset"};

TEST(OwnErasure, HoldsOnlyWithAllOfItsEvidence) {
    Paths unread;
    for (const Technique technique : techniques)
        unread.merge(unread_of(technique));
    EXPECT_EQ(unread, rests_on_no_single_one);
}

} // namespace
} // namespace quietus
