#include "station_id.hpp"

#include "quietus/core/file.hpp"
#include "quietus/keys/station_keys.hpp"
#include "quietus/stream/digest.hpp"

#include <algorithm>

namespace quietus {
namespace {

// machine-id(5): 32 lower-case hexadecimal digits and a newline.
bool is_machine_id(std::string_view text) {
    return text.size() == 32 && std::ranges::all_of(text, [](char each) {
               return (each >= '0' && each <= '9') || (each >= 'a' && each <= 'f');
           });
}

} // namespace

bool is_station_id(std::string_view text) {
    return text.size() >= 4 && text.size() <= 13 && std::ranges::all_of(text, [](char each) {
               return (each >= '0' && each <= '9') || (each >= 'A' && each <= 'Z');
           });
}

Result<std::string> default_station_id(const std::string& machine_id_path) {
    auto text = read_regular_file(machine_id_path, 64);
    if (!text) return std::move(text).error().with_hint("name the station with --station");
    if (text->ends_with('\n')) text->pop_back();
    if (!is_machine_id(*text))
        return Error{Fault::invalid, machine_id_path + ": not a machine id",
                     "name the station with --station"};
    std::string id = "S" + to_hex(hmac_sha256(as_bytes(*text), as_bytes("quietus station id")));
    id.resize(13);
    std::ranges::transform(id, id.begin(), [](char each) {
        return each >= 'a' && each <= 'f' ? static_cast<char>(each - 'a' + 'A') : each;
    });
    return id;
}

} // namespace quietus
