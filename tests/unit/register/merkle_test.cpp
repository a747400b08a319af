#include "merkle.hpp"
#include "tile_names.hpp"

#include <gtest/gtest.h>

namespace quietus {
namespace {

// The leaves and roots of the reference implementation of Certificate Transparency
// (google/certificate-transparency, merkle_tree_test): eight leaves, the root at each size.
Bytes octets(const char* hex) {
    return from_hex(hex).value();
}
const std::vector<std::string> leaves{"",
                                      "00",
                                      "10",
                                      "2021",
                                      "3031",
                                      "40414243",
                                      "5051525354555657",
                                      "606162636465666768696a6b6c6d6e6f"};
const std::vector<std::string> roots{
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};

Hash leaf(std::size_t i) {
    return leaf_hash(as_text(octets(leaves[i].c_str())));
}

TEST(Merkle, GivesTheRootsOfTheReferenceTree) {
    EXPECT_EQ(to_hex(root_of({})),
              "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    Frontier frontier;
    std::vector<Hash> hashes;
    for (std::size_t i = 0; i < leaves.size(); ++i) {
        hashes.push_back(leaf(i));
        (void)frontier.push(hashes.back());
        EXPECT_EQ(to_hex(root_of(hashes)), roots[i]);
        EXPECT_EQ(to_hex(frontier.root()), roots[i]);
    }
}

TEST(Merkle, ChecksTheInclusionProofsOfTheReferenceTree) {
    const auto hash = [](const char* hex) { return *to_hash(octets(hex)); };
    const TreeHead eight{8, hash(roots[7].c_str())};
    const std::vector<Hash> path{
        hash("96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"),
        hash("5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"),
        hash("6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4")};
    EXPECT_TRUE(proves_inclusion(path, leaf(0), 0, eight));
    EXPECT_FALSE(proves_inclusion(path, leaf(1), 0, eight));
    for (std::uint64_t index = 1; index < 9; ++index)
        EXPECT_FALSE(proves_inclusion(path, leaf(0), index, eight)) << index;
    for (std::uint64_t size = 0; size < 5; ++size) // from 5 on the path has the same shape
        EXPECT_FALSE(proves_inclusion(path, leaf(0), 0, {size, eight.root})) << size;
    EXPECT_FALSE(proves_inclusion(std::span(path).first(2), leaf(0), 0, eight));
}

TEST(TileNames, AreThoseOfTheSpecification) {
    EXPECT_EQ(tile_name(0, 1234067, 256), "tile/0/x001/x234/067");
    EXPECT_EQ(tile_name(2, 0, 1), "tile/2/000.p/1");
    EXPECT_EQ(bundle_name(273, 112), "tile/entries/273.p/112");
    EXPECT_EQ(bundle_name(1000, 256), "tile/entries/x001/000");
}

// The specification's example: 70,000 entries.
TEST(TileNames, CountAsInTheSpecification) {
    Frontier frontier;
    std::size_t full[3] = {0, 0, 0};
    for (int i = 0; i < 70000; ++i)
        for (const auto& tile : frontier.push(Hash{}))
            ++full[tile.level];
    EXPECT_EQ(full[0], 273u);
    EXPECT_EQ(full[1], 1u);
    EXPECT_EQ(frontier.levels()[0].size(), 112u);
    EXPECT_EQ(frontier.levels()[1].size(), 17u);
    EXPECT_EQ(frontier.levels()[2].size(), 1u);
}

TEST(Checkpoint, ReadsTheExampleOfTheSpecification) {
    const std::string text = "example.com/behind-the-sofa\n20852163\n"
                             "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
    const auto checkpoint = parse_checkpoint_text(text);
    ASSERT_TRUE(checkpoint);
    EXPECT_EQ(checkpoint->origin, "example.com/behind-the-sofa");
    EXPECT_EQ(checkpoint->head.size, 20852163u);
    EXPECT_EQ(checkpoint_text(*checkpoint), text);
    EXPECT_TRUE(parse_checkpoint_text(text + "extension\n"));
    EXPECT_FALSE(parse_checkpoint_text(text + "\n"));
    EXPECT_FALSE(parse_checkpoint_text("\n" + text));
    EXPECT_FALSE(parse_checkpoint_text("a\n01\n" + text.substr(37)));
}

} // namespace
} // namespace quietus
