#include "quietus/app/site.hpp"

#include "quietus/app/log.hpp"

#include <unistd.h>

#include <cstdlib>

namespace quietus {

std::string default_state_directory(const std::string& name) {
    if (::geteuid() == 0) return "/var/lib/" + name;
    if (const char* state = std::getenv("XDG_STATE_HOME"); state != nullptr && *state == '/')
        return std::string(state) + "/" + name;
    const char* home = std::getenv("HOME");
    return std::string(home == nullptr ? "" : home) + "/.local/state/" + name;
}

DetectRequest Places::detect_request(bool all) const {
    DetectRequest request{state, all, {}};
    if (certificates != state + "/certificates") request.evidence.push_back(certificates);
    if (!log_file.empty()) request.evidence.push_back(log_file);
    return request;
}

OpenSite::OpenSite(Places places, Signing signing, Setting setting)
    : places_(std::move(places)), setting_(std::move(setting)),
      signer_({.keys = places_.keys(), .log = places_.log(), .role = places_.role()}),
      log_(open_log_register(
          {places_.log(),
           [this](const std::string& origin) { return signer_.checkpoint_signer(origin); },
           log_warning, places_.keys()},
          *setting_.clock)) {
    if (places_.provenance == Provenance::machine)
        timed_.emplace(*setting_.host, *setting_.clock, *log_);
    workplace_ = setting_.make_workplace(host(), *setting_.clock);
    if (signing == Signing::ready) signer_.start();
}

Host& OpenSite::host() {
    return timed_ ? static_cast<Host&>(*timed_) : *setting_.host;
}

Site OpenSite::doors() {
    return {host(), *setting_.clock, *log_, places_, signer_, *workplace_};
}

} // namespace quietus
