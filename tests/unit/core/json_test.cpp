#include "quietus/core/json_fields.hpp"

#include "quietus/record/erasure_record.hpp"

#include <gtest/gtest.h>

namespace quietus {
namespace {

using Flaws = std::vector<JsonFlaw>;

Flaws flaws_of(std::string_view text, std::size_t limit = 4096) {
    Flaws flaws;
    for (const JsonProblem& each : read_json(text, limit).problems)
        flaws.push_back(each.flaw);
    return flaws;
}

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
    for (int i = 0; i < 13; ++i)
        deep = Json::Array{deep};
    EXPECT_FALSE(to_canonical(deep).has_value());
    EXPECT_TRUE(to_canonical(deep.as<Json::Array>()->front()).has_value());
}

Flaws flaws_of_value(const Json& value) {
    Flaws flaws;
    for (const JsonProblem& each : profile_problems(value))
        flaws.push_back(each.flaw);
    return flaws;
}

TEST(JsonProfile, TellsTheFlawsApart) {
    EXPECT_EQ(flaws_of_value(Json::object({{"a", "x\xC3\xA9"}})), Flaws{});
    EXPECT_EQ(flaws_of_value(Json::Array{nullptr}), Flaws{JsonFlaw::null_value});
    EXPECT_EQ(flaws_of_value("\x07"), Flaws{JsonFlaw::control});
    EXPECT_EQ(flaws_of_value("\x7F"), Flaws{JsonFlaw::control});
    EXPECT_EQ(flaws_of_value("\xC2\x85"), Flaws{JsonFlaw::control}); // U+0085, next line
    EXPECT_EQ(flaws_of_value(Json::object({{"A", 1}})), Flaws{JsonFlaw::name});
    EXPECT_EQ(flaws_of_value(std::string(4097, 'x')), Flaws{JsonFlaw::long_text});
    EXPECT_EQ(flaws_of_value("e\xCC\x81"), Flaws{JsonFlaw::normal_form});    // e, U+0301
    EXPECT_EQ(flaws_of_value("\xE2\x84\xAB"), Flaws{JsonFlaw::normal_form}); // U+212B, angstrom
}

TEST(JsonProfile, NamesEveryFlawOnce) {
    EXPECT_EQ(
        flaws_of_value(
            Json::object({{"A", Json::Array{nullptr, "\n", nullptr}}, {"B", "\xE2\x84\xAB\n"}})),
        (Flaws{JsonFlaw::name, JsonFlaw::null_value, JsonFlaw::control, JsonFlaw::normal_form}));
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
    EXPECT_EQ(flaws_of("{}"), Flaws{});
    EXPECT_EQ(flaws_of("[1,2]", 4), Flaws{JsonFlaw::size});
    EXPECT_EQ(flaws_of("\xEF\xBB\xBF{}"), Flaws{JsonFlaw::encoding});
    EXPECT_EQ(flaws_of("\"\xC0\xAF\""), Flaws{JsonFlaw::encoding});
    EXPECT_EQ(flaws_of("\"\xED\xA0\x80\""), Flaws{JsonFlaw::encoding}); // a surrogate in UTF-8
    EXPECT_EQ(flaws_of("{\"a\":1"), Flaws{JsonFlaw::syntax});
    EXPECT_EQ(flaws_of(R"({"a":1,"a":1})"), Flaws{JsonFlaw::duplicate_member});
    EXPECT_EQ(flaws_of(R"({"a":1,"\u0061":1})"), Flaws{JsonFlaw::duplicate_member});
    EXPECT_EQ(flaws_of(std::string(13, '[') + std::string(13, ']')), Flaws{JsonFlaw::depth});
    EXPECT_EQ(flaws_of(std::string(12, '[') + "1" + std::string(12, ']')), Flaws{});
    EXPECT_EQ(flaws_of("[\"a\nb\"]"), Flaws{JsonFlaw::control});
    for (const char* half :
         {R"("\ud800")", R"("\uDFFFx")", R"("\ud83d\u0041")", R"(["\udc00\ud800"])"})
        EXPECT_EQ(flaws_of(half), Flaws{JsonFlaw::surrogate}) << half;
    for (const char* whole : {R"("\ud83d\ude00")", R"("\\ud800")", R"("\"\u0041")"})
        EXPECT_EQ(flaws_of(whole), Flaws{}) << whole;
    for (const char* number : {"1.0", "1e3", "-0.0", "1E400", "9007199254740992",
                               "-9007199254740992", "18446744073709551616"})
        EXPECT_EQ(flaws_of(number), Flaws{JsonFlaw::number}) << number;
    for (const char* number : {"9007199254740991", "-9007199254740991", "0"})
        EXPECT_EQ(flaws_of(number), Flaws{}) << number;
}

TEST(JsonRead, GoesOnAfterAFlawToFindTheOthers) {
    EXPECT_EQ(
        flaws_of(R"({"a":1.5,"b":[[[[[[[[[[[[[1,{"a":1,"a":2}]]]]]]]]]]]]],"a":2)"),
        (Flaws{JsonFlaw::number, JsonFlaw::depth, JsonFlaw::duplicate_member, JsonFlaw::syntax}));
    EXPECT_TRUE(read_json("[1.5]").to_the_end);
    EXPECT_FALSE(read_json("[1.5").to_the_end);
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
