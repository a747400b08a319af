// The keeper of a log's key: it signs one history, whoever asks and whatever they show.
#include "quietus/register/checkpoint.hpp"

#include "merkle.hpp"
#include "tile_names.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace quietus {
namespace {

using testing::HasSubstr;

// Trees of a few entries, straight from the definition (RFC 6962 section 2.1): nothing of the
// program's own tiles.
class Keeper : public testing::Test {
  protected:
    static TreeHead head_of(const std::vector<std::string>& entries) {
        std::vector<Hash> leaves;
        for (const std::string& entry : entries)
            leaves.push_back(leaf_hash(entry));
        return {entries.size(), root_of(leaves)};
    }
    static std::vector<std::string> some(std::size_t count, const std::string& kind = "entry ") {
        std::vector<std::string> entries;
        for (std::size_t i = 0; i < count; ++i)
            entries.push_back(kind + std::to_string(i));
        return entries;
    }
    static std::string text_of(const TreeHead& head, const std::string& origin = "log/one") {
        return checkpoint_text({origin, head});
    }
    // RFC 6962 section 2.1.2, SUBPROOF, as it is written there.
    static void subproof(std::size_t m, std::span<const Hash> leaves, bool known, Bytes& out) {
        const auto put = [&](std::span<const Hash> of) {
            const Hash hash = root_of(of);
            out.insert(out.end(), hash.begin(), hash.end());
        };
        if (m == leaves.size()) {
            if (!known) put(leaves);
            return;
        }
        const std::size_t k = split_of(leaves.size());
        if (m <= k) {
            subproof(m, leaves.first(k), known, out);
            put(leaves.subspan(k));
        } else {
            subproof(m - k, leaves.subspan(k), false, out);
            put(leaves.first(k));
        }
    }
    static Bytes proof_between(std::size_t earlier, const std::vector<std::string>& entries) {
        std::vector<Hash> leaves;
        for (const std::string& entry : entries)
            leaves.push_back(leaf_hash(entry));
        Bytes proof;
        if (earlier != 0) subproof(earlier, leaves, true, proof);
        return proof;
    }
    void expect_refusal(const std::string& text, const Bytes& proof, const std::string& why) {
        const auto note = keeper.sign(text, proof);
        ASSERT_FALSE(note) << text;
        EXPECT_THAT(note.error().message, HasSubstr(why));
    }

    CheckpointKeeper keeper{PrivateKey::generate(KeyKind::ed25519).value()};
};

TEST_F(Keeper, SignsEveryGrowthThatIsShown) {
    for (std::size_t earlier = 0; earlier <= 20; ++earlier)
        for (std::size_t later = earlier; later <= 20; ++later) {
            CheckpointKeeper fresh{PrivateKey::generate(KeyKind::ed25519).value()};
            ASSERT_TRUE(fresh.sign(text_of(head_of(some(earlier))), {}));
            EXPECT_TRUE(
                fresh.sign(text_of(head_of(some(later))), proof_between(earlier, some(later))))
                << earlier << " to " << later;
            EXPECT_EQ(fresh.entries(), later);
        }
}

TEST_F(Keeper, SignsNoSmallerTree) {
    ASSERT_TRUE(keeper.sign(text_of(head_of(some(5))), {}));
    expect_refusal(text_of(head_of(some(4))), {}, "of 4 entries, after one of 5");
    expect_refusal(text_of(head_of({})), {}, "of 0 entries, after one of 5");
    EXPECT_EQ(keeper.entries(), 5u);
}

TEST_F(Keeper, SignsNoOtherTreeOfOneSize) {
    ASSERT_TRUE(keeper.sign(text_of(head_of(some(5))), {}));
    expect_refusal(text_of(head_of(some(5, "other "))), {}, "not shown to contain");
    EXPECT_TRUE(keeper.sign(text_of(head_of(some(5))), {})) << "the same once more";
}

TEST_F(Keeper, SignsNoLargerTreeThatDoesNotContainTheLast) {
    for (std::size_t earlier = 1; earlier < 12; ++earlier) {
        CheckpointKeeper fresh{PrivateKey::generate(KeyKind::ed25519).value()};
        ASSERT_TRUE(fresh.sign(text_of(head_of(some(earlier))), {}));
        auto rewritten = some(13);
        rewritten[earlier - 1] = "another";
        const std::string text = text_of(head_of(rewritten));
        for (const Bytes& proof :
             {proof_between(earlier, rewritten), proof_between(earlier, some(13)), Bytes{},
              Bytes(31), Bytes(32), Bytes(32 * 4)})
            EXPECT_FALSE(fresh.sign(text, proof)) << earlier;
    }
}

TEST_F(Keeper, SignsForOneLogAlone) {
    ASSERT_TRUE(keeper.sign(text_of(head_of(some(1))), {}));
    expect_refusal(text_of(head_of(some(1)), "log/two"), {}, "of another log");
}

TEST_F(Keeper, SignsNothingThatIsNoCheckpoint) {
    for (const char* text : {"", "hello\n", "QTS-TEST01-00000001 is erased\n\n"})
        expect_refusal(text, {}, "");
    expect_refusal(text_of(head_of(some(1))) + "and more\n", {}, "more in it than");
}

TEST_F(Keeper, GoesOnFromItsOwnCheckpointAndFromNoOther) {
    const Secret pem = PrivateKey::generate(KeyKind::ed25519)->to_pem();
    const auto key = [&] { return PrivateKey::from_pem(pem.view()).value(); };
    CheckpointKeeper before{key()};
    const auto note = before.sign(text_of(head_of(some(7))), {});
    ASSERT_TRUE(note);
    CheckpointKeeper after{key()};
    after.remember(*note);
    EXPECT_EQ(after.entries(), 7u);
    EXPECT_EQ(after.origin(), "log/one");
    EXPECT_FALSE(after.sign(text_of(head_of(some(6))), {}));
    EXPECT_TRUE(after.sign(text_of(head_of(some(9))), proof_between(7, some(9))));
    keeper.remember(*note);
    EXPECT_EQ(keeper.entries(), 0u) << "another key's";
    after.remember("nonsense");
    EXPECT_EQ(after.entries(), 9u);
    after.remember(*note);
    EXPECT_EQ(after.entries(), 9u) << "an older one";
}

} // namespace
} // namespace quietus
