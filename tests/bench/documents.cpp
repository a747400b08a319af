// documents: certificates of one station in a directory, as many as asked for, each of its own
// number, drive and predecessor; and a loop over CMS_verify that verifies the signatures of such a
// directory with a store that is made once, for comparison.
//
// usage: bench_documents make DIRECTORY COUNT [witness]   root.pem and documents/ in a new
// directory
//        bench_documents plain DIRECTORY                  ends 1 when a signature does not hold
#include "unit/certificate/finished_job.hpp"
#include "unit/crypto/workbench.hpp"

#include "quietus/certificate/certificate.hpp"
#include "quietus/core/bytes.hpp"
#include "quietus/core/clock.hpp"
#include "quietus/crypto/cms_signer.hpp"
#include "quietus/record/job_id.hpp"
#include "quietus/stream/digest.hpp"

#include <openssl/bio.h>
#include <openssl/pem.h>

#include <charconv>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace {

using namespace quietus;
using namespace quietus::testing_support;
namespace fs = std::filesystem;

constexpr std::int64_t signed_at = FinishedJob::began + 200;
const std::string station = "BENCH";

template <typename T, auto release>
struct Released {
    void operator()(T* held) const { release(held); }
};
template <typename T, auto release>
using Owned = std::unique_ptr<T, Released<T, release>>;
using OwnedKey = Owned<EVP_PKEY, EVP_PKEY_free>;
using OwnedBio = Owned<BIO, BIO_free_all>;
using OwnedStore = Owned<X509_STORE, X509_STORE_free>;
using OwnedCms = Owned<CMS_ContentInfo, CMS_ContentInfo_free>;

// P-256, as in a TPM: a hundred thousand signatures are soon made with it.
Party fast_party(const Workbench& bench, Role role, const std::string& name) {
    const OwnedKey made(EVP_EC_gen("P-256"));
    const OwnedBio text(BIO_new(BIO_s_mem()));
    PEM_write_bio_PrivateKey(text.get(), made.get(), nullptr, nullptr, 0, nullptr, nullptr);
    char* octets = nullptr;
    const long length = BIO_get_mem_data(text.get(), &octets);
    std::string pem(octets, static_cast<std::size_t>(length));
    const auto key = PrivateKey::from_pem(pem).value();
    const SignerSubject subject{{name, "tests", decade}, role, decade};
    return {std::move(pem),
            issue_signer(bench.issuing_issuer(), key, subject).value() + bench.issuing.certificate};
}

void put(const fs::path& path, std::string_view content) {
    std::ofstream out(path, std::ios::binary);
    out << content;
    if (!out.flush()) {
        std::fprintf(stderr, "bench_documents: %s: cannot be written\n", path.c_str());
        std::exit(1);
    }
}

class Office {
  public:
    Office(fs::path directory, bool with_witness) : directory_(std::move(directory)) {
        fs::create_directories(directory_ / "documents");
        put(directory_ / "root.pem", bench_.anchors());
        if (with_witness) {
            station_ = bench_.issue(Role::station, station);
            witness_ = bench_.issue(Role::witness, "ab12");
        }
        identity_ = read_signer_identity(station_.chain).value();
        job_.placement.previous_sha384.clear();
        job_.placement.station = station;
        job_.record.drive.identity_source = IdentitySource::drive;
        if (witness_)
            job_.statements.signers = {
                {Role::witness, read_signer_identity(witness_->chain).value().certificate_sha256}};
    }

    void issue(std::uint64_t number) {
        job_.record.job = job_id(station, number);
        job_.record.drive.serial = "SERIAL" + std::to_string(number);
        job_.placement.sequence = number;
        job_.placement.intent_log_index = 3 * number - 2;
        const auto draft = draft_document(job_.request(), identity_, signed_at).value();
        Signing how{.at = signed_at};
        Bytes p7s = sign(station_, draft.payload, how);
        if (witness_) {
            how.role = Role::witness;
            how.bound_to = binding_to(p7s);
            p7s = merged(p7s, sign(*witness_, draft.payload, how));
        }
        const fs::path stem = directory_ / "documents" / draft.id;
        put(stem.string() + ".qdc.json", draft.payload);
        put(stem.string() + ".qdc.p7s", as_text(p7s));
        job_.placement.previous_sha384 = sha384_hex(draft.payload);
    }

  private:
    fs::path directory_;
    Workbench bench_;
    Party station_ = fast_party(bench_, Role::station, station);
    SignerIdentity identity_;
    std::optional<Party> witness_;
    FinishedJob job_;
};

std::string content_of(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

OwnedStore store_of(const std::string& anchors) {
    OwnedStore store(X509_STORE_new());
    const OwnedBio text(BIO_new_mem_buf(anchors.data(), static_cast<int>(anchors.size())));
    X509* root = PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr);
    X509_STORE_add_cert(store.get(), root);
    X509_free(root);
    X509_STORE_set_purpose(store.get(), X509_PURPOSE_ANY);
    X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store.get()), signed_at);
    return store;
}

bool holds(const std::string& payload, const std::string& p7s, X509_STORE* store) {
    const auto* at = reinterpret_cast<const unsigned char*>(p7s.data());
    const OwnedCms cms(d2i_CMS_ContentInfo(nullptr, &at, static_cast<long>(p7s.size())));
    const OwnedBio content(BIO_new_mem_buf(payload.data(), static_cast<int>(payload.size())));
    return cms && CMS_verify(cms.get(), nullptr, store, content.get(), nullptr,
                             CMS_BINARY | CMS_CADES) == 1;
}

int verify_plainly(const fs::path& directory) {
    const OwnedStore store = store_of(content_of(directory / "root.pem"));
    for (const auto& each : fs::directory_iterator(directory / "documents")) {
        fs::path path = each.path();
        if (path.extension() != ".json") continue;
        const std::string payload = content_of(path);
        if (holds(payload, content_of(path.replace_extension(".p7s")), store.get())) continue;
        std::fprintf(stderr, "bench_documents: %s does not hold\n", path.c_str());
        return 1;
    }
    return 0;
}

} // namespace

int main(int count, char** values) {
    const std::vector<std::string> arguments(values + 1, values + count);
    if (arguments.size() == 2 && arguments[0] == "plain") return verify_plainly(arguments[1]);
    if (arguments.size() < 3 || arguments[0] != "make") return 2;
    Office office(arguments[1], arguments.size() > 3);
    const std::uint64_t wanted = std::stoull(arguments[2]);
    for (std::uint64_t number = 1; number <= wanted; ++number)
        office.issue(number);
    return 0;
}
