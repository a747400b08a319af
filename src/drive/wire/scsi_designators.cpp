#include "scsi_designators.hpp"

#include "octets.hpp"
#include "scsi_inquiry.hpp"

#include <algorithm>
#include <array>

namespace quietus::scsi {
namespace {

constexpr std::size_t header_octets = 4;

bool is_type(const Designator& designator, DesignatorType type) {
    return designator.type == static_cast<std::uint8_t>(type);
}

Designator parse_designator(ByteView header, ByteView value) {
    Designator designator;
    designator.code_set = header[0] & 0x0FU;
    designator.type = header[1] & 0x0FU;
    designator.association = header[1] >> 4U & 3U;
    const bool port_or_target = designator.association == 1 || designator.association == 2;
    if ((header[1] & 0x80U) != 0 && port_or_target)
        designator.protocol = static_cast<std::uint8_t>(header[0] >> 4U);
    designator.value = value;
    return designator;
}

// NAA 2, 3 and 5 have 8 octets, NAA 6 has 16.
std::string naa_name(ByteView value) {
    const unsigned naa = value.empty() ? 0 : value[0] >> 4U;
    const std::size_t octets = naa == 6 ? 16 : naa == 2 || naa == 3 || naa == 5 ? 8 : 0;
    if (octets == 0 || value.size() != octets) return {};
    return "naa." + to_hex(value);
}

std::string eui_name(ByteView value) {
    const std::size_t octets = value.size();
    if ((octets != 8 && octets != 12 && octets != 16) || wire::all(value, 0)) return {};
    return "eui." + to_hex(value);
}

// SPC-5: 10h, a reserved octet, then the UUID.
std::string uuid_name(ByteView value) {
    if (value.size() != 18 || value[0] != 0x10 || wire::all(value.subspan(2), 0)) return {};
    std::string text = to_hex(value.subspan(2));
    for (const std::size_t place : {8U, 13U, 18U, 23U})
        text.insert(place, 1, '-');
    return "uuid." + text;
}

// "naa.5000C500A1B2C3D4", padded with zero octets.
std::string spelled_name(ByteView value) {
    std::string text(as_text(wire::trimmed(value)));
    std::ranges::transform(text, text.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    const auto digits = from_hex(text.size() > 4 ? std::string_view(text).substr(4) : "");
    if (!digits) return {};
    if (text.starts_with("naa.")) return naa_name(*digits);
    return text.starts_with("eui.") ? eui_name(*digits) : std::string();
}

int rank_of(const std::string& name) {
    if (name.starts_with("naa.")) return 3;
    if (name.starts_with("eui.")) return 2;
    return name.starts_with("uuid.") ? 1 : 0;
}

} // namespace

Result<std::vector<Designator>> parse_designators(ByteView page) {
    const auto body = vpd_body(page, vpd_designators);
    if (!body) return body.error();
    std::vector<Designator> all;
    for (ByteView rest = *body; !rest.empty();) {
        const std::size_t length = rest.size() < header_octets ? 0 : header_octets + rest[3];
        if (length == 0 || length > rest.size())
            return Error{Fault::drive, "a designator does not fit in it"};
        all.push_back(parse_designator(rest, rest.subspan(header_octets, length - header_octets)));
        rest = rest.subspan(length);
    }
    return all;
}

std::string name_of(const Designator& designator) {
    if (is_type(designator, DesignatorType::naa)) return naa_name(designator.value);
    if (is_type(designator, DesignatorType::eui64)) return eui_name(designator.value);
    if (is_type(designator, DesignatorType::uuid)) return uuid_name(designator.value);
    if (is_type(designator, DesignatorType::name_string)) return spelled_name(designator.value);
    return {};
}

std::string best_name(const std::vector<Designator>& all, Association association) {
    std::string best;
    for (const Designator& designator : all) {
        if (designator.association != static_cast<std::uint8_t>(association)) continue;
        std::string name = name_of(designator);
        const bool better = rank_of(name) > rank_of(best) ||
                            (rank_of(name) == rank_of(best) && name.size() > best.size());
        if (better) best = std::move(name);
    }
    return best;
}

bool is_worldwide(const std::string& name) {
    const auto all_zero = [&](std::size_t at, std::size_t digits) {
        return name.find_first_not_of('0', at) >= at + digits;
    };
    constexpr std::size_t digits_at = 4; // after "naa." or "eui."
    if (name.starts_with("uuid.")) return true;
    if (name.size() < digits_at + 16) return false;
    const bool eui = name.starts_with("eui.");
    const char naa = eui ? '5' : name[digits_at];
    if (naa != '2' && naa != '5' && naa != '6') return false;
    // The maker's number is 6 digits: at once in an EUI-64, after the NAA in NAA 5 and 6, after the
    // NAA and 12 bits of the maker's own in NAA 2. An EUI-64 in 16 octets has it in the middle.
    const std::size_t maker_at = digits_at + (eui          ? (name.size() == 36 ? 16U : 0U)
                                              : naa == '2' ? 4U
                                                           : 1U);
    return !all_zero(maker_at, 6) && !all_zero(maker_at + 6, name.size() - maker_at - 6);
}

} // namespace quietus::scsi
