#include "quietus/app/people.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace quietus {
namespace {

using testing::HasSubstr;

const std::string hash(64, 'a');
const std::string alice = "[[person]]\nid = \"alice\"\nrole = \"operator\"\n"
                          "certificate = \"people/operator-aaaaaaaaaaaaaaaa.pem\"\n"
                          "certificate_sha256 = \"" +
                          hash + "\"\nadded_at = \"2026-11-26T10:00:00Z\"\n";

std::string with(const std::string& old, const std::string& changed) {
    std::string text = alice;
    text.replace(text.find(old), old.size(), changed);
    return text;
}

TEST(People, AreReadAndWrittenTheSame) {
    const auto read = parse_people("# a comment\n\n" + alice +
                                   "replaced_at = "
                                   "\"2026-11-26T11:00:00Z\"\n" +
                                   with("alice", R"(quo\"te Zoë)"));
    ASSERT_TRUE(read) << read.error().message;
    ASSERT_EQ(read->size(), 2u);
    EXPECT_EQ(read->front().replaced_at, "2026-11-26T11:00:00Z");
    EXPECT_EQ(read->back().id, "quo\"te Zoë");
}

TEST(People, ComeBackFromTheirOwnText) {
    const std::vector<Person> people{
        {"alice", Role::op, "people/a.pem", hash, "2026-11-26T10:00:00Z", "2026-11-26T11:00:00Z"},
        {"alice", Role::op, "people/b.pem", hash, "2026-11-26T11:00:00Z"},
        {"O'Brien \"Bob\"", Role::witness, "people/c.pem", hash, "2026-11-26T11:00:00Z"}};
    const auto again = parse_people(people_text(people));
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(*again, people);
    EXPECT_EQ(find_person(*again, "alice", Role::op)->certificate, "people/b.pem");
    EXPECT_EQ(find_person(*again, "alice", Role::witness), nullptr);
}

TEST(People, AreRefusedWithTheLineWhereAnythingIsWrong) {
    const std::vector<std::pair<std::string, std::string>> wrong{
        {"[[person]\n", "line 1"},
        {"people = 1\n", "line 1: unknown key \"people\""},
        {"[person]\nid = \"x\"\n", "line 1: person: not written as [[person]]"},
        {with("id = \"alice\"\n", ""), "line 1: id is missing"},
        {with("id = \"alice\"", "id = 7"), "line 2: id: not a string"},
        {with("alice", ""), "line 2: id"},
        {with("alice", std::string(65, 'x')), "line 2: id"},
        {with("alice", "a\\u0007b"), "line 2: id"},
        {with("alice", R"(back\\slash)"), "line 2: id"}, // never unambiguous once escaped
        {with("operator", "station"), "line 3: role"},
        {with("operator", "emperor"), "line 3: role"},
        {with("people/operator", "../operator"), "line 4: certificate"},
        {with("people/operator", "people/../operator"), "line 4: certificate"},
        {with("people/operator", "people/.operator"), "line 4: certificate"},
        {with(hash, hash.substr(1)), "line 5: certificate_sha256"},
        {with(hash, std::string(64, 'A')), "line 5: certificate_sha256"},
        {with("2026-11-26T10:00:00Z", "yesterday"), "line 6: added_at"},
        {alice + "shoe = \"42\"\n", "line 7: unknown key \"shoe\""},
        {alice + "id = \"twice\"\n", "line 7"},
        {alice + alice, "alice is named twice as operator"},
        {"\xff", "not UTF-8"}};
    for (const auto& [text, told] : wrong) {
        const auto read = parse_people(text);
        ASSERT_FALSE(read) << text;
        EXPECT_EQ(read.error().fault, Fault::invalid);
        EXPECT_THAT(read.error().message, HasSubstr(told)) << text;
    }
}

TEST(People, MayBeNone) {
    EXPECT_TRUE(parse_people("")->empty());
    EXPECT_TRUE(read_people(testing::TempDir() + "nowhere")->empty());
}

} // namespace
} // namespace quietus
