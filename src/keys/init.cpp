#include "hierarchy.hpp"
#include "key_files.hpp"
#include "load.hpp"
#include "prepared_directory.hpp"
#include "station_id.hpp"

#include "quietus/core/json.hpp"
#include "quietus/crypto/note.hpp"
#include "quietus/keys/station_keys.hpp"

#include <filesystem>
#include <utility>

namespace quietus {
namespace {

Status check_request(const KeyRequest& request) {
    if (!is_station_id(request.station))
        return Error{Fault::usage, "station id \"" + escaped(request.station) +
                                       "\" is not 4 to 13 of A-Z and 0-9"};
    if (!request.keep_ca) return {};
    const auto keys = std::filesystem::absolute(request.directory).lexically_normal() / "";
    const auto ca = std::filesystem::absolute(*request.keep_ca).lexically_normal() / "";
    if (ca.string().starts_with(keys.string()))
        return Error{Fault::usage, *request.keep_ca + ": the CA may not be kept with the keys"};
    return {};
}

std::string facts_of(const std::string& station, const Period& life) {
    return to_line(Json::object({{"station", station},
                                 {"created", to_rfc3339(life.from)},
                                 {"expires", to_rfc3339(life.until)}})) +
           "\n";
}

Status save_station(const PreparedDirectory& files, const std::string& station,
                    const Hierarchy& made) {
    using namespace key_files;
    if (auto s = files.add_secret(station_key, made.station.key.to_pem()); !s) return s;
    if (auto s = files.add_secret(log_key, made.log.to_pem()); !s) return s;
    if (auto s = files.add(log_public, made.log.public_pem()); !s) return s;
    if (auto s = files.add(station_chain, made.station.certificate + made.issuing.certificate); !s)
        return s;
    const auto log = NoteVerifier::of(default_log_origin(station), made.log);
    if (!log) return log.error();
    const std::string log_line = "log " + log->text() + "\n";
    if (auto s = files.add(root, log_line + made.root.certificate + made.crls); !s) return s;
    if (auto s = files.add(root_crl, made.crls); !s) return s;
    return files.add(facts, facts_of(station, made.life));
}

Status save_ca(const PreparedDirectory& files, const Hierarchy& made) {
    using namespace key_files;
    if (auto s = files.add_secret(root_key, made.root.key.to_pem()); !s) return s;
    if (auto s = files.add_secret(issuing_key, made.issuing.key.to_pem()); !s) return s;
    if (auto s = files.add(root, made.root.certificate); !s) return s;
    return files.add(issuing_chain, made.issuing.certificate);
}

// Keys that cannot sign are worse than none: found out here, not at the first certificate.
Status try_signature(const std::string& directory, Clock& clock) {
    auto signer = load_signer(directory, clock);
    if (!signer) return std::move(signer).error().during("trial signature");
    auto made = (*signer)->sign("{}", DocumentType::attempt);
    if (!made) return std::move(made).error().during("trial signature");
    return {};
}

Result<PreparedDirectory> prepare_station(const KeyRequest& request, const Hierarchy& made,
                                          Clock& clock) {
    auto files = PreparedDirectory::beside(request.directory);
    if (!files) return files;
    if (auto s = save_station(*files, request.station, made); !s) return std::move(s).error();
    if (auto s = try_signature(files->path(), clock); !s) return std::move(s).error();
    return files;
}

Status put_in_place(PreparedDirectory& station, PreparedDirectory* ca) {
    if (ca != nullptr) {
        if (auto status = ca->put_in_place(); !status) return status;
    }
    auto status = station.put_in_place();
    if (!status && ca != nullptr) ca->withdraw();
    return status;
}

Status make_keys(const KeyRequest& request, Clock& clock) {
    auto made = make_hierarchy(request.station, clock.utc_seconds());
    if (!made) return std::move(made).error();
    auto station = prepare_station(request, *made, clock);
    if (!station) return std::move(station).error();
    if (!request.keep_ca) return put_in_place(*station, nullptr);
    auto ca = PreparedDirectory::beside(*request.keep_ca);
    if (!ca) return std::move(ca).error();
    if (auto status = save_ca(*ca, *made); !status) return status;
    return put_in_place(*station, &*ca);
}

} // namespace

Result<StationInfo> init_station_keys(const KeyRequest& request, Clock& clock) {
    if (auto status = check_request(request); !status) return std::move(status).error();
    if (auto status = make_keys(request, clock); !status) return std::move(status).error();
    return show_station_keys(request.directory);
}

} // namespace quietus
