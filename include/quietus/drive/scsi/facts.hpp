// What a SCSI drive tells of itself besides who it is, asked in one go. What of it stands in the
// way of erasing it by its own firmware policy says (policy/scsi_obstacle.hpp).
#pragma once

#include "quietus/core/result.hpp"
#include "quietus/record/drive.hpp"
#include "quietus/record/scsi_facts.hpp"
#include "quietus/transport/scsi_port.hpp"

#include <optional>
#include <string>
#include <vector>

namespace quietus::scsi {

struct Facts {
    ScsiErasure erasure;
    ScsiUnitFacts unit;
    std::optional<TcgFacts> tcg = {}; ///< of one that takes SECURITY PROTOCOL IN

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("erasure", self.erasure);
        visit("unit", self.unit);
        visit("tcg", self.tcg);
    }
};

/// By commands that change nothing: REQUEST SENSE, REPORT SUPPORTED OPERATION CODES, VPD pages B1h
/// and 88h, READ CAPACITY (16), MODE SENSE, REPORT LUNS, PERSISTENT RESERVE IN, LOG SENSE, READ
/// DEFECT DATA and SECURITY PROTOCOL IN. The errors of REQUEST SENSE; what else is not answered is
/// not known.
[[nodiscard]] Result<Facts> ask_facts(ScsiPort& port);

/// Puts them into the drive.
void tell(const Facts& facts, Drive& drive);

/// Of one more logical unit of the same drive, beside that whose facts it has: it can do what all
/// of them can, and is at work as long as any is.
void tell_of_further_unit(const Facts& facts, Drive& drive);

/// What is to be known of it besides, a sentence each: other ways into it, other hosts, other
/// units that are parts of it, protection information that is kept.
[[nodiscard]] std::vector<std::string> remarks(const Facts& facts);

} // namespace quietus::scsi
