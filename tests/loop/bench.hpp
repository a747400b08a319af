// Bench: a station of its own with the built programs, used as a person at a bench uses them.
#pragma once

#include "loop_fixture.hpp"
#include "medium.hpp"

#include "quietus/core/json.hpp"

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

namespace quietus::rig {

/// A program that runs beside the test, with an empty standard input.
class Program {
  public:
    /// Standard output and error go to files in a directory of its own.
    explicit Program(const std::vector<std::string>& words);
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;
    /// Kills it when it still runs.
    ~Program();

    void signal(int number) const;
    [[nodiscard]] pid_t pid() const { return process_; }
    /// Waits until it has printed the text on standard output or error; false when it ended, or
    /// half a minute passed, without.
    [[nodiscard]] bool prints(const std::string& text);
    /// Waits for its end: the exit status, or 128 + the signal that ended it.
    int wait();
    [[nodiscard]] std::string output() const;
    [[nodiscard]] std::string errors() const;

  private:
    bool ended();

    ScratchDirectory directory_;
    pid_t process_ = -1;
    int status_ = -1;
};

struct Finding {
    std::string code;
    Blocks blocks; ///< count 0: the finding is about no blocks
};

/// How `erase --json` ended for one drive, as its last line tells.
struct Erasure {
    int exit_status = -1;
    std::string verdict;
    std::string job;
    std::string document; ///< path; empty when there is none
    std::vector<Finding> findings;
    std::string said; ///< all of standard output and error, for messages

    [[nodiscard]] std::vector<Blocks> blocks_of(const std::string& code) const;
    [[nodiscard]] bool has(const std::string& code) const;
};

using Words = std::vector<std::string>;

class Bench {
  public:
    /// With keys, as station BENCH1.
    Bench();

    [[nodiscard]] std::string state() const { return directory_.path("state"); }
    [[nodiscard]] std::string certificates() const { return state() + "/certificates"; }

    /// quietus with these words.
    [[nodiscard]] std::unique_ptr<Program> start(Words words) const;
    [[nodiscard]] ProgramRun quietus(const Words& words) const;

    /// The code that `plan` gives; empty when it gives none.
    [[nodiscard]] std::string code_for(const std::string& drive, const Words& options) const;
    /// erase --json of the drive, already confirmed.
    [[nodiscard]] std::unique_ptr<Program> start_erase(const std::string& drive,
                                                       const Words& options) const;
    [[nodiscard]] Erasure erase(const std::string& drive, const Words& options) const;
    /// Waits for the end of what start_erase() began.
    [[nodiscard]] static Erasure outcome(Program& erasing);
    /// The same for many drives in one run; the outcomes in the order of the drives.
    [[nodiscard]] std::unique_ptr<Program> start_erase(const Words& drives,
                                                       const Words& options) const;
    [[nodiscard]] static std::vector<Erasure> outcomes(Program& erasing);

    /// quietus-audit verify with the station's root; the stock check of certificates/SPEC.md.
    [[nodiscard]] ProgramRun audit(const std::string& document) const;
    [[nodiscard]] ProgramRun stock_check(const std::string& document) const;
    /// How many entries of that type the log has.
    [[nodiscard]] std::size_t logged(const std::string& type) const;

  private:
    ScratchDirectory directory_;
};

[[nodiscard]] Words scheme(const std::string& id);
[[nodiscard]] Json json_of(const std::string& text);
/// A member of a member ...; fails the test, and answers null, when it is not there.
[[nodiscard]] const Json& at(const Json& json, const Words& path);
[[nodiscard]] std::uint64_t number(const Json& json);

/// A loop device over a file full of secrets.
class SecretDriveTest : public LoopTest {
  protected:
    static constexpr std::uint64_t drive_bytes = 16U << 20U;

    void SetUp() override;

    std::string medium;
    std::unique_ptr<LoopDrive> loop;
};

} // namespace quietus::rig
