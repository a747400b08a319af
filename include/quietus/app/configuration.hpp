// Configuration: quietus.toml, what whoever looks after a station says once for all of its runs.
//
// Most keys stand for an option and are spelled like it: the value counts where the command line
// gives none. Read strictly, and every value judged when it is read, whether the run needs it or
// not.
#pragma once

#include "quietus/core/result.hpp"
#include "quietus/job/cooling.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quietus {

/// The largest file that is read, in bytes.
inline constexpr std::size_t configuration_max = std::size_t{1} << 20U;

/// What a value has to be.
enum class ConfiguredForm : std::uint8_t {
    flag,
    text, ///< that a document may bear
    texts,
    name, ///< printable, of a profile or a marking
    file, ///< an absolute path
    files,
    directory,
    rate,    ///< bytes a second: a number, or a text such as "500M"
    seconds, ///< stall_seconds
    jobs,    ///< jobs_at_once
    celsius, ///< whole degrees, 1 to 150
    station_id,
    scheme,
    verification,
    disposition,
};

/// Who may have it in their configuration.
enum class ConfiguredBy : std::uint8_t { anybody, locked_station };

struct ConfigurationKey {
    std::string_view table;
    std::string_view name;
    std::string_view option; ///< that it stands for; empty when it stands for none
    ConfiguredForm form = ConfiguredForm::text;
    std::string_view text;    ///< what it means, for the manual
    std::string_view example; ///< a value, as TOML
    ConfiguredBy by = ConfiguredBy::anybody;
};

/// All keys that there are, table by table in the order of the manual.
[[nodiscard]] const std::vector<ConfigurationKey>& configuration_keys();

/// An option's value where the command line gives none.
struct ConfiguredOption {
    const ConfigurationKey* key = nullptr; ///< of configuration_keys()
    std::vector<std::string> values;       ///< as the command line would give them
    std::uint32_t line = 1;

    friend bool operator==(const ConfiguredOption&, const ConfiguredOption&) = default;
};

struct Configuration {
    std::string file; ///< empty: there is none
    /// The line that locks the station: nobody at the command line chooses files, keys, state,
    /// technique, or interlocks to set aside that its policy does not list.
    std::optional<std::uint32_t> locked_at;
    /// Whether events go to the system journal; nothing: when standard error leads there.
    std::optional<bool> system_journal;
    Cooling cooling;
    std::vector<ConfiguredOption> options;

    friend bool operator==(const Configuration&, const Configuration&) = default;
};

/// The text of `file`. Fault::usage, "FILE: line 3: ...", of the first thing that is wrong: no
/// TOML, a table or key that does not exist (with the nearest that does), a value of another type
/// or form, or two that contradict each other.
[[nodiscard]] Result<Configuration> parse_configuration(std::string_view text,
                                                        const std::string& file);

/// Fault::io when it is not there or cannot be read; Fault::refused when others than its owner, who
/// is root or who runs this, may write to it; what parse_configuration() refuses.
[[nodiscard]] Result<Configuration> read_configuration(const std::string& file);
/// The same, but one without anything when there is no such file.
[[nodiscard]] Result<Configuration> read_configuration_if_there(const std::string& file);

/// "/etc/quietus/quietus.toml, line 3".
[[nodiscard]] std::string place_in(const Configuration& configuration, std::uint32_t line);

} // namespace quietus
