#include "key_files.hpp"
#include "prepared_directory.hpp"
#include "set_aside.hpp"
#include "station_id.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/crypto/request.hpp"
#include "quietus/keys/station_certificate.hpp"

#include <filesystem>
#include <utility>

namespace quietus {
namespace {

bool is_waiting(const std::string& directory) {
    std::error_code ignored;
    return std::filesystem::exists(directory + "/" + key_files::station_key, ignored);
}

} // namespace

Result<std::string> request_station_certificate(const StationRequest& request, Clock& clock) {
    if (!is_station_id(request.station))
        return Error{Fault::usage, "station id \"" + escaped(request.station) +
                                       "\" is not 4 to 13 of A-Z and 0-9"};
    if (is_waiting(request.directory) && !request.replace)
        return Error{Fault::refused, request.directory + ": a request is waiting",
                     "import its certificate, or ask anew with --replace"};
    auto key = PrivateKey::generate(KeyKind::ecdsa_p384);
    if (!key) return std::move(key).error();
    auto text = make_request(*key, {request.subject, request.station, request.role});
    if (!text) return std::move(text).error();
    if (is_waiting(request.directory))
        if (auto status = set_aside(request.directory, clock); !status)
            return std::move(status).error();
    auto files = PreparedDirectory::beside(request.directory);
    if (!files) return std::move(files).error();
    if (auto s = files->add_secret(key_files::station_key, key->to_pem()); !s)
        return std::move(s).error();
    if (auto s = files->add(key_files::station_request, *text); !s) return std::move(s).error();
    if (auto s = files->put_in_place(); !s) return std::move(s).error();
    return request.directory + "/" + key_files::station_request;
}

} // namespace quietus
