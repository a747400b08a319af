// Long lists of extents in a journal: short to write, exact when read again.
#include "packed_extents.hpp"

#include "quietus/job/journal.hpp"

#include <gmock/gmock.h>

namespace quietus {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

// Every other block of a drive of 512-byte blocks.
std::vector<Extent> alternating(std::size_t count, std::uint64_t first = 512) {
    std::vector<Extent> extents;
    extents.reserve(count);
    for (std::size_t i = 0; i < count; ++i)
        extents.push_back({first + i * 1024, 512});
    return extents;
}

Json packed(std::int64_t count, const char* words, std::int64_t unit) {
    return Json::object({{"extents", count}, {"packed", words}, {"unit", unit}});
}

TEST(PackedExtents, AreGapsAndLengthsInTheLargestUnit) {
    EXPECT_EQ(pack({{4096, 512}, {5120, 512}, {6144, 512}}), packed(3, "8+1 1+1 1+1", 512));
    EXPECT_EQ(pack({{0, 8192}, {12288, 4096}}), packed(2, "0+2 1+1", 4096));
    EXPECT_EQ(pack({{0, 4096}, {1048576, 777}}), packed(2, "0+4096 1044480+777", 1));
}

TEST(PackedExtents, AreReadAsTheyWere) {
    for (const auto& extents :
         {std::vector<Extent>{{0, 1}},
          {{7, 3}, {11, 1}},
          alternating(5000),
          alternating(3, 0),
          {{0, 512}, {static_cast<std::uint64_t>(json_integer_max) / 512 * 512 - 512, 512}}}) {
        const auto read = unpack(pack(extents));
        ASSERT_TRUE(read) << read.error().message;
        EXPECT_EQ(*read, extents);
    }
}

TEST(PackedExtents, AreRefusedWhenTheyAreNoSuchList) {
    for (const Json& wrong :
         {packed(2, "8+1", 512), packed(1, "8+1 1+1", 512), packed(1, "8+0", 512),
          packed(2, "8+1 0+1", 512), packed(1, "8+1 ", 512), packed(1, " 8+1", 512),
          packed(1, "8-1", 512), packed(1, "8", 512), packed(1, "08+1", 512),
          packed(1, "-8+1", 512), packed(1, "8+1", 0), packed(1, "8+1", -512),
          packed(1, "99999999999999999999+1", 1), packed(1, "9007199254740991+1", 512),
          packed(1, "9007199254740991+1", 1), Json::object({{"packed", "8+1"}, {"unit", 512}}),
          Json::object({{"packed", 7}, {"unit", 512}, {"extents", 1}})})
        EXPECT_FALSE(unpack(wrong)) << to_line(wrong);
}

TEST(PackedExtents, StandPlainlyWhereTheyAreFew) {
    PassRecord pass;
    pass.unwritable = alternating(most_plain_extents);
    EXPECT_EQ(to_packed_json(pass), to_json(pass));
    pass.unwritable = alternating(most_plain_extents + 1);
    EXPECT_NE(to_packed_json(pass), to_json(pass));
    EXPECT_EQ(to_json(from_packed_json<PassRecord>(to_packed_json(pass)).value()), to_json(pass));
}

TEST(PackedExtents, AreLookedForWhereListsOfExtentsAre) {
    PassRecord pass;
    Json json = to_json(pass);
    json["bytes"] = packed(1, "8+1", 512);
    EXPECT_FALSE(from_packed_json<PassRecord>(json));
    json = to_json(pass);
    json["unwritable"] = packed(1, "8+0", 512);
    const auto read = from_packed_json<PassRecord>(json);
    ASSERT_FALSE(read);
    EXPECT_THAT(read.error().message, HasSubstr("unwritable"));
    json = to_json(pass);
    json["unheard_of"] = 1;
    EXPECT_FALSE(from_packed_json<PassRecord>(json));
    json = Json::object({});
    EXPECT_THAT(from_packed_json<PassRecord>(json).error().message, HasSubstr("missing"));
}

// In the line of the pass, in that of the read-back, and once more in that of the verdict.
TEST(PackedExtents, TakeFourOctetsEachOfAJournal) {
    constexpr std::size_t many = 100'000;
    ErasureRecord record;
    record.evidence.probe.emplace();
    PassRecord pass;
    pass.written = alternating(many, 0);
    pass.unwritable = alternating(many);
    record.evidence.passes.push_back(pass);
    ReadBackRecord read_back;
    read_back.matched = alternating(many, 0);
    read_back.unreadable = alternating(many);
    record.evidence.read_backs.push_back(read_back);
    record.judgement.unproven = alternating(many);
    const std::string text = to_line(pass_line(pass)) + "\n" + to_line(read_back_line(read_back)) +
                             "\n" + to_line(verdict_line(record)) + "\n";
    EXPECT_LT(text.size(), (2 + 2 + 5) * many * 4 + 4096);
    const auto content = FileJournal::parse(text);
    ASSERT_TRUE(content) << content.error().message;
    ASSERT_THAT(content->evidence.passes, SizeIs(1));
    EXPECT_EQ(content->evidence.passes.front().unwritable, pass.unwritable);
    EXPECT_EQ(content->evidence.read_backs.front().matched, read_back.matched);
    ASSERT_TRUE(content->record);
    EXPECT_EQ(content->record->evidence.passes.front().written, pass.written);
    EXPECT_EQ(content->record->evidence.read_backs.front().unreadable, read_back.unreadable);
    EXPECT_EQ(content->record->judgement.unproven, record.judgement.unproven);
}

} // namespace
} // namespace quietus
