// Configured: the station's configuration and a command line, put together.
#pragma once

#include "quietus/app/configuration.hpp"
#include "quietus/app/policies.hpp"
#include "quietus/options/options.hpp"

#include <string>

namespace quietus::cli {

/// "/etc/quietus/quietus.toml", by the name of the program.
[[nodiscard]] std::string default_configuration(const Program& program);

/// Of --config, which must be there, else of the default file, which need not be. Fault::usage,
/// Fault::io; Fault::refused when others may write to it, and when the default one locks the
/// station and another is asked for.
[[nodiscard]] Result<Configuration> configuration_of(const Program& program,
                                                     const Invocation& invocation);

/// Gives the options that this verb takes and the command line does not give what the configuration
/// says.
void add_configured(const Configuration& configuration, const Program& program,
                    Invocation& invocation);

/// Fault::refused when the station is locked and the command line chooses what the configuration
/// alone may. After add_configured(); what load_profile refuses.
[[nodiscard]] Status check_lock(const Configuration& configuration, const Invocation& invocation,
                                const PolicyShelf& shelf);

/// Saying where the value is from that the error is about, when nobody typed it.
[[nodiscard]] Error with_origin(Error error, const Configuration& configuration,
                                const Invocation& invocation);

} // namespace quietus::cli
