#include "audit.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/core/clock.hpp"
#include "quietus/core/file.hpp"

#include <ostream>

namespace quietus::audit {
namespace {

constexpr std::size_t trust_limit = std::size_t{16} << 20U;

Json json_of(const CheckedSigner& signer) {
    return Json::object({{"role", to_text(signer.role)},
                         {"name", escaped(signer.name)},
                         {"certificate_sha256", signer.certificate_sha256},
                         {"signed_at", to_rfc3339(signer.signed_at)},
                         {"self_issued", signer.self_issued_root}});
}

Json json_of(const DocumentReport& report) {
    Json signers = Json::array();
    for (const CheckedSigner& signer : report.signers)
        signers.push_back(json_of(signer));
    return Json::object({{"file", escaped(report.file)},
                         {"id", report.id},
                         {"verdict", to_text(report.verdict)},
                         {"findings", findings_json(report.findings)},
                         {"signers", std::move(signers)}});
}

void print(const DocumentReport& report, std::ostream& out) {
    out << escaped(report.file) << ": " << words_for(report) << '\n';
    for (const CheckedSigner& signer : report.signers)
        out << "  signed by " << to_text(signer.role) << ' ' << escaped(signer.name) << ", "
            << to_rfc3339(signer.signed_at) << " by its own clock, certificate SHA-256 "
            << signer.certificate_sha256 << '\n';
    print_findings(report.findings, out);
}

Error unusable(const std::string& path, const Error& error) {
    return {Fault::usage, "--trust: " + path + ": " + error.message};
}

Result<std::string> read_trust(const std::string& path) {
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
        return "genuine, but THIS DRIVE IS NOT PROVEN ERASED: an attempt record";
    }
    return "";
}

Result<ExitStatus> verify(const Invocation& invocation, const Streams& streams) {
    auto anchors = anchors_of(invocation);
    if (!anchors) return std::move(anchors).error();
    std::vector<ExitStatus> earned;
    Json documents = Json::array();
    for (const std::string& file : invocation.operands) {
        const DocumentReport report = check_file(file, *anchors);
        earned.push_back(status_of(report.verdict));
        if (invocation.has("--json"))
            documents.push_back(json_of(report));
        else if (!invocation.has("--quiet"))
            print(report, streams.out);
    }
    if (invocation.has("--json"))
        streams.out << to_line(Json::object({{"documents", std::move(documents)}})) << '\n';
    return worst_of_documents(earned);
}

} // namespace quietus::audit
