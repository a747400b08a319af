// DriveIdentity: what a drive says of itself through read-only commands. Facts, parsed where the
// drive was asked: in its own confined process.
//
// SPC-5 and SBC-4 (INQUIRY, vital product data), ACS-4 (IDENTIFY DEVICE), NVM Express Base 2.0
// (Identify), JESD84-B51 (EXT_CSD).
#pragma once

#include "quietus/record/drive.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace quietus {

struct DriveIdentity {
    /// Who answered: the drive (IDENTIFY DEVICE through SAT, NVMe Identify, an INQUIRY of SAS or
    /// FC), a bridge (an INQUIRY over USB that no IDENTIFY confirmed), or nobody.
    IdentitySource source = IdentitySource::none;
    std::string model;
    std::string serial_raw_hex; ///< octets in reading order: ATA strings are already swapped
    std::string firmware;
    std::string wwn; ///< "naa.…", "eui.…", "nguid.…", "uuid.…", hexadecimal in lower case
    /// The same for every node of one unit: NVMe subsystem NQN and controller serial, SCSI target
    /// device name (VPD 83h, association 2); empty when the drive has none.
    std::string unit;
    /// The same for every way to these very blocks: VPD 83h association 0 (naa, eui) with the
    /// serial, NGUID, EUI-64 or UUID of the namespace with the unit; empty when the drive has no
    /// such name.
    std::string blocks;
    std::optional<std::uint64_t> size_bytes;
    /// By IDENTIFY DEVICE, where READ CAPACITY differs: a bridge hides blocks or makes them up.
    std::optional<std::uint64_t> own_size_bytes;
    std::optional<std::uint32_t> logical_block_bytes;
    std::optional<std::uint32_t> physical_block_bytes;
    std::optional<std::uint32_t> rotation_rpm; ///< 0: it does not rotate (VPD B1h or word 217 is 1)
    std::string flash_cache; ///< in a rotating drive: what shows that it has one; else empty
    Zoned zoned = Zoned::unknown;
    Backing backing = Backing::unknown; ///< only where the drive's own words show it
    std::string backing_evidence;
    /// IDENTIFY DEVICE came from the drive itself and proved itself: it can be asked for more by
    /// ATA commands.
    bool takes_ata_commands = false;
    /// No translator or bridge answers, but a SCSI drive for itself.
    bool takes_scsi_commands = false;
    std::vector<Part> parts; ///< namespaces (attached or not), LUNs, areas; nodes left empty
    std::vector<RawPage> pages;
    /// What would not be answered or contradicts itself, a clause each: "IDENTIFY DEVICE through
    /// SAT is refused (5/20h/00h)". For people; a guard only where detection says so.
    std::vector<std::string> findings;

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("source", self.source);
        visit("model", self.model);
        visit("serial_raw_hex", self.serial_raw_hex);
        visit("firmware", self.firmware);
        visit("wwn", self.wwn);
        visit("unit", self.unit);
        visit("blocks", self.blocks);
        visit("size_bytes", self.size_bytes);
        visit("own_size_bytes", self.own_size_bytes);
        visit("logical_block_bytes", self.logical_block_bytes);
        visit("physical_block_bytes", self.physical_block_bytes);
        visit("rotation_rpm", self.rotation_rpm);
        visit("flash_cache", self.flash_cache);
        visit("zoned", self.zoned);
        visit("backing", self.backing);
        visit("backing_evidence", self.backing_evidence);
        visit("takes_ata_commands", self.takes_ata_commands);
        visit("takes_scsi_commands", self.takes_scsi_commands);
        visit("parts", self.parts);
        visit("pages", self.pages);
        visit("findings", self.findings);
    }
};

} // namespace quietus
