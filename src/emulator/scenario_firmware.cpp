#include "scenario_firmware.hpp"

#include <algorithm>
#include <string>

namespace quietus::emulator {
namespace {

/// A language in which drives can be told to erase themselves.
struct Language {
    DriveKind kind;
    std::string_view table; ///< its key
    std::string_view drives;
    // What fits behind the mark of a rehearsal into the fields in which such drives tell of
    // themselves.
    std::size_t longest_model;
    bool (*has)(Knob knob);
    void (*make)(ScenarioDrive& drive);
    Status (*read)(const Toml* table, ScenarioDrive& drive);
};

constexpr std::size_t longest_serial = 10;

// A SCSI model has 24 octets; since the first 8 of them are a name of their own, which the mark
// does not fit into, it stands in the 16 of the product.
constexpr Language languages[] = {{DriveKind::ata, "ata", "SATA", 30, is_of_ata,
                                   [](ScenarioDrive& drive) { drive.ata.emplace(); }, read_ata},
                                  {DriveKind::scsi, "scsi", "SAS", 6, is_of_scsi,
                                   [](ScenarioDrive& drive) { drive.scsi.emplace(); }, read_scsi},
                                  {DriveKind::nvme, "nvme", "NVMe", 30, is_of_nvme,
                                   [](ScenarioDrive& drive) { drive.nvme.emplace(); }, read_nvme}};

const Language* language_of(DriveKind kind) {
    const auto* found = std::ranges::find(languages, kind, &Language::kind);
    return found == std::end(languages) ? nullptr : found;
}

void require_fitting(TableReader& reader, const ScenarioDrive& drive, const Language& language) {
    const std::string keys = std::string(language.table) + ", knobs: ";
    reader.require(std::ranges::all_of(drive.knobs, language.has),
                   "knobs: one that " + std::string(language.drives) + " drives do not have");
    reader.require(drive.facts.serial.size() <= longest_serial &&
                       drive.facts.model.size() <= language.longest_model,
                   keys + "a serial of more than 10 or a model of more than " +
                       std::to_string(language.longest_model) + " octets");
    const std::uint64_t native = drive.facts.native_size_bytes.value_or(0);
    reader.require(native <= drive_limit && native % drive.traits.block_bytes == 0,
                   "native_size: not blocks of up to 256 MiB");
}

} // namespace

void read_firmware(TableReader& reader, ScenarioDrive& drive) {
    reader.words("knobs", drive.knobs);
    const Language* const own = language_of(drive.facts.kind);
    const Toml* told = nullptr;
    bool of_another = false;
    for (const Language& each : languages)
        reader.table(each.table, [&](const Toml& table) -> Status {
            if (&each == own)
                told = &table;
            else
                of_another = true;
            return {};
        });
    const bool has_firmware = told != nullptr || of_another || !drive.knobs.empty();
    reader.require(!of_another && (own != nullptr || !has_firmware),
                   "ata, scsi, nvme, knobs: of a drive of another kind");
    if (own == nullptr || of_another || !has_firmware) return;
    own->make(drive);
    require_fitting(reader, drive, *own);
    if (auto status = own->read(told, drive); !status) reader.keep(std::move(status).error());
}

} // namespace quietus::emulator
