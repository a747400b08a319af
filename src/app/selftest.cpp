#include "quietus/app/selftest.hpp"

#include "quietus/app/dispose.hpp"
#include "quietus/certificate/check.hpp"
#include "quietus/core/file.hpp"
#include "quietus/stream/digest.hpp"
#include "quietus/stream/keystream.hpp"

#include <algorithm>

namespace quietus {
namespace {

/// Agrees to everything: the drive is there to be erased.
class Agreeing final : public Operator {
  public:
    Status agree(const Proposal&) override { return {}; }
};

class Silent final : public Audience, public JobWatch {
  public:
    void planned(const Proposal&) override {}
    JobWatch& committed(const std::string&, const Drive&) override { return *this; }
    void certified(const std::string&, const IssuedDocument&) override {}
    void ended(const std::string&, Verdict) override {}
    void step_started(const Progress&) override {}
    void progressed(const Progress&) override {}
    void step_finished(const Progress&) override {}
    bool stop_requested() override { return false; }
    bool leave_requested() override { return false; }
};

// FIPS 180-4, the examples for "abc".
Status test_digests() {
    const bool right =
        sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" &&
        sha384_hex("abc") == "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
                             "8086072ba1e7cc2358baeca134c825a7";
    if (right) return {};
    return Error{Fault::invalid, "a digest fails its known-answer test"};
}

Status check_certificate(const std::string& path, const Site& site) {
    auto files = read_document(path);
    if (!files) return std::move(files).error();
    auto pem = read_regular_file(site.places.keys() + "/root.pem", 1U << 20U);
    if (!pem) return std::move(pem).error();
    auto trust = TrustAnchors::from_pem(*pem);
    if (!trust) return std::move(trust).error();
    const DocumentReport report = check_document(*files, *trust);
    const bool rehearsed = site.places.provenance == Provenance::rehearsal;
    if (report.verdict == (rehearsed ? DocumentVerdict::not_an_erasure : DocumentVerdict::valid))
        return {};
    std::string codes;
    for (const CheckFinding& finding : report.findings)
        codes += " " + finding.code;
    return Error{Fault::invalid, "the document does not hold:" + codes};
}

} // namespace

std::vector<SelftestResult> known_answers() {
    return {{"AES-256-CTR generator", test_keystream()}, {"SHA-256 and SHA-384", test_digests()}};
}

Status erase_and_check(const std::string& target, const Site& site) {
    DisposalRequest request;
    request.targets = {target};
    Agreeing person;
    Silent audience;
    auto outcomes = dispose(request, site, person, audience);
    if (!outcomes) return std::move(outcomes).error();
    Disposal& outcome = outcomes->front();
    if (outcome.error) return std::move(*outcome.error);
    if (outcome.verdict != Verdict::erased || !outcome.document)
        return Error{Fault::drive,
                     "the scratch drive ended " + std::string(to_text(outcome.verdict))};
    return check_certificate(outcome.document->path, site);
}

} // namespace quietus
