#include "thread_block_port.hpp"

#include "quietus/core/ensure.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace quietus {
namespace {

constexpr unsigned sync_slot = Transfers::most;

} // namespace

FileCalls system_file_calls() {
    return {&::pread, &::pwrite, &::fdatasync};
}

/// What the threads share. It lives as long as any of them: the kernel may hold one for ever.
class ThreadBlockPort::Crew {
  public:
    Crew(OpenedBlock what, SlotMemory slots, FileCalls calls)
        : opened(std::move(what)), memory(std::move(slots)), calls_(calls) {}

    void order(const Completion& job) {
        {
            const std::lock_guard lock(mutex_);
            orders_.push_back(job);
            ++open_orders_;
        }
        ordered_.notify_one();
    }

    std::optional<Completion> collect(std::chrono::milliseconds at_most) {
        std::unique_lock lock(mutex_);
        if (!ended_.wait_for(lock, at_most, [this] { return !results_.empty(); }))
            return std::nullopt;
        const Completion result = results_.front();
        results_.pop_front();
        --open_orders_;
        return result;
    }

    // Of a thread: until it is dismissed.
    void work() {
        std::unique_lock lock(mutex_);
        for (;;) {
            ordered_.wait(lock, [this] { return dismissed_ || !orders_.empty(); });
            if (orders_.empty()) return;
            Completion job = orders_.front();
            orders_.pop_front();
            lock.unlock();
            job.error = job.slot == sync_slot ? sync() : move(job);
            lock.lock();
            results_.push_back(job);
            ended_.notify_one();
        }
    }

    // Whether every thread is idle, so that none will keep us waiting.
    bool dismiss() {
        const std::lock_guard lock(mutex_);
        dismissed_ = true;
        ordered_.notify_all();
        return open_orders_ == results_.size();
    }

    OpenedBlock opened;
    SlotMemory memory;
    std::vector<std::thread> threads;

  private:
    int move(const Completion& job) {
        const int file = (opened.in_tail(job.extent) ? opened.buffered : opened.direct).get();
        auto data = memory.slot(job.slot).first(job.extent.length);
        auto offset = static_cast<off_t>(job.extent.offset);
        while (!data.empty()) {
            const ssize_t moved = job.direction == Direction::write
                                      ? calls_.write(file, data.data(), data.size(), offset)
                                      : calls_.read(file, data.data(), data.size(), offset);
            if (moved < 0 && (errno == EINTR || errno == EAGAIN)) continue;
            if (moved < 0) return errno;
            // Nothing moved without an error means that the drive ends here: it has shrunk.
            if (moved == 0) return ENXIO;
            data = data.subspan(static_cast<std::size_t>(moved));
            offset += moved;
        }
        return 0;
    }

    int sync() {
        if (opened.buffered.open()) {
            if (const int error = sync_file(opened.buffered.get()); error != 0) return error;
            // The tail is read back from the medium, as far as the host can make it so.
            if (const int error = ::posix_fadvise(opened.buffered.get(), 0, 0, POSIX_FADV_DONTNEED);
                error != 0)
                return error;
        }
        return sync_file(opened.direct.get());
    }
    [[nodiscard]] int sync_file(int file) const {
        for (;;) {
            if (calls_.sync(file) == 0) return 0;
            if (errno != EINTR && errno != EAGAIN) return errno;
        }
    }

    FileCalls calls_;
    std::mutex mutex_;
    std::condition_variable ordered_;
    std::condition_variable ended_;
    std::deque<Completion> orders_;
    std::deque<Completion> results_;
    std::size_t open_orders_ = 0; ///< not yet collected
    bool dismissed_ = false;
};

ThreadBlockPort::ThreadBlockPort(std::shared_ptr<Crew> crew) : crew_(std::move(crew)) {}

Result<std::unique_ptr<ThreadBlockPort>> ThreadBlockPort::make(OpenedBlock& opened,
                                                               FileCalls calls) {
    auto memory = SlotMemory::map(opened.transfers);
    if (!memory) return std::move(memory).error();
    auto crew = std::make_shared<Crew>(std::move(opened), std::move(*memory), calls);
    std::unique_ptr<ThreadBlockPort> port(new ThreadBlockPort(crew));
    // As many as the kernel has of a ring: more would only wait for each other.
    for (unsigned count = 0; count < crew->memory.kept_in_flight(); ++count) {
        try {
            crew->threads.emplace_back([crew] { crew->work(); });
        } catch (const std::system_error& error) {
            if (count == 0)
                return system_error(Fault::io, "no thread to be had", error.code().value());
            break;
        }
    }
    return port;
}

ThreadBlockPort::~ThreadBlockPort() {
    const bool idle = crew_->dismiss();
    for (std::thread& thread : crew_->threads) {
        if (idle)
            thread.join();
        else
            thread.detach();
    }
    // The threads hold the crew; it must not own them in turn.
    crew_->threads.clear();
}

int ThreadBlockPort::descriptor() const {
    return crew_->opened.direct.get();
}

Status ThreadBlockPort::measure() {
    return measure_again(crew_->opened);
}

BlockGeometry ThreadBlockPort::geometry() const {
    return crew_->opened.geometry;
}

unsigned ThreadBlockPort::slots() const {
    return crew_->memory.slots();
}

std::span<std::uint8_t> ThreadBlockPort::slot(unsigned index) {
    return crew_->memory.slot(index);
}

void ThreadBlockPort::start(Direction direction, unsigned slot, Extent extent) {
    QUIETUS_ENSURE(slot < slots());
    check_transfer(crew_->opened, direction, extent);
    used_page_cache_ = used_page_cache_ || crew_->opened.in_tail(extent);
    crew_->order({slot, direction, extent, 0});
}

Result<std::optional<Completion>> ThreadBlockPort::wait(std::chrono::milliseconds at_most) {
    return crew_->collect(at_most);
}

std::optional<int> ThreadBlockPort::flush(std::chrono::milliseconds at_most) {
    if (!flushing_) crew_->order({sync_slot, Direction::write, {}, 0});
    flushing_ = true;
    const auto ended = crew_->collect(at_most);
    if (!ended) return std::nullopt;
    flushing_ = false;
    return ended->error;
}

Result<PortState> ThreadBlockPort::state() {
    return state_of(crew_->opened);
}

} // namespace quietus
