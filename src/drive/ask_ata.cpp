#include "ask_ata.hpp"

#include "asking_limits.hpp"

#include "quietus/transport/ata_over_scsi.hpp"

namespace quietus {
namespace {

class HastyPort final : public ScsiPort {
  public:
    explicit HastyPort(ScsiPort& port) : port_(port) {}

    Result<ScsiReply> execute(const ScsiCommand& command) override {
        if (lost_) return Error{Fault::io, "nothing more was asked"};
        ScsiCommand hasty = command;
        hasty.timeout = identification_timeout;
        auto reply = port_.execute(hasty);
        lost_ = !reply;
        return reply;
    }

  private:
    ScsiPort& port_;
    bool lost_ = false;
};

} // namespace

Result<ata::Facts> ask_ata(ScsiPort& port) {
    HastyPort hasty(port);
    AtaOverScsi ata(hasty);
    return ata::ask_facts(ata);
}

} // namespace quietus
