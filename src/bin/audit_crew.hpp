// The crew: processes that check documents, beside each other and each confined.
//
// This process reads files and never looks into them; a member of the crew looks into them and can
// open nothing, write nothing but its answer, and start nothing (confine/confinement.hpp). One that
// dies or hangs over a document costs that document its verdict, and nothing else.
#pragma once

#include "audit.hpp"

#include "quietus/certificate/check.hpp"
#include "quietus/confine/child_process.hpp"

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <list>
#include <optional>
#include <string>

namespace quietus::audit {

/// Where documents come from and where their reports go, in the same order.
struct CrewOrders {
    std::function<std::optional<std::string>()> next; ///< the path of the next document, or the end
    std::function<void(DocumentReport)> report;
};

class Crew {
  public:
    /// `jobs` members, and some more to take the place of those that die. Fault::io when there can
    /// be no processes, or none that is confined.
    [[nodiscard]] static Result<Crew> start(unsigned jobs, const Trust& trust);
    /// Keeps memory for a few documents a member, however many there are.
    void check(const CrewOrders& orders);

  private:
    struct Member {
        ChildProcess process;
        std::string out = {};               ///< what it has not been told yet
        std::string in = {};                ///< what it said of its next answer
        std::deque<std::size_t> asked = {}; ///< the slots of its next answers, from the first ever
        std::chrono::steady_clock::time_point since = {}; ///< for how long the next one is due
    };
    struct Slot {
        DocumentReport report; ///< the file alone, until it is done
        bool done = false;
    };

    Crew(unsigned jobs, std::list<Member> members) : jobs_(jobs), members_(std::move(members)) {}

    void hand_out(const CrewOrders& orders);
    std::optional<std::size_t> next_slot(const CrewOrders& orders);
    void ask(Member& member, std::size_t at);
    void wait();
    /// Why the member is of no more use, or nothing; so do the two below.
    std::optional<std::string> attend(Member& member, short events);
    std::optional<std::string> listen(Member& member);
    std::optional<std::string> take_answer(Member& member, std::string_view answer);
    void tell(Member& member);
    void replace(Member& member, const std::string& why);
    void deliver(const CrewOrders& orders);
    Slot& slot(std::size_t at) { return slots_[at - delivered_]; }

    unsigned jobs_;
    std::list<Member> members_;
    std::deque<Slot> slots_; ///< not delivered yet, in their order
    std::size_t delivered_ = 0;
    std::deque<std::size_t> again_; ///< slots whose document a member that died was still to check
    bool more_ = true;              ///< whether there may be another document
};

} // namespace quietus::audit
