// FollowedJobs: what all audiences do: they write the log, pass on the wish to stop, and know each
// job that is under way.
#pragma once

#include "pace.hpp"

#include "quietus/app/dispose.hpp"

#include <list>
#include <optional>
#include <string>

namespace quietus::cli {

/// One job under way.
struct FollowedJob {
    std::string id; ///< empty for a reading
    std::string node;
    std::string serial;
    Pace pace;                         ///< of the step
    Progress progress;                 ///< as last told
    std::optional<Warmth> warmth = {}; ///< the same
};

class FollowedJobs : public Audience {
  public:
    explicit FollowedJobs(Clock& clock) : clock_(clock) {}

    void planned(const Proposal& proposal) override;
    JobWatch& committed(const std::string& id, const Drive& drive) override;
    void certified(const std::string& id, const IssuedDocument& document) override;
    void ended(const std::string& id, Verdict verdict) override;
    bool stop_requested() override;
    bool leave_requested() override;

    /// From now on, what is told there is about this job, or about a reading of this drive where
    /// there is no job. Lives as long as this does.
    [[nodiscard]] JobWatch& follow(const std::string& id, const std::string& node,
                                   const std::string& serial = {});

  protected:
    virtual void begun(FollowedJob& /*job*/) {}
    virtual void step_started(FollowedJob& /*job*/) {}
    virtual void progressed(FollowedJob& /*job*/) {}
    virtual void stalled(FollowedJob& /*job*/, std::chrono::seconds /*silent_for*/) {}
    virtual void step_finished(FollowedJob& /*job*/) {}
    /// It waits for its drive to cool down, or does not any more.
    virtual void pause_changed(FollowedJob& /*job*/) {}
    virtual void documented(FollowedJob& /*job*/, const IssuedDocument& /*document*/) {}
    virtual void over(FollowedJob& /*job*/, Verdict /*verdict*/) {}

    /// In the order in which they were begun.
    [[nodiscard]] std::list<FollowedJob>& jobs() { return jobs_; }
    [[nodiscard]] Clock& clock() { return clock_; }

  private:
    /// Tells the audience which job it is that something happens to.
    class Follower final : public JobWatch {
      public:
        Follower(FollowedJobs& audience, FollowedJob& job) : audience_(audience), job_(job) {}
        void step_started(const Progress& progress) override;
        void progressed(const Progress& progress) override;
        void stalled(const Progress& progress, std::chrono::seconds silent_for) override;
        void step_finished(const Progress& progress) override;
        void measured(const Warmth& warmth) override;
        bool stop_requested() override { return audience_.stop_requested(); }
        bool leave_requested() override { return audience_.leave_requested(); }

      private:
        FollowedJobs& audience_;
        FollowedJob& job_;
    };
    [[nodiscard]] std::list<FollowedJob>::iterator at(const std::string& id);

    Clock& clock_;
    std::list<FollowedJob> jobs_;
    std::list<Follower> followers_; ///< of jobs that have ended too: somebody may still hold one
};

} // namespace quietus::cli
