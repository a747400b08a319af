// LogState: what the entries of a log add up to, taken in one by one. It remembers stations and the
// jobs that still need something, never all jobs: it stays as small as the work in hand.
#pragma once

#include "entry.hpp"

#include "quietus/core/json.hpp"
#include "quietus/core/result.hpp"
#include "quietus/register/register.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace quietus {

using Entry = std::variant<GenesisEntry, IntentEntry, ResultEntry, DocumentEntry, ValidationEntry,
                           StatementEntry>;
/// One entry from its canonical JSON. Fault::invalid.
[[nodiscard]] Result<Entry> parse_entry(std::string_view text);
[[nodiscard]] const EntryHead& head_of(const Entry& entry);

/// Which rule an entry breaks.
enum class Rule : std::uint8_t {
    form,   ///< a member that cannot be what it says
    index,  ///< index out of step, or a genesis that is not the first entry
    number, ///< a station's number left out, used twice or out of order
    chain,  ///< not the station's previous document
    result, ///< a second result, or one of a job never intended
    document,
    validation,
};

struct Breach {
    Rule rule;
    std::string text;
};

class LogState {
  public:
    /// Takes one more entry in; when it does not fit nothing is changed, and this says why not.
    [[nodiscard]] std::optional<Breach> apply(const Entry& entry);
    /// Takes in an entry that does not fit as far as it goes, so that an audit can go on: what
    /// follows is measured against it.
    void take_as_it_is(const Entry& entry);
    /// One more entry of which nothing is known.
    void pass_over() { ++next_index_; }

    [[nodiscard]] std::uint64_t next_index() const { return next_index_; }
    /// The number after the highest one of the station, from 1.
    [[nodiscard]] std::uint64_t next_sequence(const std::string& station) const;
    /// The payload digest of the station's latest document; empty when it has none.
    [[nodiscard]] std::string latest_document(const std::string& station) const;
    /// The jobs without their document, by name.
    [[nodiscard]] const std::map<std::string, LoggedJob, std::less<>>& open_jobs() const {
        return open_;
    }
    /// nullptr when the job was never intended or has its document.
    [[nodiscard]] const LoggedJob* find_open(const std::string& job) const;
    /// Whether a document of the job is in the log.
    [[nodiscard]] bool is_closed(const std::string& job) const;

    /// The state as JSON, and back. Fault::invalid.
    [[nodiscard]] Json to_json() const;
    static Result<LogState> from_json(const Json& json);

    friend bool operator==(const LogState& a, const LogState& b) {
        return a.to_json() == b.to_json();
    }

  private:
    struct Station {
        std::uint64_t highest = 0;
        std::string latest_document;
    };

    std::optional<Breach> take(const GenesisEntry& entry);
    std::optional<Breach> take(const IntentEntry& entry);
    std::optional<Breach> take(const ResultEntry& entry);
    std::optional<Breach> take(const DocumentEntry& entry);
    std::optional<Breach> take(const ValidationEntry& entry);
    std::optional<Breach> take(const StatementEntry& entry);
    [[nodiscard]] std::optional<Breach> check_head(const EntryHead& head, EntryType type) const;
    [[nodiscard]] std::optional<Breach> check_job(const EntryHead& head, const std::string& job,
                                                  Rule rule) const;
    void open_job(const IntentEntry& entry);

    std::uint64_t next_index_ = 0;
    std::map<std::string, LoggedJob, std::less<>> open_;
    std::map<std::string, Station, std::less<>> stations_;
};

} // namespace quietus
