#include "efi_boot.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>

namespace quietus {
namespace {

constexpr std::size_t attribute_bytes = 4;
constexpr std::size_t uuid_characters = 36;
/// UEFI 2.10, 3.1.3: EFI_LOAD_OPTION begins with attributes and the length of its path list.
constexpr std::size_t option_head_bytes = 6;
/// UEFI 2.10, chapter 10, 3.1 and 3.5.1: device path nodes, and the one of a hard drive.
constexpr std::size_t node_head_bytes = 4;
constexpr std::uint8_t media_path = 0x04;
constexpr std::uint8_t hard_drive_path = 0x01;
constexpr std::uint8_t end_path = 0x7f;
constexpr std::size_t hard_drive_node_bytes = 42;
constexpr std::uint8_t signature_is_mbr = 1;
constexpr std::uint8_t signature_is_guid = 2;

std::uint64_t little(ByteView bytes, std::size_t at, std::size_t count) {
    std::uint64_t value = 0;
    for (std::size_t index = count; index-- > 0;)
        value = value << 8U | bytes[at + index];
    return value;
}

bool is_uuid(std::string_view text) {
    if (text.size() != uuid_characters) return false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool hyphen = at == 8 || at == 13 || at == 18 || at == 23;
        if (hyphen ? text[at] != '-' : std::isxdigit(static_cast<unsigned char>(text[at])) == 0)
            return false;
    }
    return true;
}

// Little-endian fields are written most significant octet first.
std::string turned_hex(ByteView field) {
    Bytes turned(field.begin(), field.end());
    std::ranges::reverse(turned);
    return to_hex(turned);
}

// The first three fields of a GUID are little-endian (UEFI 2.10, appendix A).
std::string guid_text(ByteView guid) {
    return turned_hex(guid.first(4)) + "-" + turned_hex(guid.subspan(4, 2)) + "-" +
           turned_hex(guid.subspan(6, 2)) + "-" + to_hex(guid.subspan(8, 2)) + "-" +
           to_hex(guid.subspan(10, 6));
}

std::optional<std::string> hard_drive_of(ByteView node) {
    if (node.size() < hard_drive_node_bytes) return std::nullopt;
    const ByteView signature = node.subspan(24, 16);
    if (node[41] == signature_is_guid) return guid_text(signature);
    if (node[41] != signature_is_mbr) return std::nullopt;
    // libblkid writes the partition's number in two digits or more, in hexadecimal.
    return turned_hex(signature.first(4)) + "-" + turned_hex(node.subspan(4, 1));
}

std::optional<std::string> hard_drive_in(ByteView path) {
    while (path.size() >= node_head_bytes && path[0] != end_path) {
        const auto length = static_cast<std::size_t>(little(path, 2, 2));
        if (length < node_head_bytes || length > path.size()) return std::nullopt;
        if (path[0] == media_path && path[1] == hard_drive_path)
            return hard_drive_of(path.first(length));
        path = path.subspan(length);
    }
    return std::nullopt;
}

} // namespace

std::optional<std::string> parse_loader_partition(ByteView variable) {
    std::string text;
    for (std::size_t at = attribute_bytes; at + 1 < variable.size(); at += 2) {
        const auto unit = little(variable, at, 2);
        if (unit == 0) break;
        if (unit > 0x7f) return std::nullopt;
        text += static_cast<char>(std::tolower(static_cast<int>(unit)));
    }
    if (!is_uuid(text)) return std::nullopt;
    return text;
}

std::optional<std::uint16_t> parse_boot_current(ByteView variable) {
    if (variable.size() != attribute_bytes + 2) return std::nullopt;
    return static_cast<std::uint16_t>(little(variable, attribute_bytes, 2));
}

std::optional<std::string> parse_boot_option(ByteView variable) {
    if (variable.size() < attribute_bytes + option_head_bytes) return std::nullopt;
    const ByteView option = variable.subspan(attribute_bytes);
    const auto length = static_cast<std::size_t>(little(option, 4, 2));
    std::size_t at = option_head_bytes;
    while (at + 1 < option.size() && little(option, at, 2) != 0) // its description
        at += 2;
    at += 2;
    if (at > option.size() || length > option.size() - at) return std::nullopt;
    return hard_drive_in(option.subspan(at, length));
}

} // namespace quietus
