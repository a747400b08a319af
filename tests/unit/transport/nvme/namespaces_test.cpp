// Namespaces and their lists, by the offsets of the NVM Command Set Specification 1.0 figure 97 and
// of linux/nvme.h.
#include "quietus/transport/nvme/namespaces.hpp"

#include "support/wire_samples.hpp"

#include <gmock/gmock.h>

#include <numeric>
#include <utility>

namespace quietus::nvme {
namespace {

using testing::ElementsAre;

/// Answers commands one after the other.
class Answers final : public NvmePort {
  public:
    explicit Answers(std::vector<NvmeReply> replies) : replies_(std::move(replies)) {}
    Result<NvmeReply> execute(const NvmeCommand& command) override {
        seen.push_back(command);
        if (seen.size() > replies_.size()) return Error{Fault::io, "nobody answers"};
        return replies_[seen.size() - 1];
    }
    Result<std::uint32_t> namespace_id() override { return Error{Fault::io, "a controller"}; }
    std::vector<NvmeCommand> seen;

  private:
    std::vector<NvmeReply> replies_;
};

NvmeReply data_of(Bytes data) {
    return {0, 0, std::move(data)};
}

TEST(NvmeNamespaceFormat, SaysWhatFormatMustKeep) {
    Bytes data = test::namespace_data(244190646, 12);
    data[25] = 4;                           // five formats
    data[26] = 0x13;                        // format 3, metadata behind each block
    data[29] = 0x0A;                        // type 2, at the beginning of the metadata
    test::put_little(data, 128 + 12, 2, 8); // eight octets of metadata
    data[128 + 14] = 12;
    test::put_little(data, 48, 8, 1000204886016);
    data[30] = 1;
    data[32] = 0x80 | 37;
    data[33] = 0x09;
    data[99] = 1;
    const auto told = parse_namespace_format(data);
    ASSERT_TRUE(told && *told);
    const NamespaceFormat& found = **told;
    EXPECT_EQ(found.blocks, 244190646U);
    EXPECT_EQ(found.block_bytes, 4096U);
    EXPECT_EQ(found.size().text(), "1000204886016");
    EXPECT_EQ(found.capacity.text(), "1000204886016");
    EXPECT_EQ(found.settings.format, 3);
    EXPECT_TRUE(found.settings.metadata_extended && found.settings.protection_first);
    EXPECT_EQ(found.settings.protection, 2);
    EXPECT_EQ(found.metadata_bytes, 8);
    EXPECT_EQ(found.formats, 5);
    EXPECT_TRUE(found.shared && found.write_protected);
    EXPECT_EQ(found.remaining, 37);
    EXPECT_EQ(found.deallocated, 1);
}

TEST(NvmeNamespaceFormat, HasUpperBitsOnlyWhereThereAreSoManyFormats) {
    Bytes data = test::namespace_data(8, 9);
    data[26] = 0x20;
    EXPECT_EQ((*parse_namespace_format(data))->settings.format, 0);
    data[25] = 63;
    data[26] = 0x6F;
    data[128 + 4 * 63 + 2] = 13;
    const auto last = parse_namespace_format(data);
    EXPECT_EQ((*last)->settings.format, 63);
    EXPECT_EQ((*last)->block_bytes, 8192U);
}

TEST(NvmeNamespaceFormat, MayBeLargerThan64BitsOfBytes) {
    const auto found = parse_namespace_format(test::namespace_data(~std::uint64_t{0}, 12));
    EXPECT_EQ((*found)->size().text(), "75557863725914323415040");
}

TEST(NvmeNamespaceFormat, ThatMakesNoSenseIsNothing) {
    EXPECT_FALSE(parse_namespace_format(Bytes(4095, 1)));
    EXPECT_FALSE(parse_namespace_format(test::namespace_data(8, 8)));
    EXPECT_FALSE(parse_namespace_format(test::namespace_data(8, 25)));
    Bytes more = test::namespace_data(8, 9);
    test::put_little(more, 8, 8, 9); // holds more than it has
    EXPECT_FALSE(parse_namespace_format(more));
    EXPECT_FALSE(*parse_namespace_format(Bytes(4096)));
}

TEST(NvmeList, EndsAtTheFirstZero) {
    EXPECT_THAT(parse_list(test::namespace_list({1, 3, 7}), 0).value(), ElementsAre(1U, 3U, 7U));
    EXPECT_TRUE(parse_list(test::namespace_list({}), 0)->empty());
    std::vector<std::uint32_t> full(1024);
    std::iota(full.begin(), full.end(), 2U);
    EXPECT_EQ(parse_list(test::namespace_list(full), 1)->size(), 1024U);
}

TEST(NvmeList, ThatDoesNotAscendIsNothing) {
    EXPECT_FALSE(parse_list(test::namespace_list({1, 1}), 0));
    EXPECT_FALSE(parse_list(test::namespace_list({5, 4}), 0));
    EXPECT_FALSE(parse_list(test::namespace_list({5}), 5)); // begins again
    EXPECT_FALSE(parse_list(Bytes(16), 0));
}

TEST(NvmeList, GoesOnAfterItsLastEntry) {
    std::vector<std::uint32_t> full(1024);
    std::iota(full.begin(), full.end(), 1U);
    Answers port({data_of(test::namespace_list(full)), data_of(test::namespace_list({2000}))});
    const auto all = read_list(port, Structure::active_list);
    ASSERT_TRUE(all);
    EXPECT_EQ(all->size(), 1025U);
    EXPECT_EQ(all->back(), 2000U);
    EXPECT_EQ(port.seen.at(1).nsid, 1024U);
}

TEST(NvmeList, ThatDoesNotEndIsAnError) {
    std::vector<NvmeReply> pages;
    for (std::uint32_t page = 0; page < 8; ++page) {
        std::vector<std::uint32_t> full(1024);
        std::iota(full.begin(), full.end(), 1 + 1024 * page);
        pages.push_back(data_of(test::namespace_list(full)));
    }
    Answers port(pages);
    const auto all = read_list(port, Structure::allocated_list);
    ASSERT_FALSE(all);
    EXPECT_EQ(all.error().message, "allocated namespaces: it does not end");
    EXPECT_EQ(port.seen.size(), 4U);
}

TEST(NvmeList, ThatIsRefusedSaysWhy) {
    Answers port({{0x4002, 0, {}}});
    const auto all = read_list(port, Structure::allocated_list);
    ASSERT_FALSE(all);
    EXPECT_EQ(all.error().fault, Fault::drive);
    EXPECT_EQ(all.error().message,
              "allocated namespaces: refused: 002h: a field of the command is not for it");
}

} // namespace
} // namespace quietus::nvme
