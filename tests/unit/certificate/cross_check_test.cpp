#include "quietus/certificate/cross_check.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/stream/digest.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace quietus {
namespace {

using Codes = std::vector<std::string>;

std::string digest_of(std::uint64_t number) {
    return sha384_hex("document " + std::to_string(number));
}

// Documents 1 to `count` of station TEST, each named by the next.
std::vector<DocumentTrace> chain(std::uint64_t count) {
    std::vector<DocumentTrace> traces;
    for (std::uint64_t number = 1; number <= count; ++number)
        traces.push_back({"TEST", number, digest_of(number),
                          number == 1 ? "" : digest_of(number - 1),
                          "SERIAL" + std::to_string(number), Level::clear, 0});
    return traces;
}

std::vector<CheckFinding> found(const std::vector<DocumentTrace>& traces) {
    CrossCheck check;
    for (const DocumentTrace& each : traces)
        check.add(each);
    return std::move(check).findings();
}

Codes codes_of(const std::vector<DocumentTrace>& traces) {
    Codes codes;
    for (const CheckFinding& each : found(traces))
        codes.push_back(each.code);
    return codes;
}

TEST(CrossCheck, FindsNothingInAWholeChainInAnyOrder) {
    EXPECT_EQ(codes_of({}), Codes{});
    EXPECT_EQ(codes_of(chain(1)), Codes{});
    auto traces = chain(50);
    EXPECT_EQ(codes_of(traces), Codes{});
    std::ranges::reverse(traces);
    EXPECT_EQ(codes_of(traces), Codes{});
    traces.push_back(traces[7]); // the same document once more
    EXPECT_EQ(codes_of(traces), Codes{});
}

TEST(CrossCheck, FindsAnIdUsedForTwoDocuments) {
    auto traces = chain(3);
    traces.push_back(traces[1]);
    traces.back().payload_sha384 = digest_of(99);
    traces.back().serial.clear();
    ASSERT_EQ(codes_of(traces), Codes{"E_ID_REUSE"});
    EXPECT_EQ(found(traces).front().text,
              "QTS-TEST-00000002: two documents of this id that differ");
}

TEST(CrossCheck, NamesTheNumbersWithoutADocument) {
    auto traces = chain(9);
    traces.erase(traces.begin() + 7);
    traces.erase(traces.begin() + 1, traces.begin() + 4); // 2, 3, 4
    const auto findings = found(traces);
    ASSERT_EQ(codes_of(traces), (Codes{"E_CHAIN_GAP", "E_CHAIN_GAP"}));
    EXPECT_EQ(findings[0].text, "QTS-TEST-00000002 to QTS-TEST-00000004, 3 numbers: no document, "
                                "between others of the station");
    EXPECT_EQ(findings[1].text, "QTS-TEST-00000008: no document, between others of the station");
}

TEST(CrossCheck, CountsEachStationByItself) {
    auto traces = chain(3);
    for (std::uint64_t number : {7, 8}) {
        traces.push_back(
            {"OTHER", number, digest_of(100 + number), digest_of(99 + number), "", {}, 0});
    }
    EXPECT_EQ(codes_of(traces), Codes{});
}

TEST(CrossCheck, FindsADocumentThatFollowsNoneOfTheStations) {
    auto traces = chain(5);
    traces[3].previous_sha384 = digest_of(99);
    ASSERT_EQ(codes_of(traces), Codes{"E_CHAIN_PREV"});
    EXPECT_TRUE(found(traces).front().text.starts_with("QTS-TEST-00000004: "));
    traces = chain(5);
    traces[3].previous_sha384.clear();
    EXPECT_EQ(codes_of(traces), Codes{"E_CHAIN_PREV"});
    traces = chain(2);
    traces[0].previous_sha384 = digest_of(99); // nothing can come before number 1
    EXPECT_EQ(codes_of(traces), Codes{"E_CHAIN_PREV"});
    traces = chain(5);
    traces[2].previous_sha384 = digest_of(4); // a later one
    EXPECT_EQ(codes_of(traces), Codes{"E_CHAIN_PREV"});
}

TEST(CrossCheck, FindsAnAlteredDocumentByTheNextOne) {
    auto traces = chain(4);
    traces[1].payload_sha384 = digest_of(99);
    EXPECT_EQ(codes_of(traces), Codes{"E_CHAIN_PREV"});
}

TEST(CrossCheck, KnowsThatJobsRunBesideEachOther) {
    auto traces = chain(6);
    traces[1].previous_sha384.clear(); // begun before document 1 was issued
    traces[2].previous_sha384 = digest_of(1);
    traces[3].previous_sha384 = digest_of(1);
    traces[4].previous_sha384 = digest_of(4); // 4 was done before 2 and 3
    traces[5].previous_sha384 = digest_of(3);
    EXPECT_EQ(codes_of(traces), Codes{});
}

TEST(CrossCheck, BlamesNothingOnWhatItWasNotGiven) {
    auto traces = chain(9);
    traces.erase(traces.begin(), traces.begin() + 4); // from number 5 on
    traces[1].previous_sha384 = digest_of(3);         // 5 was done later
    EXPECT_EQ(codes_of(traces), Codes{});
    traces[4].previous_sha384 = digest_of(99); // but all that could come before 9 are here
    EXPECT_EQ(codes_of(traces), Codes{"E_CHAIN_PREV"});
    traces.erase(traces.begin() + 3);
    EXPECT_EQ(codes_of(traces), Codes{"E_CHAIN_GAP"});
}

TEST(CrossCheck, WarnsOfADriveWithSeveralDocuments) {
    auto traces = chain(4);
    traces[3].serial = traces[0].serial;
    traces[1].serial.clear();
    traces[2].serial.clear();
    ASSERT_EQ(codes_of(traces), Codes{"W_SERIAL_REUSE"});
    EXPECT_EQ(found(traces).front().text,
              "QTS-TEST-00000001 and QTS-TEST-00000004: about one serial number");
}

TEST(CrossCheck, CountsWhatItDoesNotList) {
    auto traces = chain(1002);
    for (auto& each : traces)
        each.serial = "one and the same";
    const auto findings = found(traces);
    ASSERT_EQ(findings.size(), 1001u);
    EXPECT_EQ(findings.back().code, "W_MORE");
    EXPECT_EQ(findings.back().text, "and 1 more findings");
}

TEST(CrossCheck, FindsEverythingAtOnceAndSoon) {
    auto traces = chain(100000);
    for (std::size_t i = 0; i + 1 < traces.size(); i += 2)
        std::swap(traces[i].previous_sha384, traces[i + 1].previous_sha384);
    traces.erase(traces.begin() + 50000);
    traces.back().serial = traces.front().serial;
    const auto findings = found(traces);
    ASSERT_EQ(findings.size(), 1001u);
    EXPECT_EQ(findings.back().code, "E_MORE");
    EXPECT_EQ(findings.front().code, "E_CHAIN_GAP");
}

} // namespace
} // namespace quietus
