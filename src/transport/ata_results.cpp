#include "ata_results.hpp"

#include "quietus/transport/ata_over_scsi.hpp"
#include "quietus/transport/sense.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace quietus {
namespace {

constexpr std::chrono::milliseconds patience{10'000};
constexpr std::uint8_t descriptor_code = 0x09;
constexpr std::size_t descriptor_octets = 14;

constexpr std::uint8_t results_page = 0x16;
constexpr std::size_t page_header = 4;
constexpr std::size_t parameter_header = 4;
constexpr std::size_t most_parameters = 16;
constexpr std::size_t whole_page =
    page_header + most_parameters * (parameter_header + descriptor_octets);

bool agree(const AtaRegisters& whole, const std::optional<AtaRegisters>& partly) {
    if (!partly) return true;
    if (whole.status != partly->status || whole.error != partly->error) return false;
    if ((whole.count & 0xFFU) != (partly->count & 0xFFU)) return false;
    return !partly->lba || whole.lba == partly->lba;
}

// Which parameter of the log the sense data is about, as it says itself; 0 when it does not.
unsigned log_index(ByteView sense) {
    const auto decoded = decode_sense(sense);
    const bool said = decoded && decoded->format == SenseFormat::fixed && decoded->asc == 0x00 &&
                      decoded->ascq == 0x1D;
    return said ? sense[8] & 0x0FU : 0;
}

/// The parameters of the page by their codes.
std::vector<std::pair<unsigned, AtaRegisters>> parameters_of(ByteView page) {
    std::vector<std::pair<unsigned, AtaRegisters>> found;
    if (page.size() < page_header || (page[0] & 0x3FU) != results_page) return found;
    const std::size_t end =
        std::min(page.size(), page_header + static_cast<std::size_t>(page[2] << 8U | page[3]));
    for (std::size_t at = page_header; at + parameter_header <= end;) {
        const std::size_t length = parameter_header + page[at + 3];
        if (at + length > end) break;
        const auto registers =
            registers_in_descriptor(page.subspan(at + parameter_header, length - parameter_header));
        if (registers) found.emplace_back(page[at] << 8U | page[at + 1], *registers);
        at += length;
    }
    return found;
}

std::optional<AtaRegisters> in_results_log(ScsiPort& scsi, unsigned index,
                                           const std::optional<AtaRegisters>& partly) {
    const Bytes log_sense{
        0x4D, 0, 0x40U | results_page, 0, 0, 0, 0, whole_page >> 8U, whole_page & 0xFFU, 0};
    const auto reply = scsi.execute({log_sense, whole_page, patience});
    if (!reply || reply->status != scsi::good) return std::nullopt;
    // An index of 1 is the first: code 0 to some, code 1 to others.
    std::optional<AtaRegisters> chosen;
    for (const auto& [code, registers] : parameters_of(reply->data)) {
        if (code != index && code + 1 != index) continue;
        if (!agree(registers, partly)) continue;
        const bool ambiguous =
            chosen && (chosen->count != registers.count || chosen->lba != registers.lba);
        if (ambiguous) return std::nullopt;
        chosen = registers;
    }
    return chosen;
}

// PROTOCOL 15 of ATA PASS-THROUGH; T_DIR from the drive, T_LENGTH in COUNT, in octets.
Bytes response_information(bool twelve) {
    Bytes cdb(twelve ? 12 : 16);
    cdb[0] = twelve ? 0xA1 : 0x85;
    cdb[1] = 15U << 1U;
    cdb[2] = 0x08 | 0x02;
    cdb[twelve ? 4 : 6] = descriptor_octets;
    return cdb;
}

std::optional<AtaRegisters> in_response(const AskedTranslator& asked,
                                        const std::optional<AtaRegisters>& partly) {
    const auto reply =
        asked.scsi.execute({response_information(asked.twelve), descriptor_octets, patience});
    if (!reply) return std::nullopt;
    std::optional<AtaRegisters> registers;
    if (reply->status == scsi::good) registers = registers_in_descriptor(reply->data);
    if (reply->status == scsi::check_condition) registers = ata_registers(reply->sense);
    if (!registers || !registers->whole_count || !registers->lba) return std::nullopt;
    return agree(*registers, partly) ? registers : std::nullopt;
}

} // namespace

// Of a command that was not extended the high octets mean nothing: they are 0.
std::optional<AtaRegisters> registers_in_descriptor(ByteView descriptor) {
    if (descriptor.size() < descriptor_octets || descriptor[0] != descriptor_code)
        return std::nullopt;
    const auto at = [&](std::size_t index, unsigned shift) {
        return static_cast<std::uint64_t>(descriptor[index]) << shift;
    };
    const bool extended = (descriptor[2] & 1U) != 0;
    AtaRegisters out{descriptor[13], descriptor[3], descriptor[12], descriptor[5], true, {}};
    std::uint64_t lba = at(7, 0) | at(9, 8) | at(11, 16);
    if (extended) {
        out.count = static_cast<std::uint16_t>(out.count | at(4, 8));
        lba |= at(6, 24) | at(8, 32) | at(10, 40);
    }
    out.lba = lba;
    return out;
}

std::optional<AtaRegisters> ask_again(const AskedTranslator& asked, ByteView sense,
                                      const std::optional<AtaRegisters>& partly) {
    if (const unsigned index = log_index(sense); index != 0)
        if (const auto found = in_results_log(asked.scsi, index, partly)) return found;
    return in_response(asked, partly);
}

} // namespace quietus
