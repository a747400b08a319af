#include "audit.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/core/clock.hpp"
#include "quietus/core/file.hpp"

#include <ostream>

namespace quietus::audit {
namespace {

constexpr std::size_t trust_limit = std::size_t{16} << 20U;

Json json_of(const CheckFinding& finding) {
    return Json::object({{"code", finding.code}, {"text", finding.text}});
}

Json json_of(const CheckedSigner& signer) {
    return Json::object({{"role", to_text(signer.role)},
                         {"name", escaped(signer.name)},
                         {"certificate_sha256", signer.certificate_sha256},
                         {"signed_at", to_rfc3339(signer.signed_at)},
                         {"self_issued", signer.self_issued_root}});
}

template <typename T>
Json json_list(const std::vector<T>& values) {
    Json list = Json::array();
    for (const T& value : values)
        list.push_back(json_of(value));
    return list;
}

Json json_of(const DocumentReport& report) {
    return Json::object({{"file", escaped(report.file)},
                         {"id", report.id},
                         {"verdict", to_text(report.verdict)},
                         {"findings", json_list(report.findings)},
                         {"signers", json_list(report.signers)}});
}

void print(const DocumentReport& report, std::ostream& out) {
    out << escaped(report.file) << ": " << words_for(report) << '\n';
    for (const CheckedSigner& signer : report.signers)
        out << "  signed by " << to_text(signer.role) << ' ' << escaped(signer.name) << ", "
            << to_rfc3339(signer.signed_at) << " by its own clock, certificate SHA-256 "
            << signer.certificate_sha256 << '\n';
    for (const CheckFinding& finding : report.findings)
        out << "  " << finding.code << ": " << finding.text << '\n';
}

} // namespace

Result<TrustAnchors> anchors_of(const Invocation& invocation) {
    const auto path = invocation.value("--trust");
    if (!path) return TrustAnchors::none();
    auto pem = read_regular_file(*path, trust_limit);
    if (!pem) return Error{Fault::usage, "--trust: " + pem.error().message};
    auto anchors = TrustAnchors::from_pem(*pem);
    if (!anchors) return Error{Fault::usage, "--trust: " + *path + ": " + anchors.error().message};
    return anchors;
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
