#include "station_files.hpp"

#include "key_files.hpp"
#include "load.hpp"

#include "quietus/core/json.hpp"
#include "quietus/crypto/note.hpp"

#include <utility>

namespace quietus {
namespace {

std::string facts_of(const StationFiles& files) {
    return to_line(Json::object({{"station", files.station},
                                 {"created", to_rfc3339(files.key_usage.from)},
                                 {"expires", to_rfc3339(files.key_usage.until)}})) +
           "\n";
}

Status save_all(const PreparedDirectory& directory, const StationFiles& files) {
    using namespace key_files;
    if (auto s = directory.add_secret(station_key, files.key.to_pem()); !s) return s;
    if (auto s = directory.add_secret(log_key, files.log.to_pem()); !s) return s;
    if (auto s = directory.add(log_public, files.log.public_pem()); !s) return s;
    if (auto s = directory.add(station_chain, files.chain); !s) return s;
    const auto log = NoteVerifier::of(default_log_origin(files.station), files.log);
    if (!log) return log.error();
    const std::string log_line = "log " + log->text() + "\n";
    if (auto s = directory.add(root, log_line + files.roots + files.lists); !s) return s;
    if (auto s = directory.add(root_crl, files.lists); !s) return s;
    return directory.add(facts, facts_of(files));
}

Status try_signature(const std::string& directory, Clock& clock) {
    auto signer = load_signer(directory, clock);
    if (!signer) return std::move(signer).error().during("trial signature");
    auto made = (*signer)->sign("{}", trial_document((*signer)->identity().role));
    if (!made) return std::move(made).error().during("trial signature");
    return {};
}

} // namespace

Status save_station(const PreparedDirectory& directory, const StationFiles& files, Clock& clock) {
    if (auto status = save_all(directory, files); !status) return status;
    return try_signature(directory.path(), clock);
}

} // namespace quietus
