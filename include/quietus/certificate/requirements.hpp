// Requirements: what an auditor asks of a document beyond that it holds.
#pragma once

#include "quietus/certificate/check.hpp"
#include "quietus/core/result.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace quietus {

struct Requirements {
    std::optional<Level> level; ///< at least
    std::vector<Role> signed_by;
    bool validated = false;
    bool logged = false;

    /// "level=purge,signed-by=witness,validated,logged": any of them, separated by commas;
    /// signed-by as often as there are roles. Fault::usage lists what there is.
    static Result<Requirements> from_text(std::string_view text);
};

/// What the document, which is a certificate and holds, does not meet: E_REQUIRED_LEVEL,
/// E_REQUIRED_SIGNER. Other documents meet nothing and are not looked at.
[[nodiscard]] std::vector<CheckFinding> check_level_and_signers(const DocumentReport& report,
                                                                const Requirements& required);

} // namespace quietus
