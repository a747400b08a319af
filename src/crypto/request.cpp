#include "quietus/crypto/request.hpp"

#include "openssl_handles.hpp"
#include "signer_extensions.hpp"

#include "quietus/core/ensure.hpp"

#include <openssl/pem.h>

#include <vector>

namespace quietus {
namespace {

using RequestPtr = std::unique_ptr<X509_REQ, Releasing<X509_REQ_free>>;
using NamePtr = std::unique_ptr<X509_NAME, Releasing<X509_NAME_free>>;

void release_extensions(STACK_OF(X509_EXTENSION) * stack) {
    sk_X509_EXTENSION_pop_free(stack, X509_EXTENSION_free);
}
using ExtensionStack = std::unique_ptr<STACK_OF(X509_EXTENSION), Releasing<release_extensions>>;

// "/C=GB/O=A\/B" to "C=GB" and "O=A/B".
std::vector<std::string> attributes_in(std::string_view subject) {
    std::vector<std::string> attributes;
    for (std::size_t i = 0; i < subject.size(); ++i) {
        if (subject[i] == '/')
            attributes.emplace_back();
        else if (!attributes.empty())
            attributes.back() +=
                subject[i] == '\\' && i + 1 < subject.size() ? subject[++i] : subject[i];
    }
    return attributes;
}

bool add(X509_NAME* name, const std::string& type, std::string_view value) {
    return X509_NAME_add_entry_by_txt(name, type.c_str(), MBSTRING_UTF8,
                                      reinterpret_cast<const unsigned char*>(value.data()),
                                      static_cast<int>(value.size()), -1, 0) == 1;
}

Error no_subject(const CertificateWish& wish, const std::string& why) {
    ERR_clear_error();
    return Error{Fault::usage, "subject \"" + escaped(wish.subject) + "\": " + why};
}

Result<NamePtr> name_of(const CertificateWish& wish) {
    NamePtr name(X509_NAME_new());
    if (!wish.subject.empty() && wish.subject.front() != '/')
        return no_subject(wish, "it does not begin with /");
    for (const std::string& each : attributes_in(wish.subject)) {
        const auto equals = each.find('=');
        const std::string type = each.substr(0, equals);
        if (equals == std::string::npos || equals + 1 == each.size())
            return no_subject(wish, "\"" + escaped(each) + "\" is not of the form TYPE=VALUE");
        if (OBJ_txt2nid(type.c_str()) == NID_commonName)
            return no_subject(wish, "the common name is the id");
        if (!add(name.get(), type, std::string_view(each).substr(equals + 1)))
            return no_subject(wish, "\"" + escaped(each) + "\" is no attribute of a name");
    }
    if (add(name.get(), "CN", wish.common_name)) return name;
    return no_subject(wish, "\"" + escaped(wish.common_name) + "\" cannot be a common name");
}

ExtensionStack wished_extensions(Role role) {
    ExtensionStack stack(sk_X509_EXTENSION_new_null());
    for (const auto& [extension, value] : signer_extensions(role)) {
        X509_EXTENSION* made = X509V3_EXT_conf_nid(nullptr, nullptr, extension, value.c_str());
        if (made == nullptr || sk_X509_EXTENSION_push(stack.get(), made) == 0) return nullptr;
    }
    return stack;
}

} // namespace

Result<std::string> make_request(const PrivateKey& key, const CertificateWish& wish) {
    auto name = name_of(wish);
    if (!name) return std::move(name).error();
    const RequestPtr request(X509_REQ_new());
    const ExtensionStack extensions = wished_extensions(wish.role);
    EVP_PKEY* raw = key.state().key.get();
    if (!request || !extensions || X509_REQ_set_version(request.get(), 0) != 1 ||
        X509_REQ_set_subject_name(request.get(), name->get()) != 1 ||
        X509_REQ_set_pubkey(request.get(), raw) != 1 ||
        X509_REQ_add_extensions(request.get(), extensions.get()) != 1 ||
        X509_REQ_sign(request.get(), raw, EVP_sha384()) <= 0)
        return openssl_error(Fault::evidence, "cannot make a request");
    const BioPtr memory(BIO_new(BIO_s_mem()));
    QUIETUS_ENSURE(memory && PEM_write_bio_X509_REQ(memory.get(), request.get()) == 1);
    return std::string(written(memory.get()));
}

} // namespace quietus
