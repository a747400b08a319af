// The bay of a worker: it opens the drive itself, and is confined for good. From then on it can
// look at nothing, and has others look.
#pragma once

#include "worker_line.hpp"

#include "quietus/confine/transfers.hpp"
#include "quietus/drive/host.hpp"
#include "quietus/job/carry_out.hpp"

namespace quietus {

class RemoteBay final : public Bay {
  public:
    /// `commands`: whether the drive is to be sent any. Otherwise the link has no way for them, and
    /// the process could not send one: an overwrite moves data and can do nothing else.
    RemoteBay(WorkerLine& line, Host& host, const Drive& drive, bool commands)
        : line_(line), host_(host), drive_(drive), commands_(commands) {}
    Result<DriveLink> open() override;
    Status check_unchanged() override { return line_.ask({.word = WorkerWord::unchanged}); }
    Status check_same() override { return line_.ask({.word = WorkerWord::same}); }
    Result<HealthRecord> health() override { return line_.ask_for_health(); }
    Status rescan() override { return line_.ask({.word = WorkerWord::rescan}); }
    Status reset() override { return line_.ask({.word = WorkerWord::reset}); }

  private:
    [[nodiscard]] TransferAllowance allowance() const;

    WorkerLine& line_;
    Host& host_;
    Drive drive_;
    bool commands_;
};

} // namespace quietus
