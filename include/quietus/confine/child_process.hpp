// ChildProcess: a copy of this program that does one thing on the other end of a channel. It may
// hang or die, and takes nothing else with it.
//
// Made by fork(2) without exec: the program must have one thread only (all of quietus has). The
// child begins with nothing of its parent but the memory: its one descriptor is the channel, its
// standard streams are /dev/null, its signals are at their defaults, it is in a session of its own,
// and it is killed when the parent ends. It leaves by _exit(2), so that no buffer of the parent is
// flushed twice. Children of the parent that lie in its memory are not its own: see ours().
#pragma once

#include "quietus/core/result.hpp"

#include <sys/types.h>
#include <unistd.h>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace quietus {

/// The child's end of the channel: a stream in both directions.
class ChildChannel {
  public:
    explicit ChildChannel(int descriptor) : descriptor_(descriptor) {}
    /// All of it, or the end of the child: without a parent that reads there is nothing left to do.
    void send(std::string_view bytes) const;
    [[nodiscard]] int descriptor() const { return descriptor_; }

  private:
    int descriptor_;
};

/// Runs in the child. When it returns, the child ends with status 0.
using ChildWork = std::function<void(const ChildChannel&)>;

class ChildProcess {
  public:
    /// Fault::io when there can be no more processes or descriptors.
    [[nodiscard]] static Result<ChildProcess> start(const ChildWork& work);
    ChildProcess(ChildProcess&& other) noexcept;
    ChildProcess& operator=(ChildProcess&&) = delete;
    /// Kills it and does not wait: what is stuck in the kernel ends when the kernel lets it, and
    /// has nothing of ours until then. Does nothing when it is not ours.
    ~ChildProcess();
    /// False in another child of the same parent: the number of its channel is somebody else's
    /// there by now, and to kill it is for the parent.
    [[nodiscard]] bool ours() const { return parent_ == ::getpid(); }
    /// Takes note of those killed before that have ended since; waits for them that long at most.
    static void bury(std::chrono::milliseconds grace);

    /// The parent's end, non-blocking: readable when there are bytes or the child has closed it.
    [[nodiscard]] int channel() const { return channel_; }
    [[nodiscard]] pid_t pid() const { return pid_; }
    /// Its status as of waitpid(2) once it has ended; asks, and never waits.
    [[nodiscard]] std::optional<int> ended();
    void kill() const;

  private:
    ChildProcess(pid_t pid, int channel) : parent_(::getpid()), pid_(pid), channel_(channel) {}

    pid_t parent_;
    pid_t pid_;
    int channel_; ///< no Descriptor: closed only where it is ours
    std::optional<int> status_;
};

/// "it ended by signal 9", "it ended with status 70"; empty for status 0.
[[nodiscard]] std::string ending_of(int status);

} // namespace quietus
