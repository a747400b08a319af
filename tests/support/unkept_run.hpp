// UnkeptRun: a drive planned, agreed to, committed and erased as in the corridor, with a log and a
// journal that forget everything. Costs no time on a file system, so that there can be thousands.
#pragma once

#include "support/station.hpp"

#include "quietus/app/commit.hpp"
#include "quietus/app/confirm.hpp"
#include "quietus/job/carry_out.hpp"
#include "quietus/job/workplace.hpp"
#include "quietus/policy/make_plan.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace quietus::test {

/// Numbers jobs, and knows nothing of them afterwards.
class ForgetfulLog final : public Register {
  public:
    Result<std::string> init(const std::string&) override { return none(); }
    Status probe() override { return {}; }
    Result<Intent> append_intent(const IntentFacts& facts) override {
        Intent intent;
        intent.sequence = ++jobs_;
        intent.job = "QTS-" + facts.station + "-" + std::to_string(10'000'000 + jobs_);
        intent.salt = std::string(64, '0');
        intent.station = facts.station;
        return intent;
    }
    Result<Receipt> append_result(const ResultFacts&) override { return none(); }
    Result<Receipt> append_document(const DocumentFacts&) override { return none(); }
    Result<Receipt> append_recheck(const RecheckFacts&) override { return none(); }
    Result<Receipt> append_statement(const StatementFacts&) override { return none(); }
    Result<std::optional<StatementFacts>> statement_about(const std::string&) override {
        return none();
    }
    Result<std::vector<LoggedJob>> jobs() override { return none(); }
    Result<std::optional<LoggedJob>> find(const std::string&) override { return none(); }
    Result<Testimony> testimony(const std::string&) override { return none(); }
    Result<std::optional<std::int64_t>> latest_time() override {
        return std::optional<std::int64_t>{};
    }
    Result<std::string> proof(const std::string&) override { return none(); }

  private:
    static Error none() { return {Fault::refused, "nothing is kept"}; }
    std::uint64_t jobs_ = 0;
};

class ForgetfulJournal final : public Journal {
  public:
    Status append(const Json&) override { return {}; }
};

struct UnkeptRun {
    Host& host;
    Clock& clock;
    JobWatch& watch;
    Endurance endurance = {};

    /// Nothing, and a failure of the test, when the run did not reach its record.
    std::optional<ErasureRecord> erase(const Drive& drive, const PlanRequest& wish) {
        auto order = ordered(drive, wish);
        if (!order) return failed(order.error());
        ForgetfulJournal journal;
        HostBay bay(host, drive);
        Bench bench{bay, clock, journal, watch, endurance};
        return told(carry_out(std::move(*order), bench));
    }
    /// The same where this workplace carries orders out.
    std::optional<ErasureRecord> erase_in(Workplace& workplace, const Drive& drive,
                                          const PlanRequest& wish) {
        auto order = ordered(drive, wish);
        if (!order) return failed(order.error());
        ForgetfulJournal journal;
        workplace.begin(std::move(*order), {journal, watch, endurance});
        return told(workplace.next().record);
    }

  private:
    static Result<CommittedPlan> ordered(const Drive& drive, const PlanRequest& wish) {
        auto plan = make_plan(drive, wish);
        if (!plan) return std::move(plan).error();
        Agreeing person;
        auto confirmed = confirm({drive, std::move(*plan)}, person);
        if (!confirmed) return std::move(confirmed).error();
        ForgetfulLog log;
        return commit(std::move(*confirmed), {log, "TEST01"});
    }
    static std::optional<ErasureRecord> told(Result<ErasureRecord> record) {
        if (!record) return failed(record.error());
        return std::move(*record);
    }
    static std::nullopt_t failed(const Error& error) {
        ADD_FAILURE() << error.message;
        return std::nullopt;
    }
};

} // namespace quietus::test
