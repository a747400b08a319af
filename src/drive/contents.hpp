// What stands on a drive, by libblkid: signatures of the whole and of each partition in its tables.
#pragma once

#include "drive_probe.hpp"

#include <memory>

namespace quietus {

/// Reads only. In two steps, because libblkid asks sysfs whether this is a whole drive (the RAID of
/// mainboards is looked for only there), and the process that parses is confined before it does.
class ContentsReader {
  public:
    /// Prepares on a descriptor that is open for reading and stays the caller's. May open files of
    /// sysfs. Fault::io.
    [[nodiscard]] static Result<ContentsReader> prepare(int descriptor);
    ContentsReader(ContentsReader&&) noexcept;
    ContentsReader& operator=(ContentsReader&&) = delete;
    ~ContentsReader();

    /// The drive's own signatures, then those of every partition by its offset, and of tables
    /// within partitions. Opens nothing. Once only. Fault::io.
    [[nodiscard]] Result<Contents> read();

  private:
    struct Work;
    explicit ContentsReader(std::unique_ptr<Work> work);
    std::unique_ptr<Work> work_;
};

/// Both steps.
[[nodiscard]] Result<Contents> read_contents(int descriptor);

} // namespace quietus
