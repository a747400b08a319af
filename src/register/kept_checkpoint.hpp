// KeptCheckpoint: the last checkpoint of a log, kept in another directory than the log, so that an
// older copy of the log that is put back is noticed at the next append.
//
// It is written after the append was acknowledged, so the log is never behind it; a crash in
// between leaves it one append behind.
#pragma once

#include "log_files.hpp"
#include "tile_log.hpp"

#include "quietus/core/result.hpp"

#include <memory>
#include <string>

namespace quietus {

class KeptCheckpoint {
  public:
    /// An empty directory: none is kept, and every log will do.
    explicit KeptCheckpoint(const std::string& directory);

    /// Whether the log, read to its checkpoint, contains the one that is kept. Fault::invalid says
    /// what was done to it.
    [[nodiscard]] Status check(const TileLog& log, LogFiles& files) const;
    [[nodiscard]] Status keep(const TileLog& log) const;

  private:
    [[nodiscard]] Status compare(const Checkpoint& kept, const TileLog& log, LogFiles& files) const;

    std::string path_;
    std::unique_ptr<LogFiles> place_;
};

} // namespace quietus
