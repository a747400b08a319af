// Tools: which releases of the program an auditor knows, and which of them are not to be believed.
//
// A file tools.toml in a directory of trust: [[tool]] with `version`, as documents have it;
// `commit`, where only that build is meant; and `revoked`, the reason why it is not believed.
#pragma once

#include "quietus/certificate/check.hpp"
#include "quietus/core/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace quietus {

inline constexpr std::string_view tools_file = "tools.toml";

struct KnownTool {
    std::string version;
    std::string commit;  ///< empty: every build of the version
    std::string revoked; ///< why; empty: it is known and believed
};

class ToolList {
  public:
    /// Fault::invalid with the line.
    [[nodiscard]] static Result<ToolList> from_toml(std::string_view text);
    /// E_TOOL_REVOKED when an entry revokes what made the document; E_TOOL_UNKNOWN when there are
    /// entries that do not revoke, and none is of it. Without entries every tool is believed.
    [[nodiscard]] std::vector<CheckFinding> check(const DocumentTrace& trace) const;

  private:
    std::vector<KnownTool> tools_;
};

} // namespace quietus
