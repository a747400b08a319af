#include "quietus/keys/personal_keys.hpp"

#include "key_files.hpp"
#include "secret_file.hpp"

#include "quietus/core/file.hpp"

#include <utility>

namespace quietus {
namespace {

// Kept off the small-string buffer, whatever its length: moving it must leave nothing behind.
Secret first_line_of(const Secret& text) {
    std::string line;
    line.reserve(key_files::passphrase_max);
    line.assign(text.view().substr(0, text.view().find('\n')));
    return Secret(std::move(line));
}

} // namespace

Result<PrivateKey> load_private_key(const std::string& path, const AskPassphrase& ask) {
    auto secret = read_secret_file(path);
    if (!secret) return std::move(secret).error();
    auto key = PrivateKey::from_pem(secret->view());
    if (!key && key.error().fault == Fault::unsupported) {
        auto passphrase = ask(path);
        if (!passphrase) return std::move(passphrase).error();
        key = PrivateKey::from_pem(secret->view(), *passphrase);
    }
    if (!key) return std::move(key).error().during(path);
    return key;
}

Result<PersonalKey> load_personal_key(const PersonalKeyFiles& files, const AskPassphrase& ask) {
    auto chain = read_regular_file(files.chain, key_files::size_max);
    if (!chain) return std::move(chain).error();
    auto key = load_private_key(files.key, ask);
    if (!key) return std::move(key).error();
    auto made = PersonalKey::make(std::move(*key), *chain);
    if (!made) return std::move(made).error().during(files.chain);
    return made;
}

Result<Secret> read_passphrase_file(const std::string& path) {
    auto secret = read_secret_file(path);
    if (!secret) return secret;
    auto passphrase = first_line_of(*secret);
    if (passphrase.view().empty() || passphrase.view().size() > key_files::passphrase_max)
        return Error{Fault::invalid, path + ": its first line is no passphrase"};
    return passphrase;
}

} // namespace quietus
