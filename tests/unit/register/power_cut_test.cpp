// Cuts the power at every call by which a log grows, loses what was not yet on stable storage or
// tears it, and looks at what is left.
#include "keeping_signer.hpp"
#include "tile_log.hpp"
#include "tile_tree.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace quietus {
namespace {

struct PowerCut {};

// Files and directories in memory, each as it is and as stable storage has it. A name that was not
// synced may or may not be there after a cut, independently of every other; content that was not
// synced may be the old one, a part of the new one, or the new one.
class CutFiles final : public LogFiles {
  public:
    std::uint64_t cut_after = ~std::uint64_t{0}; ///< steps
    std::uint64_t steps = 0;
    std::function<void()> at_step = [] {};

    Result<std::optional<std::string>> read(const std::string& name) override {
        const auto found = now_.find(name);
        if (found == now_.end()) return std::optional<std::string>{};
        return std::optional(found->second->now);
    }
    Status write(const std::string& name, std::string_view content) override {
        EXPECT_TRUE(directory_is_there(name)) << name;
        auto& file = now_[name];
        if (!file) file = std::make_shared<File>();
        file->now = content;
        step();
        file->durable = file->now;
        step();
        return {};
    }
    Status rename(const std::string& from, const std::string& to) override {
        now_[to] = now_.at(from);
        now_.erase(from);
        step();
        return {};
    }
    Result<bool> make_directory(const std::string& name) override {
        EXPECT_TRUE(directory_is_there(name)) << name;
        if (now_.contains(name)) return false;
        now_[name] = std::make_shared<File>();
        step();
        return true;
    }
    Status sync_directory(const std::string& name) override {
        for (auto& [path, file] : now_)
            if (parent(path) == name) durable_[path] = file;
        std::erase_if(durable_, [&](const auto& each) {
            return parent(each.first) == name && !now_.contains(each.first);
        });
        step();
        return {};
    }
    std::vector<std::string> list(const std::string& name) override {
        std::vector<std::string> names;
        for (const auto& [path, file] : now_)
            if (parent(path) == name) names.push_back(path.substr(name.size() + 1));
        return names;
    }
    Status remove(const std::string& name) override {
        now_.erase(name);
        step();
        return {};
    }

    /// What the next start of the machine finds.
    void lose_power(std::mt19937& random) {
        std::map<std::string, std::shared_ptr<File>> left;
        const auto coin = [&random] { return (random() & 1U) != 0; };
        for (const auto& [path, file] : now_) {
            const auto old = durable_.find(path);
            if (old != durable_.end() && (old->second == file || coin()))
                left[path] = old->second;
            else if (old == durable_.end() ? coin() : true)
                left[path] = file;
        }
        for (const auto& [path, file] : durable_)
            if (!now_.contains(path) && coin()) left[path] = file;
        // Names come before what is below them, so one pass drops what hangs in the air.
        std::erase_if(left, [&](const auto& each) {
            const std::string above = parent(each.first);
            return !above.empty() && !left.contains(above);
        });
        for (auto& [path, file] : left)
            file = std::make_shared<File>(torn(*file, random));
        now_ = left;
        durable_ = left;
        cut_after = ~std::uint64_t{0};
        steps = 0;
    }

  private:
    struct File {
        std::string now;
        std::string durable;
    };

    static std::string parent(const std::string& path) {
        const auto slash = path.rfind('/');
        return slash == path.npos ? "" : path.substr(0, slash);
    }
    [[nodiscard]] bool directory_is_there(const std::string& path) const {
        return parent(path).empty() || now_.contains(parent(path));
    }
    static File torn(const File& file, std::mt19937& random) {
        std::string content = file.now;
        if (file.now != file.durable) switch (random() % 4) {
            case 0:
                content = file.durable;
                break;
            case 1:
                content.resize(random() % (content.size() + 1));
                break;
            case 2: // the length arrived before the octets
                for (auto at = random() % (content.size() + 1); at < content.size(); ++at)
                    content[at] = '\0';
                break;
            default:
                break;
            }
        return {content, content};
    }
    void step() {
        at_step();
        if (++steps > cut_after) throw PowerCut();
    }
    std::map<std::string, std::shared_ptr<File>> now_;
    std::map<std::string, std::shared_ptr<File>> durable_;
};

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
