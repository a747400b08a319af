#include "ask_scsi.hpp"

#include "scsi_questions.hpp"
#include "wire/ata_identify.hpp"
#include "wire/backing.hpp"
#include "wire/octets.hpp"
#include "wire/scsi_capacity.hpp"
#include "wire/scsi_designators.hpp"
#include "wire/scsi_inquiry.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>
#include <utility>
#include <vector>

namespace quietus {
namespace {

constexpr std::uint8_t version_spc_2 = 4;
constexpr std::uint8_t type_reduced_block_commands = 0x0E;
constexpr std::uint8_t protocol_iscsi = 5;
constexpr std::uint8_t protocol_sas = 6;

/// Everything that was learned, before it is made sense of.
struct Replies {
    Bytes inquiry_data;
    scsi::Inquiry inquiry;
    std::optional<Bytes> serial_page;
    std::optional<Bytes> designators_page;
    std::vector<scsi::Designator> designators;
    std::optional<scsi::Characteristics> characteristics;
    std::optional<ata::Identify> identify;
    std::optional<scsi::Capacity> capacity;
    bool thin = false;
};

class ScsiAnswer {
  public:
    ScsiAnswer(DriveKind kind, ScsiPort& port) : kind_(kind), questions_(port, identity_) {}

    DriveIdentity give() {
        if (!read_inquiry()) return std::move(identity_);
        read_vital_product_data();
        read_identify();
        read_capacity();
        judge_source();
        judge_backing();
        tell_names();
        tell_geometry();
        compare();
        read_logical_units();
        return std::move(identity_);
    }

  private:
    bool read_inquiry();
    void read_vital_product_data();
    void read_serial_and_names(const Bytes& supported);
    void read_block_pages(const Bytes& supported);
    void read_identify();
    std::optional<ata::Identify> accept_identify(const char* from, ByteView data);
    void read_capacity();
    bool try_capacity_10();
    bool try_capacity_16();
    void read_logical_units();
    void judge_source();
    void judge_backing();
    [[nodiscard]] bool speaks(std::uint8_t protocol) const;
    void tell_names();
    void tell_geometry();
    void compare();
    void compare_serials();
    void compare_sizes();
    void find(std::string text) { questions_.find(std::move(text)); }

    DriveKind kind_;
    DriveIdentity identity_;
    ScsiQuestions questions_;
    Replies got_;
    bool has_ata_page_ = false;
    bool saw_all_pages_ = true; ///< of those that tell what stands behind the blocks
};

std::string naa_text(std::uint64_t name) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "naa.%016lx", static_cast<unsigned long>(name));
    return text.data();
}

bool same_text(ByteView one, ByteView other) {
    return std::ranges::equal(wire::trimmed(one), wire::trimmed(other));
}

Bytes with_octets_swapped(ByteView text) {
    Bytes pairs(text.begin(), text.end());
    for (std::size_t at = 0; at + 1 < pairs.size(); at += 2)
        std::swap(pairs[at], pairs[at + 1]);
    return pairs;
}

bool is_disk(std::uint8_t type) {
    return type == scsi::type_disk || type == scsi::type_zoned_disk ||
           type == type_reduced_block_commands;
}

bool lists(const Bytes& supported, std::uint8_t page) {
    const auto body = scsi::vpd_body(supported, scsi::vpd_supported);
    return body && std::ranges::find(*body, page) != body->end();
}

bool ScsiAnswer::read_inquiry() {
    const auto data = questions_.inquiry();
    if (!data) return false;
    got_.inquiry_data = *data;
    const auto inquiry = scsi::parse_inquiry(got_.inquiry_data);
    if (!inquiry) {
        find("INQUIRY: " + inquiry.error().message);
        return false;
    }
    got_.inquiry = *inquiry;
    if (inquiry->qualifier == 0 && is_disk(inquiry->type)) return true;
    find("INQUIRY: it is no disk");
    return false;
}

void ScsiAnswer::read_vital_product_data() {
    if (kind_ == DriveKind::usb && got_.inquiry.version < version_spc_2) return;
    const auto supported = questions_.vital_product_data(scsi::vpd_supported);
    saw_all_pages_ = supported.has_value();
    if (!supported) return;
    read_serial_and_names(*supported);
    read_block_pages(*supported);
}

void ScsiAnswer::read_serial_and_names(const Bytes& supported) {
    if (lists(supported, scsi::vpd_serial))
        got_.serial_page = questions_.vital_product_data(scsi::vpd_serial);
    if (lists(supported, scsi::vpd_designators))
        got_.designators_page = questions_.vital_product_data(scsi::vpd_designators);
    if (!got_.designators_page) return;
    auto designators = scsi::parse_designators(*got_.designators_page);
    if (designators)
        got_.designators = std::move(*designators);
    else
        find("VPD 83h: " + designators.error().message);
}

void ScsiAnswer::read_block_pages(const Bytes& supported) {
    has_ata_page_ = lists(supported, scsi::vpd_ata_information);
    if (lists(supported, scsi::vpd_characteristics))
        if (const auto page = questions_.vital_product_data(scsi::vpd_characteristics)) {
            const auto parsed = scsi::parse_characteristics(*page);
            if (parsed) got_.characteristics = *parsed;
            if (!parsed) find("VPD B1h: " + parsed.error().message);
        }
    if (!lists(supported, scsi::vpd_provisioning)) return;
    saw_all_pages_ = false;
    const auto page = questions_.vital_product_data(scsi::vpd_provisioning);
    if (!page) return;
    const auto thin = scsi::is_thin(*page);
    if (!thin) find("VPD B2h: " + thin.error().message);
    saw_all_pages_ = thin.has_value();
    got_.thin = thin.value_or(false);
}

// Over USB only data that proves itself counts: bridges have been seen to make it up.
std::optional<ata::Identify> ScsiAnswer::accept_identify(const char* from, ByteView data) {
    auto identify = ata::parse_identify(data);
    if (!identify) {
        find(std::string(from) + ": " + identify.error().message);
        return std::nullopt;
    }
    const std::string name = std::string("IDENTIFY DEVICE (") + from + ")";
    if (identify->integrity == ata::Integrity::swapped)
        find(name + " came with the octets of each word swapped");
    if (!identify->complete) find(name + " is incomplete");
    if (identify->integrity != ata::Integrity::absent) return std::move(*identify);
    find(name + " has no checksum");
    if (kind_ == DriveKind::usb) return std::nullopt;
    return std::move(*identify);
}

void ScsiAnswer::read_identify() {
    const bool translated = same_text(got_.inquiry.vendor, as_bytes("ATA")) || has_ata_page_;
    const bool ask = kind_ == DriveKind::ata || (kind_ == DriveKind::scsi && translated) ||
                     (kind_ == DriveKind::usb && (has_ata_page_ || !got_.inquiry.removable));
    if (!ask) return;
    std::optional<ata::Identify> by_page;
    if (has_ata_page_)
        if (const auto page = questions_.vital_product_data(scsi::vpd_ata_information)) {
            const auto information = scsi::parse_ata_information(*page);
            if (!information) find("VPD 89h: " + information.error().message);
            if (information && information->command == ata::identify_device)
                by_page = accept_identify("VPD 89h", information->identify);
        }
    if (const auto data = questions_.identify_device())
        got_.identify = accept_identify("pass-through", *data);
    identity_.takes_ata_commands =
        got_.identify && got_.identify->integrity == ata::Integrity::proven;
    if (got_.identify && by_page && got_.identify->serial != by_page->serial) {
        find("VPD 89h and IDENTIFY DEVICE are of different drives");
        identity_.takes_ata_commands = false;
        if (kind_ == DriveKind::usb) got_.identify.reset();
        return;
    }
    if (!got_.identify) got_.identify = std::move(by_page);
}

bool ScsiAnswer::try_capacity_10() {
    const auto data = questions_.read_capacity_10();
    if (!data) return false;
    const auto capacity = scsi::parse_capacity_10(*data);
    if (capacity) got_.capacity = *capacity;
    if (!capacity && capacity.error().fault != Fault::unsupported)
        find("READ CAPACITY (10): " + capacity.error().message);
    return capacity.has_value() || capacity.error().fault != Fault::unsupported;
}

bool ScsiAnswer::try_capacity_16() {
    const auto data = questions_.read_capacity_16();
    if (!data) return false;
    const auto capacity = scsi::parse_capacity_16(*data);
    if (capacity) got_.capacity = *capacity;
    if (!capacity) find("READ CAPACITY (16): " + capacity.error().message);
    return capacity.has_value();
}

void ScsiAnswer::read_capacity() {
    const bool short_first = kind_ == DriveKind::usb;
    if (short_first && try_capacity_10()) return;
    if (!try_capacity_16() && !short_first) static_cast<void>(try_capacity_10());
}

bool ScsiAnswer::speaks(std::uint8_t protocol) const {
    return std::ranges::any_of(
        got_.designators, [&](const scsi::Designator& each) { return each.protocol == protocol; });
}

// A disk on SAS or FC answers for itself; behind a translator only IDENTIFY DEVICE does.
void ScsiAnswer::judge_source() {
    const bool own_word = kind_ == DriveKind::scsi &&
                          !same_text(got_.inquiry.vendor, as_bytes("ATA")) && !has_ata_page_;
    identity_.takes_scsi_commands = own_word;
    identity_.source = got_.identify || own_word ? IdentitySource::drive : IdentitySource::bridge;
}

void ScsiAnswer::judge_backing() {
    const auto tell = [&](Backing backing, std::string evidence) {
        identity_.backing = backing;
        identity_.backing_evidence = std::move(evidence);
    };
    const std::string vendor = wire::plain_text(got_.inquiry.vendor);
    auto known = wire::backing_by_inquiry(vendor, wire::plain_text(got_.inquiry.product));
    if (known.backing == Backing::unknown && got_.identify)
        known = wire::backing_by_ata_model(wire::plain_text(got_.identify->model));
    const bool turns_or_not =
        got_.characteristics && got_.characteristics->rotation_rpm.has_value();
    if (known.backing != Backing::unknown)
        tell(known.backing, known.evidence);
    else if (got_.thin)
        tell(Backing::thin, "VPD B2h: blocks are given out when written");
    else if (speaks(protocol_iscsi))
        tell(Backing::array_lun, "VPD 83h: its port speaks iSCSI");
    else if (got_.identify && identity_.source == IdentitySource::drive)
        tell(Backing::physical, "IDENTIFY DEVICE: an ATA drive");
    else if (got_.inquiry.tpgs != 0)
        tell(Backing::array_lun, "INQUIRY: its ports have asymmetric access");
    else if (kind_ == DriveKind::scsi && saw_all_pages_ && speaks(protocol_sas) && turns_or_not)
        tell(Backing::physical, "VPD 83h: a SAS port; VPD B1h: a medium of its own");
    const bool hidden =
        identity_.backing == Backing::raid_volume || identity_.backing == Backing::array_lun;
    if (!hidden) return;
    identity_.source = IdentitySource::bridge; // a controller speaks for the drives
    identity_.takes_ata_commands = false;
}

void ScsiAnswer::tell_names() {
    const std::string by_page = scsi::best_name(got_.designators, scsi::Association::logical_unit);
    if (got_.identify) {
        identity_.model = wire::plain_text(got_.identify->model);
        identity_.firmware = wire::plain_text(got_.identify->firmware);
        identity_.serial_raw_hex = to_hex(got_.identify->serial);
        if (got_.identify->wwn) identity_.wwn = naa_text(*got_.identify->wwn);
    } else {
        identity_.model = scsi::model_text(got_.inquiry);
        identity_.firmware = wire::plain_text(got_.inquiry.revision);
        if (got_.serial_page)
            identity_.serial_raw_hex = to_hex(ByteView(*got_.serial_page).subspan(4));
    }
    if (identity_.wwn.empty()) identity_.wwn = by_page;
    // A bridge's names are the bridge's: two drives behind it, or two of its kind, share them.
    const bool own_names = kind_ != DriveKind::usb || got_.identify;
    const std::string serial =
        wire::plain_text(from_hex(identity_.serial_raw_hex).value_or(Bytes{}));
    // Not every maker keeps to giving a name once: the serial has to agree as well.
    if (own_names && scsi::is_worldwide(identity_.wwn))
        identity_.blocks = identity_.wwn + (serial.empty() ? "" : " ") + serial;
    const std::string unit = scsi::best_name(got_.designators, scsi::Association::target);
    if (kind_ == DriveKind::scsi && scsi::is_worldwide(unit)) identity_.unit = unit;
}

void ScsiAnswer::tell_geometry() {
    if (got_.identify) {
        const ata::Identify& drive = *got_.identify;
        identity_.logical_block_bytes = drive.logical_bytes;
        identity_.physical_block_bytes = drive.physical_bytes;
        identity_.rotation_rpm = drive.rotation_rpm;
        if (drive.rotation_rpm.value_or(0) != 0 && !drive.flash_cache.empty())
            identity_.flash_cache = "IDENTIFY DEVICE " + drive.flash_cache;
        identity_.zoned = drive.zoned;
        if (drive.sectors && *drive.sectors <= UINT64_MAX / drive.logical_bytes)
            identity_.size_bytes = *drive.sectors * drive.logical_bytes;
    }
    if (got_.characteristics) {
        if (!identity_.rotation_rpm) identity_.rotation_rpm = got_.characteristics->rotation_rpm;
        if (identity_.zoned == Zoned::unknown) identity_.zoned = got_.characteristics->zoned;
    }
    if (got_.inquiry.type == scsi::type_zoned_disk) identity_.zoned = Zoned::host_managed;
    compare_sizes();
    if (!got_.capacity) return;
    // The blocks that the host sees are those of READ CAPACITY, whatever the drive has inside.
    identity_.size_bytes = got_.capacity->size_bytes;
    const bool same_blocks = identity_.logical_block_bytes == got_.capacity->block_bytes;
    identity_.logical_block_bytes = got_.capacity->block_bytes;
    if (got_.capacity->physical_block_bytes || !same_blocks)
        identity_.physical_block_bytes = got_.capacity->physical_block_bytes;
}

void ScsiAnswer::compare_sizes() {
    if (!got_.capacity || !identity_.size_bytes) return;
    if (*identity_.size_bytes != got_.capacity->size_bytes) {
        identity_.own_size_bytes = identity_.size_bytes;
        find("READ CAPACITY gives " + std::to_string(got_.capacity->size_bytes) +
             " bytes, IDENTIFY DEVICE " + std::to_string(*identity_.size_bytes));
    }
    if (identity_.logical_block_bytes != got_.capacity->block_bytes)
        find("READ CAPACITY gives blocks of " + std::to_string(got_.capacity->block_bytes) +
             " bytes, IDENTIFY DEVICE of " + std::to_string(*identity_.logical_block_bytes));
}

void ScsiAnswer::compare_serials() {
    if (!got_.identify || !got_.serial_page) return;
    const ByteView by_page = ByteView(*got_.serial_page).subspan(4);
    if (same_text(by_page, got_.identify->serial)) return;
    const bool swapped = same_text(by_page, with_octets_swapped(got_.identify->serial));
    find(swapped
             ? "VPD 80h gives the serial of IDENTIFY DEVICE with its octets swapped"
             : "VPD 80h gives another serial than IDENTIFY DEVICE: " + wire::plain_text(by_page));
}

void ScsiAnswer::compare() {
    compare_serials();
    if (!got_.identify) return;
    const std::string product = wire::plain_text(got_.inquiry.product);
    const bool translated = same_text(got_.inquiry.vendor, as_bytes("ATA"));
    if (translated && !identity_.model.starts_with(product))
        find("INQUIRY gives another model than IDENTIFY DEVICE: " + product);
    const std::string by_page = scsi::best_name(got_.designators, scsi::Association::logical_unit);
    if (got_.identify->wwn && !by_page.empty() && by_page != identity_.wwn)
        find("VPD 83h gives another name than IDENTIFY DEVICE: " + by_page);
    const auto turns = got_.characteristics ? got_.characteristics->rotation_rpm : std::nullopt;
    if (turns && got_.identify->rotation_rpm && turns != got_.identify->rotation_rpm)
        find("VPD B1h gives another rotation rate than IDENTIFY DEVICE");
}

// Of a drive on SAS or FC the other logical units are parts of it. The units of a USB dock are
// drives of their own, those of a RAID controller or an array are volumes.
void ScsiAnswer::read_logical_units() {
    const bool hidden = identity_.backing != Backing::unknown &&
                        identity_.backing != Backing::physical &&
                        identity_.backing != Backing::thin;
    if (kind_ != DriveKind::scsi || got_.identify || hidden) return;
    const auto data = questions_.report_luns();
    if (!data) return;
    const auto units = scsi::parse_luns(*data);
    if (!units) {
        find("REPORT LUNS: " + units.error().message);
        return;
    }
    if (units->size() < 2) return;
    for (const std::uint64_t address : *units) {
        const auto number = scsi::plain_lun(address);
        std::array<char, 32> raw{};
        std::snprintf(raw.data(), raw.size(), "%016lxh", static_cast<unsigned long>(address));
        identity_.parts.push_back({"", 0, PartKind::logical_unit,
                                   "LUN " + (number ? std::to_string(*number) : raw.data())});
    }
}

} // namespace

DriveIdentity ask_scsi(DriveKind kind, ScsiPort& port) {
    return ScsiAnswer(kind, port).give();
}

} // namespace quietus
