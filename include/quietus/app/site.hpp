// Site: the doors through which the corridor reaches the machine, time, the log and the key; and
// the places where a station keeps its evidence.
#pragma once

#include "quietus/app/timed_host.hpp"
#include "quietus/core/clock.hpp"
#include "quietus/core/result.hpp"
#include "quietus/drive/host.hpp"
#include "quietus/register/register.hpp"
#include "quietus/signing/signer_process.hpp"

#include <memory>
#include <string>

namespace quietus {

/// Directories of one station; see FILES in quietus(1).
struct Places {
    std::string state;         ///< STATE: /var/lib/quietus for root
    std::string certificates;  ///< STATE/certificates unless --certificates says otherwise
    std::string log_file = {}; ///< of --log; empty without
    /// Roots that policy owners sign under, and their profiles.
    std::string trust = "/etc/quietus/trust";

    [[nodiscard]] std::string keys() const { return state + "/keys"; }
    [[nodiscard]] std::string log() const { return state + "/log"; }
    [[nodiscard]] std::string plans() const { return state + "/plans"; }
    [[nodiscard]] std::string job(const std::string& id) const { return state + "/jobs/" + id; }
    /// For detection: the drives beneath any of these must not be erased.
    [[nodiscard]] DetectRequest detect_request(bool all) const;
};

/// The default for STATE: /var/lib/quietus for root, else $XDG_STATE_HOME/quietus (~/.local/state).
[[nodiscard]] std::string default_state_directory();

/// Borrowed doors; whoever made them outlives every use.
struct Site {
    Host& host;
    Clock& clock;
    Register& log;
    Places places;
    StationSigner& signer;
};

/// Whether something is to be signed.
enum class Signing : std::uint8_t { none, ready };

/// The doors of a real machine. The signer's process is started here, before any drive is looked
/// at: a process forked later has no key in its memory.
class MachineSite {
  public:
    explicit MachineSite(Places places, Signing signing = Signing::none);
    [[nodiscard]] Site doors();

  private:
    Places places_;
    SystemClock clock_;
    SignerProcess signer_;
    std::unique_ptr<Host> machine_;
    std::unique_ptr<Register> log_;
    TimedHost host_;
};

} // namespace quietus
