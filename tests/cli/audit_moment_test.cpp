// --at and --crl: as of when documents are judged, and by which revocation lists. CRLs are made by
// the openssl program.

#include "audit_documents.hpp"

#include "../support/shell.hpp"
#include "../unit/crypto/openssl_ca.hpp"

#include "quietus/core/clock.hpp"

#include <gtest/gtest.h>

namespace quietus {
namespace {

using namespace testing_support;

class AuditMoment : public AuditDocuments {
  protected:
    void expect(const CommandResult& result, int status, const std::string& text) const {
        EXPECT_EQ(result.status, status) << result.out << result.err;
        EXPECT_NE((result.out + result.err).find(text), std::string::npos)
            << result.out << result.err;
    }
    [[nodiscard]] CommandResult verify_at(const std::string& time) const {
        return verify({"--at", time, qdc});
    }
    // A time so many seconds from now.
    static std::string in(std::int64_t seconds) {
        return to_rfc3339(SystemClock().utc_seconds() + seconds);
    }
};

TEST_F(AuditMoment, JudgesAsOfNowUnlessTold) {
    expect(verify({qdc}), 0, "valid");
    expect(verify_at(in(0)), 0, "valid");
    expect(verify_at(in(3600)), 0, "valid");
}

TEST_F(AuditMoment, RefusesASignatureFromLater) {
    expect(verify_at(in(-86400)), 1, "E_TIME_WINDOW");
    expect(audit({"verify", "--at", in(-86400), qdc}), 1, "E_TIME_WINDOW"); // also without trust
    expect(audit({"show", "--trust", made + "/keys/root.pem", "--at", in(-86400), qdc}), 1,
           "E_TIME_WINDOW");
}

TEST_F(AuditMoment, IsUndecidedAfterTheCertificateHasExpired) {
    constexpr std::int64_t year = 31'557'600;
    expect(verify_at(in(14 * year)), 0, "valid"); // the station's lives for fifteen
    expect(verify_at(in(16 * year)), 6, "I_CHAIN_EXPIRED");
}

TEST_F(AuditMoment, RefusesWhatIsNoTime) {
    for (const char* wrong : {"", "now", "2027-03-01", "2027-02-30T00:00:00Z",
                              "2027-03-01T00:00:00+01:00", "1800000000", "2027-03-01 00:00:00Z"})
        expect(verify_at(wrong), 2, "--at");
}

TEST_F(AuditMoment, RefusesWhatAreNoCrls) {
    expect(verify({"--crl", made + "/keys/root.pem", qdc}), 2, "a certificate in it");
    expect(verify({"--crl", qdc, qdc}), 2, "--crl: " + qdc);
    expect(verify({"--crl", directory + "/none.crl", qdc}), 2, "none.crl");
    expect(audit({"verify", "--crl", made + "/keys/root.pem", qdc}), 2, "--trust");
}

// Lists of another CA change nothing; a list in the station's CA's name that it did not sign does.
TEST_F(AuditMoment, ReadsEveryCrlThatIsGiven) {
    if (!has_openssl()) GTEST_SKIP() << "no openssl program";
    const OpensslCa ca;
    overwrite(directory + "/strange.pem", ca.crls());
    ca.run("openssl crl -in issuing.crl -outform DER -out issuing.der");
    overwrite(directory + "/strange.crl", ca.read("issuing.der"));
    expect(verify({"--crl", directory + "/strange.pem", "--crl", directory + "/strange.crl", qdc}),
           0, "valid");
    // A forger's list under the same name.
    ca.run("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-384 -nodes -keyout root.key "
           "-subj '/O=self-issued by quietus/CN=root of TEST' -days 3000 -out root.pem");
    overwrite(directory + "/forged.pem", ca.crls());
    expect(verify({"--crl", directory + "/strange.crl", "--crl", directory + "/forged.pem", qdc}),
           1, "E_CRL_SIG");
}

} // namespace
} // namespace quietus
