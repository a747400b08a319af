// Loop drives for tests: real block devices over scratch files or over a lying drive, which are
// gone again when the test is, however it ends. Needs root.
#pragma once

#include <gtest/gtest.h>

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace quietus::rig {

/// Why loop drives (or FUSE) cannot be had here; empty when they can.
[[nodiscard]] std::string why_no_loop_drives();
[[nodiscard]] std::string why_no_fuse();
/// Process 1 has another root directory. There mounts are seen twice, by the paths of either, and
/// fusermount3 takes down nothing by itself.
[[nodiscard]] bool is_in_chroot();

/// A directory of its own under the test's temporary directory, removed in the end.
class ScratchDirectory {
  public:
    ScratchDirectory();
    ScratchDirectory(const ScratchDirectory&) = delete;
    ScratchDirectory& operator=(const ScratchDirectory&) = delete;
    ~ScratchDirectory();

    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] std::string path(const std::string& name) const { return path_ + "/" + name; }
    /// A sparse file of that size; its path.
    std::string make_file(const std::string& name, std::uint64_t size) const;

  private:
    std::string path_;
};

enum class LoopAccess : std::uint8_t { read_write, read_only };

struct LoopOptions {
    std::uint32_t block_bytes = 512;
    LoopAccess access = LoopAccess::read_write;
    std::uint64_t offset = 0; ///< where in the file the drive begins
};

/// A loop device over a file, with direct I/O to it where the file allows.
///
/// It is set to clear itself at its last close and held open for reading only, so that even a test
/// that is killed leaves none behind, and no writer or exclusive claim is seen because of it.
class LoopDrive {
  public:
    explicit LoopDrive(const std::string& file, LoopOptions options = {});
    LoopDrive(const LoopDrive&) = delete;
    LoopDrive& operator=(const LoopDrive&) = delete;
    ~LoopDrive();

    [[nodiscard]] const std::string& node() const { return node_; } ///< "/dev/loop3"
    /// Makes the kernel look at the size of the file again.
    void refresh_capacity() const;
    /// Lets go of the device before the end of the life of this object.
    void detach();

  private:
    std::string node_;
    int keeper_ = -1;
};

/// The file of a running lying_drive; lying_store.hpp names the faults.
class LyingDrive {
  public:
    explicit LyingDrive(std::uint64_t size, const std::string& fault = "honest");
    LyingDrive(const LyingDrive&) = delete;
    LyingDrive& operator=(const LyingDrive&) = delete;
    /// Unmounts and ends the program; requests that hang in it fail.
    ~LyingDrive();

    [[nodiscard]] std::string file() const { return directory_.path("mount/drive"); }
    /// What is really stored, whatever the drive answers.
    [[nodiscard]] std::string store() const { return directory_.path("store"); }
    void set_fault(const std::string& fault) const;
    /// reads, writes, flushes, bytes_read, bytes_written, faults since the start.
    [[nodiscard]] std::map<std::string, std::uint64_t> counts() const;

  private:
    ScratchDirectory directory_;
    pid_t process_ = -1;
};

/// What a program said and how it ended.
struct ProgramRun {
    int exit_status = -1; ///< 128 + signal when it was killed
    std::string output;   ///< stdout and stderr together
};

/// Runs a program of the machine, found in PATH or the sbin directories.
ProgramRun run(const std::vector<std::string>& words);

/// The base of all tests that need loop drives: skips itself, with the reason, where there are
/// none.
class LoopTest : public testing::Test {
  protected:
    void SetUp() override;
    ScratchDirectory scratch;
};

class LyingDriveTest : public LoopTest {
  protected:
    void SetUp() override;
};

} // namespace quietus::rig
