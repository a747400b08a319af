#include "log_state.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/core/file.hpp"
#include "quietus/record/job_id.hpp"
#include "quietus/stream/digest.hpp"

#include <cerrno>
#include <sys/stat.h>

namespace quietus {
namespace {

constexpr std::size_t log_limit = std::size_t{1} << 30U;
constexpr std::size_t salt_octets = 32;

// What the log was found to say, and the very lines that say it. A log only grows: as long as it
// still begins with these lines, what follows them is all that is new.
struct Known {
    std::string text;
    LogState state;
};

class LogRegister final : public Register {
  public:
    LogRegister(std::string directory, Clock& clock)
        : directory_(std::move(directory)), path_(directory_ + "/entries"), clock_(clock) {}

    Status probe() override;
    Result<Intent> append_intent(const IntentFacts& facts) override;
    Result<Receipt> append_result(const ResultFacts& facts) override;
    Result<Receipt> append_document(const DocumentFacts& facts) override;
    Result<std::vector<LoggedJob>> jobs() override;

  private:
    /// Locks the log and knows it to its end.
    Result<AppendFile> open();
    Status learn(std::string_view text);
    EntryHead head(const std::string& station, EntryType type);
    template <typename Entry>
    Result<Receipt> append(AppendFile& file, const Entry& entry);
    Status write(AppendFile& file, const std::string& line);
    Result<std::string> station_of(const std::string& job) const;

    std::string directory_;
    std::string path_;
    Clock& clock_;
    Known known_;
};

Status LogRegister::learn(std::string_view text) {
    text = text.substr(0, complete_length(text));
    if (!text.starts_with(known_.text)) known_ = {};
    const std::string_view added = text.substr(known_.text.size());
    auto status = known_.state.extend(added);
    if (status)
        known_.text += added;
    else
        known_ = {};
    return status;
}

Result<AppendFile> LogRegister::open() {
    if (auto status = make_directories(directory_, 0700); !status)
        return std::move(status).error().during("register");
    auto file = AppendFile::open(path_, Contention::wait);
    if (!file) return std::move(file).error().during("register");
    auto text = file->content(log_limit);
    if (!text) return std::move(text).error().during("register");
    if (auto status = learn(*text); !status)
        return std::move(status).error().during(path_).during("register");
    return file;
}

EntryHead LogRegister::head(const std::string& station, EntryType type) {
    return {known_.state.next_index(), station, to_rfc3339(clock_.utc_seconds()), type};
}

Status LogRegister::write(AppendFile& file, const std::string& line) {
    // A torn line was never acknowledged to anybody; the next append removes it.
    if (known_.text.size() != file.size())
        if (auto status = file.cut_back_to(known_.text.size()); !status) return status;
    if (auto status = file.append(line); !status) return status;
    known_.text += line + '\n';
    return {};
}

// The state takes the entry before the file does, so that nothing is written that would not read
// back. When the file does not take it, what is known is no longer what is there.
template <typename Entry>
Result<Receipt> LogRegister::append(AppendFile& file, const Entry& entry) {
    const auto line = to_canonical(to_json(entry));
    if (!line) return Error(line.error()).during("register");
    if (auto status = known_.state.apply(entry); !status)
        return std::move(status).error().during("register");
    if (auto status = write(file, *line); !status) {
        known_ = {};
        return std::move(status).error().during("register");
    }
    return Receipt{entry.head.index};
}

Result<std::string> LogRegister::station_of(const std::string& job) const {
    const LoggedJob* logged = known_.state.find(job);
    if (logged != nullptr) return logged->intent.station;
    return Error{Fault::refused, "register: " + job + ": no such job in the log"};
}

Status LogRegister::probe() {
    auto file = open();
    if (file) return {};
    Error error = std::move(file).error();
    error.fault = Fault::evidence;
    return error;
}

Result<Intent> LogRegister::append_intent(const IntentFacts& facts) {
    if (facts.serial.empty()) return Error{Fault::refused, "register: serial: empty"};
    auto file = open();
    if (!file) return std::move(file).error();
    if (known_.state.next_index() == 0) {
        const GenesisEntry genesis{head(facts.station, EntryType::genesis)};
        if (auto receipt = append(*file, genesis); !receipt) return std::move(receipt).error();
    }
    const Bytes salt = random_bytes(salt_octets);
    IntentEntry entry;
    entry.head = head(facts.station, EntryType::intent);
    entry.sequence = known_.state.next_sequence(facts.station);
    entry.job = job_id(facts.station, entry.sequence);
    entry.plan_sha256 = facts.plan_sha256;
    entry.previous_sha384 = known_.state.latest_document(facts.station);
    entry.serial_hmac = to_hex(hmac_sha256(salt, as_bytes(facts.serial)));
    entry.technique = facts.technique;
    if (auto receipt = append(*file, entry); !receipt) return std::move(receipt).error();
    Intent intent = known_.state.find(entry.job)->intent;
    intent.salt = to_hex(salt);
    return intent;
}

Result<Receipt> LogRegister::append_result(const ResultFacts& facts) {
    const auto verdict = from_text<Verdict>(facts.verdict);
    if (!verdict) return Error{Fault::refused, "register: no such verdict: " + facts.verdict};
    auto file = open();
    if (!file) return std::move(file).error();
    auto station = station_of(facts.job);
    if (!station) return std::move(station).error();
    return append(*file, ResultEntry{head(*station, EntryType::result), facts.job,
                                     facts.journal_sha256, *verdict});
}

Result<Receipt> LogRegister::append_document(const DocumentFacts& facts) {
    const auto type = from_text<DocumentType>(facts.type);
    if (!type) return Error{Fault::refused, "register: no such document type: " + facts.type};
    auto file = open();
    if (!file) return std::move(file).error();
    auto station = station_of(facts.job);
    if (!station) return std::move(station).error();
    return append(*file, DocumentEntry{head(*station, EntryType::document), *type, facts.job,
                                       facts.payload_sha384});
}

// Reads without the lock, so that whoever may only read the log can: complete lines never change.
Result<std::vector<LoggedJob>> LogRegister::jobs() {
    struct stat facts {};
    if (::stat(path_.c_str(), &facts) != 0 && errno == ENOENT) return std::vector<LoggedJob>{};
    auto text = read_regular_file(path_, log_limit);
    if (!text) return std::move(text).error().during("register");
    if (auto status = learn(*text); !status)
        return std::move(status).error().during(path_).during("register");
    return known_.state.jobs();
}

} // namespace

std::unique_ptr<Register> open_log_register(const std::string& directory, Clock& clock) {
    return std::make_unique<LogRegister>(directory, clock);
}

} // namespace quietus
