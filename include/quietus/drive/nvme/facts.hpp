// What an NVMe drive tells of itself besides who it is, asked in one go.
#pragma once

#include "quietus/core/result.hpp"
#include "quietus/record/drive.hpp"
#include "quietus/record/nvme_facts.hpp"
#include "quietus/transport/nvme/controller.hpp"
#include "quietus/transport/nvme_port.hpp"

namespace quietus::nvme {

struct Facts {
    NvmeErasure erasure = {};
    NvmeScopeRecord scope = {};
    NvmeHealthRecord health = {};
    std::optional<TcgFacts> tcg = {}; ///< of a controller with security commands

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("erasure", self.erasure);
        visit("scope", self.scope);
        visit("health", self.health);
        visit("tcg", self.tcg);
    }
};

/// By commands that change nothing: Identify, Get Log Page, Get Features, Level 0 Discovery. Fault
/// of Identify Controller, or Fault::unsupported for a controller that has no namespaces of its own
/// (discovery, administrative); what else is not answered is not known.
[[nodiscard]] Result<Facts> ask_facts(NvmePort& port);

/// Puts them into the drive.
void tell(const Facts& facts, Drive& drive);
/// What of it decides about levels.
[[nodiscard]] HealthRecord health_of(const NvmeHealthRecord& told);

/// All namespaces behind the controller, what no namespace has, and what is beside them. A drive
/// whose namespaces cannot be listed or described is not complete.
[[nodiscard]] NvmeScopeRecord read_scope(NvmePort& port, const ControllerFeatures& controller);

[[nodiscard]] NvmeErasure read_erasure(NvmePort& port, const ControllerFeatures& controller);
[[nodiscard]] NvmeHealthRecord read_health(NvmePort& port);

} // namespace quietus::nvme
