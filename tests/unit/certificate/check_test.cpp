// Documents that were altered and then signed again with the station's real key.
#include "build.hpp"
#include "signing_station.hpp"

#include <functional>

namespace quietus {
namespace {

class Check : public SigningStation {
  protected:
    [[nodiscard]] Certificate signed_again(std::string payload, DocumentType type) {
        const auto signature = signer->sign(payload, type);
        EXPECT_TRUE(signature) << signature.error().message;
        return {type, "QTS-TEST-00000007", std::move(payload), std::string(as_text(*signature))};
    }
    [[nodiscard]] Payload honest() {
        const FinishedJob job = job_of();
        return build_payload(job.request(), {DocumentType::certificate, job.record.judgement,
                                             signer->identity(), clock.utc_seconds()});
    }
    [[nodiscard]] DocumentReport forged(const std::function<void(Payload&)>& alter) {
        Payload payload = honest();
        alter(payload);
        return check(signed_again(encode(payload).value(), DocumentType::certificate));
    }
};

TEST_F(Check, AcceptsWhatIsHonest) {
    EXPECT_EQ(forged([](Payload&) {}).verdict, DocumentVerdict::valid);
}

TEST_F(Check, IsNotImpressedByAGenuineSignatureUnderAForgedResult) {
    const auto report = forged([](Payload& p) {
        p.verification.read_backs.back().mismatched = {{0, 512}};
    });
    EXPECT_EQ(report.verdict, DocumentVerdict::invalid);
    EXPECT_TRUE(finds(report, "E_SEM_RESULT"));
}

TEST_F(Check, ReportsEveryFindingNotOnlyTheFirst) {
    const auto report = forged([](Payload& p) {
        ++p.method.passes[0].bytes_written;
        p.level = Level::purge;
        p.station.id = "OTHER";
    });
    for (const char* code : {"E_SEM_TOTALS", "E_SEM_RESULT", "E_STATION"})
        EXPECT_TRUE(finds(report, code)) << code;
}

TEST_F(Check, IsUndecidedWhileARequiredSignerIsMissing) {
    const auto report = forged([](Payload& p) {
        p.signers_required.push_back({Role::witness, std::string(64, '5')});
    });
    EXPECT_EQ(report.verdict, DocumentVerdict::indeterminate);
    EXPECT_TRUE(finds(report, "I_ROLE_MISSING"));
}

TEST_F(Check, RefusesASignerWhomTheDocumentDoesNotName) {
    const auto report =
        forged([](Payload& p) { p.signers_required[0].certificate_sha256 = std::string(64, '5'); });
    EXPECT_EQ(report.verdict, DocumentVerdict::invalid);
    EXPECT_TRUE(finds(report, "E_ROLE_UNEXPECTED"));
    EXPECT_TRUE(finds(forged([](Payload& p) { p.signers_required.clear(); }), "E_ROLE_MISSING"));
}

TEST_F(Check, RefusesADocumentInTheNameOfAnotherStation) {
    const auto report = forged([](Payload& p) {
        p.station.id = "OTHER";
        p.id = "QTS-OTHER-00000007";
    });
    EXPECT_EQ(report.verdict, DocumentVerdict::invalid);
    EXPECT_TRUE(finds(report, "E_STATION"));
}

TEST_F(Check, RefusesACertificateSignedAsAnAttemptRecord) {
    const auto document = signed_again(encode(honest()).value(), DocumentType::attempt);
    const auto report = check_document(
        {document.id, DocumentType::certificate, document.payload, document.p7s}, trust());
    EXPECT_EQ(report.verdict, DocumentVerdict::invalid);
    EXPECT_TRUE(finds(report, "E_SIG_CONTENT_TYPE"));
}

TEST_F(Check, RefusesWhatIsSignedButNotCanonical) {
    const auto report =
        check(signed_again(encode(honest()).value() + "\n", DocumentType::certificate));
    EXPECT_EQ(report.verdict, DocumentVerdict::invalid);
    EXPECT_TRUE(finds(report, "E_JSON_NOT_CANONICAL"));
}

TEST_F(Check, WarnsOfAFileThatIsNotNamedAfterItsId) {
    Certificate document = signed_again(encode(honest()).value(), DocumentType::certificate);
    document.id = "QTS-TEST-00000008";
    const auto report = check(document);
    EXPECT_EQ(report.verdict, DocumentVerdict::valid);
    EXPECT_TRUE(finds(report, "W_NAME"));
}

TEST_F(Check, NamesNoIdAndNoVerdictButUndecidedWithoutTrust) {
    const auto document = signed_again(encode(honest()).value(), DocumentType::certificate);
    const auto report = check_document({document.id, document.type, document.payload, document.p7s},
                                       TrustAnchors::none());
    EXPECT_EQ(report.verdict, DocumentVerdict::indeterminate);
    EXPECT_EQ(report.id, "");
}

TEST_F(Check, NeverAcceptsASignatureWithAFlippedBit) {
    const auto document = signed_again(encode(honest()).value(), DocumentType::certificate);
    for (std::size_t at = 0; at < document.p7s.size(); at += 7) {
        Certificate altered = document;
        altered.p7s[at] = static_cast<char>(altered.p7s[at] ^ 0x10);
        EXPECT_NE(check(altered).verdict, DocumentVerdict::valid) << at;
    }
}

TEST_F(Check, BoundsTheSizesItLooksInto) {
    const DocumentReport large = check_document(
        {"x", DocumentType::certificate, std::string(payload_limit + 1, ' '), ""}, trust());
    EXPECT_TRUE(finds(large, "E_SIZE"));
    const DocumentReport p7s = check_document(
        {"x", DocumentType::certificate, "{}", std::string(p7s_limit + 1, ' ')}, trust());
    EXPECT_TRUE(finds(p7s, "E_SIZE"));
}

TEST_F(Check, EndsSoonOnAPayloadMadeToBeSlow) {
    Payload payload = honest();
    payload.type = DocumentType::attempt;
    payload.title = title_of(payload.type);
    auto& mismatched = payload.verification.read_backs.back().mismatched;
    payload.drive.capacity_bytes = 1U << 20U;
    for (std::uint64_t i = 60000; i > 0; --i)
        mismatched.push_back({i * 2, 1}); // descending: a set would move everything each time
    const auto before = clock.monotonic();
    const auto findings = check_semantics(encode(payload).value(), payload.type);
    EXPECT_FALSE(findings.empty());
    EXPECT_LT(clock.monotonic() - before, std::chrono::seconds(20));
}

} // namespace
} // namespace quietus
