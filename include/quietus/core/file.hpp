// Files of evidence: read whole, created new and durable, or appended to and synced.
//
// Nothing here opens a drive: everything but a regular file is refused.
#pragma once

#include "quietus/core/bytes.hpp"
#include "quietus/core/result.hpp"

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace quietus {

/// The whole content of a regular file of at most `limit` bytes. Fault::io when it cannot be read,
/// Fault::invalid when it is larger or no regular file; a block device is never opened.
[[nodiscard]] Result<std::string> read_regular_file(const std::string& path, std::size_t limit);

/// Creates `path` with this content, durably: temporary file in the same directory, fsync, rename
/// that never replaces, fsync of the directory, read back and compared. Nothing of that name may
/// exist, symlinks included. Fault::evidence; after a failure there is no file of that name that
/// was not there before.
[[nodiscard]] Status save_new_file(const std::string& path, std::string_view content,
                                   mode_t mode = 0644);

/// Writes all of it to an open descriptor, however many calls that takes. Fault::evidence, naming
/// the path.
[[nodiscard]] Status write_all(int descriptor, std::string_view content, const std::string& path);

/// Makes the directory and its parents (mode for the last one); existing ones are left as they are.
[[nodiscard]] Status make_directories(const std::string& path, mode_t mode = 0755);

/// What to do while another process has the file open.
enum class Contention : std::uint8_t { refuse, wait };

/// A file that only grows, one line at a time, held under an exclusive lock as long as it is open.
class AppendFile {
  public:
    /// Opens or creates it (0600) without following a symlink. Fault::evidence; with
    /// Contention::refuse Fault::refused when another process holds it.
    static Result<AppendFile> open(const std::string& path, Contention contention);
    AppendFile(AppendFile&& other) noexcept;
    AppendFile& operator=(AppendFile&&) = delete;
    ~AppendFile();

    /// Adds the line and a newline; returns once they are on stable storage when `durable`. After a
    /// failure the file is cut back to its length before.
    [[nodiscard]] Status append(std::string_view line, bool durable = true);
    /// Drops what a crash left after the last complete line: bytes from `size` on. Durable.
    [[nodiscard]] Status cut_back_to(std::uint64_t size);
    /// Everything in it, at most `limit` bytes (Fault::invalid beyond).
    [[nodiscard]] Result<std::string> content(std::size_t limit) const;
    [[nodiscard]] std::uint64_t size() const { return size_; }

  private:
    AppendFile(int descriptor, std::string path, std::uint64_t size);
    int descriptor_;
    std::string path_;
    std::uint64_t size_;
};

} // namespace quietus
