#include "drive_probe.hpp"

#include "contents.hpp"
#include "quietus/transport/linux/open_block.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace quietus {
namespace {

class MachineProbe : public DriveProbe {
  public:
    Result<Contents> contents(const std::string& path) override { return read_contents(path); }

    Result<bool> is_claimed(const std::string& node) override { return quietus::is_claimed(node); }

    // A read lease is granted only on a file that nobody has open for writing (fcntl(2)).
    Result<bool> has_writers(const std::string& path) override {
        const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
        if (descriptor < 0) return system_error(Fault::io, path);
        const int outcome = ::fcntl(descriptor, F_SETLEASE, F_RDLCK) == 0 ? 0 : errno;
        ::close(descriptor); // lets go of the lease
        if (outcome == 0 || outcome == EAGAIN) return outcome == EAGAIN;
        return system_error(Fault::io, path, outcome);
    }

    std::optional<FilePlace> place(const std::string& path) override {
        struct stat facts {};
        if (::stat(path.c_str(), &facts) != 0) return std::nullopt;
        return FilePlace{facts.st_dev, facts.st_ino, S_ISBLK(facts.st_mode) ? facts.st_rdev : 0};
    }
};

} // namespace

std::unique_ptr<DriveProbe> make_drive_probe() {
    return std::make_unique<MachineProbe>();
}

} // namespace quietus
