#include "quietus/app/station.hpp"

#include "quietus/app/sign.hpp"
#include "quietus/core/bytes.hpp"
#include "quietus/core/file.hpp"
#include "quietus/record/rehearsal.hpp"

namespace quietus {
namespace {

constexpr std::size_t chain_max = std::size_t{64} << 10U;
constexpr std::size_t trust_max = std::size_t{4} << 20U;

// Keys are no evidence yet: no drive was erased with them.
Error before_any_evidence(Error error) {
    if (error.fault == Fault::evidence) error.fault = Fault::io;
    return error;
}

// The mark in a station's id is kept for exercises, which all bear it.
Status check_id(const Places& places, const std::string& id) {
    const bool rehearses = places.provenance == Provenance::rehearsal;
    if (is_marked(id) == rehearses) return {};
    return Error{Fault::usage, "station id \"" + escaped(id) + "\": " +
                                   (rehearses ? "that of a rehearsal begins with "
                                              : "only a rehearsal's begins with ") +
                                   std::string(rehearsal_mark)};
}

Result<std::string> default_id(const Places& places) {
    if (places.provenance == Provenance::rehearsal) return std::string(rehearsal_mark);
    return default_station_id("/etc/machine-id");
}

Result<StationInfo> checked(Result<StationInfo> shown, const Places& places) {
    if (!shown || shown->role == places.role()) return shown;
    return Error{Fault::refused, shown->root + ": keys of the role " +
                                     std::string(to_text(shown->role)) + ", where only " +
                                     std::string(to_text(places.role())) + " is used"};
}

Result<std::string> station_id_of(const Places& places, const std::optional<std::string>& id) {
    if (id) return *id;
    if (auto present = show_station_keys(places.keys())) return present->station;
    return default_id(places);
}

Result<std::string> all_of(const std::vector<std::string>& files) {
    std::string all;
    for (const std::string& file : files) {
        auto content = read_regular_file(file, trust_max);
        if (!content) return content;
        all += *content + "\n";
    }
    return all;
}

} // namespace

Result<StationInfo> init_station(const Places& places, const std::optional<std::string>& id,
                                 const std::optional<std::string>& keep_ca) {
    auto station = id ? Result<std::string>(*id) : default_id(places);
    if (!station)
        return std::move(station)
            .error()
            .with_hint("give one with --station ID")
            .during("key init");
    if (auto status = check_id(places, *station); !status)
        return std::move(status).error().during("key init");
    SystemClock clock;
    if (auto status = make_directories(places.state); !status)
        return Error{Fault::io, status.error().message}.during("key init");
    auto made = init_station_keys({places.keys(), *station, keep_ca, places.role()}, clock);
    if (!made) return before_any_evidence(std::move(made).error()).during("key init");
    return made;
}

Result<StationInfo> show_station(const Places& places) {
    auto shown = checked(show_station_keys(places.keys()), places);
    if (!shown) return std::move(shown).error().during("key show");
    return shown;
}

Result<std::string> request_station(const Places& places, const StationWish& wish) {
    auto station = station_id_of(places, wish.id);
    if (!station) return std::move(station).error().during("key request");
    if (auto status = check_id(places, *station); !status)
        return std::move(status).error().during("key request");
    SystemClock clock;
    auto path = request_station_certificate(
        {places.state + "/keys-requested", *station, wish.subject, wish.replace, places.role()},
        clock);
    if (!path) return before_any_evidence(std::move(path).error()).during("key request");
    return path;
}

Status init_person_key(const PersonalKeyOrder& order, Clock& clock) {
    auto status = init_personal_key(order, clock);
    if (!status) return before_any_evidence(std::move(status).error());
    return status;
}

Status request_person_key(const PersonalKeyOrder& order) {
    auto status = request_personal_key(order);
    if (!status) return before_any_evidence(std::move(status).error());
    return status;
}

Result<StationInfo> import_station(const Places& places, const Issued& issued) {
    auto chain = read_regular_file(issued.certificate.empty() ? places.keys() + "/station.pem"
                                                              : issued.certificate,
                                   chain_max);
    if (!chain) return std::move(chain).error().during("key import");
    if (issued.trust.empty()) return Error{Fault::usage, "key import: --trust is missing"};
    auto trust = all_of(issued.trust);
    if (!trust) return std::move(trust).error().during("trust").during("key import");
    SystemClock clock;
    auto info = import_station_certificate({places.keys(), places.state + "/keys-requested", *chain,
                                            *trust, issued.replace, places.role()},
                                           clock);
    if (!info) return before_any_evidence(std::move(info).error()).during("key import");
    return info;
}

Result<Person> import_known_person(const Places& places, const std::string& id,
                                   const Issued& issued) {
    auto chain = read_regular_file(issued.certificate, chain_max);
    if (!chain) return std::move(chain).error().during("key import");
    auto files = issued.trust;
    if (files.empty()) files.push_back(places.keys() + "/root.pem");
    auto trust = read_trust(files);
    if (!trust) return std::move(trust).error().during("key import");
    SystemClock clock;
    auto person = import_person(places.state, {id, *chain, *trust, issued.replace}, clock);
    if (!person) return before_any_evidence(std::move(person).error()).during("key import");
    return person;
}

} // namespace quietus
