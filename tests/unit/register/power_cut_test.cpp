// Cuts the power at every call by which a log grows, loses what was not yet on stable storage or
// tears it, and looks at what is left.
#include "cut_files.hpp"
#include "keeping_signer.hpp"
#include "tile_log.hpp"
#include "tile_tree.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>
#include <vector>

namespace quietus {
namespace {

class PowerCuts : public testing::Test {
  protected:
    void SetUp() override {
        files.at_step = [this] { see_checkpoint(); };
    }
    // Whoever read a checkpoint may keep it: there must never be another one of its size.
    void see_checkpoint() {
        const auto note = files.read(checkpoint_name).value();
        if (!note) return;
        const auto parsed = parse_note(*note);
        if (!parsed) return; // torn; recovery is looked at below
        const auto head = parse_checkpoint_text(parsed->text)->head;
        EXPECT_EQ(seen.emplace(head.size, *note).first->second, *note);
    }
    /// Opens the log as its next writer would, and appends until the power goes.
    void session(const std::vector<std::vector<std::string>>& batches) {
        TileLog log(files);
        ok(log.read_checkpoint());
        if (!log.exists()) ok(log.create(*signer));
        std::vector<std::string> found;
        ok(log.advance([&](std::uint64_t, std::string_view entry) -> Status {
            found.emplace_back(entry);
            return {};
        }));
        expect_all_of(found);
        const auto done = log.recover(*signer);
        ASSERT_TRUE(done) << done.error().message;
        repaired += *done ? 1 : 0;
        for (const auto& batch : batches) {
            tried.insert(tried.end(), batch.begin(), batch.end());
            ok(log.append(batch, *signer));
            acknowledged = log.known();
        }
    }
    void ok(const Status& status) {
        ASSERT_TRUE(status) << status.error().message << " after step " << where;
    }
    void expect_all_of(const std::vector<std::string>& found) {
        ASSERT_GE(found.size(), acknowledged) << "lost an acknowledged entry, step " << where;
        for (const std::string& entry : found)
            ASSERT_NE(entry, "");
        entries_found = found;
    }
    /// After a cut: everything a stranger would check.
    void expect_whole() {
        TileLog log(files);
        ok(log.read_checkpoint());
        if (!log.exists()) {
            EXPECT_EQ(acknowledged, 0u);
            return;
        }
        ASSERT_TRUE(open_note(log.note(), signer->verifier())) << "step " << where;
        std::vector<std::string> found;
        ok(log.advance([&](std::uint64_t, std::string_view entry) -> Status {
            found.emplace_back(entry);
            return {};
        }));
        expect_all_of(found);
        const TreeHead head = log.checkpoint().head;
        const auto root = TileTree(files, head.size).root(head.size);
        ASSERT_TRUE(root) << root.error().message << " after step " << where;
        EXPECT_EQ(*root, head.root) << "a checkpoint that the tiles do not support, " << where;
        const auto at = seen.find(head.size);
        if (at != seen.end()) {
            EXPECT_EQ(at->second, log.note());
        }
    }
    static std::vector<std::string> batch(std::size_t first, std::size_t count) {
        std::vector<std::string> entries;
        for (std::size_t i = first; i < first + count; ++i)
            entries.push_back("entry " + std::to_string(i));
        return entries;
    }
    /// Grows a log of `base` entries by three appends, with the power cut after every step,
    /// or after every `stride`th.
    void campaign(std::size_t base, unsigned seeds, std::uint64_t stride = 1) {
        for (unsigned seed = 0; seed < seeds; ++seed)
            for (where = 0;; where += stride) {
                std::mt19937 random(seed * 7919U + static_cast<unsigned>(where));
                reset();
                if (base != 0) session({batch(0, base)});
                files.steps = 0;
                files.cut_after = where;
                bool finished = true;
                try {
                    session({batch(base, 1), batch(base + 1, 2), batch(base + 3, 1)});
                } catch (const PowerCut&) {
                    finished = false;
                }
                if (finished) break;
                expect_survival(random);
                if (HasFatalFailure()) return;
            }
        EXPECT_GT(where, 30u);
    }
    void expect_survival(std::mt19937& random) {
        files.lose_power(random);
        expect_whole();
        // The power goes once more while the log is being repaired.
        files.cut_after = random() % 12;
        try {
            session({});
        } catch (const PowerCut&) {
            files.lose_power(random);
        }
        files.cut_after = ~std::uint64_t{0};
        expect_whole();
        session({{"the next one"}});
        expect_whole();
        ASSERT_FALSE(entries_found.empty());
        EXPECT_EQ(entries_found.back(), "the next one");
        for (std::size_t i = 0; i + 1 < entries_found.size(); ++i)
            ASSERT_EQ(entries_found[i], "entry " + std::to_string(i));
    }
    void reset() {
        const auto at_step = files.at_step;
        files = CutFiles();
        files.at_step = at_step;
        signer = std::make_unique<KeepingSigner>("test");
        seen.clear();
        tried.clear();
        acknowledged = 0;
    }

    CutFiles files;
    // It remembers what it signed, whatever the power does: no cut may lead to a second history.
    std::unique_ptr<CheckpointSigner> signer = std::make_unique<KeepingSigner>("test");
    std::map<std::uint64_t, std::string> seen;
    std::vector<std::string> tried;
    std::vector<std::string> entries_found;
    std::uint64_t acknowledged = 0;
    std::uint64_t where = 0;
    int repaired = 0;
};

TEST_F(PowerCuts, LoseNothingAcknowledgedWhileALogIsMade) {
    campaign(0, 20);
    EXPECT_GT(repaired, 0);
}

TEST_F(PowerCuts, LoseNothingAcknowledgedWhileATileGrows) {
    campaign(3, 20);
    EXPECT_GT(repaired, 0);
}

TEST_F(PowerCuts, LoseNothingAcknowledgedWhileATileIsFilled) {
    campaign(253, 8);
    EXPECT_GT(repaired, 0);
}

TEST_F(PowerCuts, LoseNothingAcknowledgedWhileATileAboveIsFilled) {
    campaign(65534, 1, 11);
    EXPECT_GT(repaired, 0);
}

} // namespace
} // namespace quietus
