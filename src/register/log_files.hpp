// LogFiles: what a log does to its directory, call by call, so that a test can stop between any two
// of them as a power cut would.
//
// Names are relative to the log's directory. Every failure is Fault::evidence when writing and
// Fault::io when reading, naming the path.
#pragma once

#include "quietus/core/result.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quietus {

class LogFiles {
  public:
    virtual ~LogFiles() = default;
    /// The whole content of a regular file; nothing when there is no file of that name.
    [[nodiscard]] virtual Result<std::optional<std::string>> read(const std::string& name) = 0;
    /// Creates the file or replaces what is in it, and returns when the content is on stable
    /// storage. Its name is there only after sync_directory().
    [[nodiscard]] virtual Status write(const std::string& name, std::string_view content) = 0;
    /// Replaces whatever has the new name; on stable storage only after sync_directory().
    [[nodiscard]] virtual Status rename(const std::string& from, const std::string& to) = 0;
    /// Whether it had to be made; on stable storage only after sync_directory() of its parent.
    [[nodiscard]] virtual Result<bool> make_directory(const std::string& name) = 0;
    [[nodiscard]] virtual Status sync_directory(const std::string& name) = 0;
    /// The names in a directory; none when there is no such directory.
    [[nodiscard]] virtual std::vector<std::string> list(const std::string& name) = 0;
    /// Removes a file, or an empty directory.
    [[nodiscard]] virtual Status remove(const std::string& name) = 0;
};

/// Replaces a file by one written beside it, so that it is never there in part.
[[nodiscard]] Status write_beside(LogFiles& files, const std::string& name,
                                  std::string_view content);

[[nodiscard]] std::unique_ptr<LogFiles> open_log_files(const std::string& directory);

} // namespace quietus
