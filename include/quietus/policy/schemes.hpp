// Schemes: the overwrite patterns that standards and contracts name, as embedded data.
//
// Data: src/policy/data/schemes.toml, each scheme with its sources, how sure its text is, and the
// most it may ever claim. Members of a step that describe what every stream of ours does anyway
// (per_block_unique, per_device_seed) stay in the data and have no field here.
#pragma once

#include "quietus/core/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace quietus {

/// One step as the catalogue words it; make_plan turns it into a PlanStep.
struct SchemeStep {
    std::string op;     ///< "write" or "verify"
    std::string data;   ///< of a write: "fixed", "random_char", "complement",
                        ///< "complement_of_previous", "random_stream", "lba_stamp"
    std::string bytes;  ///< of "fixed": hexadecimal, either case
    std::string id;     ///< names a random_char
    std::string of;     ///< the id a complement refers to; "last" for a verify
    std::string base;   ///< base byte of an lba_stamp, hexadecimal
    bool reuse = false; ///< the random_char of the same id is written again, not drawn anew
};

struct Scheme {
    std::string id; ///< "uk.is5.enhanced"
    std::string title;
    std::string authority;
    std::string status; ///< "current", "legacy", "withdrawn 2009" ...
    /// "primary", "primary-restated", "secondary", "implementers", "memory": how near to the text
    /// of the authority our knowledge of it is.
    std::string confidence;
    std::string max_claim; ///< a Level; never above "clear"
    std::vector<SchemeStep> steps;
    std::vector<std::vector<SchemeStep>> variants; ///< other readings in the sources; for display
    std::vector<std::string> sources;
    std::string note; ///< may be empty
};

/// The whole catalogue in its own order. The embedded data is checked when first used; a flaw in it
/// is a bug (QUIETUS_ENSURE).
[[nodiscard]] const std::vector<Scheme>& schemes();
/// Fault::usage, with the nearest ids as hint, when there is no such scheme. The scheme lives as
/// long as the program.
[[nodiscard]] Result<const Scheme*> find_scheme(std::string_view id);

} // namespace quietus
