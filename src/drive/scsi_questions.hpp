// ScsiQuestions: read-only SCSI commands, one after the other, with whatever goes wrong noted.
#pragma once

#include "drive_identity.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/transport/scsi_port.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace quietus {

/// What cannot be learned becomes a finding of `identity`, what came becomes one of its pages. Once
/// lost_answers_max commands have had no answer nothing more is sent.
class ScsiQuestions {
  public:
    ScsiQuestions(ScsiPort& port, DriveIdentity& identity) : port_(port), identity_(identity) {}

    /// The 36 octets that every unit has; kept, to know a unit that ignores EVPD.
    [[nodiscard]] std::optional<Bytes> inquiry();
    /// A whole page: asked for again with its own length when it is longer than 252 octets.
    [[nodiscard]] std::optional<Bytes> vital_product_data(std::uint8_t page);
    [[nodiscard]] std::optional<Bytes> read_capacity_10();
    [[nodiscard]] std::optional<Bytes> read_capacity_16();
    [[nodiscard]] std::optional<Bytes> report_luns();
    /// IDENTIFY DEVICE through a translator; never to be asked of an optical drive.
    [[nodiscard]] std::optional<Bytes> identify_device();

    void find(std::string finding) { identity_.findings.push_back(std::move(finding)); }

  private:
    std::optional<Bytes> ask(const std::string& name, const Bytes& cdb, std::size_t in_bytes);
    std::optional<Bytes> page_of(std::uint8_t page, std::size_t in_bytes);
    void keep(const std::string& name, const Bytes& data);
    [[nodiscard]] bool given_up() const;
    void note_lost(const std::string& name, const Error& error);

    ScsiPort& port_;
    DriveIdentity& identity_;
    Bytes inquiry_;
    unsigned lost_ = 0;
};

} // namespace quietus
