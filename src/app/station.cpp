#include "quietus/app/station.hpp"

#include "quietus/core/file.hpp"

namespace quietus {

Result<StationInfo> init_station(const Places& places, const std::optional<std::string>& id,
                                 const std::optional<std::string>& keep_ca) {
    auto station = id ? Result<std::string>(*id) : default_station_id("/etc/machine-id");
    if (!station)
        return std::move(station)
            .error()
            .with_hint("give one with --station ID")
            .during("key init");
    SystemClock clock;
    if (auto status = make_directories(places.state); !status)
        return Error{Fault::io, status.error().message}.during("key init");
    auto made = init_station_keys({places.keys(), *station, keep_ca}, clock);
    if (!made) {
        // Keys are no evidence yet: no drive was erased with them.
        if (made.error().fault == Fault::evidence) made.error().fault = Fault::io;
        return std::move(made).error().during("key init");
    }
    return made;
}

Result<StationInfo> show_station(const Places& places) {
    auto shown = show_station_keys(places.keys());
    if (!shown) return std::move(shown).error().during("key show");
    return shown;
}

} // namespace quietus
