// Commands: one function a verb, one file each.
#pragma once

#include "quietus/app/configuration.hpp"
#include "quietus/app/dispose.hpp"
#include "quietus/app/site.hpp"
#include "quietus/cli/run.hpp"
#include "quietus/core/exit_status.hpp"
#include "quietus/core/json.hpp"
#include "quietus/core/result.hpp"
#include "quietus/options/options.hpp"

#include <memory>
#include <string>
#include <vector>

namespace quietus::cli {

/// What every command is given.
struct Call {
    const Premises& premises;
    const Invocation& invocation; ///< with what the configuration adds to it
    const Configuration& configuration;
    Places places;
    bool json = false;
    bool quiet = false;
    bool colour = false; ///< stdout may be coloured
};

/// A finished command; an Error is printed by the caller with the status of its fault.
using Outcome = Result<ExitStatus>;

[[nodiscard]] Outcome command_list(const Call& call);
[[nodiscard]] Outcome command_inspect(const Call& call);
[[nodiscard]] Outcome command_plan(const Call& call);
[[nodiscard]] Outcome command_erase(const Call& call);
[[nodiscard]] Outcome command_resume(const Call& call);
[[nodiscard]] Outcome command_certify(const Call& call);
[[nodiscard]] Outcome command_destroy(const Call& call);
[[nodiscard]] Outcome command_status(const Call& call);
[[nodiscard]] Outcome command_key_init(const Call& call);
[[nodiscard]] Outcome command_key_show(const Call& call);
[[nodiscard]] Outcome command_key_request(const Call& call);
[[nodiscard]] Outcome command_key_import(const Call& call);
[[nodiscard]] Outcome command_policy_list(const Call& call);
[[nodiscard]] Outcome command_policy_show(const Call& call);
[[nodiscard]] Outcome command_policy_explain(const Call& call);
[[nodiscard]] Outcome command_policy_lint(const Call& call);
[[nodiscard]] Outcome command_policy_sign(const Call& call);
[[nodiscard]] Outcome command_register_init(const Call& call);
[[nodiscard]] Outcome command_register_proof(const Call& call);
[[nodiscard]] Outcome command_selftest(const Call& call);
[[nodiscard]] Outcome command_recheck(const Call& call);
[[nodiscard]] Outcome command_recover(const Call& call);
[[nodiscard]] Outcome command_sign(const Call& call);
[[nodiscard]] Outcome command_validate(const Call& call);

/// Opens the doors that this command line needs.
[[nodiscard]] Result<std::unique_ptr<OpenSite>> open_site(const Call& call, Signing signing);

/// Persons sign documents of real drives alone: a rehearsal has one key. Fault::refused in one.
[[nodiscard]] Status refuse_persons(const Call& call);

/// The request that `plan` and `erase` share. Fault::usage names the option.
[[nodiscard]] Result<DisposalRequest> disposal_request(const Call& call);

/// The rates and limits of time that `plan`, `erase` and `resume` share. Fault::usage.
[[nodiscard]] Result<Endurance> endurance_of(const Invocation& invocation);

/// How it ended for each drive, for people or as the last event; the status of the whole run.
[[nodiscard]] ExitStatus report_disposals(const Call& call, const std::vector<Disposal>& outcomes);

/// One JSON document, one line.
void print_json(const Json& value);
void print(const std::string& text);
/// To stderr, where people are talked to.
void say(const std::string& text);
/// An error and its hint, in the name of the program.
void say_error(const Premises& premises, const Error& error);

} // namespace quietus::cli
