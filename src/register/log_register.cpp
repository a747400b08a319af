#include "log_register.hpp"

#include "kept_checkpoint.hpp"
#include "log_files.hpp"
#include "log_state.hpp"
#include "proof.hpp"
#include "tile_log.hpp"
#include "tile_tree.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/core/file.hpp"
#include "quietus/record/job_id.hpp"
#include "quietus/stream/digest.hpp"

#include <optional>
#include <utility>

namespace quietus {
namespace {

constexpr std::size_t salt_octets = 32;
constexpr auto index_name = "index";

class LogRegister final : public Register {
  public:
    LogRegister(LogSetup setup, Clock& clock, std::unique_ptr<LogFiles> files)
        : setup_(std::move(setup)), clock_(clock), files_(std::move(files)), kept_(setup_.keep_in) {
    }

    Result<std::string> init(const std::string& origin) override;
    Status probe() override;
    Result<Intent> append_intent(const IntentFacts& facts) override;
    Result<Receipt> append_result(const ResultFacts& facts) override;
    Result<Receipt> append_document(const DocumentFacts& facts) override;
    Result<Receipt> append_recheck(const RecheckFacts& facts) override;
    Result<Receipt> append_statement(const StatementFacts& facts) override;
    Result<std::optional<StatementFacts>>
    statement_about(const std::string& payload_sha384) override;
    Result<std::vector<LoggedJob>> jobs() override;
    Result<std::optional<LoggedJob>> find(const std::string& job) override;
    Result<Testimony> testimony(const std::string& job) override;
    Result<std::optional<std::int64_t>> latest_time() override;
    Result<std::string> proof(const std::string& job) override;

  private:
    using Lock = AppendFile;

    /// Locks the log, carries out what was interrupted and knows the log to its end.
    Result<Lock> open();
    Status prepare();
    /// Reads what is new since the last time.
    Status know();
    /// The last of this many entries.
    Result<Entry> last_entry(std::uint64_t size);
    Status take(std::string_view text);
    Result<TileLog> read(const TileLog::Take& take);
    [[nodiscard]] Error in_this_log(Error error) const;
    void start_from_index();
    void save_index();
    Status sign_as(const std::string& origin);
    Status repair();
    Status create(const std::string& origin);
    void keep();
    void forget();

    EntryHead head(const std::string& station, EntryType type);
    std::vector<Entry> genesis_if_new(const std::string& station);
    /// After any failure what is known is forgotten, since it is no longer what is there.
    Result<Receipt> append(const std::vector<Entry>& entries);
    Status append_all(const std::vector<Entry>& entries);
    Result<std::string> station_of(const std::string& job) const;
    /// The first entry from `first` on that is wanted, with its proof under the checkpoint.
    Result<Attested> attest(std::uint64_t first, const std::function<bool(const Entry&)>& wanted);

    LogSetup setup_;
    Clock& clock_;
    std::unique_ptr<LogFiles> files_;
    KeptCheckpoint kept_;
    std::optional<TileLog> log_;
    LogState state_;
    std::unique_ptr<CheckpointSigner> signer_;
    std::string signed_note_; ///< the checkpoint that was last found to be signed by signer_
};

Error broken(const Breach& breach) {
    return {Fault::refused, breach.text};
}

// An entry of the log taken into the state, which must go on from the one before.
Result<Entry> take_into(LogState& state, std::string_view text) {
    auto entry = parse_entry(text);
    if (!entry) return entry;
    if (auto breach = state.apply(*entry)) return Error{Fault::invalid, breach->text};
    return entry;
}

template <typename Kind>
std::function<bool(const Entry&)> is_of(const std::string& job) {
    return [&job](const Entry& entry) {
        const Kind* found = std::get_if<Kind>(&entry);
        return found != nullptr && found->job == job;
    };
}

void LogRegister::forget() {
    log_.reset();
    state_ = {};
}

Status LogRegister::take(std::string_view text) {
    auto entry = take_into(state_, text);
    return entry ? Status{} : Status(std::move(entry).error());
}

Error LogRegister::in_this_log(Error error) const {
    return std::move(error).during(setup_.directory).during("register");
}

// An index that cannot be used costs a reading of the whole log, and nothing else.
void LogRegister::start_from_index() {
    auto text = files_->read(index_name);
    if (!text || !*text) return;
    auto json = parse_json(**text);
    const Json* saved = json ? json->find("state") : nullptr;
    auto state = saved != nullptr ? LogState::from_json(*saved)
                                  : Result<LogState>(Error{Fault::invalid, "no state"});
    if (!state || state->next_index() > log_->checkpoint().head.size) return;
    const auto root = log_->start_at(state->next_index());
    if (root && to_base64(*root) == json->text_of("root")) {
        state_ = std::move(*state);
        return;
    }
    log_.emplace(*files_);
    (void)log_->read_checkpoint(); // it could be read just now; if not, advance() finds out
}

void LogRegister::save_index() {
    const Json json = Json::object(
        {{"root", to_base64(log_->checkpoint().head.root)}, {"state", state_.to_json()}});
    (void)write_beside(*files_, index_name, to_line(json)); // whoever misses it reads the log
}

Status LogRegister::know() {
    const bool first = !log_;
    if (first) log_.emplace(*files_);
    auto status = log_->read_checkpoint();
    if (status && log_->exists()) {
        if (first) start_from_index();
        if (log_->exists())
            status =
                log_->advance([this](std::uint64_t, std::string_view text) { return take(text); });
    }
    if (!status) forget();
    return status;
}

Status LogRegister::sign_as(const std::string& origin) {
    if (signer_ && signer_->verifier().name() == origin) return {};
    auto signer = setup_.open_signer(origin);
    if (!signer) return std::move(signer).error().during("log key");
    signer_ = std::move(*signer);
    signed_note_.clear();
    return {};
}

Status LogRegister::repair() {
    if (!log_->exists()) return {};
    if (auto status = sign_as(log_->checkpoint().origin); !status) return status;
    if (log_->note() != signed_note_) {
        auto text = open_note(log_->note(), signer_->verifier());
        if (!text) return std::move(text).error().during(checkpoint_name);
        signed_note_ = log_->note();
    }
    auto done = log_->recover(*signer_);
    if (!done) return std::move(done).error();
    if (!*done) return {};
    setup_.report("register: " + setup_.directory + ": " + **done);
    // Read again from the beginning: what was carried out has not been looked at yet.
    forget();
    return know();
}

Status LogRegister::prepare() {
    if (auto status = know(); !status) return status;
    auto status = repair();
    if (status) status = kept_.check(*log_, *files_);
    if (!status) forget();
    return status;
}

Result<AppendFile> LogRegister::open() {
    if (auto status = make_directories(setup_.directory, 0700); !status)
        return std::move(status).error().during("register");
    auto lock = AppendFile::open(setup_.directory + "/lock", Contention::wait);
    if (!lock) return std::move(lock).error().during("register");
    if (auto status = prepare(); !status) return in_this_log(std::move(status).error());
    return lock;
}

Status LogRegister::create(const std::string& origin) {
    if (auto status = sign_as(origin); !status) return status;
    return log_->create(*signer_);
}

// What is in the log is acknowledged, whether or not it is kept elsewhere too.
void LogRegister::keep() {
    if (auto status = kept_.keep(*log_); !status)
        setup_.report("register: the checkpoint is not kept: " + status.error().message);
}

EntryHead LogRegister::head(const std::string& station, EntryType type) {
    return {state_.next_index(), station, to_rfc3339(clock_.utc_seconds()), type};
}

std::vector<Entry> LogRegister::genesis_if_new(const std::string& station) {
    if (state_.next_index() != 0) return {};
    return {GenesisEntry{head(station, EntryType::genesis)}};
}

// The state takes an entry before the log does, so that nothing is written that would not read
// back.
Status LogRegister::append_all(const std::vector<Entry>& entries) {
    std::vector<std::string> texts;
    for (const Entry& entry : entries) {
        auto text = std::visit([](const auto& each) { return to_canonical(to_json(each)); }, entry);
        if (!text) return Error{Fault::refused, text.error().message};
        if (auto breach = state_.apply(entry)) return broken(*breach);
        texts.push_back(std::move(*text));
    }
    const auto& genesis = head_of(entries.front());
    if (!log_->exists())
        if (auto status = create(default_log_origin(genesis.station)); !status) return status;
    return log_->append(texts, *signer_);
}

Result<Receipt> LogRegister::append(const std::vector<Entry>& entries) {
    const std::uint64_t before = log_->known();
    if (auto status = append_all(entries); !status) {
        forget();
        return std::move(status).error().during("register");
    }
    keep();
    if (before / tile_width != log_->known() / tile_width) save_index();
    return Receipt{head_of(entries.back()).index};
}

Result<std::string> LogRegister::station_of(const std::string& job) const {
    const LoggedJob* logged = state_.find_open(job);
    if (logged != nullptr) return logged->intent.station;
    if (state_.is_closed(job))
        return Error{Fault::refused, "register: " + job + ": has its document already"};
    return Error{Fault::refused, "register: " + job + ": no such job in the log"};
}

Result<std::string> LogRegister::init(const std::string& origin) {
    if (!is_note_name(origin))
        return Error{Fault::usage, "register: \"" + escaped(origin) + "\" cannot be an origin"};
    auto lock = open();
    if (!lock) return std::move(lock).error();
    if (log_->exists())
        return Error{Fault::refused, "register: " + setup_.directory +
                                         ": there is a log already, " +
                                         escaped(log_->checkpoint().origin)};
    if (auto status = create(origin); !status) {
        forget();
        return std::move(status).error().during("register");
    }
    keep();
    return signer_->verifier().text();
}

Status LogRegister::probe() {
    auto lock = open();
    auto status = lock ? Status{} : Status(std::move(lock).error());
    if (status && !log_->exists()) status = sign_as("probe");
    if (!status) status.error().fault = Fault::evidence;
    return status;
}

Result<Intent> LogRegister::append_intent(const IntentFacts& facts) {
    if (facts.serial.empty()) return Error{Fault::refused, "register: serial: empty"};
    if (!is_station_id(facts.station))
        return Error{Fault::refused, "register: station: not 4 to 13 of A-Z and 0-9"};
    auto lock = open();
    if (!lock) return std::move(lock).error();
    std::vector<Entry> entries = genesis_if_new(facts.station);
    const Bytes salt = random_bytes(salt_octets);
    IntentEntry entry;
    entry.head = head(facts.station, EntryType::intent);
    entry.head.index += entries.size();
    entry.sequence = state_.next_sequence(facts.station);
    entry.job = job_id(facts.station, entry.sequence);
    entry.plan_sha256 = facts.plan_sha256;
    entry.previous_sha384 = state_.latest_document(facts.station);
    entry.serial_hmac = to_hex(hmac_sha256(salt, as_bytes(facts.serial)));
    entry.technique = facts.technique;
    entries.emplace_back(entry);
    if (auto receipt = append(entries); !receipt) return std::move(receipt).error();
    Intent intent = state_.find_open(entry.job)->intent;
    intent.salt = to_hex(salt);
    return intent;
}

Result<Receipt> LogRegister::append_result(const ResultFacts& facts) {
    const auto verdict = from_text<Verdict>(facts.verdict);
    if (!verdict) return Error{Fault::refused, "register: no such verdict: " + facts.verdict};
    auto lock = open();
    if (!lock) return std::move(lock).error();
    auto station = station_of(facts.job);
    if (!station) return std::move(station).error();
    return append({ResultEntry{head(*station, EntryType::result), facts.job, facts.journal_sha256,
                               *verdict}});
}

Result<Receipt> LogRegister::append_document(const DocumentFacts& facts) {
    const auto type = from_text<DocumentType>(facts.type);
    if (!type) return Error{Fault::refused, "register: no such document type: " + facts.type};
    auto lock = open();
    if (!lock) return std::move(lock).error();
    auto station = station_of(facts.job);
    if (!station) return std::move(station).error();
    return append({DocumentEntry{head(*station, EntryType::document), *type, facts.job,
                                 facts.payload_sha384}});
}

Result<Receipt> LogRegister::append_recheck(const RecheckFacts& facts) {
    if (!is_station_id(facts.station))
        return Error{Fault::refused, "register: station: not 4 to 13 of A-Z and 0-9"};
    auto lock = open();
    if (!lock) return std::move(lock).error();
    std::vector<Entry> entries = genesis_if_new(facts.station);
    ValidationEntry entry;
    entry.head = head(facts.station, EntryType::validation);
    entry.head.index += entries.size();
    entry.bytes_matched = facts.bytes_matched;
    entry.document = facts.document;
    entry.identified = facts.identified;
    entry.payload_sha384 = facts.payload_sha384;
    entry.verdict = facts.verdict;
    entry.verification = facts.verification;
    entries.emplace_back(std::move(entry));
    return append(entries);
}

Result<Receipt> LogRegister::append_statement(const StatementFacts& facts) {
    if (!is_station_id(facts.station))
        return Error{Fault::refused, "register: station: not 4 to 13 of A-Z and 0-9"};
    auto lock = open();
    if (!lock) return std::move(lock).error();
    std::vector<Entry> entries = genesis_if_new(facts.station);
    StatementEntry entry;
    entry.head = head(facts.station, EntryType::validation);
    entry.head.index += entries.size();
    entry.decision = facts.accepted ? ValidationDecision::accepted : ValidationDecision::rejected;
    entry.document = facts.document;
    entry.payload_sha384 = facts.payload_sha384;
    entry.statement_sha384 = facts.statement_sha384;
    entry.validator = facts.validator;
    entries.emplace_back(std::move(entry));
    return append(entries);
}

// Collects all that a log says of its jobs.
class JobList {
  public:
    Status take(std::string_view text) {
        auto entry = take_into(state_, text);
        if (!entry) return std::move(entry).error();
        if (const auto* intent = std::get_if<IntentEntry>(&*entry)) {
            places_.emplace(intent->job, jobs_.size());
            jobs_.push_back(*state_.find_open(intent->job));
        }
        if (const auto* result = std::get_if<ResultEntry>(&*entry))
            of(result->job).result = state_.find_open(result->job)->result;
        if (const auto* document = std::get_if<DocumentEntry>(&*entry))
            of(document->job).document = DocumentFacts{
                document->job, std::string(to_text(document->document)), document->payload_sha384};
        return {};
    }
    [[nodiscard]] std::vector<LoggedJob>& jobs() { return jobs_; }

  private:
    LoggedJob& of(const std::string& job) { return jobs_[places_.find(job)->second]; }
    LogState state_;
    std::vector<LoggedJob> jobs_;
    std::map<std::string, std::size_t, std::less<>> places_;
};

// Without the lock, so that whoever may only read the log can: what a checkpoint names never
// changes.
Result<TileLog> LogRegister::read(const TileLog::Take& take) {
    TileLog log(*files_);
    auto status = log.read_checkpoint();
    if (status && log.exists()) status = log.advance(take);
    if (!status) return in_this_log(std::move(status).error());
    return log;
}

Result<std::vector<LoggedJob>> LogRegister::jobs() {
    JobList list;
    auto log = read([&](std::uint64_t, std::string_view text) { return list.take(text); });
    if (!log) return std::move(log).error();
    return std::move(list.jobs());
}

Result<std::optional<StatementFacts>>
LogRegister::statement_about(const std::string& payload_sha384) {
    // Under the lock, so that what a crash interrupted is seen; who may not have it reads on.
    { const auto seen = open(); }
    std::optional<StatementFacts> found;
    auto log = read([&](std::uint64_t, std::string_view text) -> Status {
        auto entry = parse_entry(text);
        if (!entry) return std::move(entry).error();
        const auto* statement = std::get_if<StatementEntry>(&*entry);
        if (found || statement == nullptr || statement->payload_sha384 != payload_sha384) return {};
        found = StatementFacts{
            statement->head.station,   statement->document,
            statement->payload_sha384, statement->statement_sha384,
            statement->validator,      statement->decision == ValidationDecision::accepted};
        return {};
    });
    if (!log) return std::move(log).error();
    return found;
}

Result<std::optional<LoggedJob>> LogRegister::find(const std::string& job) {
    // Under the lock, so that what a crash interrupted is seen; who may not have it reads on.
    if (auto lock = open(); !lock)
        if (auto status = know(); !status) return in_this_log(std::move(status).error());
    if (const LoggedJob* open_job = state_.find_open(job)) return std::optional(*open_job);
    if (!state_.is_closed(job)) return std::optional<LoggedJob>{};
    auto all = jobs();
    if (!all) return std::move(all).error();
    for (LoggedJob& each : *all)
        if (each.intent.job == job) return std::optional(std::move(each));
    return std::optional<LoggedJob>{};
}

// Only as much of the log is read as came after the intent; the proofs vouch for it.
Result<Attested> LogRegister::attest(std::uint64_t first,
                                     const std::function<bool(const Entry&)>& wanted) {
    const std::uint64_t size = log_->checkpoint().head.size;
    for (std::uint64_t bundle = first / tile_width; bundle * tile_width < size; ++bundle) {
        auto content = read_bundle(*files_, size, bundle);
        auto entries = content ? parse_bundle(*content) : content.error();
        if (!entries) return std::move(entries).error();
        for (std::uint64_t i = 0; i < entries->size(); ++i) {
            const std::string_view text = (*entries)[i];
            auto entry = parse_entry(text);
            if (!entry) return std::move(entry).error();
            if (!wanted(*entry)) continue;
            const std::uint64_t index = bundle * tile_width + i;
            auto path = TileTree(*files_, size).inclusion(index, size);
            if (!path) return std::move(path).error();
            return Attested{std::string(text), proof_text({index, std::move(*path), log_->note()})};
        }
    }
    return Error{Fault::invalid, "an entry that was there is gone"};
}

Result<Testimony> LogRegister::testimony(const std::string& job) {
    const auto logged = find(job);
    if (!logged) return logged.error();
    const bool stated = *logged && (*logged)->intent.technique == stated_destruction;
    if (!*logged || (!(*logged)->result && !stated))
        return Error{Fault::refused, "register: " + escaped(job) + ": not a job with a result"};
    auto lock = open();
    if (!lock) return std::move(lock).error();
    const std::uint64_t first = (*logged)->intent.log_index;
    auto intent = attest(first, is_of<IntentEntry>(job));
    if (!intent) return in_this_log(std::move(intent).error());
    if (!(*logged)->result) return Testimony{std::move(*intent), {}};
    auto result = attest(first, is_of<ResultEntry>(job));
    if (!result) return in_this_log(std::move(result).error());
    return Testimony{std::move(*intent), std::move(*result)};
}

Result<Entry> LogRegister::last_entry(std::uint64_t size) {
    auto content = read_bundle(*files_, size, (size - 1) / tile_width);
    auto entries = content ? parse_bundle(*content) : content.error();
    if (!entries) return std::move(entries).error();
    if (entries->empty()) return Error{Fault::invalid, "the last bundle has no entry"};
    return parse_entry(entries->back());
}

Result<std::optional<std::int64_t>> LogRegister::latest_time() {
    TileLog log(*files_);
    if (auto status = log.read_checkpoint(); !status) return in_this_log(std::move(status).error());
    if (!log.exists() || log.checkpoint().head.size == 0) return std::optional<std::int64_t>{};
    const auto entry = last_entry(log.checkpoint().head.size);
    const auto time = entry ? from_rfc3339(head_of(*entry).time) : entry.error();
    if (!time) return in_this_log(time.error());
    return std::optional(*time);
}

Result<std::string> LogRegister::proof(const std::string& job) {
    std::optional<std::uint64_t> place;
    std::string logged;
    auto log = read([&](std::uint64_t index, std::string_view text) -> Status {
        auto entry = parse_entry(text);
        if (!entry) return std::move(entry).error();
        const auto* document = std::get_if<DocumentEntry>(&*entry);
        if (document == nullptr || document->job != job) return {};
        place = index;
        logged = text;
        return {};
    });
    if (!log) return std::move(log).error();
    if (!place)
        return Error{Fault::usage, "register: " + escaped(job) + ": no document of it in the log"};
    const std::uint64_t size = log->checkpoint().head.size;
    auto path = TileTree(*files_, size).inclusion(*place, size);
    if (!path) return in_this_log(std::move(path).error());
    return proof_text({*place, std::move(*path), log->note(), std::move(logged)});
}

} // namespace

std::unique_ptr<Register> open_log_register(LogSetup setup, Clock& clock,
                                            std::unique_ptr<LogFiles> files) {
    return std::make_unique<LogRegister>(std::move(setup), clock, std::move(files));
}

std::unique_ptr<Register> open_log_register(LogSetup setup, Clock& clock) {
    auto files = open_log_files(setup.directory);
    return open_log_register(std::move(setup), clock, std::move(files));
}

} // namespace quietus
