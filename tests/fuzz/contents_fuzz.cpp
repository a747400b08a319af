// Fuzz target: whatever a drive may hold, through libblkid and what we make of its partitions.
#include "contents.hpp"

#include <sys/mman.h>
#include <unistd.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr off_t drive_bytes = off_t{4} << 20U;
    const int drive = ::memfd_create("drive", MFD_CLOEXEC);
    const auto head = static_cast<ssize_t>(size);
    if (drive >= 0 && ::ftruncate(drive, drive_bytes) == 0 &&
        ::pwrite(drive, data, size, 0) == head)
        static_cast<void>(quietus::read_contents(drive));
    ::close(drive);
    return 0;
}
