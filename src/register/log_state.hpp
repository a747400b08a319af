// LogState: what the entries of a log add up to, built by replaying them one by one.
#pragma once

#include "entry.hpp"

#include "quietus/core/result.hpp"
#include "quietus/register/register.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace quietus {

class LogState {
  public:
    /// Replays every complete line. Fault::invalid names the first line that does not hold: not
    /// canonical, unknown type, index out of step, number reused or skipped, second result or
    /// document, result or document of a job never intended.
    static Result<LogState> replay(std::string_view text);
    /// Goes on with the complete lines that follow those already taken in. After the same failures
    /// the state is that up to the line before.
    [[nodiscard]] Status extend(std::string_view text);

    /// Takes one more entry in; nothing is changed when it does not fit (Fault::refused says why).
    [[nodiscard]] Status apply(const GenesisEntry& entry);
    [[nodiscard]] Status apply(const IntentEntry& entry);
    [[nodiscard]] Status apply(const ResultEntry& entry);
    [[nodiscard]] Status apply(const DocumentEntry& entry);

    [[nodiscard]] std::uint64_t next_index() const { return next_index_; }
    /// The number after the highest one of the station, from 1.
    [[nodiscard]] std::uint64_t next_sequence(const std::string& station) const;
    /// The payload digest of the station's latest document; empty when it has none.
    [[nodiscard]] std::string latest_document(const std::string& station) const;
    /// nullptr when the job was never intended.
    [[nodiscard]] const LoggedJob* find(const std::string& job) const;
    [[nodiscard]] const std::vector<LoggedJob>& jobs() const { return jobs_; }

  private:
    struct Station {
        std::uint64_t highest = 0;
        std::string latest_document;
    };

    [[nodiscard]] Status apply_line(std::string_view line);
    [[nodiscard]] Status check_head(const EntryHead& head, EntryType type) const;
    [[nodiscard]] Result<LoggedJob*> job_of(const EntryHead& head, const std::string& job);

    std::uint64_t next_index_ = 0;
    std::vector<LoggedJob> jobs_;
    std::map<std::string, std::size_t, std::less<>> by_name_;
    std::map<std::string, Station, std::less<>> stations_;
};

/// The length of the text up to and including its last newline. What follows was torn by a crash
/// and never acknowledged.
[[nodiscard]] std::size_t complete_length(std::string_view text);

} // namespace quietus
