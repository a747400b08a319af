#include "load.hpp"

#include "key_files.hpp"
#include "secret_file.hpp"

#include "quietus/core/file.hpp"
#include "quietus/core/json.hpp"
#include "quietus/crypto/cms_signer.hpp"
#include "quietus/crypto/note.hpp"
#include "quietus/keys/station_keys.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <utility>

namespace quietus {
namespace {

constexpr auto make_keys = "quietus key init";

// Whoever may write the directory may exchange the keys in it.
Status check_directory(const std::string& directory) {
    struct stat facts {};
    if (::stat(directory.c_str(), &facts) != 0)
        return system_error(Fault::io, "no station key: " + directory).with_hint(make_keys);
    if (!S_ISDIR(facts.st_mode)) return Error{Fault::invalid, directory + ": not a directory"};
    if (facts.st_uid != ::geteuid())
        return Error{Fault::refused, directory + ": belongs to another user"};
    if ((facts.st_mode & 022U) != 0)
        return Error{Fault::refused, directory + ": others may write to it",
                     "chmod 700 " + directory};
    return {};
}

Result<std::string> read_public(const std::string& path) {
    auto content = read_regular_file(path, key_files::size_max);
    if (!content) return std::move(content).error().with_hint(make_keys);
    return content;
}

Result<PrivateKey> read_key(const std::string& path) {
    auto secret = read_secret_file(path);
    if (!secret && secret.error().fault == Fault::io)
        return std::move(secret).error().during("no station key").with_hint(make_keys);
    if (!secret) return std::move(secret).error();
    auto key = PrivateKey::from_pem(secret->view());
    if (!key) return std::move(key).error().during(path);
    return key;
}

/// What root.pem gives to an auditor.
struct Root {
    TrustAnchors anchors;
    std::vector<NoteVerifier> logs;
};

// root.pem must end with the lists of root.crl: one that lost them would pass for whole.
Result<Root> read_root(const std::string& directory) {
    const std::string path = directory + "/" + key_files::root;
    auto content = read_public(path);
    if (!content) return std::move(content).error();
    auto crls = read_public(directory + "/" + key_files::root_crl);
    if (!crls) return std::move(crls).error();
    if (crls->empty() || !content->ends_with(*crls))
        return Error{Fault::invalid, path + ": does not agree with " + key_files::root_crl};
    auto anchors = TrustAnchors::from_pem(*content);
    if (!anchors) return std::move(anchors).error().during(path);
    auto logs = log_keys_in(*content);
    if (!logs) return std::move(logs).error().during(path);
    return Root{std::move(*anchors), std::move(*logs)};
}

Result<SignerIdentity> read_identity(const std::string& path) {
    auto chain = read_public(path);
    if (!chain) return std::move(chain).error();
    auto identity = read_signer_identity(*chain);
    if (!identity) return std::move(identity).error().during(path);
    return identity;
}

// station.json repeats the certificate for people and scripts; it must agree with it.
Status check_facts(const std::string& path, const SignerIdentity& identity) {
    auto text = read_public(path);
    if (!text) return std::move(text).error();
    auto facts = parse_json(*text, key_files::size_max);
    if (!facts) return std::move(facts).error().during(path);
    if (facts->text_of("station") != identity.name ||
        facts->text_of("expires") != to_rfc3339(identity.usable_until))
        return Error{Fault::invalid, path + ": does not agree with the station's certificate"};
    return {};
}

Result<PrivateKey> read_log_key(const std::string& directory) {
    const std::string path = directory + "/" + key_files::log_key;
    auto key = read_key(path);
    if (!key) return key;
    auto text = read_public(directory + "/" + key_files::log_public);
    if (!text) return std::move(text).error();
    if (!key->matches_public(*text))
        return Error{Fault::invalid, path + ": does not belong to " + key_files::log_public};
    return key;
}

// The key in root.pem is the one that auditors pin.
Result<std::string> pinned_log_key(const std::string& directory, const std::string& station) {
    auto root = read_root(directory);
    if (!root) return std::move(root).error();
    for (const NoteVerifier& key : root->logs)
        if (key.name() == default_log_origin(station)) return key.text();
    return Error{Fault::invalid, directory + "/" + key_files::root + ": without the log's key"};
}

} // namespace

Result<StationInfo> show_station_keys(const std::string& directory) {
    if (auto status = check_directory(directory); !status) return std::move(status).error();
    auto identity = read_identity(directory + "/" + key_files::station_chain);
    if (!identity) return std::move(identity).error();
    if (auto status = check_facts(directory + "/" + key_files::facts, *identity); !status)
        return std::move(status).error();
    auto log = pinned_log_key(directory, identity->name);
    if (!log) return std::move(log).error();
    return StationInfo{directory + "/" + key_files::root, identity->name,
                       to_rfc3339(identity->usable_until), std::move(*log), identity->role};
}

Result<std::unique_ptr<Signer>> load_signer(const std::string& directory, Clock& clock) {
    auto info = show_station_keys(directory);
    if (!info) return std::move(info).error();
    const std::string path = directory + "/" + key_files::station_key;
    auto key = read_key(path);
    if (!key) return std::move(key).error();
    auto log = read_log_key(directory);
    if (!log) return std::move(log).error();
    const auto verifier = NoteVerifier::of(default_log_origin(info->station), *log);
    if (!verifier || verifier->text() != info->log)
        return Error{Fault::invalid, info->root + ": names another key than that of the log"};
    auto chain = read_public(directory + "/" + key_files::station_chain);
    if (!chain) return std::move(chain).error();
    auto root = read_root(directory);
    if (!root) return std::move(root).error();
    auto signer = make_cms_signer(std::move(*key), *chain, std::move(root->anchors), clock);
    if (!signer) return std::move(signer).error().during(path);
    return signer;
}

Result<PrivateKey> load_log_key(const std::string& directory) {
    if (auto status = check_directory(directory); !status) return std::move(status).error();
    return read_log_key(directory);
}

Result<std::unique_ptr<Signer>> load_station_signer(const std::string& directory) {
    static SystemClock clock;
    return load_signer(directory, clock);
}

} // namespace quietus
