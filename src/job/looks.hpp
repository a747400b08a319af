// Looks: who looks at the machine for the workers that ask. Each look is a process of its own, so
// that the coordinator waits for nobody.
//
// Whatever a look shows has to be as it is after the question. A look at one drive takes hardly
// less than one at all: mounts, open files and every device are seen through for it. Were each
// drive of a run looked at alone before its first write, as much would be looked at as there are
// drives squared. So these questions (WorkerWord::unchanged) wait while such a look is under way,
// and all that wait share the next one (Host::detect_held), which begins after the last of them was
// asked.
//
// A look lasts as long as the slowest drive in it, and dies of whatever kills it. A shared one that
// takes longer than drives do that answer, or ends before it has answered all, is given up, and
// each that it leaves without an answer is looked at alone. So one that hangs costs the others that
// much once and not the whole of its deadline, and nobody waits for one that is looked at alone.
#pragma once

#include "worker_words.hpp"

#include "quietus/confine/child_process.hpp"
#include "quietus/core/clock.hpp"
#include "quietus/drive/host.hpp"

#include <poll.h>
#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace quietus {

/// How long others wait for a look at so many drives before it is given up.
[[nodiscard]] constexpr std::chrono::milliseconds patience_with(std::size_t drives) {
    return std::chrono::milliseconds(2000 + 50 * drives);
}

class Looks {
  public:
    /// Both outlive this.
    Looks(Host& host, Clock& clock) : host_(host), clock_(clock) {}

    /// Of a question; never given twice, as numbers of processes are.
    using Number = std::uint64_t;

    /// The process `holder` has the drive open. The answer is no longer in coming than a minute
    /// after somebody went to look for it alone.
    [[nodiscard]] Number ask(const Drive& drive, WorkerWord word, pid_t holder);
    /// Once there is one; the question is forgotten then.
    [[nodiscard]] std::optional<WorkerOrder> answer(Number question);
    /// Nobody waits for the answer any more.
    void forget(Number question) { questions_.erase(question); }

    /// Readable when there may be answers.
    void add_channels(std::vector<pollfd>& channels) const;
    void take_in();
    /// Somebody goes for what has been asked, if nobody is under way.
    void set_off();

  private:
    /// Somebody under way.
    struct Errand {
        ChildProcess child;
        std::chrono::nanoseconds due; ///< when it is given up
        std::string heard = {};
    };
    struct Question {
        Drive drive;
        WorkerWord word;
        pid_t holder;
        std::optional<Errand> alone = {};
        std::optional<WorkerOrder> answer = {};
    };
    /// The look that the others wait for: a shared one, or one at a single drive while that is
    /// quick.
    struct Round {
        std::vector<Number> open; ///< not answered yet, in the order of the answers
        std::optional<Errand> shared;
        std::chrono::nanoseconds due;
    };

    void take_shared_answers();
    void take_own_answer(Question& question);
    void look_alone(Question& question);
    void look_together();
    [[nodiscard]] bool is_over(const Round& round) const;

    Host& host_;
    Clock& clock_;
    Number last_ = 0;
    std::map<Number, Question> questions_;
    std::vector<Number> waiting_; ///< for the next round
    std::optional<Round> round_;
};

} // namespace quietus
