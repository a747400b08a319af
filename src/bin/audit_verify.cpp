#include "audit.hpp"

#include "audit_beside.hpp"
#include "audit_crew.hpp"
#include "audit_documents_junit.hpp"
#include "audit_names.hpp"

#include "quietus/certificate/cross_check.hpp"
#include "quietus/core/bytes.hpp"
#include "quietus/core/clock.hpp"
#include "quietus/core/file.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <ostream>
#include <set>

namespace quietus::audit {
namespace {

constexpr std::size_t trust_limit = std::size_t{16} << 20U;
constexpr unsigned jobs_max = 64;

Json json_of(const CheckedSigner& signer) {
    return Json::object({{"role", to_text(signer.role)},
                         {"name", escaped(signer.name)},
                         {"certificate_sha256", signer.certificate_sha256},
                         {"signed_at", to_rfc3339(signer.signed_at)},
                         {"self_issued", signer.self_issued_root}});
}

Json json_of(const StatedValidation& validation) {
    return Json::object({{"decision", to_text(validation.decision)},
                         {"validator", escaped(validation.validator)},
                         {"classification", escaped(validation.classification)},
                         {"reason", escaped(validation.reason)},
                         {"issued_at", validation.issued_at}});
}

Json json_of(const DocumentReport& report) {
    Json signers = Json::array();
    for (const CheckedSigner& signer : report.signers)
        signers.push_back(json_of(signer));
    Json json = Json::object({{"file", escaped(report.file)},
                              {"id", report.id},
                              {"verdict", to_text(report.verdict)},
                              {"findings", findings_json(report.findings)},
                              {"signers", std::move(signers)}});
    if (report.validation) json["validation"] = json_of(*report.validation);
    return json;
}

} // namespace

void print_validation(const DocumentReport& report, std::ostream& out) {
    if (!report.validation) return;
    const StatedValidation& said = *report.validation;
    out << "  " << to_text(said.decision) << " by the validator " << escaped(said.validator)
        << " for " << escaped(said.classification) << ", " << said.issued_at;
    if (!said.reason.empty()) out << ": " << escaped(said.reason);
    out << '\n';
}

namespace {

void print(const DocumentReport& report, std::ostream& out) {
    out << escaped(report.file) << ": " << words_for(report) << '\n';
    for (const CheckedSigner& signer : report.signers)
        out << "  signed by " << to_text(signer.role) << ' ' << escaped(signer.name) << ", "
            << to_rfc3339(signer.signed_at) << " by its own clock, certificate SHA-256 "
            << signer.certificate_sha256 << '\n';
    print_validation(report, out);
    print_findings(report.findings, out);
}

Error unusable(const std::string& path, const Error& error) {
    return {Fault::usage, "--trust: " + path + ": " + error.message};
}

// A directory stands for all roots in it.
Result<std::string> read_trust_directory(const std::string& path) {
    std::vector<std::string> roots;
    std::error_code failed;
    for (std::filesystem::directory_iterator entry(path, failed), end; !failed && entry != end;
         entry.increment(failed))
        if (entry->path().extension() == ".pem") roots.push_back(entry->path().string());
    std::ranges::sort(roots);
    std::string all;
    for (const std::string& root : roots) {
        auto text = read_regular_file(root, trust_limit);
        if (!text) return Error{Fault::usage, "--trust: " + text.error().message};
        all += *text + "\n";
    }
    if (all.empty()) return Error{Fault::usage, "--trust: " + path + ": no *.pem in it"};
    return all;
}

Result<std::string> read_trust(const std::string& path) {
    std::error_code failure;
    if (std::filesystem::is_directory(path, failure)) return read_trust_directory(path);
    auto text = read_regular_file(path, trust_limit);
    if (!text) return Error{Fault::usage, "--trust: " + text.error().message};
    return text;
}

Result<TrustAnchors> completed(TrustAnchors anchors, const Invocation& invocation) {
    if (auto status = add_crls_and_time(invocation, anchors); !status)
        return std::move(status).error();
    return anchors;
}

Result<TrustAnchors> anchors_in(const std::string& text, const std::string& path,
                                const Invocation& invocation) {
    auto anchors = TrustAnchors::from_pem(text);
    if (!anchors) return unusable(path, anchors.error());
    return completed(std::move(*anchors), invocation);
}

Result<TrustAnchors> no_anchors(const Invocation& invocation) {
    if (invocation.has("--crl"))
        return Error{Fault::usage, "--crl: without --trust there is no path to look up in a CRL"};
    return completed(TrustAnchors::none(), invocation);
}

} // namespace

Result<TrustAnchors> anchors_of(const Invocation& invocation) {
    const auto path = invocation.value("--trust");
    if (!path) return no_anchors(invocation);
    auto text = read_trust(*path);
    if (!text) return std::move(text).error();
    return anchors_in(*text, *path, invocation);
}

Result<Trust> trust_of(const Invocation& invocation) {
    const auto path = invocation.value("--trust");
    if (!path) {
        auto none = no_anchors(invocation);
        if (!none) return std::move(none).error();
        return Trust{std::move(*none), {}};
    }
    auto text = read_trust(*path);
    if (!text) return std::move(text).error();
    auto logs = log_keys_in(*text);
    if (!logs) return unusable(*path, logs.error());
    // Who audits a log alone needs no root.
    const bool only_logs = !logs->empty() && text->find("-----BEGIN ") == text->npos;
    auto anchors = only_logs ? no_anchors(invocation) : anchors_in(*text, *path, invocation);
    if (!anchors) return std::move(anchors).error();
    return Trust{std::move(*anchors), std::move(*logs)};
}

Json findings_json(const std::vector<CheckFinding>& findings) {
    Json list = Json::array();
    for (const CheckFinding& each : findings)
        list.push_back(Json::object({{"code", each.code}, {"text", each.text}}));
    return list;
}

void print_findings(const std::vector<CheckFinding>& findings, std::ostream& out) {
    for (const CheckFinding& each : findings)
        out << "  " << each.code << ": " << each.text << '\n';
}

ExitStatus status_of(DocumentVerdict verdict) {
    switch (verdict) {
    case DocumentVerdict::valid:
        return ExitStatus::success;
    case DocumentVerdict::invalid:
        return ExitStatus::failed;
    case DocumentVerdict::indeterminate:
        return ExitStatus::not_established;
    case DocumentVerdict::not_an_erasure:
        return ExitStatus::not_an_erasure;
    }
    return ExitStatus::internal_error;
}

std::string_view words_for(const DocumentReport& report) {
    switch (report.verdict) {
    case DocumentVerdict::valid:
        return "valid: certificate of erasure";
    case DocumentVerdict::invalid:
        return "INVALID: this document does not hold";
    case DocumentVerdict::indeterminate:
        return "indeterminate: neither proven nor refuted";
    case DocumentVerdict::not_an_erasure:
        if (report.type == DocumentType::certificate)
            return "genuine, but REJECTED by its validator: do not rely on it";
        if (report.type == DocumentType::destruction)
            return "genuine: a STATEMENT OF PHYSICAL DESTRUCTION, on the word of persons";
        return report.type == DocumentType::rehearsal
                   ? "genuine, but a REHEARSAL: NO DRIVE WAS ERASED"
                   : "genuine, but THIS DRIVE IS NOT PROVEN ERASED: an attempt record";
    }
    return "";
}

namespace {

// All that documents could name: read before anything is looked into.
ProfileTexts profiles_for(const Invocation& invocation) {
    ProfileTexts texts = ProfileTexts::shipped();
    if (const auto trust = invocation.value("--trust")) texts.add_directory(*trust, ".toml");
    std::set<std::string> directories;
    for (const std::string& operand : invocation.operands) {
        std::error_code failure;
        const std::filesystem::path path(operand);
        const bool is_folder = std::filesystem::is_directory(path, failure);
        directories.insert(is_folder ? operand : path.parent_path().string());
    }
    for (const std::string& directory : directories)
        texts.add_beside(directory.empty() ? "." : directory);
    return texts;
}

} // namespace

namespace {

// What a directory of trust says of releases of the program.
Result<ToolList> tools_for(const Invocation& invocation) {
    const std::string path =
        invocation.value("--trust").value_or(".") + "/" + std::string(tools_file);
    std::error_code failure;
    if (!invocation.has("--trust") || !std::filesystem::exists(path, failure)) return ToolList{};
    const auto text = read_regular_file(path, trust_limit);
    auto tools = text ? ToolList::from_toml(*text) : Result<ToolList>(text.error());
    if (!tools) return unusable(path, tools.error());
    return tools;
}

} // namespace

Result<CheckOptions> check_options_of(const Invocation& invocation) {
    CheckOptions options{{TrustAnchors::none(), {}}, {}, 1};
    auto trust = trust_of(invocation);
    if (!trust) return std::move(trust).error();
    trust->profiles = profiles_for(invocation);
    auto tools = tools_for(invocation);
    if (!tools) return std::move(tools).error();
    trust->tools = std::move(*tools);
    options.trust = std::move(*trust);
    if (const auto text = invocation.value("--require")) {
        auto required = Requirements::from_text(*text);
        if (!required) return std::move(required).error().during("--require");
        options.required = std::move(*required);
    }
    if (const auto text = invocation.value("--jobs")) {
        const auto end = text->data() + text->size();
        const auto [read, problem] = std::from_chars(text->data(), end, options.jobs);
        if (problem != std::errc{} || read != end || options.jobs == 0 || options.jobs > jobs_max)
            return Error{Fault::usage, "--jobs: \"" + *text + "\" is not a number from 1 to " +
                                           std::to_string(jobs_max)};
    }
    return options;
}

namespace {

// Where the reports of a run go, one by one: memory does not grow with their number.
class Answers {
  public:
    Answers(const Invocation& invocation, std::ostream& out)
        : out_(out), json_(invocation.has("--json")), quiet_(!json_ && invocation.has("--quiet")) {}

    Status open_junit(const std::optional<std::string>& path) {
        if (!path) return {};
        auto opened = DocumentsJunit::open(*path);
        if (!opened) return std::move(opened).error();
        junit_.emplace(std::move(*opened));
        return {};
    }

    void add(const DocumentReport& report) {
        if (json_)
            out_ << (first_ ? "{\"documents\":[" : ",") << to_line(json_of(report));
        else if (!quiet_)
            print(report, out_);
        first_ = false;
        if (junit_ && saved_) saved_ = junit_->add(report);
    }

    [[nodiscard]] Status finish(const std::vector<CheckFinding>& across) {
        if (json_)
            out_ << (first_ ? "{\"documents\":[" : "")
                 << "],\"across\":" << to_line(findings_json(across)) << "}\n";
        else if (!quiet_ && !across.empty())
            print_across(across);
        if (junit_ && saved_) saved_ = junit_->add_across(across);
        if (junit_ && saved_) saved_ = junit_->finish();
        return std::move(saved_);
    }

  private:
    void print_across(const std::vector<CheckFinding>& across) {
        out_ << "across the documents:\n";
        print_findings(across, out_);
    }

    std::ostream& out_;
    bool json_;
    bool quiet_;
    bool first_ = true;
    std::optional<DocumentsJunit> junit_;
    Status saved_;
};

// The first of 70, 1, 9, 6 that any earned, kept as they come.
class Earned {
  public:
    void add(ExitStatus status) {
        const std::array both{worst_, status};
        worst_ = worst_of_documents(both);
    }
    [[nodiscard]] ExitStatus worst() const { return worst_; }

  private:
    ExitStatus worst_ = ExitStatus::success;
};

bool is_broken(const std::vector<CheckFinding>& findings) {
    return std::ranges::any_of(findings, [](const auto& each) { return each.code.front() == 'E'; });
}

} // namespace

Result<ExitStatus> verify(const Invocation& invocation, const Streams& streams) {
    auto options = check_options_of(invocation);
    if (!options) return std::move(options).error();
    Answers answers(invocation, streams.out);
    if (auto opened = answers.open_junit(invocation.value("--junit")); !opened)
        return std::move(opened).error();
    auto vouchers = Vouchers::open(*options, invocation.value("--log"));
    if (!vouchers) return std::move(vouchers).error();
    auto crew = Crew::start(options->jobs, options->trust);
    if (!crew) return std::move(crew).error();
    if (auto confined = confine_run(invocation); !confined) return std::move(confined).error();

    DocumentNames names(invocation.operands);
    CrossCheck cross;
    Earned earned;
    crew->check({[&] { return names.next(); },
                 [&](DocumentReport report) {
                     for (CheckFinding& each : check_level_and_signers(report, options->required))
                         report.findings.push_back(std::move(each));
                     if (report.trace)
                         for (CheckFinding& each : options->trust.tools.check(*report.trace))
                             report.findings.push_back(std::move(each));
                     report.verdict = verdict_of(report.findings, report.type);
                     vouchers->check(report);
                     if (report.trace) cross.add(*report.trace);
                     earned.add(status_of(report.verdict));
                     answers.add(report);
                 }});
    const auto across = std::move(cross).findings();
    if (is_broken(across)) earned.add(ExitStatus::failed);
    if (auto saved = answers.finish(across); !saved) return std::move(saved).error();
    return earned.worst();
}

} // namespace quietus::audit
