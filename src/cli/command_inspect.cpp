#include "commands.hpp"
#include "facts_json.hpp"
#include "people_text.hpp"

#include "quietus/app/offers.hpp"
#include "quietus/app/select.hpp"
#include "quietus/core/bytes.hpp"

namespace quietus::cli {
namespace {

using Rows = std::vector<std::vector<std::string>>;

std::string or_unknown(const std::string& text) {
    return text.empty() ? "unknown" : text;
}

Rows identity(const Drive& drive) {
    return {
        {"node", drive.node},
        {"by id", joined(drive.by_id, "none")},
        {"kind", std::string(to_text(drive.kind))},
        {"medium", std::string(to_text(drive.medium))},
        {"model", or_unknown(drive.model)},
        {"serial", or_unknown(drive.serial)},
        {"serial as delivered", or_unknown(drive.serial_raw_hex)},
        {"identity from", std::string(to_text(drive.identity_source))},
        {"wwn", or_unknown(drive.wwn)},
        {"firmware", or_unknown(drive.firmware)},
        {"size", long_size(drive.size_bytes)},
        {"native size", drive.native_size_bytes ? long_size(*drive.native_size_bytes) : "unknown"},
        {"block sizes", std::to_string(drive.logical_block_bytes) + " logical, " +
                            std::to_string(drive.physical_block_bytes) + " physical"},
        {"removable", drive.removable ? "yes" : "no"}};
}

std::string contents(const Drive& drive) {
    if (drive.contents.empty()) return "nothing that libblkid knows\n";
    Rows rows{{"AT BYTE", "TYPE", "LABEL", "UUID", "USAGE", "NODE"}};
    for (const Content& content : drive.contents)
        rows.push_back({std::to_string(content.offset_bytes), content.type, content.label,
                        content.uuid, content.usage, content.node});
    return table(rows);
}

std::string users(const Drive& drive) {
    if (drive.in_use.empty()) return "nobody\n";
    Rows rows;
    for (const InUse& use : drive.in_use)
        rows.push_back({use.by, use.where});
    return table(rows);
}

// What ends it has a line of its own: reasons are long enough for eighty columns.
std::string interlocks(const Drive& drive) {
    if (drive.guards.empty()) return "none: it may be erased\n";
    Rows rows;
    for (const Guard& guard : drive.guards) {
        rows.push_back({std::string(to_text(guard.interlock)), guard.reason});
        if (!guard.release.empty()) rows.push_back({"", "to end it: " + guard.release});
    }
    return table(rows);
}

std::string techniques(const Drive& drive) {
    Rows rows;
    for (const OfferedTechnique& offer : offers(drive))
        rows.push_back({std::string(to_text(offer.technique)),
                        offer.available ? "available" : "not available", offer.reason});
    return table(rows);
}

} // namespace

Outcome command_inspect(const Call& call) {
    MachineSite machine(call.places);
    auto drive =
        select(machine.doors().host, {call.places.state, true}, call.invocation.operands.front());
    if (!drive) return std::move(drive).error().during("inspect");
    if (call.json) {
        print_json(Json::object({{"drives", Json::Array{drive_json(*drive)}}}));
        return ExitStatus::success;
    }
    print(table(identity(*drive)));
    print("\ncontents\n" + contents(*drive));
    print("\nused by\n" + users(*drive));
    print("\ninterlocks\n" + interlocks(*drive));
    print("\ntechniques\n" + techniques(*drive));
    return ExitStatus::success;
}

} // namespace quietus::cli
