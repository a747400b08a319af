// RehearsalPremises: where exercises take place. The drives are those of the scenario, their time
// is simulated, and nothing of this machine is looked at.
#pragma once

#include "quietus/cli/run.hpp"

#include <string>

namespace quietus::rehearse {

class RehearsalPremises final : public Premises {
  public:
    [[nodiscard]] const Program& program() const override;
    [[nodiscard]] Provenance provenance() const override { return Provenance::rehearsal; }
    [[nodiscard]] Result<Setting> setting(const Invocation& invocation,
                                          const Places& places) const override;
    [[nodiscard]] SelftestResult selftest(const std::string& directory) const override;
    /// `reveal`: the exit status is 1 when a secret is left on any of the drives.
    [[nodiscard]] Result<ExitStatus> own_verb(const Invocation& invocation,
                                              const Places& places) const override;
};

} // namespace quietus::rehearse
