#include "quietus/confine/child_process.hpp"

#include "quietus/core/descriptor.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <thread>
#include <utility>
#include <vector>

namespace quietus {
namespace {

/// How the child says that it could not be made what it should be.
constexpr int not_ready = 71;
constexpr int channel_number = STDERR_FILENO + 1;
// Children that were killed and did not end yet. They stay zombies from their end to ours unless
// somebody asks for them.
std::vector<pid_t>& left_behind() {
    static std::vector<pid_t> pids;
    return pids;
}

void expect(bool done) {
    if (!done) ::_exit(not_ready);
}

void reset_signals() {
    struct sigaction usual {};
    usual.sa_handler = SIG_DFL;
    for (int signal = 1; signal < NSIG; ++signal)
        ::sigaction(signal, &usual, nullptr); // refused for KILL, STOP and glibc's own
    sigset_t none;
    sigemptyset(&none);
    expect(::sigprocmask(SIG_SETMASK, &none, nullptr) == 0);
}

// Everything but the channel is closed: above all locks, exclusive claims, and pipes of our caller.
void keep_only(int channel) {
    const int moved = ::fcntl(channel, F_DUPFD, channel_number + 1);
    const int nowhere = ::open("/dev/null", O_RDWR);
    expect(moved >= 0 && nowhere >= 0);
    for (int standard = STDIN_FILENO; standard <= STDERR_FILENO; ++standard)
        expect(nowhere == standard || ::dup2(nowhere, standard) == standard);
    expect(::dup2(moved, channel_number) == channel_number);
    expect(::close_range(channel_number + 1, ~0U, 0) == 0);
}

[[noreturn]] void be_the_child(pid_t parent, int channel, const ChildWork& work) {
    expect(::prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && ::getppid() == parent);
    ::setsid(); // what the terminal sends is for the parent
    reset_signals();
    keep_only(channel);
    work(ChildChannel(channel_number));
    ::_exit(0);
}

} // namespace

void ChildChannel::send(std::string_view bytes) const {
    while (!bytes.empty()) {
        const ssize_t put = ::write(descriptor_, bytes.data(), bytes.size());
        if (put < 0 && errno == EINTR) continue;
        expect(put >= 0);
        bytes.remove_prefix(static_cast<std::size_t>(put));
    }
}

Result<ChildProcess> ChildProcess::start(const ChildWork& work) {
    bury(std::chrono::milliseconds{0});
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
        return system_error(Fault::io, "no channel to another process");
    const Descriptor theirs(ends[1]);
    const pid_t parent = ::getpid();
    const pid_t pid = ::fork();
    if (pid == 0) be_the_child(parent, theirs.get(), work);
    if (pid < 0) {
        auto error = system_error(Fault::io, "no other process");
        ::close(ends[0]);
        return error;
    }
    ChildProcess child(pid, ends[0]);
    if (::fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0) return system_error(Fault::io, "channel");
    return child;
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : parent_(other.parent_), pid_(std::exchange(other.pid_, -1)),
      channel_(std::exchange(other.channel_, -1)), status_(other.status_) {}

ChildProcess::~ChildProcess() {
    if (pid_ < 0 || !ours()) return;
    ::close(channel_);
    if (ended()) return;
    kill();
    left_behind().push_back(pid_);
}

void ChildProcess::bury(std::chrono::milliseconds grace) {
    constexpr std::chrono::milliseconds step{1};
    const auto ended = [](pid_t pid) { return ::waitpid(pid, nullptr, WNOHANG) != 0; };
    for (;; grace -= step) {
        std::erase_if(left_behind(), ended);
        if (left_behind().empty() || grace <= std::chrono::milliseconds{0}) return;
        std::this_thread::sleep_for(step);
    }
}

std::optional<int> ChildProcess::ended() {
    int status = 0;
    if (!status_ && ::waitpid(pid_, &status, WNOHANG) == pid_) status_ = status;
    return status_;
}

void ChildProcess::kill() const {
    if (pid_ > 0 && !status_) ::kill(pid_, SIGKILL);
}

std::string ending_of(int status) {
    if (WIFSIGNALED(status)) return "it ended by signal " + std::to_string(WTERMSIG(status));
    if (WEXITSTATUS(status) == 0) return {};
    return "it ended with status " + std::to_string(WEXITSTATUS(status));
}

} // namespace quietus
