#include "quietus/emulator/knob.hpp"

#include <algorithm>
#include <array>

namespace quietus::emulator {
namespace {

// Of the bridge before a SATA drive.
constexpr std::array of_bridges{Knob::no_return_descriptor, Knob::fixed_sense,
                                Knob::fixed_sense_shifted, Knob::count_zeroed, Knob::lba_swapped};
// Of the languages of others, and of units and namespaces beside the first.
constexpr std::array not_of_scsi{Knob::stale_completed_bit, Knob::frozen,
                                 Knob::password_left,       Knob::log_of_another_operation,
                                 Knob::one_namespace_left,  Knob::gde_never_set};
constexpr std::array not_of_nvme{Knob::sense_cut_to_18, Knob::password_left, Knob::lun_left};

template <std::size_t n>
bool is_among(const std::array<Knob, n>& knobs, Knob knob) {
    return std::ranges::find(knobs, knob) != knobs.end();
}

} // namespace

bool is_of_scsi(Knob knob) {
    return !is_among(of_bridges, knob) && !is_among(not_of_scsi, knob);
}

bool is_of_nvme(Knob knob) {
    return !is_among(of_bridges, knob) && !is_among(not_of_nvme, knob);
}

std::vector<std::string_view> knob_names() {
    std::vector<std::string_view> names;
    for (std::size_t i = 0; i < enum_texts<Knob>.size() && is_of_ata(static_cast<Knob>(i)); ++i)
        names.push_back(enum_texts<Knob>[i]);
    return names;
}

} // namespace quietus::emulator
