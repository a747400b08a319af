#include "sysfs.hpp"

#include "quietus/core/file.hpp"

#include <dirent.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>

namespace quietus::sysfs {
namespace {

/// An attribute is at most a page; the tables of /proc grow with the machine.
constexpr std::size_t text_limit = 16U << 20U;

struct CloseDirectory {
    void operator()(DIR* directory) const { ::closedir(directory); }
};

} // namespace

std::optional<std::string> bytes(const std::string& path) {
    auto content = read_regular_file(path, text_limit);
    if (!content) return std::nullopt;
    return std::move(*content);
}

std::optional<std::string> text(const std::string& path) {
    auto content = bytes(path);
    if (content && content->ends_with('\n')) content->pop_back();
    return content;
}

std::optional<std::uint64_t> parse_number(std::string_view text, int base) {
    std::uint64_t value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (read.ec != std::errc{} || read.ptr != text.data() + text.size()) return std::nullopt;
    return value;
}

std::optional<std::uint64_t> number(const std::string& path) {
    const auto content = text(path);
    return content ? parse_number(*content) : std::nullopt;
}

std::optional<std::uint64_t> device_number(std::string_view text) {
    const auto colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const auto major = parse_number(text.substr(0, colon));
    const auto minor = parse_number(text.substr(colon + 1));
    if (!major || !minor || *major > UINT_MAX || *minor > UINT_MAX) return std::nullopt;
    return makedev(static_cast<unsigned>(*major), static_cast<unsigned>(*minor));
}

std::vector<std::string> names(const std::string& directory) {
    std::vector<std::string> found;
    const std::unique_ptr<DIR, CloseDirectory> held(::opendir(directory.c_str()));
    while (held) {
        const dirent* entry = ::readdir(held.get());
        if (entry == nullptr) break;
        if (std::string_view name = entry->d_name; name != "." && name != "..")
            found.emplace_back(name);
    }
    std::sort(found.begin(), found.end(), [](const std::string& left, const std::string& right) {
        return ::strverscmp(left.c_str(), right.c_str()) < 0;
    });
    return found;
}

std::optional<std::string> link(const std::string& path) {
    std::array<char, PATH_MAX> target{};
    const ssize_t length = ::readlink(path.c_str(), target.data(), target.size());
    if (length < 0) return std::nullopt;
    return std::string(target.data(), static_cast<std::size_t>(length));
}

std::string resolved(const std::string& path) {
    const std::unique_ptr<char, decltype(&std::free)> real(::realpath(path.c_str(), nullptr),
                                                           &std::free);
    return real ? std::string(real.get()) : path;
}

std::string linked(const std::string& directory, const std::string& entry) {
    const std::filesystem::path path = std::filesystem::path(directory) / entry;
    const auto target = link(path);
    return target ? (path.parent_path() / *target).lexically_normal().string() : path.string();
}

bool exists(const std::string& path) {
    return ::access(path.c_str(), F_OK) == 0;
}

bool is_numbered(std::string_view name, std::string_view word) {
    return name.starts_with(word) && parse_number(name.substr(word.size()));
}

std::string last_component(const std::string& path) {
    return path.substr(path.rfind('/') + 1);
}

} // namespace quietus::sysfs
