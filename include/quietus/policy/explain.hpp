// explain: an answer in words, with everything else that was considered and why it is not the
// answer.
#pragma once

#include "quietus/policy/evaluate.hpp"
#include "quietus/record/technique.hpp"

#include <string>
#include <vector>

namespace quietus {

/// A technique of the rule, in its order.
struct ExplainedMethod {
    std::string name;          ///< "nvme-sanitize-block-erase", "overwrite then ata-security-erase"
    Level level = Level::none; ///< what it reaches there
    bool chosen = false;
    std::string reason; ///< why, or why not
};

enum class AlternativeKind : std::uint8_t { rule, technique, disposition };
template <>
inline constexpr auto enum_texts<AlternativeKind> = spellings("rule", "technique", "disposition");

/// Something else that was considered.
struct Alternative {
    AlternativeKind kind = AlternativeKind::rule;
    std::string name;
    std::string why_not; ///< of a disposition: what the answer would be there
};

struct Explanation {
    Decision decision = Decision::deny;
    std::string profile; ///< that the rule stands in
    std::string rule;    ///< empty: none fits
    std::string source;  ///< of the rule, with how sure we are of it
    Level level = Level::none;
    std::vector<ExplainedMethod> techniques;
    std::vector<std::string> schemes;
    Verification verification;
    std::vector<std::string> people; ///< "operator", then who else
    std::vector<std::string> reasons;
    std::vector<Alternative> alternatives;
};

[[nodiscard]] Explanation explain(const Profile& profile, const Question& question);

/// "overwrite then ata-security-erase".
[[nodiscard]] std::string name_of(const Method& method);
/// The sources of a rule with their confidence: "MoJ ... (primary)".
[[nodiscard]] std::string source_of(const PolicyRule& rule);

} // namespace quietus
