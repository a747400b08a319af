#include "tcmu_ring.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <utility>

namespace quietus::test {
namespace {

struct Mailbox {
    std::uint16_t version;
    std::uint16_t flags;
    std::uint32_t ring_offset;
    std::uint32_t ring_bytes;
    std::uint32_t head;             ///< the kernel's
    alignas(64) std::uint32_t tail; ///< ours
};
static_assert(offsetof(Mailbox, tail) == 64);

struct Header {
    std::uint32_t length_and_kind;
    std::uint16_t number;
    std::uint8_t kernel_flags;
    std::uint8_t our_flags;
};

struct Piece {
    std::uint64_t offset; ///< in the region
    std::uint64_t length;
};

struct Request {
    Header header;
    std::uint32_t pieces;
    std::uint32_t second_direction;
    std::uint32_t protection;
    std::uint64_t cdb_offset;
    std::uint64_t reserved[2];
};
static_assert(sizeof(Request) == 48);

struct Response {
    Header header;
    std::uint8_t status;
    std::uint8_t reserved[3];
    std::uint32_t bytes_read;
    std::uint8_t sense[96];
};
static_assert(offsetof(Response, sense) == 16);

constexpr std::uint32_t kind_mask = 7;
constexpr std::uint32_t a_command = 1; // 0 fills the end of the ring
constexpr std::uint8_t read_length_is_told = 2;
constexpr std::size_t cdb_bytes = 16;

std::string first_line(const std::filesystem::path& file) {
    std::ifstream in(file);
    std::string line;
    std::getline(in, line);
    return line;
}

std::string uio_of(const std::string& name) {
    std::error_code failure;
    for (const auto& each : std::filesystem::directory_iterator("/sys/class/uio", failure))
        if (first_line(each.path() / "name") == name) return each.path().filename();
    return {};
}

Request request_at(const std::uint8_t* entry) {
    Request request;
    std::memcpy(&request, entry, sizeof request);
    return request;
}

Piece piece_at(const std::uint8_t* entry, std::uint32_t number) {
    Piece piece;
    std::memcpy(&piece, entry + sizeof(Request) + number * sizeof(Piece), sizeof piece);
    return piece;
}

} // namespace

Result<TcmuRing> TcmuRing::open(const std::string& name) {
    const std::string uio = uio_of(name);
    if (uio.empty()) return Error{Fault::io, name + ": the kernel has no such target"};
    const std::string size = first_line("/sys/class/uio/" + uio + "/maps/map0/size");
    const std::size_t bytes = std::strtoull(size.c_str(), nullptr, 0);
    Descriptor file(::open(("/dev/" + uio).c_str(), O_RDWR | O_CLOEXEC));
    if (!file.open()) return system_error(Fault::io, "/dev/" + uio);
    void* region = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file.get(), 0);
    if (region == MAP_FAILED) return system_error(Fault::io, "/dev/" + uio);
    return TcmuRing(std::move(file), static_cast<std::uint8_t*>(region), bytes);
}

TcmuRing::TcmuRing(TcmuRing&& other) noexcept
    : uio_(std::move(other.uio_)), region_(std::exchange(other.region_, nullptr)),
      bytes_(other.bytes_) {}

TcmuRing::~TcmuRing() {
    if (region_ != nullptr) ::munmap(region_, bytes_);
}

// Both directions are read: which it is only the command itself says.
TargetCommand TcmuRing::command_at(const std::uint8_t* entry) const {
    const Request request = request_at(entry);
    TargetCommand command;
    const std::uint8_t* cdb = region_ + request.cdb_offset;
    command.cdb.assign(cdb, cdb + cdb_bytes);
    for (std::uint32_t number = 0; number < request.pieces; ++number) {
        const Piece piece = piece_at(entry, number);
        const std::uint8_t* from = region_ + piece.offset;
        command.out.insert(command.out.end(), from, from + piece.length);
    }
    command.bytes = command.out.size();
    return command;
}

void TcmuRing::reply_at(std::uint8_t* entry, const TargetReply& reply) const {
    const Request request = request_at(entry);
    std::size_t taken = 0;
    for (std::uint32_t number = 0; number < request.pieces; ++number) {
        const Piece piece = piece_at(entry, number);
        const std::size_t length = std::min<std::size_t>(piece.length, reply.data.size() - taken);
        std::copy_n(reply.data.begin() + static_cast<std::ptrdiff_t>(taken), length,
                    region_ + piece.offset);
        taken += length;
    }
    Response response{};
    response.header = request.header;
    response.status = reply.status;
    if (!reply.data.empty()) {
        response.header.our_flags = read_length_is_told;
        response.bytes_read = static_cast<std::uint32_t>(taken);
    }
    std::copy_n(reply.sense.begin(), std::min<std::size_t>(reply.sense.size(), 96), response.sense);
    std::memcpy(entry, &response, sizeof response);
}

void TcmuRing::serve(const std::function<TargetReply(const TargetCommand&)>& answer) {
    std::uint32_t interrupts = 0;
    if (::read(uio_.get(), &interrupts, sizeof interrupts) != sizeof interrupts) return;
    auto* mailbox = reinterpret_cast<Mailbox*>(region_);
    std::uint8_t* ring = region_ + mailbox->ring_offset;
    while (mailbox->tail != std::atomic_ref(mailbox->head).load()) {
        std::uint8_t* entry = ring + mailbox->tail;
        const Header header = request_at(entry).header;
        if ((header.length_and_kind & kind_mask) == a_command)
            reply_at(entry, answer(command_at(entry)));
        const std::uint32_t length = header.length_and_kind & ~kind_mask;
        std::atomic_ref(mailbox->tail).store((mailbox->tail + length) % mailbox->ring_bytes);
    }
    constexpr std::uint32_t doorbell = 0;
    (void)!::write(uio_.get(), &doorbell, sizeof doorbell);
}

} // namespace quietus::test
