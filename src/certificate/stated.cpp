#include "quietus/certificate/stated.hpp"

#include "build.hpp"
#include "examine_payload.hpp"
#include "payload.hpp"

#include "quietus/stream/digest.hpp"

namespace quietus {

Result<StatedErasure> read_stated(std::string_view payload) {
    const PayloadBytes bytes = examine_bytes(payload);
    if (!bytes.json) return Error{Fault::invalid, "not the JSON of a document"};
    const PayloadFacts facts = examine_schema(*bytes.json);
    if (!facts.payload) return Error{Fault::invalid, "not the members of a document"};
    return StatedErasure{
        facts.payload->id,           sha384_hex(payload),           drive_of(*facts.payload),
        evidence_of(*facts.payload), covered_bytes(*facts.payload), facts.payload->verdict,
        kept_extents(*facts.payload)};
}

Drive as_stated(const Drive& drive) {
    Payload payload;
    payload.drive = drive_payload(drive);
    return drive_of(payload);
}

} // namespace quietus
