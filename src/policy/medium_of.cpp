#include "quietus/policy/catalogue.hpp"

#include <algorithm>

namespace quietus {
namespace {

template <typename Kind>
bool is_among(const std::vector<Kind>& known, Kind kind) {
    return known.empty() || std::ranges::find(known, kind) != known.end();
}

bool has_boot_areas(const Drive& drive) {
    return std::ranges::any_of(drive.parts, [](const Part& part) {
        return part.kind == PartKind::boot_area || part.kind == PartKind::rpmb;
    });
}

// By what stands on documents as well.
bool agrees_as_stated(const MediumSign& sign, const Drive& drive) {
    return is_among(sign.kinds, drive.kind) && is_among(sign.media, drive.medium) &&
           (!sign.removable || *sign.removable == drive.removable);
}

bool agrees(const MediumSign& sign, const Drive& drive) {
    return agrees_as_stated(sign, drive) && (!sign.zoned || *sign.zoned == is_zoned(drive)) &&
           (!sign.boot_areas || *sign.boot_areas == has_boot_areas(drive));
}

} // namespace

MediumId medium_of(const Drive& drive) {
    const auto& media = catalogue().media;
    for (std::size_t index = 0; index < media.size(); ++index)
        if (std::ranges::any_of(media[index].signs,
                                [&](const MediumSign& sign) { return agrees(sign, drive); }))
            return static_cast<MediumId>(index);
    return MediumId::unknown;
}

bool may_be(const Drive& stated, MediumId medium) {
    return std::ranges::any_of(catalogue()[medium].signs, [&](const MediumSign& sign) {
        return agrees_as_stated(sign, stated);
    });
}

} // namespace quietus
