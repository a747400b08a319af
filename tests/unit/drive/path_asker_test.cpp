#include "path_asker.hpp"

#include "quietus/confine/run_children.hpp"

#include <gtest/gtest.h>

#include <sys/stat.h>

namespace quietus {
namespace {

// With it comes the process that answers, which is the parent's.
ChildWork asking_with(PathAsker& inherited) {
    return [&inherited](const ChildChannel& channel) {
        const auto place = inherited.place("/");
        channel.send(place && !place->silent ? "found" : "not found");
    };
}

TEST(PathAsker, FindsWhatAPathLeadsTo) {
    struct stat root {};
    ASSERT_EQ(::stat("/", &root), 0);
    const auto place = PathAsker().place("/");
    ASSERT_TRUE(place.has_value());
    EXPECT_FALSE(place->silent);
    EXPECT_EQ(place->inode, root.st_ino);
    EXPECT_EQ(PathAsker().place("/no such thing"), std::nullopt);
}

// Whoever looks at the machine once more, beside us, has a copy of all that we have.
TEST(PathAsker, AnswersHereAndInEveryCopyOfThisProcess) {
    PathAsker asker;
    ASSERT_TRUE(asker.place("/").has_value());
    for (const ChildResult& copy : run_children({asking_with(asker), asking_with(asker)}))
        EXPECT_EQ(copy.bytes, "found");
    const auto place = asker.place("/");
    ASSERT_TRUE(place.has_value());
    EXPECT_FALSE(place->silent);
}

} // namespace
} // namespace quietus
