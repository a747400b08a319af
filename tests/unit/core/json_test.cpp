#include "quietus/core/json_fields.hpp"

#include "quietus/record/erasure_record.hpp"

#include <gtest/gtest.h>

namespace quietus {
namespace {

TEST(JsonCanonical, SortsMembersAndWritesNoSpace) {
    const Json value = Json::object({{"b", 2}, {"a", Json::Array{Json(true), Json("x")}}});
    EXPECT_EQ(to_canonical(value).value(), R"({"a":[true,"x"],"b":2})");
}

TEST(JsonCanonical, RefusesWhatIsOutsideTheProfile) {
    EXPECT_FALSE(to_canonical(Json::object({{"a", nullptr}})).has_value());
    EXPECT_FALSE(to_canonical(Json::object({{"A", 1}})).has_value());
    EXPECT_FALSE(to_canonical(Json("line\nbreak")).has_value());
    EXPECT_FALSE(to_canonical(Json("\xFF")).has_value());
    EXPECT_FALSE(to_canonical(Json(std::string(4097, 'x'))).has_value());
    Json deep = 1;
    for (int i = 0; i < 12; ++i)
        deep = Json::Array{deep};
    EXPECT_FALSE(to_canonical(deep).has_value());
    EXPECT_TRUE(to_canonical(deep.as<Json::Array>()->front()).has_value());
}

TEST(JsonRead, ReadsWhatItWrites) {
    const Json value =
        Json::object({{"a", Json::Array{Json(-1), Json("\xC3\xA9\"\\"), Json(false)}},
                      {"b", Json::object({{"c", json_integer_max}})}});
    EXPECT_EQ(parse_json(to_line(value)).value(), value);
}

TEST(JsonRead, RefusesWhatReadersDisagreeAbout) {
    for (const char* text : {R"({"a":1,"a":2})", "\xEF\xBB\xBF{}", "1.0", "1e3", "9007199254740992",
                             "-9007199254740992", "18446744073709551616", "", "{", "{}x", "[1,]",
                             "{'a':1}", "\"\xFF\"", R"("\ud800")", "nul"})
        EXPECT_FALSE(parse_json(text).has_value()) << text;
}

TEST(JsonRead, TellsTheFlawsApart) {
    EXPECT_EQ(read_json("{}").flaw, JsonFlaw::none);
    EXPECT_EQ(read_json("[1,2]", 4).flaw, JsonFlaw::size);
    EXPECT_EQ(read_json("\xEF\xBB\xBF{}").flaw, JsonFlaw::encoding);
    EXPECT_EQ(read_json("\"\xC0\xAF\"").flaw, JsonFlaw::encoding);
    EXPECT_EQ(read_json("{\"a\":1").flaw, JsonFlaw::syntax);
    EXPECT_EQ(read_json(R"({"a":1,"a":1})").flaw, JsonFlaw::duplicate_member);
    EXPECT_EQ(read_json(std::string(13, '[')).flaw, JsonFlaw::depth);
    for (const char* number : {"1.0", "1e3", "9007199254740992", "-9007199254740992"})
        EXPECT_EQ(read_json(number).flaw, JsonFlaw::number) << number;
}

TEST(JsonRead, BoundsDepthAndSize) {
    EXPECT_FALSE(parse_json(std::string(200000, '[')).has_value());
    EXPECT_FALSE(parse_json("[1,2,3]", 6).has_value());
    EXPECT_TRUE(parse_json("[1,2,3]", 7).has_value());
}

TEST(JsonFields, ErasureRecordSurvivesTheRoundTrip) {
    ErasureRecord record;
    record.job = "QTS-TEST-00000001";
    record.drive.serial = "hostile \"text\" \xC3\xA9";
    record.drive.native_size_bytes = 1U << 20U;
    record.drive.guards = {{Interlock::mounted, "reason", "umount /x"}};
    record.plan.steps = {{StepKind::write, StepData::fixed, "00", 0, {}}};
    record.evidence.passes.resize(2);
    record.evidence.passes[1].seed = "00ff";
    record.evidence.passes[1].written = {{0, 4096}};
    record.judgement.verdict = Verdict::unverified;
    const Json json = to_json(record);
    const auto again = from_json<ErasureRecord>(json);
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(to_json(*again), json);
    EXPECT_EQ(again->judgement.verdict, Verdict::unverified);
    EXPECT_EQ(again->evidence.passes[1].written, record.evidence.passes[1].written);
}

TEST(JsonFields, NamesTheMemberThatIsWrong) {
    Json json = to_json(Extent{1, 2});
    json["length"] = "two";
    EXPECT_EQ(from_json<Extent>(json).error().message, "length: not an integer in range");
    EXPECT_EQ(from_json<Extent>(Json::object({{"offset", 1}})).error().message, "length: missing");
}

TEST(JsonFields, RefusesUnknownMembersButKeepsRoomForExtensions) {
    Json json = to_json(Extent{1, 2});
    json["x_note"] = "extension";
    EXPECT_TRUE(from_json<Extent>(json).has_value());
    json["extra"] = 1;
    EXPECT_EQ(from_json<Extent>(json).error().message, "unknown member \"extra\"");
}

} // namespace
} // namespace quietus
