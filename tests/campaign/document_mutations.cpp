// No edit of a document's files gives a valid document with other content: another payload, or
// another claim of a signer. A signature that anybody can rewrite into another of the same claims
// (ECDSA: r and n - s) is no other content.
//
// usage: document_mutations EDITS MANY SEED
//   EDITS  how many of the single edits to try at each position of each file, or `all`
//   MANY   how often to try two to eight edits at random places
//   SEED   where the random numbers start; the same seed tries the same edits of other signatures

#include "mutation.hpp"

#include "../unit/certificate/finished_job.hpp"
#include "../unit/crypto/workbench.hpp"
#include "build.hpp"

#include "quietus/certificate/check.hpp"
#include "quietus/crypto/cms_signer.hpp"

#include <openssl/ec.h>
#include <openssl/pem.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>

namespace quietus::campaign {
namespace {

using namespace testing_support;

/// A document that holds, and who is trusted.
struct Bench {
    DocumentFiles files;
    std::string anchors;
};

// P-256, which is allowed, and an order of magnitude faster to check than what we make.
PrivateKey make_key() {
    EVP_PKEY* key = EVP_EC_gen("P-256");
    BIO* memory = BIO_new(BIO_s_mem());
    PEM_write_bio_PKCS8PrivateKey(memory, key, nullptr, nullptr, 0, nullptr, nullptr);
    char* start = nullptr;
    const long length = BIO_get_mem_data(memory, &start);
    auto made = PrivateKey::from_pem({start, static_cast<std::size_t>(length)}).value();
    BIO_free(memory);
    EVP_PKEY_free(key);
    return made;
}

/// root -> issuing CA -> station, operator, witness.
class Hierarchy {
  public:
    Hierarchy()
        : root_key_(make_key()), root_(issue_root(root_key_, {"root", "tests", decade}).value()),
          issuing_key_(make_key()),
          issuing_(issue_issuing_ca({root_key_, root_}, issuing_key_, {"issuing", "tests", decade})
                       .value()) {}

    [[nodiscard]] Party issue(Role role, const std::string& name) const {
        const PrivateKey key = make_key();
        const SignerSubject subject{{name, "tests", decade}, role, decade};
        return {std::string(key.to_pem().view()),
                issue_signer({issuing_key_, issuing_}, key, subject).value() + issuing_};
    }
    [[nodiscard]] std::string anchors() const {
        return root_ + issue_empty_crl({root_key_, root_}, decade).value() +
               issue_empty_crl({issuing_key_, issuing_}, decade).value();
    }

  private:
    PrivateKey root_key_;
    std::string root_;
    PrivateKey issuing_key_;
    std::string issuing_;
};

Bytes signed_by(const Party& party, const std::string& payload, Role role,
                std::optional<Bytes> bound_to = std::nullopt) {
    return sign(party, payload,
                {.role = role, .digest = EVP_sha256(), .bound_to = std::move(bound_to)});
}

std::string payload_for(const Party& station, const std::vector<Party>& persons) {
    const FinishedJob job({}, now - 160);
    const auto identity = read_signer_identity(station.chain).value();
    Payload payload = build_payload(
        job.request(), {DocumentType::certificate, job.record.judgement, identity, now});
    for (const Party& person : persons) {
        const auto who = read_signer_identity(person.chain).value();
        payload.signers_required.push_back({who.role, who.certificate_sha256});
    }
    return encode(std::move(payload)).value();
}

Bench signed_by_station(const Hierarchy& hierarchy) {
    const Party station = hierarchy.issue(Role::station, "TEST");
    const std::string payload = payload_for(station, {});
    const Bytes p7s = signed_by(station, payload, Role::station);
    return {{"QTS-TEST-00000007", DocumentType::certificate, payload, std::string(as_text(p7s))},
            hierarchy.anchors()};
}

Bench signed_by_three(const Hierarchy& hierarchy) {
    const Party station = hierarchy.issue(Role::station, "TEST");
    const Party op = hierarchy.issue(Role::op, "p.jones");
    const Party witness = hierarchy.issue(Role::witness, "a.khan");
    const std::string payload = payload_for(station, {op, witness});
    const Bytes first = signed_by(station, payload, Role::station);
    const Bytes p7s = merged(merged(first, signed_by(op, payload, Role::op)),
                             signed_by(witness, payload, Role::witness, binding_to(first)));
    return {{"QTS-TEST-00000007", DocumentType::certificate, payload, std::string(as_text(p7s))},
            hierarchy.anchors()};
}

using Claims = std::vector<std::string>;

Claims claims_of(const DocumentReport& report) {
    Claims claims{report.id};
    for (const CheckedSigner& each : report.signers)
        claims.push_back(std::string(to_text(each.role)) + " " + each.name + " " +
                         each.certificate_sha256 + " " + std::to_string(each.signed_at));
    return claims;
}

/// What became of the edits of one document.
class Trial {
  public:
    explicit Trial(const Bench& bench)
        : genuine_(bench.files), trust_(TrustAnchors::from_pem(bench.anchors).value()) {
        trust_.judge_as_of(now);
        const auto report = check_document(genuine_, trust_);
        claims_ = claims_of(report);
        holds_ = report.verdict == DocumentVerdict::valid;
        for (const CheckFinding& each : report.findings)
            std::printf("genuine: %s: %s\n", each.code.c_str(), each.text.c_str());
    }
    [[nodiscard]] bool genuine_holds() const { return holds_; }
    [[nodiscard]] bool passed() const { return holds_ && forged_ == 0; }

    void every_position(std::size_t edits) {
        for (std::string DocumentFiles::*file : files)
            for (std::size_t at = 0; at <= (genuine_.*file).size(); ++at)
                edit_once(file, at, edits);
    }

    void many(std::size_t times, std::mt19937_64& random) {
        for (std::size_t i = 0; i < times; ++i) {
            DocumentFiles files_now = genuine_;
            std::string story;
            for (std::size_t left = 2 + random() % 7; left > 0; --left) {
                const std::size_t which = random() % files.size();
                std::string& file = files_now.*files[which];
                const Mutation mutation = random_edit(random, file.size());
                file = mutated(std::move(file), mutation);
                story += (which == 0 ? " payload " : " signature ") + words_for(mutation);
            }
            judge(files_now, story);
        }
    }

    void print(const char* what) const {
        std::printf("%s: %zu edits", what, tried_);
        for (const auto& [verdict, count] : verdicts_)
            std::printf(", %s %zu", verdict.c_str(), count);
        std::printf("; valid with other content: %zu\n", forged_);
    }

  private:
    static constexpr std::array files{&DocumentFiles::payload, &DocumentFiles::p7s};

    // With fewer than all, another one at each position.
    void edit_once(std::string DocumentFiles::*file, std::size_t at, std::size_t edits) {
        const auto all = edits_at(at);
        for (std::size_t i = 0; i < edits && i < all.size(); ++i) {
            const Mutation& mutation = all[(at + i) % all.size()];
            DocumentFiles files_now = genuine_;
            files_now.*file = mutated(genuine_.*file, mutation);
            judge(files_now, (file == files[0] ? "payload " : "signature ") + words_for(mutation));
        }
    }

    void judge(const DocumentFiles& edited, const std::string& story) {
        ++tried_;
        if (edited.payload == genuine_.payload && edited.p7s == genuine_.p7s) {
            ++verdicts_["unchanged"];
            return;
        }
        const auto report = check_document(edited, trust_);
        ++verdicts_[std::string(to_text(report.verdict))];
        if (report.verdict != DocumentVerdict::valid) return;
        if (edited.payload == genuine_.payload && claims_of(report) == claims_) return;
        ++forged_;
        std::printf("VALID WITH OTHER CONTENT: %s\n", story.c_str());
    }

    DocumentFiles genuine_;
    TrustAnchors trust_;
    Claims claims_;
    bool holds_ = false;
    std::size_t tried_ = 0;
    std::size_t forged_ = 0;
    std::map<std::string, std::size_t> verdicts_;
};

struct Scale {
    std::size_t edits;
    std::size_t many;
    std::uint64_t seed;
};

bool run(const char* what, const Bench& bench, const Scale& scale) {
    const auto start = std::chrono::steady_clock::now();
    Trial trial(bench);
    if (trial.genuine_holds()) {
        std::mt19937_64 random(scale.seed);
        trial.every_position(scale.edits);
        trial.many(scale.many, random);
    } else {
        std::printf("%s: the genuine document does not hold\n", what);
    }
    trial.print(what);
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    std::printf("%s: payload %zu octets, signature %zu octets, %.0f s\n", what,
                bench.files.payload.size(), bench.files.p7s.size(), taken.count());
    return trial.passed();
}

} // namespace
} // namespace quietus::campaign

int main(int argc, char** argv) {
    using namespace quietus::campaign;
    if (argc != 4) {
        std::fputs("usage: document_mutations EDITS|all MANY SEED\n", stderr);
        return 2;
    }
    const std::size_t all = edits_at(0).size();
    const std::string edits = argv[1];
    const Scale scale{edits == "all" ? all : std::strtoull(argv[1], nullptr, 10),
                      std::strtoull(argv[2], nullptr, 10), std::strtoull(argv[3], nullptr, 10)};
    std::printf("seed %llu: %zu of %zu edits at each position, %zu times several\n",
                static_cast<unsigned long long>(scale.seed), scale.edits, all, scale.many);
    const Hierarchy hierarchy;
    const bool alone = run("station", signed_by_station(hierarchy), scale);
    const bool together = run("station, operator, witness", signed_by_three(hierarchy), scale);
    return alone && together ? 0 : 1;
}
