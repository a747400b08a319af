#include "merge_identity.hpp"

#include "identify.hpp"
#include "quietus/core/bytes.hpp"
#include "serial_text.hpp"

#include <algorithm>
#include <cctype>
#include <optional>
#include <string_view>
#include <utility>

namespace quietus {
namespace {

/// SPC-4 table 138, standard INQUIRY data.
constexpr std::size_t inquiry_model_octets = 16;
constexpr std::size_t inquiry_revision_octets = 4;

void differ(Drive& drive, std::string field, std::string told, std::string kernel) {
    drive.disagreements.push_back({std::move(field), std::move(told), std::move(kernel)});
}

// Runs of blanks are padding between the two halves of a vendor and product.
std::string without_runs(std::string_view text) {
    std::string single;
    for (const char each : text)
        if (each != ' ' || (!single.empty() && single.back() != ' ')) single += each;
    return trimmed(single);
}

bool shortens_model(const std::string& told, const std::string& kernel) {
    return kernel.size() <= inquiry_model_octets && told.starts_with(kernel);
}

bool shortens_revision(const std::string& told, const std::string& kernel) {
    return kernel.size() <= inquiry_revision_octets &&
           (told.starts_with(kernel) || told.ends_with(kernel));
}

void merge_model(const DriveIdentity& told, Drive& drive) {
    if (told.model.empty()) return;
    const std::string model = without_runs(told.model);
    const std::string kernel = without_runs(drive.model);
    if (!kernel.empty() && model != kernel && !shortens_model(model, kernel))
        differ(drive, "model", model, kernel);
    drive.model = model;
}

void merge_firmware(const DriveIdentity& told, Drive& drive) {
    const std::string firmware = trimmed(told.firmware);
    if (firmware.empty()) return;
    if (!drive.firmware.empty() && firmware != drive.firmware &&
        !shortens_revision(firmware, drive.firmware))
        differ(drive, "firmware", firmware, drive.firmware);
    drive.firmware = firmware;
}

std::string octets_of(const std::string& hex) {
    const auto bytes = from_hex(hex);
    return bytes ? std::string(bytes->begin(), bytes->end()) : std::string{};
}

// In a CID it is a number of 32 bits (JESD84-B51 clause 7.2.6), which the kernel spells like this.
std::string serial_of(const DriveIdentity& told, DriveKind kind) {
    constexpr std::size_t cid_serial_octets = 4;
    const std::string octets = octets_of(told.serial_raw_hex);
    if (kind == DriveKind::mmc && octets.size() == cid_serial_octets)
        return "0x" + told.serial_raw_hex;
    return normalised_serial(octets);
}

void merge_serial(const DriveIdentity& told, Drive& drive) {
    const std::string serial = serial_of(told, drive.kind);
    if (serial.empty()) return; // what the kernel learned earlier still stands
    if (!drive.serial.empty() && serial != drive.serial)
        differ(drive, "serial", serial, drive.serial);
    drive.serial = serial;
    drive.serial_raw_hex = told.serial_raw_hex;
    drive.identity_source = told.source;
}

// The name's digits alone: the kernel writes "eui." before an NGUID and dashes into a UUID.
std::string digits_of(const std::string& wwn) {
    std::string digits;
    for (const char each : wwn.substr(std::min(wwn.find('.') + 1, wwn.size())))
        if (each != '-')
            digits += static_cast<char>(std::tolower(static_cast<unsigned char>(each)));
    return digits;
}

// A namespace may have an EUI-64, an NGUID and a UUID: only names of one length can differ.
void merge_wwn(const DriveIdentity& told, Drive& drive) {
    if (told.wwn.empty()) return;
    const std::string ours = digits_of(told.wwn);
    const std::string theirs = digits_of(drive.wwn);
    const bool uuids = told.wwn.starts_with("uuid.") == drive.wwn.starts_with("uuid.");
    if (!drive.wwn.empty() && uuids && ours.size() == theirs.size() && ours != theirs)
        differ(drive, "wwn", told.wwn, drive.wwn);
    drive.wwn = told.wwn;
}

void compare_number(Drive& drive, const char* field, std::uint64_t told, std::uint64_t kernel) {
    if (told != kernel) differ(drive, field, std::to_string(told), std::to_string(kernel));
}

// What is in the case counts, not what a bridge makes of it.
std::optional<std::uint64_t> size_by_drive(const DriveIdentity& told) {
    return told.own_size_bytes ? told.own_size_bytes : told.size_bytes;
}

void merge_geometry(const DriveIdentity& told, Drive& drive) {
    if (const auto size = size_by_drive(told)) {
        compare_number(drive, "size_bytes", *size, drive.size_bytes);
        // A lower bound of what is hidden, and enough for a verdict that the rest was not reached.
        if (drive.size_bytes != 0 && *size > drive.size_bytes) drive.native_size_bytes = *size;
    }
    if (told.logical_block_bytes)
        compare_number(drive, "logical_block_bytes", *told.logical_block_bytes,
                       drive.logical_block_bytes);
    // Without a size the kernel has no blocks either, and its 512 means nothing.
    if (told.logical_block_bytes && drive.size_bytes == 0)
        drive.logical_block_bytes = *told.logical_block_bytes;
    if (!told.physical_block_bytes) return;
    compare_number(drive, "physical_block_bytes", *told.physical_block_bytes,
                   drive.physical_block_bytes);
    drive.physical_block_bytes = std::max(*told.physical_block_bytes, drive.logical_block_bytes);
}

// The kernel's word stands in `drive.rotation_rpm` only as yes (1) or no (0): see identify().
void merge_rotation(const DriveIdentity& told, Drive& drive) {
    if (!told.rotation_rpm) {
        drive.rotation_rpm = std::nullopt;
        return;
    }
    const bool rotates = *told.rotation_rpm != 0;
    if (drive.rotation_rpm && rotates != (*drive.rotation_rpm != 0))
        differ(drive, "rotation_rpm", std::to_string(*told.rotation_rpm),
               rotates ? "not rotating" : "rotating");
    drive.rotation_rpm = told.rotation_rpm;
}

// Kernels since 6.10 show host-aware drives as having no zones.
void merge_zones(const DriveIdentity& told, Drive& drive) {
    if (told.zoned == Zoned::unknown) return;
    const bool aware_as_none = told.zoned == Zoned::host_aware && drive.zoned == Zoned::none;
    if (drive.zoned != Zoned::unknown && drive.zoned != told.zoned && !aware_as_none)
        differ(drive, "zoned", std::string(to_text(told.zoned)), std::string(to_text(drive.zoned)));
    drive.zoned = told.zoned;
}

} // namespace

void merge_identity(const DriveIdentity& told, Drive& drive) {
    merge_model(told, drive);
    merge_firmware(told, drive);
    merge_serial(told, drive);
    merge_wwn(told, drive);
    merge_geometry(told, drive);
    merge_rotation(told, drive);
    merge_zones(told, drive);
    if (is_placeholder_serial(drive.serial)) drive.identity_source = IdentitySource::none;
    drive.pages = told.pages;
}

std::vector<Guard> guards_of_size(const DriveIdentity& told, const Drive& drive) {
    const auto size = size_by_drive(told);
    if (!size || drive.size_bytes == 0 || *size == drive.size_bytes) return {};
    const std::string both = "the drive tells " + std::to_string(*size) + " bytes, the kernel " +
                             std::to_string(drive.size_bytes);
    if (*size < drive.size_bytes)
        return {{Interlock::unknown_holder, both + ": they cannot both be about this drive", ""}};
    return {{Interlock::hidden_area_unchecked,
             both + ": the rest cannot be reached where it is plugged in now", ""}};
}

} // namespace quietus
