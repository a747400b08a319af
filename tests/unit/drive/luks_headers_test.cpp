// Headers that cryptsetup 2.6.1 made, and what is read of them; expected values are those of its
// luksDump. The files are the first octets of images that were made by
//   cryptsetup luksFormat --type luks1 --pbkdf-force-iterations 1000 ...
//   cryptsetup luksFormat --type luks2 --pbkdf pbkdf2 --pbkdf-force-iterations 1000 ...
// and their keys open nothing.
#include "quietus/drive/luks_headers.hpp"

#include "contents.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <sys/mman.h>
#include <unistd.h>

namespace quietus::luks {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::size_t copy_at = 16384;

Bytes made_by_cryptsetup(const std::string& name) {
    std::ifstream file(std::string(QUIETUS_CORPUS) + "/contents/" + name, std::ios::binary);
    EXPECT_TRUE(file) << name;
    return {std::istreambuf_iterator<char>(file), {}};
}

Reader over(const Bytes& drive) {
    return [&drive](std::uint64_t offset, std::size_t octets) -> Result<Bytes> {
        const std::size_t begin = std::min<std::uint64_t>(offset, drive.size());
        const std::size_t end = begin + std::min(octets, drive.size() - begin);
        return Bytes(drive.begin() + static_cast<std::ptrdiff_t>(begin),
                     drive.begin() + static_cast<std::ptrdiff_t>(end));
    };
}

std::vector<LuksHeader> headers_of(const Bytes& drive, std::uint64_t offset = 0) {
    return read_headers(over(drive), offset).value();
}

void replace(Bytes& drive, std::string_view what, std::string_view with) {
    const auto found = std::search(drive.begin(), drive.end(), what.begin(), what.end());
    ASSERT_NE(found, drive.end());
    ASSERT_EQ(what.size(), with.size());
    std::ranges::copy(with, found);
}

TEST(LuksHeaders, OfVersion1AreRead) {
    const auto found = headers_of(made_by_cryptsetup("luks1"));
    ASSERT_EQ(found.size(), 1U);
    LuksHeader expected;
    expected.version = 1;
    expected.uuid = "11111111-2222-4333-8444-555555555555";
    expected.cipher = "aes-xts-plain64";
    expected.key_bits = 512;
    expected.key_slots = {0};
    expected.data_offset = 4096 * 512; // "Payload offset: 4096"
    expected.keys_end = expected.data_offset;
    EXPECT_EQ(found.front(), expected);
}

TEST(LuksHeaders, OfVersion2AreReadWithTheirCopy) {
    const auto found = headers_of(made_by_cryptsetup("luks2"));
    ASSERT_EQ(found.size(), 2U);
    LuksHeader expected;
    expected.version = 2;
    expected.uuid = "11111111-2222-4333-8444-555555555556";
    expected.cipher = "aes-xts-plain64";
    expected.key_bits = 512;
    expected.key_slots = {0};
    expected.data_offset = 16777216;
    expected.keys_end = expected.data_offset;
    EXPECT_EQ(found.front(), expected);
    expected.second = true;
    expected.offset_bytes = copy_at;
    EXPECT_EQ(found.back(), expected);
}

// `cryptsetup repair` opens the volume again by it.
TEST(LuksHeaders, OfVersion2AreFoundByTheCopyAlone) {
    Bytes drive = made_by_cryptsetup("luks2");
    std::fill_n(drive.begin(), 4096, 0);
    const auto found = headers_of(drive);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_TRUE(found.front().second);
    EXPECT_EQ(found.front().offset_bytes, copy_at);
    EXPECT_EQ(found.front().text, "");
    std::fill_n(drive.begin() + copy_at, 4096, 0);
    EXPECT_THAT(headers_of(drive), IsEmpty());
}

// One that says it is elsewhere is no copy of this volume.
TEST(LuksHeaders, AreNoCopiesWhereTheySayThatTheyAreElsewhere) {
    Bytes drive = made_by_cryptsetup("luks2");
    drive[copy_at + 256 + 7] = 1;
    EXPECT_EQ(headers_of(drive).size(), 1U);
}

TEST(LuksHeaders, StandWhereTheVolumeBegins) {
    Bytes drive(1 << 20);
    const Bytes volume = made_by_cryptsetup("luks2");
    drive.insert(drive.end(), volume.begin(), volume.end());
    const auto found = headers_of(drive, 1 << 20);
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found.front().offset_bytes, 1U << 20U);
    EXPECT_EQ(found.back().offset_bytes, (1U << 20U) + copy_at);
    EXPECT_EQ(found.front().data_offset, 16777216U) << "from the beginning of the volume";
    EXPECT_THAT(headers_of(drive), IsEmpty());
}

TEST(LuksHeaders, SayWhatOfThemCannotBeRead) {
    Bytes drive = made_by_cryptsetup("luks2");
    drive[4096] = '['; // no JSON any more
    auto found = headers_of(drive);
    ASSERT_EQ(found.size(), 2U) << "the copy is there all the same";
    EXPECT_THAT(found.front().text, HasSubstr("its metadata"));
    EXPECT_EQ(found.front().keys_end, 2U * copy_at) << "both copies at the least";
    EXPECT_EQ(found.back().text, "");

    drive = made_by_cryptsetup("luks2");
    drive[14] = 0x41; // a length of 16640
    found = headers_of(drive);
    ASSERT_EQ(found.size(), 2U) << "looked for wherever one may be";
    EXPECT_THAT(found.front().text, HasSubstr("a length that no header has"));

    drive = made_by_cryptsetup("luks2");
    replace(drive, R"("offset":"32768")", R"("offset":"-2768")");
    EXPECT_THAT(headers_of(drive).front().text, HasSubstr("does not say where it is"));
    drive = made_by_cryptsetup("luks2");
    replace(drive, R"("keyslots":{"0")", R"("keyslots":{"x")");
    EXPECT_THAT(headers_of(drive).front().text, HasSubstr("without a number"));

    drive = made_by_cryptsetup("luks1");
    drive[108] = 0xFF; // a key of more than 4 GiB
    EXPECT_THAT(headers_of(drive).front().text, HasSubstr("more than 8192 bits"));
    drive.resize(4000);
    EXPECT_THAT(headers_of(drive), IsEmpty());
}

TEST(LuksHeaders, OfADetachedOneSayThatTheDataAreElsewhere) {
    Bytes drive = made_by_cryptsetup("luks1");
    std::fill_n(drive.begin() + 104, 4, 0);
    const auto found = headers_of(drive);
    EXPECT_EQ(found.front().data_offset, 0U);
    // Slot 7 begins at sector 3536 and has 4000 stripes of 64 octets.
    EXPECT_EQ(found.front().keys_end, 3536U * 512 + 4000 * 64);
}

// Not all that follows such a header is encrypted by the keys in it.
TEST(LuksHeaders, SayWhereNotAllThatFollowsIsCiphertext) {
    const std::vector<std::array<std::string, 3>> unusual{
        {R"("type":"crypt")", R"("type":"plain")", "not encrypted"},
        {R"("size":"dynamic")", R"("size":"1048576")", "a size of its own"},
        {R"("sector_size":)", R"("integrity"  :)", "check values"},
        {R"("sector_size":)", R"("flags"      :)", "with flags"},
        {R"("keyslots_size":)", R"("requirements" :)", "it requires"},
    };
    for (const auto& [what, with, word] : unusual) {
        Bytes drive = made_by_cryptsetup("luks2");
        replace(drive, what, with);
        const auto found = headers_of(drive);
        EXPECT_THAT(found.front().text, HasSubstr(word));
        EXPECT_EQ(found.back().text, "") << "the copy is as it was";
    }
}

/// A drive of 40 MiB in memory.
class DriveInMemory {
  public:
    DriveInMemory() { EXPECT_EQ(::ftruncate(file_, off_t{40} << 20U), 0); }
    DriveInMemory(const DriveInMemory&) = delete;
    DriveInMemory& operator=(const DriveInMemory&) = delete;
    ~DriveInMemory() { ::close(file_); }
    void put(const Bytes& octets, std::uint64_t offset) const {
        EXPECT_EQ(::pwrite(file_, octets.data(), octets.size(), static_cast<off_t>(offset)),
                  static_cast<ssize_t>(octets.size()));
    }
    /// An entry of a DOS table for Linux, in sectors of 512 octets.
    void add_partition(std::uint32_t first, std::uint32_t sectors) {
        Bytes entry(16);
        entry[4] = 0x83;
        for (unsigned octet = 0; octet < 4; ++octet) {
            entry[8 + octet] = static_cast<std::uint8_t>(first >> (8 * octet));
            entry[12 + octet] = static_cast<std::uint8_t>(sectors >> (8 * octet));
        }
        put(entry, 446 + 16 * entries_++);
        put({0x55, 0xAA}, 510);
    }
    [[nodiscard]] std::vector<LuksHeader> headers() const {
        const auto contents = read_contents(file_);
        EXPECT_TRUE(contents);
        return contents ? contents->luks : std::vector<LuksHeader>{};
    }

  private:
    int file_ = ::memfd_create("drive", MFD_CLOEXEC);
    std::uint64_t entries_ = 0;
};

constexpr std::uint64_t mib = std::uint64_t{1} << 20U;

TEST(LuksHeaders, HaveRoomToTheEndOfTheDrive) {
    const DriveInMemory drive;
    drive.put(made_by_cryptsetup("luks2"), 0);
    const auto headers = drive.headers();
    ASSERT_EQ(headers.size(), 2U);
    EXPECT_EQ(headers.front().room_bytes, 40 * mib);
    EXPECT_EQ(headers.back().room_bytes, 40 * mib) << "from the beginning of the volume";
}

TEST(LuksHeaders, HaveRoomToTheEndOfTheirPartition) {
    DriveInMemory drive;
    drive.add_partition(2048, 20 * 2048);
    drive.add_partition(21 * 2048, 2048);
    drive.put(made_by_cryptsetup("luks2"), mib);
    const auto headers = drive.headers();
    ASSERT_EQ(headers.size(), 2U);
    EXPECT_EQ(headers.front().offset_bytes, mib);
    EXPECT_EQ(headers.front().room_bytes, 20 * mib);
}

// What lies in two partitions, or in one that runs past the end, may be other than ciphertext.
TEST(LuksHeaders, HaveNoKnownRoomInATableThatIsAmiss) {
    DriveInMemory overlapping;
    overlapping.add_partition(2048, 20 * 2048);
    overlapping.add_partition(20 * 2048, 2 * 2048);
    overlapping.put(made_by_cryptsetup("luks2"), mib);
    ASSERT_EQ(overlapping.headers().size(), 2U);
    EXPECT_EQ(overlapping.headers().front().room_bytes, 0U);

    DriveInMemory beyond;
    beyond.add_partition(2048, 20 * 2048);
    beyond.add_partition(21 * 2048, 100 * 2048);
    beyond.put(made_by_cryptsetup("luks2"), mib);
    ASSERT_EQ(beyond.headers().size(), 2U);
    EXPECT_EQ(beyond.headers().front().room_bytes, 0U);
}

TEST(LuksHeaders, AreToldWithWhatADriveHolds) {
    const int drive = ::memfd_create("drive", MFD_CLOEXEC);
    const Bytes head = made_by_cryptsetup("luks2");
    ASSERT_EQ(::ftruncate(drive, off_t{20} << 20U), 0);
    ASSERT_EQ(::pwrite(drive, head.data(), head.size(), 0), static_cast<ssize_t>(head.size()));
    const auto contents = read_contents(drive);
    ::close(drive);
    ASSERT_TRUE(contents);
    ASSERT_EQ(contents->found.size(), 1U);
    EXPECT_EQ(contents->found.front().type, "crypto_LUKS");
    ASSERT_EQ(contents->luks.size(), 2U);
    EXPECT_THAT(contents->luks.front().key_slots, ElementsAre(0));
}

} // namespace
} // namespace quietus::luks
