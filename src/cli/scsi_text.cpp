#include "scsi_text.hpp"

#include "quietus/core/listed.hpp"

#include <cstdint>

namespace quietus::cli {
namespace {

std::string operations(const ScsiErasure& told, ScsiOffer offer) {
    std::vector<std::string> all;
    if (told.crypto_erase == offer) all.emplace_back("cryptographic erase");
    if (told.block_erase == offer) all.emplace_back("block erase");
    if (told.overwrite == offer) all.emplace_back("overwrite");
    if (told.format == offer) all.emplace_back("format unit");
    return all.empty() ? "none" : listed(all);
}

std::string state_in_words(const ScsiErasure& told) {
    std::string text(to_text(told.condition));
    const bool working =
        told.condition == ScsiCondition::sanitizing || told.condition == ScsiCondition::formatting;
    return working ? text + ", " + progress_in_words(told.progress) : text;
}

std::string reads_in_words(const ScsiErasure& told) {
    return std::string(to_text(told.after_block_erase)) + " after a block erase, " +
           std::string(to_text(told.after_crypto_erase)) + " after a cryptographic erase";
}

std::string number_or_untold(std::uint32_t number) {
    return number == 0 ? "not told" : std::to_string(number);
}

void add_unit(const ScsiUnitFacts& unit, TextRows& rows) {
    rows.push_back({"logical units", number_or_untold(unit.units)});
    rows.push_back({"ports", number_or_untold(unit.ports) +
                                 (unit.ports > 1 ? ": another host may be at work on it" : "")});
    rows.push_back({"registered hosts", std::to_string(unit.registered_hosts)});
    rows.push_back({"reserved by", unit.reserved_by.value_or("nobody")});
    rows.push_back({"protection information",
                    unit.protection == 0
                        ? "none"
                        : "type " + std::to_string(unit.protection) + ", which is kept"});
    if (unit.write_protected) rows.push_back({"write protection", "it is write-protected"});
}

} // namespace

TextRows scsi_erasure_rows(const Drive& drive) {
    const ScsiErasure& told = *drive.scsi_erasure;
    TextRows rows{{"operations", operations(told, ScsiOffer::yes)}};
    if (const std::string unknown = operations(told, ScsiOffer::unknown); unknown != "none")
        rows.push_back({"not told of", unknown});
    rows.push_back({"learned by", told.learned_by});
    rows.push_back({"state", state_in_words(told)});
    rows.push_back({"reads", reads_in_words(told)});
    if (drive.scsi_unit) add_unit(*drive.scsi_unit, rows);
    return rows;
}

} // namespace quietus::cli
