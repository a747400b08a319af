// Journal: what happened in one job, line by line, kept beside the document.
//
// JSON Lines in JOB/journal.jsonl: {"event":"committed",...}; of a job that goes on with an
// interrupted one "carried", a StartingPoint; one "probe", "pass" or "read-back" each step, when it
// has ended, and of a pass "checkpoint" before it begins and whenever what it has written so far is
// on the medium, a PassRecord; of luks-erase "luks", a LuksRecord, before its first step and after
// its last; and last {"event":"verdict", "record":{...}} with the whole erasure record, which is of
// all runs together. The digest that goes onto the document and into the log is the SHA-256 of
// every byte up to and including the verdict line.
//
// No list of extents is ever left out. One of more than 1024 is packed,
//   {"extents":3,"packed":"8+1 1+1 1+1","unit":512}
// where each word is GAP+LENGTH in units of `unit` bytes, and the gap counts from the end of the
// extent before it, that of the first from 0.
#pragma once

#include "quietus/core/file.hpp"
#include "quietus/core/json.hpp"
#include "quietus/core/result.hpp"
#include "quietus/job/starting_point.hpp"
#include "quietus/record/erasure_record.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace quietus {

/// The largest journal that is read, in octets.
inline constexpr std::size_t journal_limit = std::size_t{1} << 30U;
/// The longest line of one.
inline constexpr std::size_t journal_line_limit = std::size_t{256} << 20U;

[[nodiscard]] Json probe_line(const ProbeRecord& record);
[[nodiscard]] Json pass_line(const PassRecord& record);
[[nodiscard]] Json read_back_line(const ReadBackRecord& record);
[[nodiscard]] Json firmware_line(const FirmwareEvidence& evidence);
[[nodiscard]] Json hidden_areas_line(const HiddenAreaRecord& record);
[[nodiscard]] Json health_line(const HealthRecord& record);
[[nodiscard]] Json luks_line(const LuksRecord& record);
[[nodiscard]] Json transcript_line(const std::vector<std::string>& lines);
[[nodiscard]] Json checkpoint_line(const PassRecord& record);
[[nodiscard]] Json carried_line(const StartingPoint& from);
[[nodiscard]] Json verdict_line(const ErasureRecord& record);

class Journal {
  public:
    virtual ~Journal() = default;
    /// Adds one event and puts it on stable storage. Fault::evidence, also for a line or a journal
    /// too long to be read again.
    [[nodiscard]] virtual Status append(const Json& event) = 0;
};

class FileJournal final : public Journal {
  public:
    /// Makes the job's directory (0700) and a new journal in it; Fault::evidence when there is one.
    static Result<std::unique_ptr<FileJournal>> create(const std::string& job_directory);
    /// Opens the journal of a job that nobody is working on (Fault::refused otherwise).
    static Result<std::unique_ptr<FileJournal>> reopen(const std::string& job_directory);

    [[nodiscard]] Status append(const Json& event) override;

    struct Content {
        std::optional<Json> committed;        ///< the first line
        std::optional<StartingPoint> carried; ///< of a job that goes on with another
        Evidence evidence;                    ///< carried, and of the step lines, as far as they go
        std::optional<PassRecord> checkpoint; ///< the last, also of a pass that has ended since
        std::optional<ErasureRecord> record;  ///< of the verdict line; absent after a crash
        /// Of the lines of all transcripts, each with its newline; empty when there are none.
        std::string transcript_sha256;
        std::string sha256; ///< up to and including the verdict line
    };
    /// Fault::invalid names the line that does not hold; a torn last line counts as not written.
    [[nodiscard]] Result<Content> read() const;
    /// The same of a journal's octets.
    [[nodiscard]] static Result<Content> parse(std::string_view text);
    /// The octets, at most journal_limit of them.
    [[nodiscard]] Result<std::string> text() const;

  private:
    explicit FileJournal(AppendFile file) : file_(std::move(file)) {}
    AppendFile file_;
};

} // namespace quietus
