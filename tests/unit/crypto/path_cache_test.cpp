// What is remembered of one document must never make another one pass.
#include "workbench.hpp"

#include "quietus/core/bytes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace quietus {
namespace {

using namespace testing_support;
using testing::Contains;
using testing::IsEmpty;

constexpr std::string_view payload = R"({"type":"quietus.certificate"})";

class RememberedPath : public testing::Test {
  protected:
    // All with the same anchors, so with the same memory.
    [[nodiscard]] std::set<std::string> found(const Bytes& p7s) const {
        return codes(check_signature(as_text(p7s), payload, DocumentType::certificate, anchors));
    }

    Workbench bench;
    TrustAnchors anchors = TrustAnchors::from_pem(bench.anchors()).value();
};

TEST_F(RememberedPath, SaysTheSameAgain) {
    const std::set<std::string> first = found(sign(bench.station, payload));
    EXPECT_EQ(found(sign(bench.station, payload)), first);
    for (const std::string& code : first)
        EXPECT_TRUE(code.starts_with("W_")) << code;
}

TEST_F(RememberedPath, HoldsOnlyWhileItsCertificatesDo) {
    (void)found(sign(bench.station, payload));
    Signing late;
    late.at = decade.until + day;
    EXPECT_THAT(found(sign(bench.station, payload, late)), Contains("E_CHAIN_EXPIRED"));
    Signing early;
    early.at = decade.from - day;
    EXPECT_THAT(found(sign(bench.station, payload, early)), Contains("E_CHAIN_NOTYET"));
}

TEST_F(RememberedPath, IsOfOneCertificateAndNotOfAName) {
    (void)found(sign(bench.station, payload));
    const Workbench rogue; // the same names under another root
    EXPECT_THAT(found(sign(rogue.station, payload)), Contains("E_CHAIN_UNTRUSTED"));
}

TEST_F(RememberedPath, IsOfOneRole) {
    (void)found(sign(bench.station, payload));
    Signing other;
    other.role = Role::witness;
    EXPECT_THAT(found(sign(bench.station, payload, other)), Contains("E_CHAIN_EKU"));
}

TEST_F(RememberedPath, SparesNoSignatureValue) {
    (void)found(sign(bench.station, payload));
    Bytes p7s = sign(bench.station, payload);
    p7s.back() ^= 1U; // the last octet of the only signature value
    EXPECT_THAT(found(p7s), testing::Not(IsEmpty()));
    EXPECT_THAT(codes(check_signature(as_text(sign(bench.station, payload)), "{}",
                                      DocumentType::certificate, anchors)),
                Contains("E_DIGEST"));
}

} // namespace
} // namespace quietus
