// The ring itself: what it was not given, it cannot do.
#include "transport/linux/ring.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <thread>
#include <vector>

namespace quietus {

/// Starts what the class itself never would.
struct RingBreaker {
    static int attempt(Ring& ring, void (*prepare)(io_uring_sqe*), unsigned flags) {
        io_uring_sqe* sqe = io_uring_get_sqe(&ring.ring_);
        prepare(sqe);
        io_uring_sqe_set_flags(sqe, flags);
        io_uring_submit_and_wait(&ring.ring_, 1);
        io_uring_cqe* cqe = nullptr;
        if (io_uring_peek_cqe(&ring.ring_, &cqe) != 0) return 0;
        const int result = cqe->res;
        io_uring_cqe_seen(&ring.ring_, cqe);
        return result;
    }
    static int register_more(Ring& ring) {
        const int file = STDIN_FILENO;
        return io_uring_register_files_update(&ring.ring_, 0, &file, 1);
    }
};

namespace {

using namespace std::chrono_literals;

class RestrictedRing : public testing::Test {
  protected:
    void SetUp() override {
        std::string pattern = testing::TempDir() + "quietus-ring-XXXXXX";
        file = mkstemp(pattern.data());
        unlink(pattern.c_str());
        ASSERT_EQ(ftruncate(file, 8192), 0);
        buffer = static_cast<std::uint8_t*>(std::aligned_alloc(4096, 4096));
        const iovec vector{buffer, 4096};
        const auto status = ring.open(std::span(&file, 1), std::span(&vector, 1));
        if (!status) GTEST_SKIP() << "no io_uring here: " << status.error().message;
    }
    void TearDown() override {
        close(file);
        std::free(buffer);
    }
    std::optional<RingResult> next(unsigned count) {
        const auto result = ring.wait(count, 10s);
        EXPECT_TRUE(result.has_value());
        return result ? *result : std::nullopt;
    }
    Ring ring;
    int file = -1;
    std::uint8_t* buffer = nullptr;
};

TEST_F(RestrictedRing, ReadsAndWritesTheRegisteredFile) {
    std::fill_n(buffer, 4096, 0x77);
    ring.start({.write = true, .data = buffer, .length = 4096, .offset = 4096, .tag = 5});
    auto result = next(1);
    ASSERT_TRUE(result);
    EXPECT_EQ(result->tag, 5u);
    EXPECT_EQ(result->result, 4096);
    std::uint8_t octet = 0;
    ASSERT_EQ(pread(file, &octet, 1, 8191), 1);
    EXPECT_EQ(octet, 0x77);
    ring.start_sync(RingFile::direct, 9);
    EXPECT_EQ(next(1)->result, 0);
}

TEST_F(RestrictedRing, HandsOutWhatHasComeBeforeItSleeps) {
    for (const std::uint64_t tag : {1, 2, 3})
        ring.start({.write = true, .data = buffer, .length = 4096, .tag = tag});
    std::uint64_t tags = 0;
    for (int taken = 0; taken < 3; ++taken) {
        const auto result = next(3); // would sleep for ever if it counted only new results
        ASSERT_TRUE(result);
        tags += result->tag;
    }
    EXPECT_EQ(tags, 1u + 2u + 3u);
}

TEST(Ring, SleepsUntilAsManyHaveComeAsWereAskedFor) {
    int early[2];
    int late[2];
    ASSERT_EQ(pipe(early), 0);
    ASSERT_EQ(pipe(late), 0);
    std::vector<std::uint8_t> memory(2);
    const iovec vector{memory.data(), memory.size()};
    Ring ring;
    const std::array files{early[0], late[0]};
    if (const auto status = ring.open(files, std::span(&vector, 1)); !status)
        GTEST_SKIP() << "no io_uring here: " << status.error().message;
    ring.start({.file = RingFile::direct, .data = &memory[0], .length = 1, .tag = 1});
    ring.start({.file = RingFile::buffered, .data = &memory[1], .length = 1, .tag = 2});
    std::atomic<bool> both = false;
    std::thread writer([&] {
        EXPECT_EQ(write(early[1], "a", 1), 1);
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        both = true;
        EXPECT_EQ(write(late[1], "b", 1), 1);
    });
    ASSERT_TRUE(ring.wait(2, 10s)->has_value());
    EXPECT_TRUE(both) << "one result woke it";
    ASSERT_TRUE(ring.wait(1, 10s)->has_value());
    writer.join();
    for (const int each : {early[0], early[1], late[0], late[1]})
        close(each);
}

TEST(Ring, WaitsNoLongerThanItIsTold) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    std::vector<std::uint8_t> memory(1);
    const iovec vector{memory.data(), memory.size()};
    {
        Ring ring;
        if (const auto status = ring.open(std::span(&ends[0], 1), std::span(&vector, 1)); !status)
            GTEST_SKIP() << "no io_uring here: " << status.error().message;
        EXPECT_FALSE(ring.wait(1, 10ms)->has_value()) << "nothing was in flight";
        ring.start({.data = memory.data(), .length = 1, .tag = 1});
        const auto begun = std::chrono::steady_clock::now();
        EXPECT_FALSE(ring.wait(1, 50ms)->has_value());
        EXPECT_GE(std::chrono::steady_clock::now() - begun, 50ms);
        ring.leave_behind(); // the read is never answered
    }
    for (const int each : ends)
        close(each);
}

TEST_F(RestrictedRing, CannotOpenAnotherFile) {
    const auto open = [](io_uring_sqe* sqe) {
        io_uring_prep_openat(sqe, AT_FDCWD, "/etc/passwd", O_RDONLY, 0);
    };
    EXPECT_EQ(RingBreaker::attempt(ring, open, 0), -EACCES);
    EXPECT_EQ(RingBreaker::attempt(ring, open, IOSQE_FIXED_FILE), -EACCES);
}

TEST_F(RestrictedRing, CannotUseADescriptorThatWasNotRegistered) {
    const auto read = [](io_uring_sqe* sqe) {
        io_uring_prep_read_fixed(sqe, STDIN_FILENO, nullptr, 1, 0, 0);
    };
    EXPECT_EQ(RingBreaker::attempt(ring, read, 0), -EACCES);
}

TEST_F(RestrictedRing, CannotPunchHolesOrConnect) {
    EXPECT_EQ(RingBreaker::attempt(
                  ring,
                  [](io_uring_sqe* sqe) {
                      io_uring_prep_fallocate(sqe, 0, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0,
                                              4096);
                  },
                  IOSQE_FIXED_FILE),
              -EACCES);
    EXPECT_EQ(RingBreaker::attempt(
                  ring, [](io_uring_sqe* sqe) { io_uring_prep_connect(sqe, 0, nullptr, 0); },
                  IOSQE_FIXED_FILE),
              -EACCES);
}

TEST_F(RestrictedRing, CannotBeGivenMoreFilesLater) {
    EXPECT_EQ(RingBreaker::register_more(ring), -EACCES);
}

} // namespace
} // namespace quietus
