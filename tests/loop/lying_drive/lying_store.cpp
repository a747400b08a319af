#include "lying_store.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <utility>

namespace quietus::rig {
namespace {

constexpr std::array<std::pair<std::string_view, Lie>, 16> lies{{
    {"honest", Lie::honest},
    {"drop-writes", Lie::drop_writes},
    {"misplace", Lie::misplace},
    {"alias-half", Lie::alias_half},
    {"eio-on-write", Lie::eio_on_write},
    {"eio-on-read", Lie::eio_on_read},
    {"hang-on-read", Lie::hang_on_read},
    {"hang-on-write", Lie::hang_on_write},
    {"slow-on-write", Lie::slow_on_write},
    {"slow-on-read", Lie::slow_on_read},
    {"differ-on-read", Lie::differ_on_read},
    {"short-reads", Lie::short_reads},
    {"read-only", Lie::read_only},
    {"resize", Lie::resize},
    {"fail-flush", Lie::fail_flush},
    {"vanish", Lie::vanish},
}};

constexpr std::array<std::pair<std::string_view, std::uint64_t StoreFault::*>, 8> settings{{
    {"offset", &StoreFault::offset},
    {"length", &StoreFault::length},
    {"after", &StoreFault::after},
    {"every", &StoreFault::every},
    {"times", &StoreFault::times},
    {"shift", &StoreFault::shift},
    {"delay", &StoreFault::delay},
    {"size", &StoreFault::size},
}};

std::string_view next_word(std::string_view& line) {
    line.remove_prefix(std::min(line.find_first_not_of(" \n"), line.size()));
    const std::string_view word = line.substr(0, line.find_first_of(" \n"));
    line.remove_prefix(word.size());
    return word;
}

bool set(StoreFault& fault, std::string_view word) {
    const auto equals = word.find('=');
    if (equals == std::string_view::npos) return false;
    for (const auto& [name, member] : settings) {
        if (name != word.substr(0, equals)) continue;
        const char* const end = word.data() + word.size();
        const auto read = std::from_chars(word.data() + equals + 1, end, fault.*member);
        return read.ec == std::errc{} && read.ptr == end;
    }
    return false;
}

// The one thread that answers stops: whoever waits for it waits as long as it lives, and no signal
// ends that (the kernel gives up only requests that nobody has taken yet).
[[noreturn]] void hang() {
    for (;;)
        ::pause();
}

void sleep_for(std::uint64_t milliseconds) {
    ::usleep(static_cast<useconds_t>(milliseconds * 1000));
}

} // namespace

std::optional<StoreFault> parse_fault(std::string_view line) {
    StoreFault fault;
    const std::string_view kind = next_word(line);
    const auto* const found =
        std::find_if(lies.begin(), lies.end(), [&](const auto& lie) { return lie.first == kind; });
    if (found == lies.end()) return std::nullopt;
    fault.lie = found->second;
    for (auto word = next_word(line); !word.empty(); word = next_word(line))
        if (!set(fault, word)) return std::nullopt;
    if (fault.every == 0) return std::nullopt;
    return fault;
}

void LyingStore::set_fault(StoreFault fault) {
    fault_ = fault;
    met_ = struck_ = 0;
    gone_ = false;
    told_size_ = size_;
}

// Whether the fault strikes this request, which is of the kind that the fault is about.
bool LyingStore::meets(std::uint64_t offset, std::size_t length) {
    const bool touches = offset + length > fault_.offset &&
                         (offset < fault_.offset || offset - fault_.offset < fault_.length);
    if (!touches || ++met_ <= fault_.after) return false;
    if ((met_ - fault_.after) % fault_.every != 0 || struck_ >= fault_.times) return false;
    ++struck_;
    ++counts_.faults;
    return true;
}

std::uint64_t LyingStore::place(std::uint64_t offset) const {
    return fault_.lie == Lie::alias_half ? offset % (size_ / 2) : offset;
}

// How much of a request lies in one piece on the medium.
std::size_t LyingStore::run_at(std::uint64_t offset, std::size_t length) const {
    const std::uint64_t end = fault_.lie == Lie::alias_half ? size_ / 2 : size_;
    return static_cast<std::size_t>(std::min<std::uint64_t>(length, end - place(offset)));
}

int LyingStore::read(std::span<char> into, std::uint64_t offset) {
    ++counts_.reads;
    if (gone_) return -ENODEV;
    if (strikes(Lie::eio_on_read, offset, into.size())) return -EIO;
    if (strikes(Lie::hang_on_read, offset, into.size())) hang();
    if (strikes(Lie::slow_on_read, offset, into.size())) sleep_for(fault_.delay);
    const std::uint64_t end = std::min(told_size_, size_);
    if (offset >= end) return 0;
    into = into.first(std::min<std::uint64_t>(into.size(), end - offset));
    if (into.size() > 512 && strikes(Lie::short_reads, offset, into.size()))
        into = into.first(into.size() / 1024 * 512);
    for (std::size_t done = 0; done < into.size();) {
        const auto run = run_at(offset + done, into.size() - done);
        const auto got =
            ::pread(descriptor_, into.data() + done, run, static_cast<off_t>(place(offset + done)));
        if (got <= 0) return got == 0 ? -EIO : -errno;
        done += static_cast<std::size_t>(got);
    }
    if (strikes(Lie::differ_on_read, offset, into.size())) {
        differs_ = !differs_;
        for (std::size_t at = 0; differs_ && at < into.size(); at += 512)
            into[at] = static_cast<char>(into[at] ^ 1);
    }
    counts_.bytes_read += into.size();
    return static_cast<int>(into.size());
}

int LyingStore::write(std::span<const char> from, std::uint64_t offset) {
    ++counts_.writes;
    if (fault_.lie == Lie::vanish && !gone_ && meets(offset, from.size())) gone_ = true;
    if (gone_) return -ENODEV;
    if (strikes(Lie::resize, offset, from.size())) told_size_ = fault_.size;
    const std::uint64_t end = std::min(told_size_, size_);
    if (offset >= end) return -ENOSPC;
    from = from.first(std::min<std::uint64_t>(from.size(), end - offset));
    if (strikes(Lie::hang_on_write, offset, from.size())) hang();
    if (strikes(Lie::slow_on_write, offset, from.size())) sleep_for(fault_.delay);
    if (strikes(Lie::eio_on_write, offset, from.size())) return -EIO;
    if (strikes(Lie::read_only, offset, from.size())) return -EROFS;
    counts_.bytes_written += from.size();
    if (strikes(Lie::drop_writes, offset, from.size())) return static_cast<int>(from.size());
    if (strikes(Lie::misplace, offset, from.size())) offset = (offset + fault_.shift) % size_;
    return store(from, offset);
}

int LyingStore::store(std::span<const char> from, std::uint64_t offset) {
    for (std::size_t done = 0; done < from.size();) {
        const std::uint64_t at = (offset + done) % size_;
        const auto put = ::pwrite(descriptor_, from.data() + done, run_at(at, from.size() - done),
                                  static_cast<off_t>(place(at)));
        if (put < 0) return -errno;
        done += static_cast<std::size_t>(put);
    }
    return static_cast<int>(from.size());
}

int LyingStore::flush() {
    ++counts_.flushes;
    if (gone_) return -ENODEV;
    if (fault_.lie != Lie::fail_flush || !meets(0, SIZE_MAX)) return 0;
    return -EIO;
}

} // namespace quietus::rig
