#include "loop_fixture.hpp"

#include <fcntl.h>
#include <linux/loop.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <utility>

namespace quietus::rig {
namespace {

using namespace std::chrono_literals;

// The rig may throw: GoogleTest turns it into a failure of the test and the rest is taken down.
[[noreturn]] void fail(const std::string& what) {
    throw std::system_error(errno, std::generic_category(), what);
}

class Descriptor {
  public:
    Descriptor(const std::string& path, int flags)
        : number_(::open(path.c_str(), flags | O_CLOEXEC)) {
        if (number_ < 0) fail(path);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    [[nodiscard]] int get() const { return number_; }

  private:
    int number_;
};

loop_config configuration(int backing, const std::string& file, const LoopOptions& options) {
    loop_config config{};
    config.fd = static_cast<__u32>(backing);
    config.block_size = options.block_bytes;
    config.info.lo_offset = options.offset;
    config.info.lo_flags = LO_FLAGS_AUTOCLEAR | LO_FLAGS_DIRECT_IO;
    if (options.access == LoopAccess::read_only) config.info.lo_flags |= LO_FLAGS_READ_ONLY;
    std::strncpy(reinterpret_cast<char*>(config.info.lo_file_name), file.c_str(), LO_NAME_SIZE - 1);
    return config;
}

// Takes a free loop device, unless another process was faster.
bool take_free_device(const loop_config& config, std::string& node, int& keeper) {
    const Descriptor control("/dev/loop-control", O_RDWR);
    const int number = ::ioctl(control.get(), LOOP_CTL_GET_FREE);
    if (number < 0) fail("LOOP_CTL_GET_FREE");
    node = "/dev/loop" + std::to_string(number);
    const Descriptor device(node, O_RDWR);
    if (::ioctl(device.get(), LOOP_CONFIGURE, &config) != 0) {
        if (errno == EBUSY) return false;
        fail(node + ": LOOP_CONFIGURE");
    }
    keeper = ::open(node.c_str(), O_RDONLY | O_CLOEXEC);
    if (keeper < 0) fail(node);
    return true;
}

pid_t start_lying_drive(const std::string& store, const std::string& mount_point,
                        const std::string& fault) {
    const pid_t parent = ::getpid();
    const pid_t child = ::fork();
    if (child < 0) fail("fork");
    if (child > 0) return child;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() == parent)
        ::execl(QUIETUS_LYING_DRIVE, QUIETUS_LYING_DRIVE, store.c_str(), mount_point.c_str(),
                fault.c_str(), nullptr);
    ::_exit(127);
}

// A dead FUSE file system answers stat with an error; that is a mount too.
bool is_mounted(const std::string& directory) {
    struct stat inside {};
    struct stat outside {};
    if (::stat(directory.c_str(), &inside) != 0) return errno == ENOTCONN;
    return ::stat((directory + "/..").c_str(), &outside) == 0 && inside.st_dev != outside.st_dev;
}

std::string all_of(int descriptor) {
    std::string text;
    std::array<char, 4096> chunk{};
    for (;;) {
        const ssize_t got = ::read(descriptor, chunk.data(), chunk.size());
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return text;
        text.append(chunk.data(), static_cast<std::size_t>(got));
    }
}

[[noreturn]] void become(const std::vector<std::string>& words, int output) {
    std::vector<char*> arguments;
    for (const auto& word : words)
        arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    ::dup2(output, STDOUT_FILENO);
    ::dup2(output, STDERR_FILENO);
    ::setenv("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", 1);
    ::setenv("LC_ALL", "C", 1);
    ::execvp(arguments[0], arguments.data());
    ::_exit(127);
}

} // namespace

std::string why_no_loop_drives() {
    if (::geteuid() != 0) return "loop drives need root";
    const int control = ::open("/dev/loop-control", O_RDWR | O_CLOEXEC);
    const int number = control < 0 ? -1 : ::ioctl(control, LOOP_CTL_GET_FREE);
    if (control >= 0) ::close(control);
    if (number < 0) return "no loop devices here";
    const std::string node = "/dev/loop" + std::to_string(number);
    const int device = ::open(node.c_str(), O_RDWR | O_CLOEXEC);
    if (device < 0) return node + " cannot be opened";
    ::close(device);
    return {};
}

std::string why_no_fuse() {
    const int fuse = ::open("/dev/fuse", O_RDWR | O_CLOEXEC);
    if (fuse < 0) return "no /dev/fuse here";
    ::close(fuse);
    return {};
}

bool is_in_chroot() {
    std::error_code unknown;
    const bool same = std::filesystem::equivalent("/proc/1/root", "/", unknown);
    return !unknown && !same;
}

ScratchDirectory::ScratchDirectory() {
    std::string pattern = testing::TempDir() + "quietus-loop-XXXXXX";
    if (::mkdtemp(pattern.data()) == nullptr) fail(pattern);
    path_ = pattern;
}

ScratchDirectory::~ScratchDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

std::string ScratchDirectory::make_file(const std::string& name, std::uint64_t size) const {
    std::ofstream(path(name)).close();
    std::filesystem::resize_file(path(name), size);
    return path(name);
}

LoopDrive::LoopDrive(const std::string& file, LoopOptions options) {
    const int flags = options.access == LoopAccess::read_only ? O_RDONLY : O_RDWR;
    const Descriptor backing(file, flags);
    const loop_config config = configuration(backing.get(), file, options);
    for (int attempt = 0; attempt < 100; ++attempt)
        if (take_free_device(config, node_, keeper_)) return;
    throw std::runtime_error("no free loop device");
}

LoopDrive::~LoopDrive() {
    detach();
}

void LoopDrive::refresh_capacity() const {
    const Descriptor device(node_, O_RDWR);
    if (::ioctl(device.get(), LOOP_SET_CAPACITY, 0) != 0) fail(node_ + ": LOOP_SET_CAPACITY");
}

void LoopDrive::detach() {
    if (keeper_ < 0) return;
    ::ioctl(keeper_, LOOP_CLR_FD, 0);
    ::close(std::exchange(keeper_, -1));
}

LyingDrive::LyingDrive(std::uint64_t size, const std::string& fault) {
    directory_.make_file("store", size);
    std::filesystem::create_directory(directory_.path("mount"));
    process_ = start_lying_drive(store(), directory_.path("mount"), fault);
    for (int attempt = 0; attempt < 1000; ++attempt) {
        if (std::filesystem::exists(file())) return;
        if (::waitpid(process_, nullptr, WNOHANG) == process_) break;
        std::this_thread::sleep_for(5ms);
    }
    throw std::runtime_error("lying_drive did not start");
}

LyingDrive::~LyingDrive() {
    // The end of the program aborts the connection, so that nothing can wait for it any more, and
    // lets fusermount3, which watches it, unmount.
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
    const std::string mount_point = directory_.path("mount");
    for (int attempt = 0; attempt < 200 && is_mounted(mount_point); ++attempt)
        std::this_thread::sleep_for(5ms);
    if (is_mounted(mount_point)) ::umount2(mount_point.c_str(), MNT_DETACH);
}

void LyingDrive::set_fault(const std::string& fault) const {
    const Descriptor control(directory_.path("mount/control"), O_WRONLY);
    if (::write(control.get(), fault.data(), fault.size()) < 0) fail("lying_drive: " + fault);
}

std::map<std::string, std::uint64_t> LyingDrive::counts() const {
    std::ifstream control(directory_.path("mount/control"));
    std::map<std::string, std::uint64_t> counts;
    for (std::string word; control >> word;)
        counts[word.substr(0, word.find('='))] = std::stoull(word.substr(word.find('=') + 1));
    return counts;
}

ProgramRun run(const std::vector<std::string>& words) {
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0) fail("pipe");
    const pid_t child = ::fork();
    if (child == 0) become(words, pipe[1]);
    ::close(pipe[1]);
    ProgramRun result{-1, all_of(pipe[0])};
    ::close(pipe[0]);
    int status = 0;
    if (child < 0 || ::waitpid(child, &status, 0) != child) fail(words[0]);
    result.exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return result;
}

void LoopTest::SetUp() {
    if (const std::string reason = why_no_loop_drives(); !reason.empty()) GTEST_SKIP() << reason;
}

void LyingDriveTest::SetUp() {
    LoopTest::SetUp();
    if (IsSkipped()) return;
    if (const std::string reason = why_no_fuse(); !reason.empty()) GTEST_SKIP() << reason;
}

} // namespace quietus::rig
