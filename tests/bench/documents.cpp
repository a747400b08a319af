// documents: how many documents of two signers a core verifies, beside a loop over CMS_verify with
// a store that is made once. Prints both and their ratio; ends 1 below the goal with --check.
#include "unit/crypto/workbench.hpp"

#include "quietus/core/bytes.hpp"

#include <openssl/bio.h>
#include <openssl/pem.h>

#include <chrono>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

namespace {

using namespace quietus;
using namespace quietus::testing_support;

constexpr int count = 1000;
constexpr double goal = 1.5;

struct Document {
    std::string payload;
    Bytes p7s;
};

std::vector<Document> documents(const Workbench& bench) {
    const Party witness = bench.issue(Role::witness, "ab12");
    std::vector<Document> all;
    for (int i = 0; i < count; ++i) {
        std::string payload = R"({"number":)" + std::to_string(i) + "}";
        const Bytes own = sign(bench.station, payload);
        Signing second;
        second.role = Role::witness;
        second.bound_to = binding_to(own);
        all.push_back({payload, merged(own, sign(witness, payload, second))});
    }
    return all;
}

template <typename Verify>
double per_second(const std::vector<Document>& all, Verify verify) {
    const auto begun = std::chrono::steady_clock::now();
    for (const Document& each : all)
        if (!verify(each)) {
            std::fputs("a document that is good was refused\n", stderr);
            std::exit(1);
        }
    const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begun;
    return count / time.count();
}

using StorePtr = std::unique_ptr<X509_STORE, decltype(&X509_STORE_free)>;

StorePtr store_of(const std::string& anchors) {
    StorePtr store(X509_STORE_new(), &X509_STORE_free);
    const std::unique_ptr<BIO, decltype(&BIO_free)> text(
        BIO_new_mem_buf(anchors.data(), static_cast<int>(anchors.size())), &BIO_free);
    X509* root = PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr);
    X509_STORE_add_cert(store.get(), root);
    X509_free(root);
    X509_STORE_set_purpose(store.get(), X509_PURPOSE_ANY);
    X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store.get()), now);
    return store;
}

bool plainly(const Document& document, X509_STORE* store) {
    const unsigned char* at = document.p7s.data();
    CMS_ContentInfo* cms =
        d2i_CMS_ContentInfo(nullptr, &at, static_cast<long>(document.p7s.size()));
    BIO* content =
        BIO_new_mem_buf(document.payload.data(), static_cast<int>(document.payload.size()));
    const int good = CMS_verify(cms, nullptr, store, content, nullptr, CMS_BINARY | CMS_CADES);
    BIO_free(content);
    CMS_ContentInfo_free(cms);
    return good == 1;
}

} // namespace

int main(int arguments, char** values) {
    const Workbench bench;
    const auto all = documents(bench);
    const auto anchors = TrustAnchors::from_pem(bench.anchors()).value();
    const StorePtr store = store_of(bench.anchors());
    const double plain =
        per_second(all, [&](const Document& each) { return plainly(each, store.get()); });
    const double ours = per_second(all, [&](const Document& each) {
        const auto checked =
            check_signature(as_text(each.p7s), each.payload, DocumentType::certificate, anchors);
        for (const CheckFinding& finding : checked.findings)
            if (!finding.code.starts_with("W_")) return false;
        return checked.signers.size() == 2;
    });
    std::printf("CMS_verify %.0f/s, quietus with revocation lists %.0f/s, ratio %.2f\n", plain,
                ours, ours / plain);
    const bool asked = arguments > 1 && std::string(values[1]) == "--check";
    return asked && ours < goal * plain ? 1 : 0;
}
