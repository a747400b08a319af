#include "hierarchy.hpp"
#include "key_files.hpp"
#include "prepared_directory.hpp"
#include "station_files.hpp"
#include "station_id.hpp"

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

Status save_ca(const PreparedDirectory& files, const Hierarchy& made) {
    using namespace key_files;
    if (auto s = files.add_secret(root_key, made.root.key.to_pem()); !s) return s;
    if (auto s = files.add_secret(issuing_key, made.issuing.key.to_pem()); !s) return s;
    if (auto s = files.add(root, made.root.certificate); !s) return s;
    return files.add(issuing_chain, made.issuing.certificate);
}

Result<PreparedDirectory> prepare_station(const KeyRequest& request, const Hierarchy& made,
                                          Clock& clock) {
    auto files = PreparedDirectory::beside(request.directory);
    if (!files) return files;
    const StationFiles content{request.station,
                               made.station.key,
                               made.log,
                               made.station.certificate + made.issuing.certificate,
                               made.root.certificate,
                               made.crls,
                               made.life};
    if (auto s = save_station(*files, content, clock); !s) return std::move(s).error();
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
    auto made = make_hierarchy(request.station, request.role, clock.utc_seconds());
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
