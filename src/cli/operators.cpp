#include "operators.hpp"

#include "commands.hpp"
#include "passphrases.hpp"
#include "plan_text.hpp"
#include "stop_signal.hpp"

#include "quietus/app/confirmation.hpp"
#include "quietus/app/orders.hpp"
#include "quietus/core/bytes.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>

namespace quietus::cli {
namespace {

constexpr std::size_t label_characters = 4;

class Codes final : public Operator {
  public:
    Codes(std::vector<std::string> codes, PlanStore& store)
        : codes_(std::move(codes)), store_(store) {}

    // Each code fits one plan only, so the order in which they were given does not matter.
    Status agree(const Proposal& proposal) override {
        Status last = Error{Fault::refused, "no code is left for this drive"};
        for (auto code = codes_.begin(); code != codes_.end(); ++code) {
            last = store_.redeem(*code, proposal);
            if (!last) continue;
            codes_.erase(code);
            return last;
        }
        return last;
    }

  private:
    std::vector<std::string> codes_;
    PlanStore& store_;
};

class Person final : public Operator {
  public:
    explicit Person(PlanStore& store) : store_(store) {}

    Status agree(const Proposal& proposal) override {
        return has_label(proposal.drive) ? by_label(proposal) : by_code(proposal);
    }

  private:
    // A serial that the drive itself reports is also printed on it; nothing virtual has a label.
    static bool has_label(const Drive& drive) {
        return storage_is_known(drive) && drive.identity_source == IdentitySource::drive &&
               drive.serial.size() > label_characters;
    }

    // A signal between the question and a blocking read would be lost: so the read starts only
    // when a line is there, and stop requests are looked for until then.
    static bool line_is_there() {
        pollfd keyboard{STDIN_FILENO, POLLIN, 0};
        while (!StopSignals::stop_requested())
            if (::poll(&keyboard, 1, 100) > 0) return true;
        return false;
    }

    static Result<std::string> answer(const std::string& question) {
        say(question);
        std::string line;
        if (line_is_there() && std::getline(std::cin, line)) return line;
        say("\n");
        return Error{Fault::refused, "no answer was given"};
    }

    static Status by_label(const Proposal& proposal) {
        say(plan_in_words(proposal, true));
        const std::string& serial = proposal.drive.serial;
        auto given = answer("\neverything on this drive will be destroyed\n"
                            "last four characters of the serial, from its label: ");
        if (!given) return std::move(given).error();
        if (*given == serial.substr(serial.size() - label_characters)) return {};
        return Error{Fault::refused, "these are not the last four characters of its serial"};
    }

    Status by_code(const Proposal& proposal) {
        auto stored = store_.store(proposal);
        if (!stored) return std::move(stored).error();
        say(plan_in_words(proposal, false) + "\neverything on this drive will be destroyed\n");
        auto given = answer("to go on, type the code " + stored->code + ": ");
        Status status = given ? store_.redeem(*given, proposal) : Status(std::move(given).error());
        if (!status) store_.withdraw(*stored); // it was for this question only
        return status;
    }

    PlanStore& store_;
};

class Nobody final : public Operator {
  public:
    Status agree(const Proposal&) override {
        return Error{Fault::refused, "nobody to ask: stdin is no terminal"}.with_hint(
            "run `quietus plan` with the same options and give its code with --confirm");
    }
};

std::unique_ptr<Operator> who_agrees(const Call& call, const DisposalRequest& request,
                                     PlanStore& store) {
    if (request.order && request.order->is_signed())
        return std::make_unique<OrderedOperator>(*request.order, call.places.state, store.clock());
    auto codes = call.invocation.all("--confirm");
    if (!codes.empty()) return std::make_unique<Codes>(std::move(codes), store);
    if (::isatty(STDIN_FILENO) != 0) return std::make_unique<Person>(store);
    return std::make_unique<Nobody>();
}

} // namespace

Result<std::unique_ptr<Operator>> make_operator(const Call& call, const DisposalRequest& request,
                                                PlanStore& store) {
    auto person = who_agrees(call, request, store);
    const Invocation& invocation = call.invocation;
    const auto key = invocation.value("--key");
    if (!key && invocation.has("--passin")) return Error{Fault::usage, "--passin: without --key"};
    if (!key) return person;
    if (auto status = refuse_persons(call); !status)
        return std::move(status).error().during("--key");
    const std::string& id = request.statements.op;
    if (id.empty()) return Error{Fault::usage, "--key: --operator is missing"};
    auto passphrases = passphrases_of(invocation);
    if (!passphrases) return std::move(passphrases).error();
    auto loaded = load_operator_key(call.places.state, id, *key, *passphrases);
    if (!loaded) return std::move(loaded).error();
    return std::make_unique<KeyedOperator>(std::move(person), std::move(*loaded));
}

} // namespace quietus::cli
