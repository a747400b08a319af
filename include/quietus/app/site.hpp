// Site: the doors through which the corridor reaches the drives, time, the log and the key; and
// the places where a station keeps its evidence.
#pragma once

#include "quietus/app/timed_host.hpp"
#include "quietus/core/clock.hpp"
#include "quietus/core/result.hpp"
#include "quietus/crypto/signer.hpp"
#include "quietus/drive/host.hpp"
#include "quietus/job/workplace.hpp"
#include "quietus/record/drive.hpp"
#include "quietus/register/register.hpp"
#include "quietus/signing/signer_process.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

namespace quietus {

/// Directories of one station; see FILES in quietus(1).
struct Places {
    std::string state;         ///< STATE: /var/lib/quietus for root
    std::string certificates;  ///< STATE/certificates unless --certificates says otherwise
    std::string log_file = {}; ///< of --log; empty without
    /// Whether real drives are erased here, or emulated ones in an exercise. Keys, log and
    /// documents of the one are never used for the other.
    Provenance provenance = Provenance::machine;
    /// Roots that policy owners sign under, and their profiles.
    std::string trust = "/etc/quietus/trust";

    [[nodiscard]] std::string keys() const { return state + "/keys"; }
    [[nodiscard]] std::string log() const { return state + "/log"; }
    /// The role of the key that signs documents here.
    [[nodiscard]] Role role() const {
        return provenance == Provenance::rehearsal ? Role::rehearsal : Role::station;
    }
    [[nodiscard]] std::string plans() const { return state + "/plans"; }
    [[nodiscard]] std::string job(const std::string& id) const { return state + "/jobs/" + id; }
    /// For detection: the drives beneath any of these must not be erased.
    [[nodiscard]] DetectRequest detect_request(bool all) const;
};

/// The default for STATE of a program: /var/lib/NAME for root, else $XDG_STATE_HOME/NAME
/// (~/.local/state).
[[nodiscard]] std::string default_state_directory(const std::string& name = "quietus");

/// Borrowed doors; whoever made them outlives every use.
struct Site {
    Host& host;
    Clock& clock;
    Register& log;
    Places places;
    StationSigner& signer;
    Workplace& workplace;
};

/// Whether something is to be signed.
enum class Signing : std::uint8_t { none, ready };

/// Where the drives are, whose time passes there, and where orders are carried out.
struct Setting {
    std::unique_ptr<Host> host;
    std::unique_ptr<Clock> clock;
    std::unique_ptr<Workplace> (*make_workplace)(Host& host, Clock& clock) = make_single_workplace;
};

/// The doors of one run, with the signer behind one of them. Its process is started here, before
/// any drive is looked at: a process forked later has no key in its memory.
class OpenSite {
  public:
    OpenSite(Places places, Signing signing, Setting setting);
    [[nodiscard]] Site doors();

  private:
    [[nodiscard]] Host& host();

    Places places_;
    Setting setting_;
    SignerProcess signer_;
    std::unique_ptr<Register> log_;
    std::optional<TimedHost> timed_; ///< not where the time of drives is simulated
    std::unique_ptr<Workplace> workplace_;
};

/// Of this machine and its real drives, so many of which are erased at once.
[[nodiscard]] Setting machine_setting(std::size_t drives_at_once = 1);

} // namespace quietus
