#include "quietus/keys/make_personal.hpp"

#include "hierarchy.hpp"
#include "key_files.hpp"
#include "prepared_directory.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/crypto/personal_key.hpp"
#include "quietus/crypto/request.hpp"

#include <utility>

namespace quietus {
namespace {

constexpr std::size_t longest_name = 64; // X.520: ub-common-name

Status check_id(const std::string& id) {
    if (!id.empty() && id.size() <= longest_name && escaped(id) == id) return {};
    return Error{Fault::usage, "\"" + escaped(id) +
                                   "\" cannot be the id of a person: 1 to 64 "
                                   "octets, no control characters"};
}

Status save_key(const PreparedDirectory& files, const PrivateKey& key,
                const PersonalKeyOrder& order) {
    return files.add_secret(key_files::person_key,
                            order.passphrase ? key.to_pem(*order.passphrase) : key.to_pem());
}

// What was made must be able to sign, or it is worth nothing.
Status try_signature(PrivateKey key, const std::string& chain, std::int64_t now) {
    auto person = PersonalKey::make(std::move(key), chain);
    if (!person) return std::move(person).error();
    auto made = person->sign("{}", DocumentType::attempt, now);
    return made ? Status{} : Status(std::move(made).error());
}

} // namespace

Status init_personal_key(const PersonalKeyOrder& order, Clock& clock) {
    if (auto status = check_id(order.id); !status) return status;
    auto files = PreparedDirectory::beside(order.directory);
    if (!files) return std::move(files).error();
    const std::int64_t now = clock.utc_seconds();
    auto made = make_signer_hierarchy(order.id, order.role, now);
    if (!made) return std::move(made).error();
    const std::string chain = made->signer.certificate + made->issuing.certificate;
    if (auto s = save_key(*files, made->signer.key, order); !s) return s;
    if (auto s = files->add(key_files::person_chain, chain); !s) return s;
    if (auto s = files->add(key_files::root, made->root.certificate + made->crls); !s) return s;
    if (auto s = try_signature(std::move(made->signer.key), chain, now); !s) return s;
    return files->put_in_place();
}

Status request_personal_key(const PersonalKeyOrder& order) {
    if (auto status = check_id(order.id); !status) return status;
    auto files = PreparedDirectory::beside(order.directory);
    if (!files) return std::move(files).error();
    auto key = PrivateKey::generate(KeyKind::ecdsa_p384);
    if (!key) return std::move(key).error();
    auto request = make_request(*key, {order.subject, order.id, order.role});
    if (!request) return std::move(request).error();
    if (auto s = save_key(*files, *key, order); !s) return s;
    if (auto s = files->add(key_files::person_request, *request); !s) return s;
    return files->put_in_place();
}

} // namespace quietus
