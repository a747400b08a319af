#include "examine_payload.hpp"

#include "quietus/record/rehearsal.hpp"

namespace quietus {
namespace {

void examine_marks(const Payload& payload, CheckFindings& findings) {
    Payload copy = payload; // free_texts gives places to write to
    for (const NamedText& each : free_texts(copy))
        if (!each.text->empty() && !is_marked(*each.text))
            findings.push_back({"E_REHEARSAL", each.path + ": not marked as a rehearsal"});
}

} // namespace

void examine_rehearsal(const Payload& payload, CheckFindings& findings) {
    const bool rehearsal = payload.type == DocumentType::rehearsal;
    const bool emulated = payload.drive.provenance == Provenance::rehearsal;
    if (rehearsal != emulated)
        findings.push_back({"E_REHEARSAL", emulated ? "drive.provenance: an emulated drive, in a "
                                                      "document about real ones"
                                                    : "drive.provenance: not an emulated drive"});
    if (rehearsal != is_marked(payload.station.id))
        findings.push_back({"E_REHEARSAL", rehearsal ? "station.id: not that of a rehearsal"
                                                     : "station.id: that of a rehearsal"});
    if (!rehearsal) return;
    examine_marks(payload, findings);
    findings.push_back({"W_REHEARSAL", "a rehearsal: no drive was erased"});
}

} // namespace quietus
