#include "quietus/app/selftest.hpp"

#include "quietus/app/dispose.hpp"
#include "quietus/app/station.hpp"
#include "quietus/certificate/check.hpp"
#include "quietus/core/file.hpp"
#include "quietus/stream/digest.hpp"
#include "quietus/stream/keystream.hpp"

#include <algorithm>

namespace quietus {
namespace {

constexpr std::size_t scratch_bytes = (std::size_t{4} << 20U) + 1000; // with an odd tail
constexpr std::string_view secret = "this must not survive the erasure";

/// Agrees to everything: the only drive in sight is the scratch image.
class Agreeing final : public Operator {
  public:
    Status agree(const Proposal&) override { return {}; }
};

class Silent final : public Audience {
  public:
    void planned(const Proposal&) override {}
    void committed(const std::string&, const Drive&) override {}
    void certified(const IssuedDocument&) override {}
    void step_started(const Progress&) override {}
    void progressed(const Progress&) override {}
    void step_finished(const Progress&) override {}
    bool stop_requested() override { return false; }
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

std::string scratch_content() {
    std::string content;
    while (content.size() < scratch_bytes)
        content += secret;
    content.resize(scratch_bytes);
    return content;
}

Status check_erased(const std::string& image) {
    auto content = read_regular_file(image, scratch_bytes);
    if (!content) return std::move(content).error();
    if (content->find(secret.substr(0, 12)) == std::string::npos) return {};
    return Error{Fault::drive, "the secret is still on the scratch image"};
}

Status check_certificate(const std::string& path, const std::string& root) {
    auto files = read_document(path);
    if (!files) return std::move(files).error();
    auto pem = read_regular_file(root, 1U << 20U);
    if (!pem) return std::move(pem).error();
    auto trust = TrustAnchors::from_pem(*pem);
    if (!trust) return std::move(trust).error();
    const DocumentReport report = check_document(*files, *trust);
    if (report.verdict == DocumentVerdict::valid) return {};
    std::string codes;
    for (const CheckFinding& finding : report.findings)
        codes += " " + finding.code;
    return Error{Fault::invalid, "the certificate is not valid:" + codes};
}

Status erase_scratch(const std::string& directory) {
    const Places places{directory + "/state", directory + "/state/certificates"};
    auto station = init_station(places, "SELFTEST", std::nullopt);
    if (!station) return std::move(station).error();
    const std::string image = directory + "/scratch.img";
    if (auto status = save_new_file(image, scratch_content(), 0600); !status) return status;
    MachineSite machine(places, Signing::ready);
    DisposalRequest request;
    request.targets = {"image:" + image};
    Agreeing person;
    Silent audience;
    auto outcomes = dispose(request, machine.doors(), person, audience);
    if (!outcomes) return std::move(outcomes).error();
    Disposal& outcome = outcomes->front();
    if (outcome.error) return std::move(*outcome.error);
    if (outcome.verdict != Verdict::erased || !outcome.document)
        return Error{Fault::drive,
                     "the scratch image ended " + std::string(to_text(outcome.verdict))};
    if (auto status = check_erased(image); !status) return status;
    return check_certificate(outcome.document->path, station->root);
}

} // namespace

std::vector<SelftestResult> selftest(const std::string& directory) {
    return {{"AES-256-CTR generator", test_keystream()},
            {"SHA-256 and SHA-384", test_digests()},
            {"erase, sign and check a scratch image", erase_scratch(directory)}};
}

} // namespace quietus
