// RealCorridor: the corridor in the test's own process over the real host, so that a test can act
// between two steps of a run.
#pragma once

#include "support/station.hpp"

#include <memory>
#include <string>
#include <utility>

namespace quietus::rig {

struct RealCorridor {
    /// Erases the drive of that node, read back in full; a refusal fails the test.
    Disposal erase(const std::string& node, const std::string& scheme_id) {
        DisposalRequest request;
        request.targets = {node};
        request.plan.scheme = scheme_id;
        auto outcomes = dispose(request, station.site(*host), person, audience);
        EXPECT_TRUE(outcomes.has_value()) << outcomes.error().message;
        return outcomes ? std::move(outcomes->front()) : Disposal{};
    }
    /// Calls it after every step of that kind.
    template <typename Action>
    void after_each(StepKind kind, Action action) {
        audience.at_step_end = [kind, action](const Progress& progress) mutable {
            if (progress.kind == kind) action();
        };
    }

    test::Station station;
    std::unique_ptr<Host> host = make_linux_host();
    test::Agreeing person;
    test::NotingAudience audience;
};

} // namespace quietus::rig
