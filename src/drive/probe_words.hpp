// What a probe says to the process that asked: lines of JSON, sent as they become known, so that a
// drive that hangs half-way has told the first half.
//
// The probe parses what a stranger wrote, so that its words are a stranger's: read strictly,
// bounded, and believed only as what the drive says of itself.
#pragma once

#include "drive_identity.hpp"
#include "drive_probe.hpp"

#include "quietus/confine/run_children.hpp"

#include <optional>
#include <string>
#include <vector>

namespace quietus {

/// What is known by now and was not said before.
struct ProbeNews {
    std::optional<bool> claimed = {};
    std::optional<DriveIdentity> identity = {};
    std::optional<ata::Facts> ata = {};
    std::optional<scsi::Facts> scsi = {};
    std::optional<nvme::Facts> nvme = {};
    std::optional<Contents> contents = {};
    std::vector<std::string> problems = {};
    std::string unread = {};
    bool last = false; ///< there is nothing more to come
};

/// With the newline.
[[nodiscard]] std::string to_line(const ProbeNews& news);
/// The report of a probe that ended in this way. When it ended too early, what it had told stands,
/// and the outcome is not_answering. So it is when something it said is no such line, but then
/// nothing of it stands.
[[nodiscard]] ProbeReport report_of(const ChildResult& result);

/// Of a probe that asked a drive for the rest: into the report of who it is.
void add_facts(ProbeReport told, ProbeReport& report);

} // namespace quietus
