// Both block ports on a file: the ring, and the threads that stand in for it. The same is asked of
// them.
#include "quietus/technique/overwrite.hpp"
#include "support/quiet_watch.hpp"
#include "transport/linux/thread_block_port.hpp"
#include "transport/linux/uring_block_port.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

namespace quietus {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t piece = longest_transfer;

enum class Kind : std::uint8_t { ring, threads };

/// A file without a name; every descriptor of it is its own.
class TemporaryFile {
  public:
    explicit TemporaryFile(std::uint64_t size) {
        std::string pattern = testing::TempDir() + "quietus-port-XXXXXX";
        file_ = ::mkstemp(pattern.data());
        ::unlink(pattern.c_str());
        EXPECT_EQ(::ftruncate(file_, static_cast<off_t>(size)), 0);
    }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    ~TemporaryFile() { ::close(file_); }
    [[nodiscard]] OpenedBlock open(std::uint64_t size) const {
        const std::uint64_t tail = size - size % 4096;
        return {Descriptor(::dup(file_)),
                Descriptor(tail == size ? -1 : ::dup(file_)),
                {size, 4096, tail},
                true};
    }
    [[nodiscard]] std::uint8_t at(std::uint64_t offset) const {
        std::uint8_t octet = 0;
        EXPECT_EQ(::pread(file_, &octet, 1, static_cast<off_t>(offset)), 1);
        return octet;
    }
    [[nodiscard]] int get() const { return file_; }

  private:
    int file_ = -1;
};

class FilePorts : public testing::TestWithParam<Kind> {
  protected:
    std::unique_ptr<BlockPort> make(OpenedBlock opened) {
        if (GetParam() == Kind::ring) {
            auto port = UringBlockPort::make(opened);
            return port ? std::move(*port) : nullptr;
        }
        auto port = ThreadBlockPort::make(opened);
        EXPECT_TRUE(port.has_value());
        return port ? std::move(*port) : nullptr;
    }
    static std::optional<Completion> next(BlockPort& port,
                                          std::chrono::milliseconds at_most = 10s) {
        auto ended = port.wait(at_most);
        EXPECT_TRUE(ended.has_value());
        return ended ? *ended : std::nullopt;
    }
    static int move(BlockPort& port, Direction direction, unsigned slot, Extent extent) {
        port.start(direction, slot, extent);
        const auto ended = next(port);
        EXPECT_TRUE(ended && ended->slot == slot && ended->extent == extent);
        return ended ? ended->error : -1;
    }
};

TEST_P(FilePorts, MoveEveryByteOfAWholePassAndItsTail) {
    const std::uint64_t size = 30 * piece + 4096 + 77;
    const TemporaryFile file(size);
    const auto port = make(file.open(size));
    if (port == nullptr) GTEST_SKIP() << "no io_uring here";
    test::QuietWatch watch;
    SystemClock clock;
    Surface surface{*port, *port->state(), watch, clock};
    Pattern pattern = Pattern::lba_stamp(0xA5, 512);
    PassRecord record;
    EXPECT_EQ(write_pass(surface, pattern, record).reason, StopReason::none);
    EXPECT_TRUE(record.completed && record.flushed && record.unwritable.empty());
    EXPECT_EQ(record.written, (std::vector<Extent>{{0, size}}));
    EXPECT_TRUE(port->used_page_cache());
    for (std::uint64_t block = 0; block * 512 + 8 < size; block += 997) {
        EXPECT_EQ(file.at(block * 512 + 7), block & 0xFFU);
        EXPECT_EQ(file.at(block * 512 + 6), block >> 8U);
    }
    EXPECT_EQ(file.at(size - 1), 0xA5);
    std::ranges::fill(port->slot(3), 0);
    EXPECT_EQ(move(*port, Direction::read, 3, {piece, piece}), 0);
    EXPECT_TRUE(pattern.matches(port->slot(3), piece));
}

std::vector<std::uint8_t> content_of(const TemporaryFile& file, std::uint64_t size) {
    std::vector<std::uint8_t> content(size);
    std::uint64_t moved = 0;
    while (moved < size) {
        const ssize_t got =
            ::pread(file.get(), content.data() + moved, size - moved, static_cast<off_t>(moved));
        EXPECT_GT(got, 0);
        if (got <= 0) break;
        moved += static_cast<std::uint64_t>(got);
    }
    return content;
}

// Written from the buffer that all transfers have in common where the port has one. What is not of
// the same phase is made in a slot of its own meanwhile.
TEST_P(FilePorts, WriteAPatternOfThreeOctetsWhereverAPassGoesOn) {
    const std::uint64_t size = 60 * piece + 4096 + 77;
    const Bytes octets{0x92, 0x49, 0x24};
    for (const Extent before : {Extent{0, 0}, Extent{0, 4096}, Extent{7 * piece, 8192}}) {
        const TemporaryFile file(size);
        const auto port = make(file.open(size));
        if (port == nullptr) GTEST_SKIP() << "no io_uring here";
        for (unsigned slot = 0; slot < port->slots(); ++slot)
            std::ranges::fill(port->slot(slot), std::uint8_t{0xEE});
        test::QuietWatch watch;
        SystemClock clock;
        Surface surface{*port, *port->state(), watch, clock};
        Pattern pattern = Pattern::fixed(octets);
        PassRecord record;
        if (before.length != 0) record.written = {before};
        EXPECT_EQ(write_pass(surface, pattern, record).reason, StopReason::none);
        EXPECT_TRUE(record.completed && record.flushed);
        const auto content = content_of(file, size);
        for (std::uint64_t at = 0; at < size; ++at) {
            const bool kept = at >= before.offset && at < before.end();
            ASSERT_EQ(content[at], kept ? 0 : octets[at % octets.size()]) << at;
        }
        EXPECT_EQ(port->common().empty(), GetParam() == Kind::threads);
        unsigned untouched = 0;
        for (unsigned slot = 0; slot < port->slots(); ++slot)
            if (std::ranges::count(port->slot(slot), 0xEE) ==
                static_cast<std::ptrdiff_t>(port->slot(slot).size()))
                ++untouched;
        if (GetParam() == Kind::ring && before.length == 0) {
            EXPECT_GE(untouched + 1, port->slots()) << "but for the odd tail";
        }
    }
}

TEST_P(FilePorts, RepeatACommonTileFromAllSlotsAtOnce) {
    const TemporaryFile file(Transfers::most * piece);
    const auto port = make(file.open(Transfers::most * piece));
    if (port == nullptr) GTEST_SKIP() << "no io_uring here";
    const auto common = port->common();
    EXPECT_EQ(common.empty(), GetParam() == Kind::threads);
    if (common.empty()) return;
    ASSERT_LE(common.size(), port->slot(0).size());
    EXPECT_EQ(common.size() % (3 * 4096), 0U) << "whole pages, and whole patterns of three octets";
    for (std::size_t i = 0; i < common.size(); ++i)
        common[i] = static_cast<std::uint8_t>(i % 251 + 1);
    for (unsigned slot = 0; slot < port->slots(); ++slot)
        port->start_common(slot, {slot * piece, slot % 2 == 0 ? piece : 4096});
    for (unsigned slot = 0; slot < port->slots(); ++slot) {
        const auto ended = next(*port);
        ASSERT_TRUE(ended && ended->direction == Direction::write && ended->error == 0);
    }
    for (unsigned slot = 0; slot < port->slots(); ++slot) {
        const std::size_t length = slot % 2 == 0 ? piece : 4096;
        for (std::size_t at = 0; at < piece; at += 509)
            ASSERT_EQ(file.at(slot * piece + at), at < length ? common[at % common.size()] : 0);
        EXPECT_EQ(file.at(slot * piece + length - 1), common[(length - 1) % common.size()]);
    }
}

TEST_P(FilePorts, TellAFileThatHasShrunkAndGrown) {
    const TemporaryFile file(4 * piece);
    const auto port = make(file.open(4 * piece));
    if (port == nullptr) GTEST_SKIP() << "no io_uring here";
    ASSERT_EQ(::ftruncate(file.get(), piece), 0);
    EXPECT_EQ(port->state()->size_bytes, piece);
    EXPECT_EQ(move(*port, Direction::read, 0, {2 * piece, piece}), ENXIO);
    ASSERT_EQ(::ftruncate(file.get(), 8 * piece), 0);
    EXPECT_EQ(port->state()->size_bytes, 8 * piece);
}

TEST_P(FilePorts, PassOnTheErrorOfTheSystem) {
    const TemporaryFile file(piece);
    OpenedBlock opened = file.open(piece);
    OpenedBlock read_only{
        Descriptor(::open(("/proc/self/fd/" + std::to_string(file.get())).c_str(), O_RDONLY)),
        Descriptor(), opened.geometry, true};
    const auto port = make(std::move(read_only));
    if (port == nullptr) GTEST_SKIP() << "no io_uring here";
    EXPECT_EQ(move(*port, Direction::write, 0, {0, 4096}), EBADF);
    EXPECT_EQ(move(*port, Direction::read, 0, {0, 4096}), 0);
}

TEST_P(FilePorts, WaitNoLongerThanTheyAreTold) {
    const TemporaryFile file(piece);
    const auto port = make(file.open(piece));
    if (port == nullptr) GTEST_SKIP() << "no io_uring here";
    const auto begun = std::chrono::steady_clock::now();
    EXPECT_FALSE(next(*port, 50ms).has_value());
    EXPECT_GE(std::chrono::steady_clock::now() - begun, 50ms);
    EXPECT_EQ(port->flush(10s), 0);
}

INSTANTIATE_TEST_SUITE_P(Transport, FilePorts, testing::Values(Kind::ring, Kind::threads),
                         [](const auto& parameter) {
                             return parameter.param == Kind::ring ? "Ring" : "Threads";
                         });

// What the system does seldom.

std::atomic<unsigned> calls = 0;

constexpr std::size_t cut_to = 5000;

ssize_t short_read(int file, void* into, std::size_t length, off_t offset) {
    if (calls++ % 2 == 0) return errno = EINTR, -1;
    return ::pread(file, into, std::min(length, cut_to), offset);
}
ssize_t short_write(int file, const void* from, std::size_t length, off_t offset) {
    if (calls++ % 3 == 0) return errno = EINTR, -1;
    return ::pwrite(file, from, std::min(length, cut_to), offset);
}
int interrupted_sync(int file) {
    if (calls++ % 2 == 0) return errno = EINTR, -1;
    return ::fdatasync(file);
}

TEST(Threads, ContinueWhatWasCutShortOrInterrupted) {
    const TemporaryFile file(2 * piece);
    OpenedBlock opened = file.open(2 * piece);
    auto port = ThreadBlockPort::make(opened, {&short_read, &short_write, &interrupted_sync});
    ASSERT_TRUE(port.has_value());
    std::ranges::fill((*port)->slot(0), 0x3C);
    calls = 0;
    (*port)->start(Direction::write, 0, {piece, piece});
    EXPECT_EQ((*(*port)->wait(10s))->error, 0);
    EXPECT_GT(calls, piece / cut_to);
    EXPECT_EQ(file.at(piece), 0x3C);
    EXPECT_EQ(file.at(2 * piece - 1), 0x3C);
    EXPECT_EQ(file.at(piece - 1), 0);
    (*port)->start(Direction::read, 1, {piece, piece});
    EXPECT_EQ((*(*port)->wait(10s))->error, 0);
    EXPECT_TRUE(std::ranges::equal((*port)->slot(0), (*port)->slot(1)));
    EXPECT_EQ((*port)->flush(10s), 0);
}

std::atomic<bool> released = false;
std::atomic<unsigned> held = 0;

ssize_t hanging_write(int file, const void* from, std::size_t length, off_t offset) {
    if (offset == 0) {
        ++held;
        while (!released)
            std::this_thread::sleep_for(1ms);
        --held;
    }
    return ::pwrite(file, from, length, offset);
}
int hanging_sync(int file) {
    ++held;
    while (!released)
        std::this_thread::sleep_for(1ms);
    --held;
    return ::fdatasync(file);
}

TEST(Threads, AreLeftBehindWhenTheKernelHoldsThem) {
    const TemporaryFile file(2 * piece);
    for (const bool flush : {false, true}) {
        released = false;
        OpenedBlock opened = file.open(2 * piece);
        auto port = ThreadBlockPort::make(opened, {&::pread, &hanging_write, &hanging_sync});
        ASSERT_TRUE(port.has_value());
        if (flush) {
            EXPECT_FALSE((*port)->flush(20ms).has_value());
            EXPECT_FALSE((*port)->flush(20ms).has_value());
        } else {
            (*port)->start(Direction::write, 0, {0, piece});
            (*port)->start(Direction::write, 1, {piece, piece});
            EXPECT_EQ((*(*port)->wait(10s))->slot, 1u) << "the others go on";
            EXPECT_FALSE((*port)->wait(20ms)->has_value());
        }
        EXPECT_EQ(held, 1u);
        port->reset(); // comes back
        EXPECT_EQ(held, 1u);
        released = true;
        while (held != 0)
            std::this_thread::sleep_for(1ms);
    }
    std::this_thread::sleep_for(50ms); // for what they share to be given back
}

} // namespace
} // namespace quietus
