#include "ata_text.hpp"
#include "commands.hpp"
#include "facts_json.hpp"
#include "people_text.hpp"
#include "tcg_text.hpp"

#include "quietus/app/assets.hpp"
#include "quietus/app/offers.hpp"
#include "quietus/app/page_digest.hpp"
#include "quietus/app/select.hpp"
#include "quietus/core/bytes.hpp"

namespace quietus::cli {
namespace {

using Rows = std::vector<std::vector<std::string>>;

std::string or_unknown(const std::string& text) {
    return text.empty() ? "unknown" : text;
}

std::string with_evidence(std::string_view word, const std::string& evidence) {
    return std::string(word) + (evidence.empty() ? "" : ": " + evidence);
}

std::string rotation(const Drive& drive) {
    if (!drive.rotation_rpm) return "not told";
    return *drive.rotation_rpm == 0 ? "none" : std::to_string(*drive.rotation_rpm) + " rpm";
}

std::string made_up_of(const Drive& drive) {
    if (drive.members.empty()) return "its node alone";
    std::string nodes;
    for (const Member& each : drive.members)
        nodes += (nodes.empty() ? "" : ", then ") + each.node;
    return nodes;
}

Rows identity(const Drive& drive) {
    return {{"node", drive.node},
            {"by id", joined(drive.by_id, "none")},
            {"kind", std::string(to_text(drive.kind))},
            {"medium", with_evidence(to_text(drive.medium), drive.medium_evidence)},
            {"storage behind", with_evidence(to_text(drive.backing), drive.backing_evidence)},
            {"port", or_unknown(drive.port)},
            {"bridge", drive.bridge.empty() ? "none" : drive.bridge},
            {"fabric", drive.fabric.empty() ? "none" : drive.fabric},
            {"model", or_unknown(drive.model)},
            {"serial", or_unknown(drive.serial)},
            {"serial as delivered", or_unknown(drive.serial_raw_hex)},
            {"identity from", std::string(to_text(drive.identity_source))},
            {"wwn", or_unknown(drive.wwn)},
            {"firmware", or_unknown(drive.firmware)}};
}

Rows geometry(const Drive& drive) {
    return {
        {"size", long_size(drive.size_bytes)},
        {"blocks of", made_up_of(drive)},
        {"native size", drive.native_size_bytes ? long_size(*drive.native_size_bytes) : "unknown"},
        {"block sizes", std::to_string(drive.logical_block_bytes) + " logical, " +
                            std::to_string(drive.physical_block_bytes) + " physical"},
        {"rotation", rotation(drive)},
        {"zones", std::string(to_text(drive.zoned))},
        {"removable", drive.removable ? "yes" : "no"},
        {"disk sequence", std::to_string(drive.diskseq)},
        {"asked itself", std::string(to_text(drive.probe))}};
}

std::string parts(const Drive& drive) {
    std::string lines;
    for (const Part& part : drive.parts)
        lines += escaped(part_line(part)) + "\n";
    return lines.empty() ? "none\n" : lines;
}

std::string disagreements(const Drive& drive) {
    if (drive.disagreements.empty()) return "none\n";
    Rows rows{{"FIELD", "THE DRIVE", "THE KERNEL"}};
    for (const Disagreement& each : drive.disagreements)
        rows.push_back({each.field, each.drive, each.kernel});
    return table(rows);
}

std::string findings(const Drive& drive) {
    std::string lines;
    for (const std::string& finding : drive.findings)
        lines += escaped(finding) + "\n";
    return lines.empty() ? "none\n" : lines;
}

// A line of its own for each digest: 64 digits leave no room beside them.
std::string pages(const Drive& drive) {
    std::string lines;
    for (const RawPage& page : drive.pages)
        lines += escaped(page.name) + ", " + std::to_string(page.hex.size() / 2) +
                 " octets\n  sha256 " + page_sha256(page) + "\n";
    return lines.empty() ? "none\n" : lines;
}

std::string contents(const Drive& drive) {
    if (drive.contents.empty()) return "nothing that libblkid knows\n";
    Rows rows{{"AT BYTE", "TYPE", "LABEL", "UUID", "USAGE", "NODE"}};
    for (const Content& content : drive.contents)
        rows.push_back({std::to_string(content.offset_bytes), content.type, content.label,
                        content.uuid, content.usage, content.node});
    return table(rows);
}

std::string slots_in_words(const LuksHeader& header) {
    std::string text;
    for (const std::uint32_t slot : header.key_slots)
        text += (text.empty() ? "" : " ") + std::to_string(slot);
    return text.empty() ? "none" : text;
}

// What opens the volumes on it, and where it stands.
std::string luks_headers(const Drive& drive) {
    Rows rows{
        {"AT BYTE", "LUKS", "CIPHER", "KEY BITS", "KEYS IN SLOTS", "KEYS END", "DATA", "NOTE"}};
    for (const LuksHeader& each : drive.luks)
        rows.push_back(
            {std::to_string(each.offset_bytes),
             std::to_string(each.version) + (each.second ? ", copy" : ""), each.cipher,
             std::to_string(each.key_bits), slots_in_words(each), std::to_string(each.keys_end),
             each.data_offset == 0 ? "elsewhere" : std::to_string(each.data_offset), each.text});
    return table(rows);
}

std::string users(const Drive& drive) {
    if (drive.in_use.empty()) return "nobody\n";
    Rows rows;
    for (const InUse& use : drive.in_use)
        rows.push_back({use.by, use.where});
    return table(rows);
}

// What ends them comes after all reasons, in the order in which it has to be done.
std::string interlocks(const Drive& drive) {
    if (drive.guards.empty()) return "none: it may be erased\n";
    Rows rows;
    for (const Guard& guard : drive.guards)
        rows.push_back({std::string(to_text(guard.interlock)), guard.reason});
    std::string text = table(rows);
    const auto commands = release_commands(drive.guards);
    if (!commands.empty()) text += "\nto end them, in this order\n";
    for (const std::string& command : commands)
        text += "  " + command + "\n"; // words for a shell: nothing odd is in them
    return text;
}

std::string techniques(const Drive& drive) {
    Rows rows{{"TECHNIQUE", "LEVEL", "BASIS", "AVAILABLE", "REASON"}};
    for (const OfferedTechnique& offer : offers(drive))
        rows.push_back({std::string(to_text(offer.technique)), std::string(to_text(offer.level)),
                        std::string(to_text(basis_of(offer.technique, offer.level))),
                        offer.available ? "yes" : "no", offer.reason});
    return table(rows);
}

} // namespace

Outcome command_inspect(const Call& call) {
    auto opened = open_site(call, Signing::none);
    if (!opened) return std::move(opened).error().during("inspect");
    auto drive = select((*opened)->doors().host, call.places.detect_request(true),
                        call.invocation.operands.front());
    if (!drive) return std::move(drive).error().during("inspect");
    const auto assets = Assets::of(call.places.state);
    if (!assets) return Error(assets.error()).during("inspect");
    assets->guard(*drive);
    if (call.json) {
        print_json(Json::object({{"drives", Json::Array{inspected_json(*drive)}}}));
        return ExitStatus::success;
    }
    print("identity\n" + table(identity(*drive)));
    print("\ngeometry\n" + table(geometry(*drive)));
    print("\nwhere drive and kernel differ\n" + disagreements(*drive));
    print("\nnot answered, or oddly\n" + findings(*drive));
    print("\nparts\n" + parts(*drive));
    print("\ncontents\n" + contents(*drive));
    if (!drive->luks.empty()) print("\nheaders of encrypted volumes\n" + luks_headers(*drive));
    print("\nused by\n" + users(*drive));
    print("\nhidden areas\n" + table(hidden_area_rows(*drive)));
    print("\nerasing itself\n" + table(own_erasure_rows(*drive)));
    print("\nlocks and keys\n" + table(tcg_rows(*drive)));
    print("\nhealth\n" + table(health_rows(*drive)));
    print("\ninterlocks\n" + interlocks(*drive));
    print("\ntechniques\n" + techniques(*drive));
    print("\nreplies of the drive\n" + pages(*drive));
    return ExitStatus::success;
}

} // namespace quietus::cli
