// Drive: what was found out about a storage unit. A fact: made once by detection and passed on.
//
// The field names are those of `list --json`; see man quietus(1).
#pragma once

#include "quietus/core/enum_text.hpp"
#include "quietus/record/ata_facts.hpp"
#include "quietus/record/luks_facts.hpp"
#include "quietus/record/nvme_facts.hpp"
#include "quietus/record/scsi_facts.hpp"
#include "quietus/record/tcg_facts.hpp"
#include "quietus/record/technique.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace quietus {

enum class DriveKind : std::uint8_t {
    ata,
    scsi,
    nvme,
    usb,
    mmc,
    virtio,
    loop,
    nbd,
    image,
    ram,
    rom,
    zram,
    unknown,
};
template <>
inline constexpr auto enum_texts<DriveKind> = spellings("ata", "scsi", "nvme", "usb", "mmc",
                                                        "virtio", "loop", "nbd", "image", "ram",
                                                        "rom", "zram", "unknown");

enum class Medium : std::uint8_t { magnetic, flash, hybrid, virtual_medium, unknown };
template <>
inline constexpr auto enum_texts<Medium> = spellings("magnetic", "flash", "hybrid", "virtual",
                                                     "unknown");

/// Who says what the serial is.
enum class IdentitySource : std::uint8_t { drive, bridge, none };
template <>
inline constexpr auto enum_texts<IdentitySource> = spellings("drive", "bridge", "none");

/// What stands behind the blocks that the host sees. Only of `physical` storage may a document say
/// that a drive was erased.
enum class Backing : std::uint8_t {
    physical,     ///< one drive
    raid_volume,  ///< a RAID controller's volume: the drives behind it are out of sight
    array_lun,    ///< a logical unit of a storage array
    thin,         ///< blocks are given out when written (SBC-4 logical block provisioning, THIN)
    virtual_disk, ///< a hypervisor's, a file's or a service's
    unknown,
};
template <>
inline constexpr auto enum_texts<Backing> = spellings("physical", "raid-volume", "array-lun",
                                                      "thin", "virtual-disk", "unknown");

/// ZBC and ZAC: whether writes must follow zones.
enum class Zoned : std::uint8_t { none, host_aware, host_managed, unknown };
template <>
inline constexpr auto enum_texts<Zoned> = spellings("none", "host-aware", "host-managed",
                                                    "unknown");

/// What came of asking the drive itself.
enum class ProbeOutcome : std::uint8_t {
    not_asked,     ///< nothing to ask: an image, or no medium
    answered,      ///< everything that was asked came back
    partly,        ///< some questions failed; each that matters is a guard
    not_answering, ///< the deadline passed, or the probe died
};
template <>
inline constexpr auto enum_texts<ProbeOutcome> = spellings("not-asked", "answered", "partly",
                                                           "not-answering");

/// Where the drive stands: on a real machine or in a training exercise. Flows onto the document.
enum class Provenance : std::uint8_t { machine, rehearsal };
template <>
inline constexpr auto enum_texts<Provenance> = spellings("machine", "rehearsal");

/// Reasons not to touch a drive, in the order in which they are named.
enum class Interlock : std::uint8_t {
    system,
    boot,
    live,
    state_on_drive,
    mounted,
    swap,
    holder,
    open_elsewhere,
    unknown_holder,
    identity_changed,
    read_only,
    on_hold,
    weak_identity,
    not_expected,
    clock,
    fabrics,
    usb_firmware,
    hidden_area_unchecked,
};
template <>
inline constexpr auto enum_texts<Interlock> = spellings(
    "system", "boot", "live", "state-on-drive", "mounted", "swap", "holder", "open-elsewhere",
    "unknown-holder", "identity-changed", "read-only", "on-hold", "weak-identity", "not-expected",
    "clock", "fabrics", "usb-firmware", "hidden-area-unchecked");

enum class PartKind : std::uint8_t {
    partition,            ///< a range of the unit's main node
    path,                 ///< the same blocks by another way: a second port, a multipath member
    name_space,           ///< NVMe, attached or not
    logical_unit,         ///< of the same SCSI target
    boot_area,            ///< eMMC, UFS, NVMe boot partitions
    general_purpose_area, ///< eMMC
    rpmb,                 ///< replay-protected memory block: no host can erase it
};
template <>
inline constexpr auto enum_texts<PartKind> = spellings("partition", "path", "namespace",
                                                       "logical-unit", "boot-area",
                                                       "general-purpose-area", "rpmb");

/// Something that belongs to the unit besides its main node.
struct Part {
    std::string node; ///< empty when the kernel shows none
    std::uint64_t size_bytes = 0;
    PartKind kind = PartKind::partition;
    std::string title = {}; ///< "namespace 2, not attached", "LUN 1"; empty for partitions

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("node", self.node);
        visit("size_bytes", self.size_bytes);
        visit("kind", self.kind);
        visit("title", self.title);
    }
};

/// One of the nodes whose blocks, one behind the other, are the drive's.
struct Member {
    std::string node;
    std::uint64_t size_bytes = 0;
    std::uint64_t device_number = 0; ///< as of the drive
    std::uint64_t diskseq = 0;       ///< the same

    friend bool operator==(const Member&, const Member&) = default;
    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("node", self.node);
        visit("size_bytes", self.size_bytes);
        visit("device_number", self.device_number);
        visit("diskseq", self.diskseq);
    }
};

/// Whether overwriting the unit's main node overwrites this part as well, or there is nothing in it
/// that could be. A path is the same blocks; an RPMB is named as a limit instead.
[[nodiscard]] constexpr bool is_reached_by_overwrite(PartKind kind) {
    return kind == PartKind::partition || kind == PartKind::path || kind == PartKind::rpmb;
}

/// The drive and the kernel tell different things of the same field. Both as text for people.
struct Disagreement {
    std::string field; ///< as in `list --json`: "serial"
    std::string drive;
    std::string kernel;

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("field", self.field);
        visit("drive", self.drive);
        visit("kernel", self.kernel);
    }
};

/// A reply of the drive as it came, for `inspect`: "VPD 83h", "IDENTIFY DEVICE".
struct RawPage {
    std::string name;
    std::string hex;

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("name", self.name);
        visit("hex", self.hex);
    }
};

/// Something that libblkid recognised at a place on the drive. Shown to the operator, never signed.
struct Content {
    std::string node;  ///< the partition's node, or the drive's
    std::string type;  ///< "ext4", "crypto_LUKS", "gpt" ...
    std::string label; ///< as stored there: hostile text, escape before printing
    std::string uuid;
    std::string
        usage; ///< libblkid's: "filesystem", "raid", "crypto", "other", or "partition-table"
    std::uint64_t offset_bytes = 0; ///< where it begins on the whole drive

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("node", self.node);
        visit("type", self.type);
        visit("label", self.label);
        visit("uuid", self.uuid);
        visit("usage", self.usage);
        visit("offset_bytes", self.offset_bytes);
    }
};

/// Who uses the drive: "mount" at "/srv", "swap", "dm" at "vg-root", "process 812 (qemu)".
struct InUse {
    std::string by;
    std::string where;

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("by", self.by);
        visit("where", self.where);
    }
};

/// One interlock that holds for this drive.
struct Guard {
    Interlock interlock = Interlock::unknown_holder;
    std::string reason;  ///< one clause: "/dev/sdb1 is mounted at /srv"
    std::string release; ///< the command that would end it: "umount /srv"; may be empty
    /// When that command can succeed: after those of lower steps. Not kept.
    unsigned step = 0;

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("interlock", self.interlock);
        visit("reason", self.reason);
        visit("release", self.release);
    }
};

struct Drive {
    std::string node;               ///< "/dev/sdb", or "image:/absolute/path"
    std::vector<std::string> by_id; ///< /dev/disk/by-id/... that lead here
    DriveKind kind = DriveKind::unknown;
    Medium medium = Medium::unknown;
    std::string medium_evidence; ///< why: "VPD B1h: 7200 rpm"; empty when unknown
    Backing backing = Backing::unknown;
    std::string backing_evidence; ///< why, for people
    std::string fabric; ///< "tcp", "rdma", "fc", "iscsi": reached over a network; else empty
    std::string port;   ///< where it is plugged in, by topology: "0000:00:17.0 ata1", "usb 1-2.1"
    std::string bridge; ///< the USB bridge's own name and numbers; empty without one
    std::string model;
    /// Normalised for matching: no padding, every octet outside printable ASCII as \xNN. Whole.
    std::string serial;
    std::string serial_raw_hex; ///< as it was delivered
    IdentitySource identity_source = IdentitySource::none;
    std::string wwn;
    std::string firmware;
    std::uint64_t size_bytes = 0; ///< of all members together, where there are any
    /// All that the drive could be made to address, hidden areas included; absent when unknown.
    std::optional<std::uint64_t> native_size_bytes;
    std::optional<HiddenAreas> hidden_areas; ///< of a drive that takes ATA commands, if it told
    std::optional<AtaErasure> ata_erasure;   ///< the same
    std::optional<ScsiErasure> scsi_erasure; ///< of one that takes SCSI commands and no others
    std::optional<ScsiUnitFacts> scsi_unit;  ///< the same
    std::optional<NvmeErasure> nvme_erasure; ///< of an NVMe drive, if it told
    std::optional<NvmeScopeRecord> nvme_scope;
    std::optional<TcgFacts> tcg; ///< of a drive that was asked by TCG Level 0 Discovery
    std::optional<HealthRecord> health;
    std::uint32_t logical_block_bytes = 512;
    std::uint32_t physical_block_bytes = 512;
    std::optional<std::uint32_t> rotation_rpm;
    Zoned zoned = Zoned::unknown;
    bool removable = false;
    ProbeOutcome probe = ProbeOutcome::not_asked;
    std::uint64_t device_number = 0; ///< dev_t of the node; image_number() of an image
    std::uint64_t diskseq = 0;       ///< the kernel's count of attached disks; 0 for an image
    Provenance provenance = Provenance::machine;
    std::vector<Part> parts;
    /// Where the main node is not all of the drive and every node of the rest is known: all of
    /// them, the main node as well, in the order of their blocks, which is that of NVMe's numbers
    /// of the namespaces or of the LUNs. Else none.
    std::vector<Member> members;
    std::vector<LuksHeader> luks; ///< of all volumes on it, shown to the operator, never signed
    std::vector<Disagreement> disagreements;
    std::vector<Content> contents;
    std::vector<InUse> in_use;
    std::vector<Guard> guards;
    /// What it would not answer, or answered strangely, a clause each; for `inspect` alone, not
    /// kept.
    std::vector<std::string> findings;
    std::vector<RawPage> pages; ///< for `inspect` alone; not kept

    /// Every field but the last two, for the journal. The certificate takes a choice of them.
    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("node", self.node);
        visit("by_id", self.by_id);
        visit("kind", self.kind);
        visit("medium", self.medium);
        visit("medium_evidence", self.medium_evidence);
        visit("backing", self.backing);
        visit("backing_evidence", self.backing_evidence);
        visit("fabric", self.fabric);
        visit("port", self.port);
        visit("bridge", self.bridge);
        visit("model", self.model);
        visit("serial", self.serial);
        visit("serial_raw_hex", self.serial_raw_hex);
        visit("identity_source", self.identity_source);
        visit("wwn", self.wwn);
        visit("firmware", self.firmware);
        visit("size_bytes", self.size_bytes);
        visit("native_size_bytes", self.native_size_bytes);
        visit("hidden_areas", self.hidden_areas);
        visit("ata_erasure", self.ata_erasure);
        visit("scsi_erasure", self.scsi_erasure);
        visit("scsi_unit", self.scsi_unit);
        visit("nvme_erasure", self.nvme_erasure);
        visit("nvme_scope", self.nvme_scope);
        visit("tcg", self.tcg);
        visit("health", self.health);
        visit("logical_block_bytes", self.logical_block_bytes);
        visit("physical_block_bytes", self.physical_block_bytes);
        visit("rotation_rpm", self.rotation_rpm);
        visit("zoned", self.zoned);
        visit("removable", self.removable);
        visit("probe", self.probe);
        visit("device_number", self.device_number);
        visit("diskseq", self.diskseq);
        visit("provenance", self.provenance);
        visit("parts", self.parts);
        visit("members", self.members);
        visit("disagreements", self.disagreements);
        visit("contents", self.contents);
        visit("in_use", self.in_use);
        visit("guards", self.guards);
    }
};

/// What has to be opened to reach all of its blocks: it alone, or each of its members, described as
/// a drive of its own.
[[nodiscard]] inline std::vector<Drive> opened_nodes(const Drive& drive) {
    if (drive.members.empty()) return {drive};
    std::vector<Drive> nodes(drive.members.size(), drive);
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        nodes[i].node = drive.members[i].node;
        nodes[i].size_bytes = drive.members[i].size_bytes;
        nodes[i].device_number = drive.members[i].device_number;
        nodes[i].diskseq = drive.members[i].diskseq;
    }
    return nodes;
}

/// The language that it was asked in how it erases itself: `none` when it was not asked, or did not
/// answer.
[[nodiscard]] inline CommandLanguage language_of(const Drive& drive) {
    if (drive.ata_erasure) return CommandLanguage::ata;
    if (drive.scsi_erasure) return CommandLanguage::scsi;
    return drive.nvme_erasure ? CommandLanguage::nvme : CommandLanguage::none;
}

/// Why no block of it can be read or written for now, by its own word; nothing when they can.
[[nodiscard]] inline std::optional<std::string> why_without_blocks(const Drive& drive) {
    if (drive.ata_erasure) return why_without_blocks(*drive.ata_erasure);
    if (drive.scsi_erasure) return why_without_blocks(*drive.scsi_erasure);
    if (drive.nvme_erasure) return why_without_blocks(*drive.nvme_erasure);
    return std::nullopt;
}

/// Whether its zones are the host's affair: of a device-managed drive they are its own.
[[nodiscard]] inline bool is_zoned(const Drive& drive) {
    return drive.zoned == Zoned::host_aware || drive.zoned == Zoned::host_managed;
}

/// Storage whose true extent the host cannot know: images, loop devices, virtual disks.
[[nodiscard]] constexpr bool is_virtual(DriveKind kind) {
    return kind == DriveKind::virtio || kind == DriveKind::loop || kind == DriveKind::nbd ||
           kind == DriveKind::image || kind == DriveKind::ram || kind == DriveKind::zram;
}

/// Whether the blocks are those of a drive that can be held in a hand: not of a virtual disk, a
/// RAID volume or an array, whose medium is `virtual`. By facts that a document carries too, so
/// that the auditor comes to the same answer.
[[nodiscard]] inline bool storage_is_known(const Drive& drive) {
    return !is_virtual(drive.kind) && drive.medium != Medium::virtual_medium;
}

/// Tells one image file from another: st_dev and st_ino mixed, within the integers that JSON keeps
/// exactly (inode numbers of some file systems are not).
[[nodiscard]] constexpr std::uint64_t image_number(std::uint64_t device, std::uint64_t inode) {
    constexpr std::uint64_t spread = 0x9E3779B97F4A7C15; // 2^64 over the golden ratio
    constexpr std::uint64_t json_integer_mask = (std::uint64_t{1} << 53U) - 1;
    const std::uint64_t mixed = (device * spread ^ inode) * spread;
    return (mixed ^ mixed >> 32U) & json_integer_mask;
}

} // namespace quietus
