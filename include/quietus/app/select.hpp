// select: from what the operator typed to the one drive that is meant.
#pragma once

#include "quietus/core/result.hpp"
#include "quietus/drive/host.hpp"
#include "quietus/record/drive.hpp"
#include "quietus/record/plan.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace quietus {

/// What a run that names many drives sees of them all in one look, made when it is first needed.
class OneLook {
  public:
    /// The host outlives this.
    OneLook(Host& host, DetectRequest request) : host_(host), request_(std::move(request)) {}

    /// A node or a symlink to one, `serial:TEXT`, `wwn:TEXT`, or `image:PATH`. Fault::usage for a
    /// form or node that does not exist, a partition (naming its whole drive), a directory, a bare
    /// path to a file (with the hint `image:`); Fault::refused when several drives answer to it.
    [[nodiscard]] Result<Drive> select(const std::string& target);

  private:
    Host& host_;
    DetectRequest request_;
    std::optional<Result<std::vector<Drive>>> drives_;
};

/// The same of one alone.
[[nodiscard]] Result<Drive> select(Host& host, const DetectRequest& request,
                                   const std::string& target);

/// The commands that would end these, each once, in the order in which they have to be run. None
/// for the drive that the running system stands on: nothing would end all of them.
[[nodiscard]] std::vector<std::string> release_commands(std::vector<Guard> guards);

/// Fault::refused naming every interlock that holds, with what would release it, unless it is one
/// that the operator may set aside and did (names in `overrides`).
[[nodiscard]] Status check_guards(const Drive& drive, const std::vector<std::string>& overrides);

/// Adds what stands in the way of this plan alone: a drive behind a bridge that is to be sent
/// commands (usb-firmware).
void guard_against(const Plan& plan, Drive& drive);

/// Fault::usage unless every name is an interlock that may be overridden.
[[nodiscard]] Status check_overrides(const std::vector<std::string>& overrides);

} // namespace quietus
