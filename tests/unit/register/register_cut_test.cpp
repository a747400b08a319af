// Ends a station at every call by which its log grows, by SIGKILL on real files and by a power cut
// on files in memory, and looks at what its next run and an auditor find.
#include "cut_files.hpp"
#include "log_directory.hpp"
#include "log_register.hpp"
#include "pending.hpp"

#include "quietus/core/file.hpp"
#include "quietus/register/audit.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

namespace quietus {
namespace {

// Another object's files.
class SameFiles : public LogFiles {
  public:
    explicit SameFiles(LogFiles& files) : files_(files) {}
    Result<std::optional<std::string>> read(const std::string& name) override {
        return files_.read(name);
    }
    Status write(const std::string& name, std::string_view content) override {
        return files_.write(name, content);
    }
    Status rename(const std::string& from, const std::string& to) override {
        return files_.rename(from, to);
    }
    Result<bool> make_directory(const std::string& name) override {
        return files_.make_directory(name);
    }
    Status sync_directory(const std::string& name) override { return files_.sync_directory(name); }
    std::vector<std::string> list(const std::string& name) override { return files_.list(name); }
    Status remove(const std::string& name) override { return files_.remove(name); }

  private:
    LogFiles& files_;
};

// A directory in which the process is killed at a call that changes it: before it, and in the
// middle of a write.
class DeadlyFiles final : public SameFiles {
  public:
    DeadlyFiles(std::string directory, LogFiles& files, int calls)
        : SameFiles(files), directory_(std::move(directory)), calls_(calls) {}
    Status write(const std::string& name, std::string_view content) override {
        step();
        if (calls_-- == 0) {
            std::ofstream(directory_ + "/" + name, std::ios::binary)
                << content.substr(0, content.size() / 2) << std::flush;
            raise(SIGKILL);
        }
        return SameFiles::write(name, content);
    }
    Status rename(const std::string& from, const std::string& to) override {
        step();
        return SameFiles::rename(from, to);
    }
    Result<bool> make_directory(const std::string& name) override {
        step();
        return SameFiles::make_directory(name);
    }
    Status sync_directory(const std::string& name) override {
        step();
        return SameFiles::sync_directory(name);
    }
    Status remove(const std::string& name) override {
        step();
        return SameFiles::remove(name);
    }

  private:
    void step() {
        if (calls_-- == 0) raise(SIGKILL);
    }
    std::string directory_;
    int calls_;
};

class RegisterCut : public LogDirectory {
  protected:
    /// One job from its intent to its document; each append that was acknowledged is counted.
    static void run_job(Register& log, const std::function<void()>& acknowledge) {
        const auto intent = log.append_intent(intent_of());
        if (!intent) return;
        acknowledge();
        if (!log.append_result({intent->job, "failed", std::string(64, 'b')})) return;
        acknowledge();
        if (log.append_document({intent->job, "quietus.attempt", std::string(96, 'c')}))
            acknowledge();
    }
    /// As many jobs as give 253 entries: the next job fills a bundle and a tile.
    [[nodiscard]] std::vector<std::string> almost_a_tile() {
        for (int i = 0; i < 84; ++i)
            run_job(*log, [] {});
        std::istringstream all(entries());
        std::vector<std::string> lines;
        for (std::string text; std::getline(all, text);)
            lines.push_back(text);
        EXPECT_EQ(lines.size(), 253u);
        return lines;
    }
    /// The log anew, with these entries in one append.
    static void start(LogFiles& files, const std::vector<std::string>& lines) {
        if (lines.empty()) return;
        TileLog tiles(files);
        const auto signer = sign_checkpoints_with(load_key)("quietus/TEST").value();
        ASSERT_TRUE(tiles.create(*signer));
        ASSERT_TRUE(tiles.append(lines, *signer));
    }
    void start_directory(const std::vector<std::string>& lines) {
        std::filesystem::remove_all(directory);
        std::filesystem::create_directory(directory);
        start(*open_log_files(directory), lines);
        log = open(directory);
        said.clear();
    }
    /// Kills a process at this call of its; how many appends it had acknowledged, or nothing when
    /// it came to its end.
    std::optional<std::size_t> killed_at(int calls) {
        int ends[2];
        EXPECT_EQ(pipe(ends), 0);
        const pid_t child = fork();
        if (child == 0) {
            const auto files = open_log_files(directory);
            const auto own =
                open_log_register({directory, sign_checkpoints_with(load_key)}, clock,
                                  std::make_unique<DeadlyFiles>(directory, *files, calls));
            run_job(*own, [&] {
                if (write(ends[1], "+", 1) != 1) _exit(1);
            });
            _exit(0);
        }
        close(ends[1]);
        std::size_t acknowledged = 0;
        for (char each = 0; read(ends[0], &each, 1) == 1;)
            ++acknowledged;
        close(ends[0]);
        int status = 0;
        EXPECT_EQ(waitpid(child, &status, 0), child);
        if (WIFEXITED(status)) {
            EXPECT_EQ(WEXITSTATUS(status), 0);
            EXPECT_EQ(acknowledged, 3u);
            return std::nullopt;
        }
        EXPECT_EQ(WTERMSIG(status), SIGKILL);
        return acknowledged;
    }
    /// Whether an append was begun and not brought to its end.
    static bool is_left_half_done(LogFiles& files) {
        const auto note = files.read(checkpoint_name).value();
        const auto pending = load_pending(files).value();
        if (!note) return pending.torn || pending.whole.has_value();
        const std::uint64_t size = parse_checkpoint(*note)->head.size;
        return pending.torn || (pending.whole && pending.whole->size >= size);
    }
    /// The next run of the station goes on, says what it repaired, and has lost nothing.
    void expect_to_go_on(Register& next, bool half_done, std::size_t least) {
        ASSERT_TRUE(next.probe()) << next.probe().error().message;
        EXPECT_EQ(said.empty(), !half_done) << said;
        ASSERT_TRUE(next.append_intent(intent_of("THE NEXT ONE")));
        const auto jobs = next.jobs();
        ASSERT_TRUE(jobs) << jobs.error().message;
        std::size_t appends = 0;
        for (const LoggedJob& job : *jobs)
            appends += 1 + (job.result ? 1 : 0) + (job.document ? 1 : 0);
        EXPECT_GE(appends, least + 1);
        EXPECT_LE(appends, least + 2) << "one that was not acknowledged may be in, no more";
    }
    void expect_nothing_broken() const {
        const std::vector logs{NoteVerifier::of("quietus/TEST", load_key().value()).value()};
        const auto anchors = TrustAnchors::none();
        const auto report =
            audit_register({directory, std::nullopt, std::nullopt, directory, logs, anchors});
        for (const CheckFinding& each : report.findings)
            EXPECT_FALSE(each.code.starts_with("E_")) << each.code << ": " << each.text;
    }
    void kill_at_every_call(const std::vector<std::string>& lines) {
        int calls = 0;
        for (;; ++calls) {
            SCOPED_TRACE("killed at call " + std::to_string(calls));
            start_directory(lines);
            const auto acknowledged = killed_at(calls);
            if (!acknowledged) break;
            if (!lines.empty() || *acknowledged > 0) expect_nothing_broken();
            const auto files = open_log_files(directory);
            expect_to_go_on(*log, is_left_half_done(*files), appends_in(lines) + *acknowledged);
            if (HasFatalFailure()) return;
        }
        EXPECT_GT(calls, 50);
    }
    /// The same, with the power lost after every step, and what was not synced lost or torn.
    void cut_at_every_step(const std::vector<std::string>& lines, unsigned seeds) {
        std::uint64_t step = 0;
        for (unsigned seed = 0; seed < seeds; ++seed)
            for (step = 0;; ++step) {
                SCOPED_TRACE("cut after step " + std::to_string(step));
                CutFiles files;
                start(files, lines);
                files.steps = 0;
                files.cut_after = step;
                std::size_t acknowledged = 0;
                if (!is_cut(files, acknowledged)) break;
                std::mt19937 random(seed * 7919U + static_cast<unsigned>(step));
                files.lose_power(random);
                said.clear();
                const auto next = over(files);
                expect_to_go_on(*next, is_left_half_done(files), appends_in(lines) + acknowledged);
                if (HasFatalFailure()) return;
            }
        EXPECT_GT(step, 50u);
    }
    std::unique_ptr<Register> over(LogFiles& files) {
        return open_log_register({directory, sign_checkpoints_with(load_key),
                                  [this](const auto& text) { said += text; }},
                                 clock, std::make_unique<SameFiles>(files));
    }
    bool is_cut(CutFiles& files, std::size_t& acknowledged) {
        try {
            run_job(*over(files), [&] { ++acknowledged; });
        } catch (const PowerCut&) {
            return true;
        }
        return false;
    }
    /// The genesis comes with the first intent.
    static std::size_t appends_in(const std::vector<std::string>& lines) {
        return lines.empty() ? 0 : lines.size() - 1;
    }
};

TEST_F(RegisterCut, SurvivesAKillAtEveryCallFromTheFirstOn) {
    kill_at_every_call({});
}

TEST_F(RegisterCut, SurvivesAKillAtEveryCallWhileATileIsFilled) {
    kill_at_every_call(almost_a_tile());
}

TEST_F(RegisterCut, SurvivesAPowerCutAtEveryStepFromTheFirstOn) {
    cut_at_every_step({}, 5);
}

TEST_F(RegisterCut, SurvivesAPowerCutAtEveryStepWhileATileIsFilled) {
    cut_at_every_step(almost_a_tile(), 1);
}

} // namespace
} // namespace quietus
