// DyingLog: a log at which the process dies, before or after it has done what it was asked.
#pragma once

#include "quietus/register/register.hpp"

#include <unistd.h>

#include <csignal>
#include <string>
#include <utility>

namespace quietus::test {

[[noreturn]] inline void die() {
    ::kill(::getpid(), SIGKILL);
    ::_exit(1); // not reached
}

class DyingLog final : public Register {
  public:
    template <typename Append>
    auto at(const std::string& what, Append append) {
        if (stage_ == "before " + what) die();
        auto done = append();
        if (stage_ == "after " + what) die();
        return done;
    }
    /// `stage`: "before intent", "after result", ...
    DyingLog(Register& log, std::string stage) : log_(log), stage_(std::move(stage)) {}
    Result<std::string> init(const std::string& origin) override { return log_.init(origin); }
    Status probe() override { return log_.probe(); }
    Result<Intent> append_intent(const IntentFacts& facts) override {
        return at("intent", [&] { return log_.append_intent(facts); });
    }
    Result<Receipt> append_result(const ResultFacts& facts) override {
        return at("result", [&] { return log_.append_result(facts); });
    }
    Result<Receipt> append_document(const DocumentFacts& facts) override {
        return at("document", [&] { return log_.append_document(facts); });
    }
    Result<Receipt> append_recheck(const RecheckFacts& facts) override {
        return log_.append_recheck(facts);
    }
    Result<Receipt> append_statement(const StatementFacts& facts) override {
        return at("statement", [&] { return log_.append_statement(facts); });
    }
    Result<std::optional<StatementFacts>> statement_about(const std::string& payload) override {
        return log_.statement_about(payload);
    }
    Result<std::vector<LoggedJob>> jobs() override { return log_.jobs(); }
    Result<std::optional<LoggedJob>> find(const std::string& job) override {
        return log_.find(job);
    }
    Result<Testimony> testimony(const std::string& job) override { return log_.testimony(job); }
    Result<std::optional<std::int64_t>> latest_time() override { return log_.latest_time(); }
    Result<std::string> proof(const std::string& job) override { return log_.proof(job); }

  private:
    Register& log_;
    std::string stage_;
};

} // namespace quietus::test
