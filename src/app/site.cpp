#include "quietus/app/site.hpp"

#include "quietus/app/log.hpp"

#include <unistd.h>

#include <cstdlib>

namespace quietus {

std::string default_state_directory() {
    if (::geteuid() == 0) return "/var/lib/quietus";
    if (const char* state = std::getenv("XDG_STATE_HOME"); state != nullptr && *state == '/')
        return std::string(state) + "/quietus";
    const char* home = std::getenv("HOME");
    return std::string(home == nullptr ? "" : home) + "/.local/state/quietus";
}

DetectRequest Places::detect_request(bool all) const {
    DetectRequest request{state, all, {}};
    if (certificates != state + "/certificates") request.evidence.push_back(certificates);
    if (!log_file.empty()) request.evidence.push_back(log_file);
    return request;
}

MachineSite::MachineSite(Places places, Signing signing)
    : places_(std::move(places)), signer_({places_.keys(), places_.log()}),
      machine_(make_linux_host()),
      log_(open_log_register(
          {places_.log(),
           [this](const std::string& origin) { return signer_.checkpoint_signer(origin); },
           log_warning, places_.keys()},
          clock_)),
      host_(*machine_, clock_, *log_) {
    if (signing == Signing::ready) signer_.start();
}

Site MachineSite::doors() {
    return {host_, clock_, *log_, places_, signer_};
}

} // namespace quietus
