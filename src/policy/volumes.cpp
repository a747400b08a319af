#include "quietus/policy/volumes.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/core/json.hpp"

#include <algorithm>
#include <string_view>

namespace quietus {
namespace {

constexpr std::size_t longest_cipher = 64;
constexpr std::uint32_t least_key_bits = 128; // NIST SP 800-88r2, 3.2.1, by ISO/IEC 27040

LuksVolume volume_of(const LuksHeader& header) {
    return {header.offset_bytes, header.room_bytes, header.version,    header.cipher,
            header.key_bits,     header.keys_end,   header.data_offset};
}

std::string at_byte(std::uint64_t offset) {
    return "the volume at byte " + std::to_string(offset);
}

// "cipher_null-ecb" of both versions, and how the kernel spells it.
bool encrypts_nothing(const std::string& cipher) {
    return cipher.starts_with("cipher_null") || cipher.starts_with("null") ||
           cipher.find("cipher_null") != std::string::npos;
}

std::optional<std::string> header_obstacle(const LuksHeader& header) {
    const auto says = [&](std::string_view what) {
        return at_byte(header.offset_bytes) + ": " + std::string(what);
    };
    if (!header.text.empty()) return says(escaped(header.text));
    if (header.data_offset == 0) return says("its data are elsewhere, this is a detached header");
    if (header.room_bytes == 0)
        return says("it is not known where it ends, or partitions overlap there");
    if (header.data_offset > most_before_data) return says("it has its data oddly far behind");
    if (header.data_offset >= header.room_bytes) return says("its data would lie behind its end");
    if (header.keys_end > header.data_offset) return says("its keys reach into its data");
    if (encrypts_nothing(header.cipher)) return says("its cipher encrypts nothing");
    if (!is_plain_cipher(header.cipher)) return says("it does not tell its cipher");
    if (header.key_bits == 0) return says("it has no key slot that tells how long its key is");
    if (header.key_bits < least_key_bits) return says("its key has less than 128 bits");
    return std::nullopt;
}

// A copy that is of another volume than the header before it: whose data these are is not known.
std::optional<std::string> copy_obstacle(const LuksHeader* first, const LuksHeader& copy) {
    constexpr std::uint64_t furthest_copy = std::uint64_t{4} << 20U;
    const bool is_near = first != nullptr && copy.offset_bytes > first->offset_bytes &&
                         copy.offset_bytes - first->offset_bytes <= furthest_copy;
    if (!is_near)
        return "the copy of a header at byte " + std::to_string(copy.offset_bytes) +
               " has no first one";
    if (copy.uuid == first->uuid && copy.data_offset == first->data_offset &&
        copy.cipher == first->cipher && copy.text.empty())
        return std::nullopt;
    return at_byte(first->offset_bytes) + ": its two headers disagree";
}

std::optional<std::string> headers_obstacle(const std::vector<LuksHeader>& headers) {
    const LuksHeader* first = nullptr;
    for (const LuksHeader& each : headers) {
        auto obstacle = each.second ? copy_obstacle(first, each) : header_obstacle(each);
        if (obstacle) return obstacle;
        if (!each.second) first = &each;
    }
    return std::nullopt;
}

// Whatever is recognised within a volume is not of it: a stale signature, or a table that overlaps.
std::optional<std::string> stranger_within(const Drive& drive, const LuksVolume& volume) {
    for (const Content& each : drive.contents) {
        const bool is_within = each.offset_bytes >= volume.offset_bytes &&
                               each.offset_bytes - volume.offset_bytes < volume.size_bytes;
        const bool is_it = each.offset_bytes == volume.offset_bytes && each.type == "crypto_LUKS";
        if (is_within && !is_it)
            return at_byte(volume.offset_bytes) + ": within it stands " + escaped(each.type) +
                   " at byte " + std::to_string(each.offset_bytes);
    }
    return std::nullopt;
}

bool is_sound(const LuksVolume& volume) {
    constexpr auto most = static_cast<std::uint64_t>(json_integer_max);
    return (volume.version == 1 || volume.version == 2) && volume.offset_bytes <= most &&
           volume.size_bytes <= most - volume.offset_bytes && volume.data_offset != 0 &&
           volume.data_offset <= most_before_data && volume.data_offset < volume.size_bytes &&
           volume.keys_end <= volume.data_offset && volume.key_bits >= least_key_bits &&
           is_plain_cipher(volume.cipher) && !encrypts_nothing(volume.cipher);
}

} // namespace

bool is_plain_cipher(const std::string& cipher) {
    constexpr std::string_view others = ":_().,-";
    const auto is_plain = [&](char each) {
        return (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z') ||
               (each >= '0' && each <= '9') || others.find(each) != others.npos;
    };
    return !cipher.empty() && cipher.size() <= longest_cipher &&
           std::ranges::all_of(cipher, is_plain);
}

std::vector<LuksVolume> volumes_on(const Drive& drive) {
    std::vector<LuksVolume> volumes;
    for (const LuksHeader& each : drive.luks)
        if (!each.second) volumes.push_back(volume_of(each));
    std::ranges::sort(volumes, {}, &LuksVolume::offset_bytes);
    return volumes;
}

std::optional<std::string> luks_obstacle(const Drive& drive) {
    if (drive.luks.empty()) return "no header of a LUKS volume was found on it";
    if (!drive.members.empty()) return "it is made up of several nodes";
    if (is_zoned(drive)) return "its zones are written in their order alone";
    if (auto obstacle = headers_obstacle(drive.luks)) return obstacle;
    const auto volumes = volumes_on(drive);
    for (const LuksVolume& each : volumes) {
        if (auto stranger = stranger_within(drive, each)) return stranger;
        if (each.size_bytes > drive.size_bytes ||
            each.offset_bytes > drive.size_bytes - each.size_bytes)
            return at_byte(each.offset_bytes) + ": it runs past the end of the drive";
    }
    if (auto flaw = flaw_of(volumes)) return flaw;
    if (kept_extents(volumes).empty()) return "its volumes have no data that could be left";
    return std::nullopt;
}

std::optional<std::string> flaw_of(const std::vector<LuksVolume>& volumes) {
    if (volumes.empty()) return "no volume whose keys could be destroyed";
    std::uint64_t end = 0;
    for (const LuksVolume& each : volumes) {
        if (!is_sound(each)) return at_byte(each.offset_bytes) + " cannot be as it is said to be";
        if (each.offset_bytes < end) return at_byte(each.offset_bytes) + " lies within another";
        end = each.offset_bytes + each.size_bytes;
    }
    return std::nullopt;
}

ExtentSet kept_extents(const std::vector<LuksVolume>& volumes) {
    ExtentSet kept;
    if (flaw_of(volumes)) return kept;
    for (const LuksVolume& each : volumes) {
        const std::uint64_t data = each.offset_bytes + each.data_offset;
        const std::uint64_t begin =
            (data + kept_unit_bytes - 1) / kept_unit_bytes * kept_unit_bytes;
        const std::uint64_t end =
            (each.offset_bytes + each.size_bytes) / kept_unit_bytes * kept_unit_bytes;
        if (begin < end) kept.add({begin, end - begin});
    }
    return kept;
}

} // namespace quietus
