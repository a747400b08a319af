// VerbScan: the first look at a command line. Tells verb, operands and options apart, wherever they
// stand, so that what is left to parse is the options of one known verb.
#pragma once

#include "table.hpp"

namespace quietus {

struct VerbScan {
    const Verb* verb = nullptr; ///< nullptr only when help or version was asked for
    bool help = false;
    bool version = false;
    std::vector<std::string> operands;
    std::vector<std::string> options; ///< with their values, in order
};

/// Fault::usage: no verb, no such verb, an option that no verb knows, an option without its value,
/// a flag with one.
[[nodiscard]] Result<VerbScan> scan_for_verb(const Program& program,
                                             const std::vector<std::string>& arguments);

} // namespace quietus
