#include "quietus/core/nearest.hpp"

#include <gtest/gtest.h>

namespace quietus {
namespace {

const std::vector<std::string> verbs = {"erase", "plan", "list", "inspect", "key init", "key show"};
using Names = std::vector<std::string>;

TEST(Nearest, FindsTransposedMissingAndExtraLetters) {
    EXPECT_EQ(nearest("earse", verbs), Names{"erase"});
    EXPECT_EQ(nearest("eras", verbs), Names{"erase"});
    EXPECT_EQ(nearest("inspectt", verbs), Names{"inspect"});
}

TEST(Nearest, PutsTheNearestFirstAndNamesAtMostThree) {
    EXPECT_EQ(nearest("key shw", verbs).front(), "key show");
    EXPECT_EQ(nearest("aa", {"ab", "ac", "ad", "ae"}).size(), 3u);
}

TEST(Nearest, FindsANameByAPartOfIt) {
    EXPECT_EQ(nearest("gutmann", {"x.gutmann", "x.schneier"}), Names{"x.gutmann"});
}

TEST(Nearest, FindsNothingThatDoesNotResemble) {
    EXPECT_TRUE(nearest("defragment", verbs).empty());
    EXPECT_TRUE(nearest("", verbs).empty());
    EXPECT_TRUE(nearest(std::string(100000, 'e'), verbs).empty());
}

TEST(DidYouMean, ReadsAsAQuestion) {
    EXPECT_EQ(did_you_mean("earse", verbs), "did you mean erase?");
    EXPECT_EQ(did_you_mean("aa", {"ab", "ac", "ad"}), "did you mean ab, ac or ad?");
    EXPECT_EQ(did_you_mean("defragment", verbs), "");
}

} // namespace
} // namespace quietus
