// A payload that was built from honest facts is altered in one place at a time, as somebody with
// the station's key could; each alteration must be found under its own code.
#include "build.hpp"
#include "finished_job.hpp"

#include "quietus/certificate/check.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace quietus {
namespace {

using Codes = std::vector<std::string>;

Codes codes_of(const std::vector<CheckFinding>& findings) {
    Codes codes;
    for (const CheckFinding& finding : findings)
        codes.push_back(finding.code);
    return codes;
}

bool contains(const Codes& codes, std::string_view code) {
    return std::ranges::find(codes, code) != codes.end();
}

Payload payload_of(const FinishedJob& job, DocumentType type) {
    const SignerIdentity signer{.name = "TEST", .certificate_sha256 = std::string(64, '4')};
    return build_payload(job.request(),
                         {type, job.record.judgement, signer, FinishedJob::began + 200});
}

Codes check(const Payload& payload) {
    return codes_of(check_semantics(encode(payload).value(), payload.type));
}

Payload good_certificate() {
    return payload_of(FinishedJob(), DocumentType::certificate);
}

// The certificate after one alteration.
Codes forged(const std::function<void(Payload&)>& alter) {
    Payload payload = good_certificate();
    alter(payload);
    return check(payload);
}

Payload failed_attempt() {
    GoodRun run;
    run.evidence.read_backs.back().mismatched = {{512, 512}};
    run.evidence.read_backs.back().matched = {{0, 512}, {1024, GoodRun::size - 1024}};
    run.evidence.read_backs.back().bytes_matched -= 512;
    return payload_of(FinishedJob(run), DocumentType::attempt);
}

TEST(Semantics, AcceptsAnHonestCertificate) {
    EXPECT_EQ(check(good_certificate()), Codes{});
}

TEST(Semantics, AcceptsHonestAttemptRecordsOfEveryVerdict) {
    EXPECT_EQ(check(failed_attempt()), Codes{});
    GoodRun unverified;
    unverified.no_verification();
    GoodRun indeterminate;
    indeterminate.drive.kind = DriveKind::usb;
    GoodRun interrupted;
    interrupted.evidence.stopped = StopReason::interrupted;
    interrupted.evidence.stop_text = "SIGINT \x1b[2J\\";
    interrupted.evidence.passes.resize(1);
    interrupted.evidence.read_backs.clear();
    for (const GoodRun* run : {&unverified, &indeterminate, &interrupted})
        EXPECT_EQ(check(payload_of(FinishedJob(*run), DocumentType::attempt)), Codes{});
}

TEST(Semantics, AcceptsACleanSampleWithItsSentence) {
    GoodRun run;
    run.sample_thirty_percent();
    const Payload payload = payload_of(FinishedJob(run), DocumentType::certificate);
    ASSERT_EQ(payload.verification.statements,
              Codes{"one block drawn uniformly from each of 3 equal strata, none wrong: with 95 "
                    "% confidence at most 3/3 of the blocks differ; this says nothing about a "
                    "small chosen region"});
    EXPECT_EQ(check(payload), Codes{});
    Payload altered = payload;
    altered.verification.statements[0].replace(0, 3, "all");
    EXPECT_TRUE(contains(check(altered), "E_SEM_TOTALS"));
    altered = payload;
    altered.verification.statements.clear();
    EXPECT_TRUE(contains(check(altered), "E_SEM_TOTALS"));
}

TEST(Semantics, FindsTotalsOffByOne) {
    EXPECT_TRUE(
        contains(forged([](Payload& p) { ++p.method.passes[0].bytes_written; }), "E_SEM_TOTALS"));
    EXPECT_TRUE(contains(forged([](Payload& p) { --p.verification.read_backs[0].bytes_matched; }),
                         "E_SEM_TOTALS"));
    EXPECT_TRUE(contains(forged([](Payload& p) { ++p.verification.read_backs[0].bytes_read; }),
                         "E_SEM_TOTALS"));
    EXPECT_TRUE(contains(forged([](Payload& p) { --p.coverage.bytes_proven; }), "E_SEM_COVERAGE"));
}

TEST(Semantics, FindsAGapOrAnOverlapInAPass) {
    const auto with = [](std::vector<Extent> written) {
        return forged([&](Payload& p) {
            p.method.passes[1].written = std::move(written);
            p.method.passes[1].bytes_written = 0;
            for (const Extent& each : p.method.passes[1].written)
                p.method.passes[1].bytes_written += each.length;
        });
    };
    constexpr std::uint64_t size = GoodRun::size;
    EXPECT_TRUE(contains(with({{0, 4096}, {8192, size - 8192}}), "E_SEM_COVERAGE"));
    EXPECT_TRUE(contains(with({{0, 4096}, {4095, size - 4095}}), "E_SEM_COVERAGE"));
    EXPECT_TRUE(contains(with({{512, size - 512}}), "E_SEM_COVERAGE"));
    EXPECT_TRUE(contains(with({{0, size - 1}}), "E_SEM_COVERAGE"));
    EXPECT_TRUE(contains(with({{0, size}, {size, 0}}), "E_SEM_COVERAGE"));
    EXPECT_TRUE(contains(with({{0, size + 1}}), "E_SEM_COVERAGE"));
    EXPECT_TRUE(contains(with({}), "E_SEM_COVERAGE"));
}

TEST(Semantics, FindsAMissingPassProbeOrReadBack) {
    EXPECT_TRUE(contains(forged([](Payload& p) { p.method.passes.erase(p.method.passes.begin()); }),
                         "E_SEM_RESULT"));
    EXPECT_TRUE(contains(forged([](Payload& p) { p.method.probe.reset(); }), "E_SEM_RESULT"));
    EXPECT_TRUE(
        contains(forged([](Payload& p) { p.verification.read_backs.pop_back(); }), "E_SEM_RESULT"));
    EXPECT_TRUE(
        contains(forged([](Payload& p) { p.method.passes[0].flushed = false; }), "E_SEM_RESULT"));
    EXPECT_TRUE(contains(forged([](Payload& p) { p.method.steps.pop_back(); }), "E_SEM_RESULT"));
}

TEST(Semantics, NeverLetsAMismatchPassAsErased) {
    const auto codes = forged([](Payload& p) {
        p.verification.read_backs.back().mismatched = {{0, 512}};
    });
    EXPECT_TRUE(contains(codes, "E_SEM_RESULT"));
    EXPECT_TRUE(contains(forged([](Payload& p) {
                             p.verification.read_backs.front().unreadable = {{0, 512}};
                         }),
                         "E_SEM_RESULT"));
    EXPECT_TRUE(contains(forged([](Payload& p) {
                             p.method.passes[0].unwritable = {{0, 512}};
                         }),
                         "E_SEM_COVERAGE"));
}

TEST(Semantics, FindsAResultRaisedAboveItsEvidence) {
    EXPECT_TRUE(contains(forged([](Payload& p) { p.level = Level::purge; }), "E_SEM_RESULT"));
    EXPECT_TRUE(contains(forged([](Payload& p) { p.method.level = p.level = Level::clear; }),
                         "E_SEM_RESULT"));
    EXPECT_TRUE(contains(forged([](Payload& p) { p.level_basis = LevelBasis::drive_reported; }),
                         "E_SEM_RESULT"));
    EXPECT_TRUE(contains(forged([](Payload& p) { p.grade = "E4"; }), "E_SEM_RESULT"));
    EXPECT_TRUE(contains(forged([](Payload& p) { p.limits.clear(); }), "E_SEM_RESULT"));
    EXPECT_TRUE(contains(forged([](Payload& p) { p.verdict = Verdict::failed; }), "E_SEM_RESULT"));
}

TEST(Semantics, FindsAVerdictRaisedInAnAttemptRecord) {
    Payload payload = failed_attempt();
    payload.verdict = Verdict::erased;
    EXPECT_TRUE(contains(check(payload), "E_SEM_RESULT"));
    payload.verdict = Verdict::unverified;
    EXPECT_TRUE(contains(check(payload), "E_SEM_RESULT"));
    payload = failed_attempt();
    payload.findings.clear();
    EXPECT_TRUE(contains(check(payload), "E_SEM_RESULT"));
    payload = failed_attempt();
    payload.type = DocumentType::certificate;
    payload.title = "CERTIFICATE OF ERASURE";
    payload.verdict = Verdict::erased;
    payload.findings.clear();
    payload.coverage = {GoodRun::size, {}};
    EXPECT_TRUE(contains(check(payload), "E_SEM_RESULT"));
}

TEST(Semantics, FindsAnErasedDriveWhoseCapacityIsNotAllThereIs) {
    EXPECT_TRUE(
        contains(forged([](Payload& p) { p.drive.native_capacity_bytes = GoodRun::size + 512; }),
                 "E_SEM_CAPACITY"));
    EXPECT_TRUE(
        contains(forged([](Payload& p) { p.drive.kind = DriveKind::ata; }), "E_SEM_CAPACITY"));
    EXPECT_TRUE(
        contains(forged([](Payload& p) { p.drive.native_capacity_bytes = "all"; }), "E_SCHEMA"));
    EXPECT_TRUE(
        contains(forged([](Payload& p) { p.drive.native_capacity_bytes = -1; }), "E_SCHEMA"));
}

TEST(Semantics, FindsTimesOutOfOrder) {
    const auto at = [](std::int64_t seconds) { return to_rfc3339(FinishedJob::began + seconds); };
    EXPECT_TRUE(
        contains(forged([&](Payload& p) { p.timing.ended_at = at(-1); }), "E_SEM_TIME_ORDER"));
    EXPECT_TRUE(contains(forged([&](Payload& p) { p.method.passes[0].timing.ended_at = at(9); }),
                         "E_SEM_TIME_ORDER"));
    EXPECT_TRUE(contains(forged([&](Payload& p) { p.method.passes[0].timing.started_at = at(9); }),
                         "E_SEM_TIME_ORDER"));
    EXPECT_TRUE(contains(forged([&](Payload& p) { p.issued_at = at(99); }), "E_SEM_TIME_ORDER"));
    EXPECT_TRUE(contains(forged([&](Payload& p) { p.retain_until = at(0); }), "E_SEM_TIME_ORDER"));
    EXPECT_TRUE(
        contains(forged([](Payload& p) { p.issued_at = "2026-11-22 03:00:00"; }), "E_SCHEMA"));
    EXPECT_TRUE(contains(forged([](Payload& p) { p.timing.started_at = ""; }), "E_SCHEMA"));
}

TEST(Semantics, HoldsEveryFixedSentenceAndFormToTheLetter) {
    const std::vector<std::function<void(Payload&)>> alterations{
        [](Payload& p) { p.title = "Certificate of Erasure"; },
        [](Payload& p) { p.document_marking.clear(); },
        [](Payload& p) { p.statements.basis = "signed"; },
        [](Payload& p) { p.policy.statement = "a policy was applied"; },
        [](Payload& p) { p.method.level_source = "per IEEE 2883"; },
        [](Payload& p) { p.time_source = "time stamp authority"; },
        [](Payload& p) { p.log.salt.pop_back(); },
        [](Payload& p) { p.log.salt[0] = 'A'; },
        [](Payload& p) { p.journal_sha256.clear(); },
        [](Payload& p) { p.station.previous_sha384 = "00"; },
        [](Payload& p) { p.drive.serial_raw_hex = "abc"; },
        [](Payload& p) { p.signers_required[0].certificate_sha256 = "00"; },
        [](Payload& p) { p.method.passes[0].seed = "00"; },
        [](Payload& p) { p.method.passes.back().seed = "0x"; },
        [](Payload& p) { p.drive.logical_block_bytes = 0; },
    };
    for (std::size_t i = 0; i < alterations.size(); ++i)
        EXPECT_TRUE(contains(forged(alterations[i]), "E_SCHEMA")) << i;
}

TEST(Semantics, BindsTheIdToStationAndNumber) {
    EXPECT_TRUE(contains(forged([](Payload& p) { p.id = "QTS-TEST-00000008"; }), "E_STATION"));
    EXPECT_TRUE(contains(forged([](Payload& p) { p.station.id = "OTHER"; }), "E_STATION"));
    EXPECT_TRUE(contains(forged([](Payload& p) { ++p.station.sequence; }), "E_STATION"));
}

TEST(Semantics, LeavesExtentsOutOfAnAttemptRecordOnly) {
    const OmittedExtents omitted{"coverage.unproven", 0, 0, std::string(64, '0'),
                                 "complete list in the journal"};
    EXPECT_TRUE(contains(forged([&](Payload& p) { p.omitted = {omitted}; }), "E_SEM_COVERAGE"));
}

TEST(Semantics, UsesAPayloadOnlyAsItsOwnType) {
    const std::string certificate = encode(good_certificate()).value();
    EXPECT_TRUE(contains(codes_of(check_semantics(certificate, DocumentType::attempt)), "E_TYPE"));
    Payload payload = failed_attempt();
    EXPECT_TRUE(contains(
        codes_of(check_semantics(encode(payload).value(), DocumentType::certificate)), "E_TYPE"));
}

// What a payload of these bytes is found to be wrong with.
Codes codes_of_bytes(const std::string& bytes) {
    return codes_of(check_semantics(bytes, DocumentType::certificate));
}

TEST(PayloadBytes, HasOneCodeForEachFlawOfTheText) {
    const std::string good = encode(good_certificate()).value();
    const auto with = [&](const std::string& member) {
        return codes_of_bytes("{" + member + "," + good.substr(1));
    };
    EXPECT_EQ(codes_of_bytes(good), Codes{});
    EXPECT_EQ(codes_of_bytes(""), Codes{"E_JSON_SYNTAX"});
    EXPECT_EQ(codes_of_bytes("\xEF\xBB\xBF" + good), Codes{"E_JSON_UTF8"});
    EXPECT_EQ(codes_of_bytes("\"\xff\""), Codes{"E_JSON_UTF8"});
    EXPECT_EQ(codes_of_bytes(good.substr(0, good.size() / 2)), Codes{"E_JSON_SYNTAX"});
    EXPECT_EQ(codes_of_bytes(std::string(200000, '[')), (Codes{"E_JSON_DEPTH", "E_JSON_SYNTAX"}));
    EXPECT_EQ(with(R"("verdict":"failed")"), Codes{"E_JSON_DUPKEY"});
    EXPECT_EQ(with(R"("a":1.0)"), Codes{"E_JSON_NUMBER"});
    EXPECT_EQ(with(R"("a":9007199254740992)"), Codes{"E_JSON_NUMBER"});
    EXPECT_EQ(with(R"("a":"\ud800")"), Codes{"E_JSON_SURROGATE"});
    EXPECT_EQ(with("\"a\":\"\x1b[2J\""), Codes{"E_JSON_CONTROL"});
    EXPECT_EQ(codes_of_bytes(std::string((4U << 20U) + 1, ' ')), Codes{"E_SIZE"});
    EXPECT_EQ(with(R"("a":1.5,"a":[[[[[[[[[[[[[]]]]]]]]]]]]])"),
              (Codes{"E_JSON_NUMBER", "E_JSON_DUPKEY", "E_JSON_DEPTH"}));
}

TEST(PayloadBytes, HasOneCodeForWhatTheProfileForbids) {
    const std::string good = encode(good_certificate()).value();
    // In its place in the order of names, so that nothing else is wrong with it.
    const auto with = [&](const std::string& value) {
        std::string bytes = good;
        bytes.insert(bytes.size() - 1, ",\"x_note\":" + value);
        return codes_of_bytes(bytes);
    };
    EXPECT_EQ(with("1"), Codes{});
    EXPECT_EQ(with("null"), Codes{"E_JSON_NULL"});
    EXPECT_EQ(with(R"("\u0007")"), Codes{"E_JSON_CONTROL"});
    EXPECT_EQ(with("\"\xC2\x9B\""), Codes{"E_JSON_CONTROL"});
    EXPECT_EQ(with(R"({"Name":1})"), Codes{"E_JSON_NAME"});
    EXPECT_EQ(with('"' + std::string(4097, 'x') + '"'), Codes{"E_JSON_STRING"});
    EXPECT_EQ(with("\"e\xCC\x81\""), Codes{"E_JSON_NFC"});
    EXPECT_EQ(with("[null,\"e\xCC\x81\"]"), (Codes{"E_JSON_NULL", "E_JSON_NFC"}));
}

TEST(PayloadBytes, AreTheCanonicalOnes) {
    const std::string good = encode(good_certificate()).value();
    const auto pretty = [&](std::string_view from, std::string_view to) {
        std::string bytes = good;
        const auto at = bytes.find(from);
        EXPECT_NE(at, bytes.npos) << from;
        return codes_of_bytes(bytes.replace(at, from.size(), to));
    };
    EXPECT_EQ(codes_of_bytes(good + "\n"), Codes{"E_JSON_NOT_CANONICAL"});
    EXPECT_EQ(codes_of_bytes(good + "\r\n"), Codes{"E_JSON_NOT_CANONICAL"});
    EXPECT_EQ(codes_of_bytes(" " + good), Codes{"E_JSON_NOT_CANONICAL"});
    EXPECT_EQ(pretty(R"("OFFICIAL")", R"( "OFFICIAL")"), Codes{"E_JSON_NOT_CANONICAL"});
    EXPECT_EQ(pretty("OFFICIAL", R"(\u004fFFICIAL)"), Codes{"E_JSON_NOT_CANONICAL"});
    EXPECT_EQ(pretty(R"("Model")", R"("Mod\/el")"), Codes{"E_JSON_NOT_CANONICAL"});
}

TEST(PayloadBytes, HaveATypeAndAVersion) {
    EXPECT_EQ(codes_of_bytes("[]"), Codes{"E_TYPE"});
    EXPECT_EQ(codes_of_bytes(R"({"type":"quietus.certificate"})"), Codes{"E_SCHEMA_VERSION"});
    EXPECT_EQ(codes_of_bytes(R"({"schema":2,"type":"quietus.certificate"})"),
              Codes{"E_SCHEMA_VERSION"});
    EXPECT_EQ(codes_of_bytes(R"({"schema":1,"type":"quietus.destruction"})"),
              Codes{"I_TYPE_UNSUPPORTED"});
}

TEST(PayloadBytes, LackNoMemberAndEveryOneIsNamed) {
    std::vector<std::string> texts;
    for (const CheckFinding& each : check_semantics(R"({"schema":1,"type":"quietus.certificate"})",
                                                    DocumentType::certificate)) {
        EXPECT_EQ(each.code, "E_SCHEMA");
        texts.push_back(each.text);
    }
    for (const char* member : {"title", "id", "drive", "method", "signers_required"})
        EXPECT_EQ(std::ranges::count(texts, std::string("payload: ") + member + ": missing"),
                  std::string_view(member) == "signers_required" ? 0 : 1)
            << member;
    Json json = parse_json(encode(good_certificate()).value()).value();
    json["drive"]["serial"] = 7;
    json["method"]["technique"] = "magic";
    json["timing"] = "now";
    const auto findings = check_semantics(to_canonical(json).value(), DocumentType::certificate);
    EXPECT_EQ(findings, (std::vector<CheckFinding>{
                            {"E_SCHEMA", "payload: drive.serial: wrong type"},
                            {"E_SCHEMA", "payload: method.technique: not one of the known words"},
                            {"E_SCHEMA", "payload: timing: not an object"}}));
}

TEST(PayloadBytes, HaveNoUnknownMembersButExtensions) {
    const std::string good = encode(good_certificate()).value();
    Json json = parse_json(good).value();
    json["x_department"] = "extension";
    EXPECT_EQ(codes_of_bytes(to_canonical(json).value()), Codes{});
    json["remark"] = "unknown";
    json["drive"]["colour"] = "unknown";
    EXPECT_EQ(codes_of_bytes(to_canonical(json).value()),
              (Codes{"E_SCHEMA_MEMBER", "E_SCHEMA_MEMBER"}));
    // What is known is judged beside them.
    json["grade"] = "E4";
    EXPECT_TRUE(contains(codes_of_bytes(to_canonical(json).value()), "E_SEM_RESULT"));
}

} // namespace
} // namespace quietus
