#include "ring.hpp"

#include "quietus/core/ensure.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

namespace quietus {
namespace {

constexpr unsigned entries = 64;

io_uring_restriction allow_operation(std::uint8_t operation) {
    io_uring_restriction rule{};
    rule.opcode = IORING_RESTRICTION_SQE_OP;
    rule.sqe_op = operation;
    return rule;
}

io_uring_restriction require_flags(std::uint8_t flags) {
    io_uring_restriction rule{};
    rule.opcode = IORING_RESTRICTION_SQE_FLAGS_REQUIRED;
    rule.sqe_flags = flags;
    return rule;
}

io_uring_restriction allow_registration(std::uint8_t operation) {
    io_uring_restriction rule{};
    rule.opcode = IORING_RESTRICTION_REGISTER_OP;
    rule.register_op = operation;
    return rule;
}

Error ring_error(std::string_view what, int negative) {
    return system_error(Fault::io, "io_uring: " + std::string(what), -negative);
}

// Completions are taken in wait() alone, so the kernel need not interrupt us for each of them;
// Linux before 6.1 does not know how. One thread owns the ring in any case.
int set_up(io_uring& ring) {
    io_uring_params parameters{};
    parameters.flags =
        IORING_SETUP_R_DISABLED | IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN;
    const int made = io_uring_queue_init_params(entries, &ring, &parameters);
    if (made != -EINVAL) return made;
    parameters = {};
    parameters.flags = IORING_SETUP_R_DISABLED;
    return io_uring_queue_init_params(entries, &ring, &parameters);
}

} // namespace

Ring::~Ring() {
    if (!open_) return;
    // The kernel takes a ring apart in its own time, and until then the drive would stay claimed.
    // Giving the files back waits for what is in flight.
    if (!left_behind_) io_uring_unregister_files(&ring_);
    io_uring_queue_exit(&ring_);
}

Status Ring::open(std::span<const int> files, std::span<const iovec> buffers) {
    if (const int made = set_up(ring_); made < 0) return ring_error("cannot be set up", made);
    open_ = true;
    // Linux 5.11: a wait with an end. Without it liburing would need an operation that we deny.
    if ((ring_.features & IORING_FEAT_EXT_ARG) == 0)
        return Error{Fault::io, "io_uring: the kernel's is too old"};
    if (const int put =
            io_uring_register_files(&ring_, files.data(), static_cast<unsigned>(files.size()));
        put < 0)
        return ring_error("files cannot be registered", put);
    if (const int put = io_uring_register_buffers(&ring_, buffers.data(),
                                                  static_cast<unsigned>(buffers.size()));
        put < 0)
        return ring_error("buffers cannot be registered", put);
    return restrict_and_enable();
}

Status Ring::restrict_and_enable() {
    std::array rules{allow_operation(IORING_OP_READ_FIXED), allow_operation(IORING_OP_WRITE_FIXED),
                     allow_operation(IORING_OP_FSYNC), require_flags(IOSQE_FIXED_FILE),
                     allow_registration(IORING_UNREGISTER_FILES)};
    if (const int put = io_uring_register_restrictions(&ring_, rules.data(), rules.size()); put < 0)
        return ring_error("cannot be restricted", put);
    if (const int put = io_uring_enable_rings(&ring_); put < 0)
        return ring_error("cannot be enabled", put);
    return {};
}

io_uring_sqe* Ring::entry() {
    io_uring_sqe* entry = io_uring_get_sqe(&ring_);
    // The port never has more in flight than it has slots, and those are fewer than the entries.
    QUIETUS_ENSURE(entry != nullptr);
    return entry;
}

void Ring::start(const Transfer& transfer) {
    io_uring_sqe* sqe = entry();
    const auto buffer = static_cast<int>(transfer.buffer);
    const auto file = static_cast<int>(transfer.file);
    if (transfer.write)
        io_uring_prep_write_fixed(sqe, file, transfer.data, transfer.length, transfer.offset,
                                  buffer);
    else
        io_uring_prep_read_fixed(sqe, file, transfer.data, transfer.length, transfer.offset,
                                 buffer);
    io_uring_sqe_set_flags(sqe, IOSQE_FIXED_FILE);
    io_uring_sqe_set_data64(sqe, transfer.tag);
    io_uring_submit(&ring_); // what it does not take now goes with the submission in wait()
}

void Ring::start_sync(RingFile file, std::uint64_t tag) {
    io_uring_sqe* sqe = entry();
    io_uring_prep_fsync(sqe, static_cast<int>(file), 0);
    io_uring_sqe_set_flags(sqe, IOSQE_FIXED_FILE);
    io_uring_sqe_set_data64(sqe, tag);
    io_uring_submit(&ring_);
}

Result<std::optional<RingResult>> Ring::wait(unsigned count, std::chrono::milliseconds at_most) {
    const auto deadline = std::chrono::steady_clock::now() + at_most;
    io_uring_cqe* cqe = nullptr;
    while (io_uring_peek_cqe(&ring_, &cqe) != 0) {
        const auto left = std::max<std::chrono::nanoseconds>(
            deadline - std::chrono::steady_clock::now(), std::chrono::nanoseconds(0));
        __kernel_timespec time{left.count() / 1'000'000'000, left.count() % 1'000'000'000};
        const int waited = io_uring_submit_and_wait_timeout(&ring_, &cqe, count, &time, nullptr);
        if (waited == -ETIME || left.count() == 0) {
            // Fewer than were asked for may have come.
            if (io_uring_peek_cqe(&ring_, &cqe) == 0) break;
            return std::optional<RingResult>{};
        }
        if (waited < 0 && waited != -EINTR && waited != -EAGAIN) return ring_error("wait", waited);
    }
    const RingResult result{io_uring_cqe_get_data64(cqe), cqe->res};
    io_uring_cqe_seen(&ring_, cqe);
    return std::optional(result);
}

} // namespace quietus
