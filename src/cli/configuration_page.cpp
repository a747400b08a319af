// quietus.toml(5), from the table of its keys.
#include "quietus/app/configuration.hpp"
#include "quietus/cli/run.hpp"

#include <string>
#include <string_view>

namespace quietus {
namespace {

constexpr std::string_view about =
    R"(What whoever looks after a station says once for all of its runs: a TOML file, read by every verb of quietus(1), /etc/quietus/quietus.toml unless --config names another. The default file need not be there. quietus-rehearse(1) has one of its own, /etc/quietus-rehearse/quietus-rehearse.toml, with the same keys.

The command line beats the configuration, which beats what is built in. Nearly every key stands for an option and is spelled like it; its value is used by each verb that takes the option, where the command line does not give it. A list stands for an option that may be repeated, and is replaced as a whole.

The file is read strictly, and as a whole whatever the verb needs of it: an unknown table, an unknown key, a value of another type or one that the option would not take ends the run (2) with the file, the line and the nearest that there is. It must belong to root or to whoever runs the program, and nobody else may be able to write to it (3).

A file in which every key is explained is installed with the program.)";

constexpr std::string_view lock =
    R"(With locked = true under [station] the configuration decides alone what should not be for the operator to choose. Refused on the command line (3) are then:

--config	when it is the default file that locks the station
--state, --certificates, --log, --trust, --out, --keep-ca	places of files; also --policy with a path instead of the id of a profile
--key, --passin, --passout, --certificate	keys; not for sign, validate, policy sign and recheck, which are about a document, or a text, and a key that somebody brings
--technique	erasing without policy
--override	of an interlock that the profile does not list under overrides

The environment does not choose the state directory either. Only a locked station may supply classification, disposition and destination: then they are the same for all of its drives, and its documents say that the configuration gave them. An operator may still give others.

To lock a station, let operators run the program without letting them write to the configuration or become root otherwise, such as by a rule of sudo(8).)";

std::string line_of(const ConfigurationKey& key) {
    return std::string(key.name) + " = " + std::string(key.example) + "\t" + std::string(key.text) +
           (key.option.empty() ? "" : " (" + std::string(key.option) + ")") + "\n";
}

std::string tables() {
    std::string text;
    std::string_view table;
    for (const ConfigurationKey& key : configuration_keys()) {
        if (key.table != table)
            text += (text.empty() ? "" : "\n") + std::string("Under [") + std::string(key.table) +
                    "]:\n\n";
        table = key.table;
        text += line_of(key);
    }
    return text;
}

constexpr std::string_view example = R"(  [station]
  organisation = "Example Department"
  site = "Bootle, room 12"

  [people]
  operator = "alice"

  [defaults]
  marking = "OFFICIAL-SENSITIVE"
  jobs = 16
  limit-rate = "200M")";

} // namespace

FilePage configuration_page() {
    return {"quietus.toml",
            "the configuration of a station that erases drives",
            {{"DESCRIPTION", std::string(about)},
             {"KEYS", tables()},
             {"LOCKED STATION", std::string(lock)},
             {"EXAMPLE", std::string(example)},
             {"FILES", "/etc/quietus/quietus.toml\tthe default\n"
                       "/etc/quietus-rehearse/quietus-rehearse.toml\tof quietus-rehearse(1)"},
             {"SEE ALSO", "quietus(1), quietus-rehearse(1)"}}};
}

} // namespace quietus
