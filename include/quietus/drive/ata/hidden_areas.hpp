// Hidden areas: how much of a drive its settings keep out of reach (HPA, AMAC, DCO), to the exact
// block, and lifting them.
//
// A size is a number of blocks; what drives answer are last addresses. One hidden block counts.
#pragma once

#include "quietus/record/firmware_evidence.hpp"
#include "quietus/transport/ata/identify_words.hpp"
#include "quietus/transport/ata_port.hpp"

#include <string>

namespace quietus::ata {

/// Asks for all that the drive has by `words`, which were read just now. A protected area may
/// itself be hidden by an overlay, and so that is asked for whatever else is missing.
[[nodiscard]] HiddenAreas read_hidden_areas(AtaPort& port, const IdentifyWords& words);

/// Lifts what hides something, and reads everything again. Kept over a power cycle: an erasure that
/// goes on after one must not find the old border. Fills in `before`, `lifted` and the state.
void lift_hidden_areas(AtaPort& port, HiddenAreaRecord& record);

} // namespace quietus::ata
