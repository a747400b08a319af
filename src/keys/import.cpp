#include "key_files.hpp"
#include "load.hpp"
#include "prepared_directory.hpp"
#include "secret_file.hpp"
#include "set_aside.hpp"
#include "station_files.hpp"
#include "station_id.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/core/file.hpp"
#include "quietus/crypto/cms_signer.hpp"
#include "quietus/crypto/personal_key.hpp"
#include "quietus/crypto/signer_chain.hpp"
#include "quietus/keys/station_certificate.hpp"

#include <filesystem>
#include <utility>

namespace quietus {
namespace {

bool is_there(const std::string& path) {
    std::error_code ignored;
    return std::filesystem::exists(path, ignored);
}

Result<PrivateKey> read_key(const std::string& path) {
    auto secret = read_secret_file(path);
    if (!secret) return std::move(secret).error();
    auto key = PrivateKey::from_pem(secret->view());
    if (!key) return std::move(key).error().during(path);
    return key;
}

// The key that was asked for, or the one in use: a CA may renew a certificate without a new key.
Result<PrivateKey> key_of(const StationImport& import, const std::string& chain) {
    bool any = false;
    for (const std::string& directory : {import.requested, import.keys}) {
        const std::string path = directory + "/" + key_files::station_key;
        if (!is_there(path)) continue;
        any = true;
        auto key = read_key(path);
        if (!key) return key;
        auto trial = read_key(path); // PersonalKey takes its own; it says whether they fit
        if (trial && PersonalKey::make(std::move(*trial), chain)) return key;
    }
    if (any)
        return Error{Fault::refused, "the certificate is not of the key it was asked for with"};
    return Error{Fault::io, "no certificate was asked for: " + import.requested,
                 "quietus key request"};
}

Status check_holder(const StationImport& import, const SignerIdentity& identity) {
    if (identity.role != import.role || !is_station_id(identity.name))
        return Error{Fault::refused, "the certificate is of the " +
                                         std::string(to_text(identity.role)) + " " +
                                         escaped(identity.name) + ", not of a " +
                                         std::string(to_text(import.role))};
    if (!is_there(import.keys)) return {};
    if (!import.replace)
        return Error{Fault::refused, import.keys + ": exists already",
                     "with --replace it is kept under another name"};
    auto present = show_station_keys(import.keys);
    if (!present) return std::move(present).error();
    if (present->station != identity.name)
        return Error{Fault::refused, "the certificate is of station " + identity.name +
                                         ", this is " + present->station};
    return {};
}

Status check_path_of(const std::string& chain, std::string_view trust, std::int64_t now) {
    auto anchors = TrustAnchors::from_pem(trust);
    if (!anchors) return std::move(anchors).error();
    for (const CheckFinding& finding : check_signer_chain(chain, *anchors, now))
        if (!finding.code.starts_with("W_"))
            return Error{Fault::invalid, finding.code + ": " + finding.text};
    return {};
}

Result<PrivateKey> log_key_of(const StationImport& import) {
    return is_there(import.keys) ? load_log_key(import.keys)
                                 : PrivateKey::generate(KeyKind::ed25519);
}

// The log goes on with its key, and so from what that key signed last.
Status take_checkpoint_along(const PreparedDirectory& files, const std::string& keys) {
    const std::string path = keys + "/" + key_files::last_checkpoint;
    if (!is_there(path)) return {};
    const auto note = read_regular_file(path, key_files::size_max);
    if (!note) return note.error();
    return files.add(key_files::last_checkpoint, *note);
}

Status put_in_place(PreparedDirectory& files, const StationImport& import, Clock& clock) {
    if (!is_there(import.keys)) return files.put_in_place();
    if (auto status = take_checkpoint_along(files, import.keys); !status) return status;
    return files.exchange(name_aside(import.keys, clock));
}

Status import_checked(const StationImport& import, const std::string& chain, Clock& clock) {
    auto identity = read_signer_identity(chain);
    if (!identity) return std::move(identity).error();
    if (auto status = check_holder(import, *identity); !status) return status;
    auto parts = split_anchors(import.trust);
    if (!parts) return std::move(parts).error().during("trust");
    if (parts->lists.empty())
        return Error{Fault::refused, "trust: no revocation lists in it",
                     "add those of the root and of every issuing CA, also when they are empty"};
    if (auto status = check_path_of(chain, import.trust, clock.utc_seconds()); !status)
        return status;
    auto key = key_of(import, chain);
    if (!key) return std::move(key).error();
    auto log = log_key_of(import);
    if (!log) return std::move(log).error();
    auto files = is_there(import.keys) ? PreparedDirectory::in_place_of(import.keys)
                                       : PreparedDirectory::beside(import.keys);
    if (!files) return std::move(files).error();
    const StationFiles content{identity->name,
                               *key,
                               *log,
                               chain,
                               parts->roots,
                               parts->lists,
                               {identity->usable_from, identity->usable_until}};
    if (auto status = save_station(*files, content, clock); !status) return status;
    return put_in_place(*files, import, clock);
}

} // namespace

Result<StationInfo> import_station_certificate(const StationImport& import, Clock& clock) {
    auto chain = without_roots(import.chain);
    if (!chain) return std::move(chain).error().during("certificate");
    if (auto status = import_checked(import, *chain, clock); !status)
        return std::move(status).error();
    // The request has been answered; its key lives in STATE/keys now.
    std::error_code ignored;
    std::filesystem::remove_all(import.requested, ignored);
    return show_station_keys(import.keys);
}

} // namespace quietus
