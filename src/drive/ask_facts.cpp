#include "ask_facts.hpp"

#include "asking_limits.hpp"

#include "quietus/transport/ata_over_scsi.hpp"

namespace quietus {
namespace {

template <typename Port, typename Command, typename Reply>
class HastyPort : public Port {
  public:
    explicit HastyPort(Port& port) : port_(port) {}

    Result<Reply> execute(const Command& command) override {
        if (lost_) return Error{Fault::io, "nothing more was asked"};
        Command hasty = command;
        hasty.timeout = identification_timeout;
        auto reply = port_.execute(hasty);
        lost_ = !reply;
        return reply;
    }

  protected:
    [[nodiscard]] Port& port() { return port_; }

  private:
    Port& port_;
    bool lost_ = false;
};

using HastyScsiPort = HastyPort<ScsiPort, ScsiCommand, ScsiReply>;

class HastyNvmePort final : public HastyPort<NvmePort, NvmeCommand, NvmeReply> {
  public:
    using HastyPort::HastyPort;
    Result<std::uint32_t> namespace_id() override { return port().namespace_id(); }
};

} // namespace

Result<ata::Facts> ask_ata_facts(ScsiPort& port) {
    HastyScsiPort hasty(port);
    AtaOverScsi ata(hasty);
    return ata::ask_facts(ata);
}

Result<scsi::Facts> ask_scsi_facts(ScsiPort& port) {
    HastyScsiPort hasty(port);
    return scsi::ask_facts(hasty);
}

Result<nvme::Facts> ask_nvme_facts(NvmePort& port) {
    HastyNvmePort hasty(port);
    return nvme::ask_facts(hasty);
}

} // namespace quietus
