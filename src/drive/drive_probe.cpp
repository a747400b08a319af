#include "drive_probe.hpp"

#include "contents.hpp"
#include "quietus/transport/linux/open_block.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <iterator>

namespace quietus {
namespace {

ProbeReport ask_node(const ProbeQuestion& question) {
    ProbeReport report;
    if (auto claimed = is_claimed(question.path))
        report.claimed = *claimed;
    else
        report.problems.push_back("it cannot be asked who holds it: " + claimed.error().message);
    if (auto contents = read_contents(question.path))
        report.contents = std::move(*contents);
    else
        report.problems.push_back("what it holds cannot be read: " + contents.error().message);
    report.outcome = report.problems.empty() ? ProbeOutcome::answered : ProbeOutcome::partly;
    return report;
}

class MachineProbe : public DriveProbe {
  public:
    Result<Contents> contents(const std::string& path) override { return read_contents(path); }

    std::vector<ProbeReport> ask(const std::vector<ProbeQuestion>& questions) override {
        std::vector<ProbeReport> reports;
        std::ranges::transform(questions, std::back_inserter(reports), ask_node);
        return reports;
    }

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
