#include "proc_tables.hpp"

#include "sysfs.hpp"

#include <sys/sysmacros.h>

#include <algorithm>
#include <charconv>
#include <climits>
#include <functional>
#include <optional>
#include <utility>

namespace quietus {
namespace {

using Words = std::vector<std::string_view>;

Words words_of(std::string_view line) {
    Words words;
    for (;;) {
        line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
        if (line.empty()) return words;
        words.push_back(line.substr(0, line.find_first_of(" \t")));
        line.remove_prefix(words.back().size());
    }
}

// The kernel writes space, tab, newline and backslash as three octal digits.
std::string unescaped(std::string_view text) {
    std::string plain;
    while (!text.empty()) {
        const auto octal = text[0] == '\\' && text.size() >= 4
                               ? sysfs::parse_number(text.substr(1, 3), 8)
                               : std::nullopt;
        plain += octal && *octal <= UCHAR_MAX ? static_cast<char>(*octal) : text[0];
        text.remove_prefix(octal && *octal <= UCHAR_MAX ? 4 : 1);
    }
    return plain;
}

template <typename Row>
Result<std::vector<Row>> parse_lines(
    std::string_view table, const std::function<std::optional<Row>(Words)>& parse,
    const std::function<bool(const Words&)>& matters = [](const Words&) { return true; }) {
    std::vector<Row> rows;
    for (std::size_t line_number = 1; !table.empty(); ++line_number) {
        const std::string_view line = table.substr(0, table.find('\n'));
        table.remove_prefix(std::min(line.size() + 1, table.size()));
        if (line.empty()) continue;
        const Words words = words_of(line);
        if (!matters(words)) continue;
        auto row = parse(words);
        if (!row)
            return Error{Fault::invalid, "line " + std::to_string(line_number) + " not understood"};
        rows.push_back(std::move(*row));
    }
    return rows;
}

// "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue"
std::optional<Mount> parse_mount(const Words& words) {
    const auto dash = std::find(words.begin(), words.end(), "-");
    if (dash - words.begin() < 6 || words.end() - dash < 3) return std::nullopt;
    const auto id = sysfs::parse_number(words[0]);
    const auto parent = sysfs::parse_number(words[1]);
    const auto number = sysfs::device_number(words[2]);
    if (!id || !parent || !number) return std::nullopt;
    Mount mount;
    mount.id = *id;
    mount.parent = *parent;
    mount.number = *number;
    mount.root = unescaped(words[3]);
    mount.point = unescaped(words[4]);
    mount.type = unescaped(dash[1]);
    // An empty source leaves two blanks in a row, so that one word is missing.
    const bool sourceless = words.end() - dash == 3;
    mount.source = sourceless ? "" : unescaped(dash[2]);
    mount.options = unescaped(dash[sourceless ? 2 : 3]);
    return mount;
}

std::optional<Swap> parse_swap(const Words& words) {
    if (words.size() != 5 || (words[1] != "partition" && words[1] != "file")) return std::nullopt;
    return Swap{unescaped(words[0]), words[1] == "file"};
}

std::optional<std::int64_t> parse_pid(std::string_view text) {
    std::int64_t pid = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), pid);
    if (read.ec != std::errc{} || read.ptr != text.data() + text.size()) return std::nullopt;
    return pid;
}

// "fe:00": major and minor in hexadecimal.
std::optional<std::uint64_t> hex_device_number(std::string_view text) {
    const auto colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const auto major = sysfs::parse_number(text.substr(0, colon), 16);
    const auto minor = sysfs::parse_number(text.substr(colon + 1), 16);
    if (!major || !minor || *major > UINT_MAX || *minor > UINT_MAX) return std::nullopt;
    return makedev(static_cast<unsigned>(*major), static_cast<unsigned>(*minor));
}

// "fe:00:1066053": the inode in decimal.
std::optional<FileLock> parse_lock_place(std::string_view pid, std::string_view place) {
    const auto colon = place.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const auto owner = parse_pid(pid);
    const auto device = hex_device_number(place.substr(0, colon));
    const auto inode = sysfs::parse_number(place.substr(colon + 1));
    if (!owner || !device || !inode) return std::nullopt;
    return FileLock{*owner, *device, *inode};
}

// "1: POSIX  ADVISORY  WRITE 8253 fe:00:1066053 0 EOF"; "1: -> ..." waits for the one before.
std::optional<FileLock> parse_lock(Words words) {
    if (words.size() > 1 && words[1] == "->") words.erase(words.begin() + 1);
    if (words.size() < 6) return std::nullopt;
    return parse_lock_place(words[4], words[5]);
}

// "7f1c-7f1d rw-s 00001000 00:06 123      /dev/sda": the path may hold blanks, and is the rest.
std::optional<Mapping> parse_mapping(const Words& words) {
    if (words.size() < 5 || words[1].size() != 4) return std::nullopt;
    const auto device = hex_device_number(words[3]);
    const auto inode = sysfs::parse_number(words[4]);
    if (!device || !inode) return std::nullopt;
    Mapping mapping{std::string(words[0]), *device, *inode, {}};
    if (words.size() == 5) return mapping;
    const char* end = words.back().data() + words.back().size();
    mapping.path = unescaped({words[5].data(), static_cast<std::size_t>(end - words[5].data())});
    return mapping;
}

// What is not understood matters until it has been.
bool is_shared_and_writable(const Words& words) {
    if (words.size() < 5 || words[1].size() != 4) return true;
    return words[1][1] == 'w' && words[1][3] == 's' && words.size() > 5 && words[5][0] == '/';
}

} // namespace

Result<std::vector<Mount>> parse_mountinfo(std::string_view table) {
    return parse_lines<Mount>(table, parse_mount);
}

Result<std::vector<Swap>> parse_swaps(std::string_view table) {
    const auto heading = table.find('\n');
    return parse_lines<Swap>(heading == std::string_view::npos ? "" : table.substr(heading),
                             parse_swap);
}

Result<std::vector<FileLock>> parse_locks(std::string_view table) {
    return parse_lines<FileLock>(table, parse_lock);
}

Result<std::vector<Mapping>> parse_maps(std::string_view table) {
    return parse_lines<Mapping>(table, parse_mapping, is_shared_and_writable);
}

} // namespace quietus
