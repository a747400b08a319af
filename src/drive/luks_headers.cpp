#include "quietus/drive/luks_headers.hpp"

#include "wire/octets.hpp"

#include "quietus/core/json.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace quietus::luks {
namespace {

using wire::big;

constexpr std::array<std::uint8_t, 6> first_magic{'L', 'U', 'K', 'S', 0xBA, 0xBE};
constexpr std::array<std::uint8_t, 6> second_magic{'S', 'K', 'U', 'L', 0xBA, 0xBE};
constexpr std::size_t binary_octets = 4096; // of version 2; of version 1 592 of them
constexpr std::uint64_t sector = 512;
constexpr std::uint64_t least_header = std::uint64_t{16} << 10U;
constexpr std::uint64_t most_header = std::uint64_t{4} << 20U;
constexpr std::uint64_t most_offset = std::uint64_t{1} << 51U; // JSON keeps the sum of two
constexpr std::size_t most_slots = 32;                         // of cryptsetup

// Up to its zero octet; the drive may have left that out.
std::string text_at(ByteView data, std::size_t at, std::size_t width) {
    const auto field = data.subspan(at, width);
    const auto end = std::ranges::find(field, std::uint8_t{0});
    return escaped(std::string(field.begin(), end));
}

bool begins_with(ByteView data, const std::array<std::uint8_t, 6>& magic) {
    return data.size() >= binary_octets && std::ranges::equal(data.first(magic.size()), magic);
}

// A header is a power of two from 16 KiB to 4 MiB.
bool is_header_size(std::uint64_t octets) {
    return octets >= least_header && octets <= most_header && (octets & (octets - 1)) == 0;
}

// --- version 1 ---

void read_slots(ByteView data, std::uint64_t key_octets, LuksHeader& header) {
    constexpr std::size_t slots_at = 208;
    constexpr std::size_t slot_octets = 48;
    constexpr std::uint64_t enabled = 0x00AC71F3;
    for (std::uint32_t slot = 0; slot < 8; ++slot) {
        const std::size_t at = slots_at + slot * slot_octets;
        if (big(data, at, 4) == enabled) header.key_slots.push_back(slot);
        // Where a slot was emptied its stripes are still claimed.
        const std::uint64_t begin = big(data, at + 40, 4) * sector;
        const std::uint64_t stripes = big(data, at + 44, 4);
        const std::uint64_t octets = stripes * key_octets;
        header.keys_end =
            std::max(header.keys_end, begin + octets + (sector - octets % sector) % sector);
    }
}

LuksHeader read_version_1(ByteView data) {
    LuksHeader header;
    header.version = 1;
    header.cipher = text_at(data, 8, 32) + "-" + text_at(data, 40, 32);
    const std::uint64_t key_octets = big(data, 108, 4);
    header.key_bits = static_cast<std::uint32_t>(std::min<std::uint64_t>(key_octets, 1024) * 8);
    header.data_offset = big(data, 104, 4) * sector;
    header.uuid = text_at(data, 168, 40);
    if (key_octets > 1024) {
        header.text = "a key of more than 8192 bits";
        return header;
    }
    read_slots(data, key_octets, header);
    header.keys_end = std::max(header.keys_end, header.data_offset);
    return header;
}

// --- version 2 ---

// Offsets and sizes are texts, since they may be larger than what JSON keeps.
std::optional<std::uint64_t> number_in(const Json& json, std::string_view member) {
    const std::string_view text = json.text_of(member);
    std::uint64_t value = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || problem != std::errc{} || end != text.data() + text.size() ||
        value > most_offset)
        return std::nullopt;
    return value;
}

const Json::Object& members_of(const Json& json, std::string_view member) {
    static const Json::Object none;
    const Json* found = json.find(member);
    const auto* object = found == nullptr ? nullptr : found->as<Json::Object>();
    return object == nullptr ? none : *object;
}

void read_key_slots(const Json& area, LuksHeader& header) {
    for (const auto& [name, slot] : members_of(area, "keyslots")) {
        std::uint32_t number = 0;
        const auto [end, problem] = std::from_chars(name.data(), name.data() + name.size(), number);
        if (problem != std::errc{} || end != name.data() + name.size()) {
            header.text = "a key slot without a number";
            continue;
        }
        if (header.key_slots.size() == most_slots) {
            header.text = "more than 32 key slots";
            break;
        }
        header.key_slots.push_back(number);
        if (const auto* size = slot.find("key_size"))
            if (const auto* octets = size->as<std::int64_t>();
                octets && *octets > 0 && *octets <= 1024)
                header.key_bits =
                    std::max(header.key_bits, static_cast<std::uint32_t>(*octets * 8));
        const Json* place = slot.find("area");
        const auto begin = place == nullptr ? std::nullopt : number_in(*place, "offset");
        const auto octets = place == nullptr ? std::nullopt : number_in(*place, "size");
        if (begin && octets)
            header.keys_end = std::max(header.keys_end, *begin + *octets);
        else
            header.text = "a key slot that does not say where it is";
    }
    std::ranges::sort(header.key_slots);
}

// What a volume has while it is re-encrypted, resized or guarded against changes: not all that
// follows its header is then encrypted by the keys in it.
void note_unusual(const Json& area, LuksHeader& header) {
    const auto& segments = members_of(area, "segments");
    if (segments.size() > 1) header.text = "data in several segments";
    for (const auto& [name, segment] : segments) {
        if (segment.text_of("type") != "crypt") header.text = "a segment that is not encrypted";
        if (segment.text_of("size") != "dynamic") header.text = "a segment of a size of its own";
        if (segment.find("integrity") != nullptr) header.text = "a segment with check values";
        if (segment.find("flags") != nullptr) header.text = "a segment with flags";
    }
    const Json* config = area.find("config");
    const Json* needed = config == nullptr ? nullptr : config->find("requirements");
    if (needed != nullptr) header.text = "it requires what is not known here";
}

void read_segments(const Json& area, LuksHeader& header) {
    std::optional<std::uint64_t> first;
    note_unusual(area, header);
    for (const auto& [name, segment] : members_of(area, "segments")) {
        const auto begin = number_in(segment, "offset");
        if (!begin) {
            header.text = "a segment that does not say where it is";
            continue;
        }
        if (!first || *begin < *first) first = *begin;
        if (segment.text_of("type") == "crypt")
            header.cipher = escaped(segment.text_of("encryption"));
    }
    header.data_offset = first.value_or(0);
    header.keys_end = std::max(header.keys_end, header.data_offset);
}

// Behind the binary part stands JSON up to a zero octet.
void read_area(ByteView data, LuksHeader& header) {
    const auto text = data.subspan(std::min(binary_octets, data.size()));
    const auto end = std::ranges::find(text, std::uint8_t{0});
    const auto area = parse_json(std::string(text.begin(), end));
    if (!area) {
        header.text = "its metadata: " + area.error().message;
        return;
    }
    read_key_slots(*area, header);
    read_segments(*area, header);
}

Result<LuksHeader> read_version_2(const Reader& read, std::uint64_t offset, ByteView binary) {
    LuksHeader header;
    header.version = 2;
    header.uuid = text_at(binary, 168, 40);
    const std::uint64_t octets = big(binary, 8, 8);
    if (!is_header_size(octets)) {
        header.text = "a length that no header has";
        return header;
    }
    // Both copies are before the first slot.
    header.keys_end = 2 * octets;
    auto data = read(offset, static_cast<std::size_t>(octets));
    if (!data) return std::move(data).error();
    read_area(*data, header);
    return header;
}

/// Those of one volume, as they are found.
class Volume {
  public:
    Volume(const Reader& read, std::uint64_t offset) : read_(read), offset_(offset) {}

    Result<std::vector<LuksHeader>> headers() {
        auto binary = read_(offset_, binary_octets);
        if (!binary) return std::move(binary).error();
        const bool is_first = begins_with(*binary, first_magic);
        const std::uint64_t version = is_first ? big(*binary, 6, 2) : 0;
        if (version == 1) {
            keep(read_version_1(*binary), 0, false);
            return std::move(found_);
        }
        std::uint64_t octets = 0;
        if (version == 2) {
            auto header = read_version_2(read_, offset_, *binary);
            if (!header) return std::move(header).error();
            keep(std::move(*header), 0, false);
            octets = big(*binary, 8, 8);
        }
        auto status = is_header_size(octets) ? look_behind(octets) : look_everywhere();
        if (!status) return std::move(status).error();
        return std::move(found_);
    }

  private:
    Status look_everywhere() {
        for (std::uint64_t at = least_header; at <= most_header; at *= 2)
            if (auto status = look_behind(at); !status) return status;
        return {};
    }

    // A copy says itself how far behind the beginning it is.
    Status look_behind(std::uint64_t distance) {
        const std::uint64_t at = offset_ + distance;
        const auto binary = read_(at, binary_octets);
        if (!binary) return Error(binary.error());
        const bool is_copy = begins_with(*binary, second_magic) && big(*binary, 6, 2) == 2 &&
                             big(*binary, 256, 8) == distance;
        if (!is_copy) return {};
        auto header = read_version_2(read_, at, *binary);
        if (!header) return std::move(header).error();
        keep(std::move(*header), distance, true);
        return {};
    }

    void keep(LuksHeader header, std::uint64_t distance, bool second) {
        header.offset_bytes = offset_ + distance;
        header.second = second;
        found_.push_back(std::move(header));
    }

    const Reader& read_;
    std::uint64_t offset_;
    std::vector<LuksHeader> found_ = {};
};

} // namespace

Result<std::vector<LuksHeader>> read_headers(const Reader& read, std::uint64_t offset) {
    return Volume(read, offset).headers();
}

} // namespace quietus::luks
