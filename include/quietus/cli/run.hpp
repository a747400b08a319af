// The operator's programs: one set of verbs, over the drives of this machine or over emulated ones.
#pragma once

#include "quietus/app/selftest.hpp"
#include "quietus/app/site.hpp"
#include "quietus/core/exit_status.hpp"
#include "quietus/options/options.hpp"

#include <string>
#include <vector>

namespace quietus {

/// What makes a program of the verbs: its option table, and where its drives are.
class Premises {
  public:
    virtual ~Premises() = default;
    [[nodiscard]] virtual const Program& program() const = 0;
    [[nodiscard]] virtual Provenance provenance() const = 0;
    /// Fault::usage when the command line does not say enough.
    [[nodiscard]] virtual Result<Setting> setting(const Invocation& invocation,
                                                  const Places& places) const = 0;
    /// The corridor over a drive that is there for nothing else; `directory` is fresh.
    [[nodiscard]] virtual SelftestResult selftest(const std::string& directory) const = 0;
    /// A verb that no other program has.
    [[nodiscard]] virtual Result<ExitStatus> own_verb(const Invocation& invocation,
                                                      const Places& places) const;
};

/// Verbs, options and manual of `quietus`.
[[nodiscard]] const Program& quietus_program();
/// The manual page of quietus.toml, from the table of its keys.
[[nodiscard]] FilePage configuration_page();

/// Runs one command line (without the program's name) and returns its exit status.
[[nodiscard]] int run_program(const Premises& premises, const std::vector<std::string>& arguments);
/// The same over the drives of this machine.
[[nodiscard]] int run_quietus(const std::vector<std::string>& arguments);

} // namespace quietus
