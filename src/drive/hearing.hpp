// Hearing: which drives a look at the machine asks, and what the others told before.
//
// A look at every drive asks every drive. A look at one (DetectRequest::only) asks that drive, each
// node that may lead to the same blocks or be a part of the same unit, and whatever was attached
// since; otherwise a run over so many drives would ask each of them that many times. A look at some
// (Host::detect_held) is a look at each of those in one. What sysfs and
// /proc tell of the others is read anew in every look. Of what they told themselves the answer
// about one drive needs who they are (its serial number on another drive, another way to its
// blocks) and which names the system may mean by them. Both go with an attachment, and no memory of
// them is older than remembered_for.
#pragma once

#include "drive_probe.hpp"
#include "quietus/drive/host.hpp"
#include "units.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace quietus {

constexpr std::chrono::seconds remembered_for{60};

/// The drives that a look is at, by node, each with the process that has it open for us (0: none
/// besides the caller). Empty: every drive.
using LookedAt = std::map<std::string, std::int64_t>;

class Hearing {
  public:
    /// `dev` is HostPaths::dev. The probe outlives this.
    Hearing(DriveProbe& probe, std::string dev, std::chrono::nanoseconds memory = remembered_for)
        : probe_(probe), dev_(std::move(dev)), memory_(memory) {}

    /// The nodes, each with what it told; in the same order. `silent` are all that there are, and
    /// none of them has been heard. What did not answer once is not waited for again, unless it is
    /// among those that are named: `only`, whatever DetectRequest::only says.
    [[nodiscard]] std::vector<Node> hear_all(const std::vector<Node>& silent,
                                             const DetectRequest& request, const LookedAt& only);

  private:
    struct Heard {
        ProbeReport report;
        bool contents = false; ///< what it holds was asked as well
        std::chrono::steady_clock::time_point at;
    };
    /// What is to be asked of which node.
    struct Round {
        const std::vector<Node>& silent;
        const DetectRequest& request;
        std::vector<bool> further; ///< as further_paths()
        std::vector<bool> fresh;   ///< heard in this look, or never to be heard
    };

    void ask(const std::vector<std::size_t>& which, Round& round);
    [[nodiscard]] std::vector<Node> as_remembered(const std::vector<Node>& silent) const;
    [[nodiscard]] bool is_remembered(const Node& node, bool contents) const;
    [[nodiscard]] bool hangs(const Node& node) const;
    void forget_detached(const std::vector<Node>& silent);

    DriveProbe& probe_;
    std::string dev_;
    std::chrono::nanoseconds memory_;
    std::map<std::string, Heard> heard_; ///< by attachment
};

} // namespace quietus
