#include "quietus/drive/scsi/facts.hpp"

#include "quietus/transport/scsi/ask_erasure.hpp"
#include "quietus/transport/scsi/commands.hpp"
#include "quietus/transport/scsi/pages.hpp"
#include "quietus/transport/tcg/level_0.hpp"
#include "wire/scsi_capacity.hpp"

#include <array>
#include <cstdio>
#include <optional>
#include <utility>

namespace quietus::scsi {
namespace {

constexpr std::uint16_t page_octets = 512;

class Unit {
  public:
    explicit Unit(ScsiPort& port) : port_(port) {}

    ScsiUnitFacts ask() {
        ask_format();
        ask_ways();
        ask_reservations();
        ask_health();
        return told_;
    }

    // Drives without such keys do not know the command.
    std::optional<TcgFacts> ask_tcg() {
        const auto data = answer_to(level_0_discovery());
        if (!data) return std::nullopt;
        return tcg::facts_or_reason(tcg::parse_level_0(*data));
    }

  private:
    std::optional<Bytes> answer_to(const ScsiCommand& question) {
        auto reply = ask_past_attentions(port_, question);
        if (!reply || reply->status != good) return std::nullopt;
        return std::move(reply->data);
    }

    void ask_format() {
        constexpr std::uint8_t all_pages = 0x3F;
        if (const auto data = answer_to(read_capacity_16()))
            if (const auto format = parse_unit_format(*data)) {
                told_.blocks = format->blocks;
                told_.block_bytes = format->block_bytes;
                told_.protection = format->protection;
                told_.protection_interval = format->protection_interval;
            }
        const auto data = answer_to(mode_sense(all_pages));
        const auto mode = data ? parse_mode_descriptor(*data) : Error{Fault::drive, ""};
        told_.write_protected = mode && mode->write_protected;
    }

    void ask_ways() {
        if (const auto data = answer_to(vital_product_data(0x88, page_octets)))
            if (const auto ports = parse_ports(*data))
                told_.ports = static_cast<std::uint32_t>(ports->size());
        if (const auto data = answer_to(report_luns(page_octets)))
            if (const auto units = parse_luns(*data))
                told_.units = static_cast<std::uint32_t>(units->size());
    }

    void ask_reservations() {
        if (const auto data = answer_to(reservation_keys()))
            if (const auto keys = parse_reservation_keys(*data))
                told_.registered_hosts = static_cast<std::uint32_t>(keys->size());
        const auto data = answer_to(reservation());
        if (!data) return;
        const auto holder = parse_reservation(*data);
        if (!holder || !*holder) return;
        std::array<char, 24> key{};
        std::snprintf(key.data(), key.size(), "%016llx",
                      static_cast<unsigned long long>((*holder)->key));
        told_.reserved_by = key.data();
    }

    void ask_health() {
        const auto defects = answer_to(grown_defects());
        const auto grown = defects ? parse_grown_defects(*defects)
                                   : Error{Fault::drive, "READ DEFECT DATA (12) is not answered"};
        if (grown)
            told_.health.reallocated = *grown;
        else
            told_.health.text = grown.error().message;
        const auto log = answer_to(log_sense(0x15, page_octets));
        const auto minutes = log ? parse_powered_minutes(*log) : Error{Fault::drive, ""};
        if (minutes) told_.health.power_on_hours = *minutes / 60;
    }

    ScsiPort& port_;
    ScsiUnitFacts told_;
};

ScsiOffer lesser(ScsiOffer one, ScsiOffer other) {
    if (one == ScsiOffer::no || other == ScsiOffer::no) return ScsiOffer::no;
    return one == ScsiOffer::yes ? other : one;
}

ScsiReadAfterErase worse(ScsiReadAfterErase one, ScsiReadAfterErase other) {
    const bool is_sure =
        one == ScsiReadAfterErase::unspecified || one == ScsiReadAfterErase::succeeds;
    return is_sure && other != ScsiReadAfterErase::unspecified ? other : one;
}

// A drive can do what all of its units can, and is as long at work as any of them.
void join(const ScsiErasure& unit, ScsiErasure& drive) {
    drive.overwrite = lesser(unit.overwrite, drive.overwrite);
    drive.block_erase = lesser(unit.block_erase, drive.block_erase);
    drive.crypto_erase = lesser(unit.crypto_erase, drive.crypto_erase);
    drive.exit_failure = lesser(unit.exit_failure, drive.exit_failure);
    drive.format = lesser(unit.format, drive.format);
    drive.returns_at_once = lesser(unit.returns_at_once, drive.returns_at_once);
    drive.may_leave_failed = lesser(unit.may_leave_failed, drive.may_leave_failed);
    drive.zoned_no_reset = lesser(unit.zoned_no_reset, drive.zoned_no_reset);
    drive.after_block_erase = worse(drive.after_block_erase, unit.after_block_erase);
    drive.after_crypto_erase = worse(drive.after_crypto_erase, unit.after_crypto_erase);
    if (drive.condition != ScsiCondition::idle) return;
    drive.condition = unit.condition;
    drive.progress = unit.progress;
}

} // namespace

Result<Facts> ask_facts(ScsiPort& port) {
    const auto erasure = ask_erasure(port, Probing::never);
    if (!erasure) return erasure.error();
    Unit unit(port);
    Facts facts{*erasure, unit.ask()};
    facts.tcg = unit.ask_tcg();
    return facts;
}

void tell(const Facts& facts, Drive& drive) {
    drive.scsi_erasure = facts.erasure;
    drive.scsi_unit = facts.unit;
    drive.health = facts.unit.health;
    drive.tcg = facts.tcg;
}

void tell_of_further_unit(const Facts& facts, Drive& drive) {
    if (drive.scsi_erasure) join(facts.erasure, *drive.scsi_erasure);
    if (!drive.scsi_unit) return;
    drive.scsi_unit->write_protected =
        drive.scsi_unit->write_protected || facts.unit.write_protected;
    if (!drive.scsi_unit->reserved_by) drive.scsi_unit->reserved_by = facts.unit.reserved_by;
}

std::vector<std::string> remarks(const Facts& facts) {
    std::vector<std::string> found;
    const ScsiUnitFacts& unit = facts.unit;
    if (unit.ports > 1)
        found.push_back("it has " + std::to_string(unit.ports) +
                        " ports: another host may be at work on it");
    if (unit.registered_hosts != 0)
        found.push_back(std::to_string(unit.registered_hosts) +
                        " keys of hosts are registered with it");
    if (unit.units > 1)
        found.push_back("it has " + std::to_string(unit.units) +
                        " logical units, which are one drive");
    if (unit.protection != 0)
        found.push_back("it is formatted with protection information of type " +
                        std::to_string(unit.protection) + ", which is kept");
    if (facts.erasure.condition == ScsiCondition::sanitize_failed)
        found.push_back("an earlier SANITIZE has failed: only another, or its exit, ends that");
    if (facts.erasure.condition == ScsiCondition::format_failed)
        found.push_back("its format is corrupt: only another, or SANITIZE, ends that");
    return found;
}

} // namespace quietus::scsi
