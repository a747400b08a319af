// The auditor's program in parts: one function a verb, and how it answers.
#pragma once

#include "audit_table.hpp"

#include "quietus/certificate/check.hpp"
#include "quietus/certificate/requirements.hpp"
#include "quietus/certificate/tools.hpp"
#include "quietus/core/exit_status.hpp"
#include "quietus/core/json.hpp"
#include "quietus/crypto/note.hpp"

#include <iosfwd>
#include <string_view>

namespace quietus::audit {

/// Where a verb writes: results to `out`, talk to `err`.
struct Streams {
    std::ostream& out;
    std::ostream& err;
};

[[nodiscard]] Result<ExitStatus> verify(const Invocation& invocation, const Streams& streams);
[[nodiscard]] Result<ExitStatus> check_register(const Invocation& invocation,
                                                const Streams& streams);
[[nodiscard]] Result<ExitStatus> show(const Invocation& invocation, const Streams& streams);

/// Gives up, for the rest of the run, all but reading what the command line names, and for
/// `register` writing evidence. Everything else that is to be opened is open by then. Fault::io.
[[nodiscard]] Status confine_run(const Invocation& invocation);

/// What `--trust` gives: anchors, and the verifier keys of logs, both empty without it; and the
/// profiles that policy is asked by again: shipped, of a trust directory, and beside the documents.
struct Trust {
    TrustAnchors anchors;
    std::vector<NoteVerifier> logs;
    ProfileTexts profiles = ProfileTexts::shipped();
    ToolList tools = {}; ///< of a trust directory
};
/// How documents are checked, as the command line has it.
struct CheckOptions {
    Trust trust;
    Requirements required;
    unsigned jobs = 1;
};
[[nodiscard]] Result<CheckOptions> check_options_of(const Invocation& invocation);

/// The anchors of `--trust`, or all of it. Fault::usage when they cannot be used: nothing was
/// checked.
[[nodiscard]] Result<TrustAnchors> anchors_of(const Invocation& invocation);
[[nodiscard]] Result<Trust> trust_of(const Invocation& invocation);
/// What `--crl` and `--at` add to them: further CRLs, and the time of judging, which is now without
/// `--at`. Fault::usage.
[[nodiscard]] Status add_crls_and_time(const Invocation& invocation, TrustAnchors& anchors);
[[nodiscard]] ExitStatus status_of(DocumentVerdict verdict);
/// [{"code","text"}]
[[nodiscard]] Json findings_json(const std::vector<CheckFinding>& findings);
/// A line each, for people.
void print_findings(const std::vector<CheckFinding>& findings, std::ostream& out);
/// What a validator said of it, where somebody did: a line for people.
void print_validation(const DocumentReport& report, std::ostream& out);
/// One clause for people: "valid: certificate of erasure".
[[nodiscard]] std::string_view words_for(const DocumentReport& report);

} // namespace quietus::audit
