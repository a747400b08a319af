#include "log_state.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/core/clock.hpp"
#include "quietus/record/job_id.hpp"

#include "tile_names.hpp"

#include <algorithm>

namespace quietus {
namespace {

std::optional<Breach> check_digest(std::string_view name, std::string_view text,
                                   std::size_t digits) {
    if (text.size() == digits && is_hex(text)) return std::nullopt;
    return Breach{Rule::form, std::string(name) + ": not " + std::to_string(digits) +
                                  " lower-case hexadecimal digits"};
}

bool is_document_id(const std::string& text) {
    const auto dash = text.rfind('-');
    if (!text.starts_with("QTS-") || dash < 4) return false;
    const std::string digits = text.substr(dash + 1);
    const auto number =
        parse_decimal(digits.substr(std::min(digits.size(), digits.find_first_not_of('0'))));
    const std::string station = text.substr(4, dash - 4);
    return number && *number > 0 && *number <= job_sequence_max && is_station_id(station) &&
           text == job_id(station, *number);
}

// A share of the drive, and a verdict that what was read can bear.
std::optional<Breach> check_reading(const ValidationEntry& entry) {
    const Verification& asked = entry.verification;
    const bool full = asked.mode == VerificationMode::full && asked.percent == 100;
    const bool sample =
        asked.mode == VerificationMode::sample && asked.percent >= 1 && asked.percent <= 99;
    if (!full && !sample) return Breach{Rule::form, "verification: neither full nor a sample"};
    if (entry.verdict == RecheckVerdict::same && entry.bytes_matched == 0)
        return Breach{Rule::validation, "found the same, and nothing matched"};
    if (entry.verdict == RecheckVerdict::another_drive &&
        (entry.bytes_matched != 0 || entry.identified))
        return Breach{Rule::validation, "another drive, and yet this one"};
    return std::nullopt;
}

LoggedJob job_of(const IntentEntry& entry) {
    return {{entry.job,
             entry.sequence,
             entry.head.index,
             {},
             entry.previous_sha384,
             entry.head.station,
             entry.technique},
            std::nullopt,
            std::nullopt};
}

/// One open job and one station as the index file has them.
struct OpenJob {
    std::string job;
    std::uint64_t sequence = 0;
    std::uint64_t log_index = 0;
    std::string previous_sha384;
    std::string station;
    std::string technique;
    std::optional<std::string> verdict;
    std::optional<std::string> journal_sha256;

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("job", self.job);
        visit("sequence", self.sequence);
        visit("log_index", self.log_index);
        visit("previous_sha384", self.previous_sha384);
        visit("station", self.station);
        visit("technique", self.technique);
        visit("verdict", self.verdict);
        visit("journal_sha256", self.journal_sha256);
    }
};

struct KnownStation {
    std::string station;
    std::uint64_t highest = 0;
    std::string latest_document;

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("station", self.station);
        visit("highest", self.highest);
        visit("latest_document", self.latest_document);
    }
};

struct SavedState {
    std::uint64_t next_index = 0;
    std::vector<OpenJob> open;
    std::vector<KnownStation> stations;

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("next_index", self.next_index);
        visit("open", self.open);
        visit("stations", self.stations);
    }
};

OpenJob saved(const LoggedJob& job) {
    OpenJob open{
        job.intent.job,     job.intent.sequence,  job.intent.log_index, job.intent.previous_sha384,
        job.intent.station, job.intent.technique, std::nullopt,         std::nullopt};
    if (job.result) {
        open.verdict = job.result->verdict;
        open.journal_sha256 = job.result->journal_sha256;
    }
    return open;
}

LoggedJob restored(const OpenJob& open) {
    LoggedJob job{{open.job,
                   open.sequence,
                   open.log_index,
                   {},
                   open.previous_sha384,
                   open.station,
                   open.technique},
                  std::nullopt,
                  std::nullopt};
    if (open.verdict)
        job.result = ResultFacts{open.job, *open.verdict, open.journal_sha256.value_or("")};
    return job;
}

} // namespace

Result<Entry> parse_entry(std::string_view text) {
    auto json = parse_json(text, entry_octets_max);
    if (!json) return std::move(json).error();
    if (auto canonical = to_canonical(*json); !canonical || *canonical != text)
        return Error{Fault::invalid, "not in canonical form"};
    const auto type = from_text<EntryType>(json->text_of("type"));
    if (!type) return Error{Fault::invalid, "an entry of unknown type"};
    const auto read = [](auto entry) -> Result<Entry> {
        if (!entry) return std::move(entry).error();
        return Entry(std::move(*entry));
    };
    switch (*type) {
    case EntryType::genesis:
        return read(from_json<GenesisEntry>(*json));
    case EntryType::intent:
        return read(from_json<IntentEntry>(*json));
    case EntryType::result:
        return read(from_json<ResultEntry>(*json));
    case EntryType::document:
        return read(from_json<DocumentEntry>(*json));
    case EntryType::validation:
        if (json->text_of("kind") == to_text(ValidationKind::statement))
            return read(from_json<StatementEntry>(*json));
        return read(from_json<ValidationEntry>(*json));
    }
    return Error{Fault::invalid, "an entry of unknown type"};
}

const EntryHead& head_of(const Entry& entry) {
    return std::visit([](const auto& each) -> const EntryHead& { return each.head; }, entry);
}

std::optional<Breach> LogState::apply(const Entry& entry) {
    auto breach = std::visit([this](const auto& each) { return take(each); }, entry);
    if (!breach) ++next_index_;
    return breach;
}

std::optional<Breach> LogState::check_head(const EntryHead& head, EntryType type) const {
    if (head.index != next_index_)
        return Breach{Rule::index, "index " + std::to_string(head.index) + " where " +
                                       std::to_string(next_index_) + " belongs"};
    if ((head.index == 0) != (type == EntryType::genesis))
        return Breach{Rule::index, "the genesis entry is the first and no other"};
    if (head.type != type) return Breach{Rule::form, "wrong type of entry"};
    if (!is_station_id(head.station))
        return Breach{Rule::form, "station: not 4 to 13 of A-Z and 0-9"};
    if (auto time = from_rfc3339(head.time); !time)
        return Breach{Rule::form, "time: " + time.error().message};
    return std::nullopt;
}

std::optional<Breach> LogState::check_job(const EntryHead& head, const std::string& job,
                                          Rule rule) const {
    if (is_closed(job)) return Breach{rule, job + ": has its document already"};
    const LoggedJob* logged = find_open(job);
    if (logged == nullptr) return Breach{rule, job + ": no such job in the log"};
    if (logged->intent.station != head.station) return Breach{rule, job + ": of another station"};
    return std::nullopt;
}

std::optional<Breach> LogState::take(const GenesisEntry& entry) {
    if (auto breach = check_head(entry.head, EntryType::genesis)) return breach;
    if (entry.schema != 1) return Breach{Rule::form, "schema: not 1"};
    return std::nullopt;
}

std::optional<Breach> LogState::take(const IntentEntry& entry) {
    if (auto breach = check_head(entry.head, EntryType::intent)) return breach;
    const std::string& station = entry.head.station;
    if (entry.sequence != next_sequence(station) || entry.sequence > job_sequence_max)
        return Breach{Rule::number, "number " + std::to_string(entry.sequence) + " of station " +
                                        station + " where " +
                                        std::to_string(next_sequence(station)) + " belongs"};
    if (entry.job != job_id(station, entry.sequence))
        return Breach{Rule::number, "job: not named by station and number"};
    if (entry.technique.empty()) return Breach{Rule::form, "technique: empty"};
    if (auto breach = check_digest("plan_sha256", entry.plan_sha256, 64)) return breach;
    if (auto breach = check_digest("serial_hmac", entry.serial_hmac, 64)) return breach;
    if (entry.previous_sha384 != latest_document(station))
        return Breach{Rule::chain,
                      "previous_sha384: not the digest of the latest document of the station"};
    open_job(entry);
    return std::nullopt;
}

void LogState::open_job(const IntentEntry& entry) {
    open_.insert_or_assign(entry.job, job_of(entry));
    auto& highest = stations_[entry.head.station].highest;
    highest = std::max(highest, entry.sequence);
}

std::optional<Breach> LogState::take(const ResultEntry& entry) {
    if (auto breach = check_head(entry.head, EntryType::result)) return breach;
    if (auto breach = check_job(entry.head, entry.job, Rule::result)) return breach;
    LoggedJob& job = open_.find(entry.job)->second;
    if (job.result) return Breach{Rule::result, entry.job + ": has its result already"};
    if (auto breach = check_digest("journal_sha256", entry.journal_sha256, 64)) return breach;
    job.result = ResultFacts{entry.job, std::string(to_text(entry.verdict)), entry.journal_sha256};
    return std::nullopt;
}

std::optional<Breach> LogState::take(const DocumentEntry& entry) {
    if (auto breach = check_head(entry.head, EntryType::document)) return breach;
    if (auto breach = check_job(entry.head, entry.job, Rule::document)) return breach;
    const LoggedJob& job = *find_open(entry.job);
    const bool stated = entry.document == DocumentType::destruction;
    if (stated && (job.intent.technique != stated_destruction || job.result))
        return Breach{Rule::document, entry.job + ": a statement of destruction of another job"};
    if (!stated && !job.result)
        return Breach{Rule::document, entry.job + ": a document before the result"};
    if (auto breach = check_digest("payload_sha384", entry.payload_sha384, 96)) return breach;
    open_.erase(entry.job);
    stations_[entry.head.station].latest_document = entry.payload_sha384;
    return std::nullopt;
}

// Nothing follows from it for any job: the document may be another station's.
std::optional<Breach> LogState::take(const ValidationEntry& entry) {
    if (auto breach = check_head(entry.head, EntryType::validation)) return breach;
    if (!is_document_id(entry.document)) return Breach{Rule::form, "document: not an id"};
    if (auto breach = check_digest("payload_sha384", entry.payload_sha384, 96)) return breach;
    return check_reading(entry);
}

std::optional<Breach> LogState::take(const StatementEntry& entry) {
    if (auto breach = check_head(entry.head, EntryType::validation)) return breach;
    if (!is_document_id(entry.document)) return Breach{Rule::form, "document: not an id"};
    if (auto breach = check_digest("payload_sha384", entry.payload_sha384, 96)) return breach;
    if (auto breach = check_digest("statement_sha384", entry.statement_sha384, 96)) return breach;
    if (entry.validator.empty()) return Breach{Rule::form, "validator: empty"};
    return std::nullopt;
}

void LogState::take_as_it_is(const Entry& entry) {
    ++next_index_;
    if (const auto* intent = std::get_if<IntentEntry>(&entry)) open_job(*intent);
    if (const auto* document = std::get_if<DocumentEntry>(&entry)) {
        open_.erase(document->job);
        stations_[document->head.station].latest_document = document->payload_sha384;
    }
}

std::uint64_t LogState::next_sequence(const std::string& station) const {
    const auto found = stations_.find(station);
    return found == stations_.end() ? 1 : found->second.highest + 1;
}

std::string LogState::latest_document(const std::string& station) const {
    const auto found = stations_.find(station);
    return found == stations_.end() ? std::string{} : found->second.latest_document;
}

const LoggedJob* LogState::find_open(const std::string& job) const {
    const auto found = open_.find(job);
    return found == open_.end() ? nullptr : &found->second;
}

// Numbers have no gap, so a number that was given out and is not open has its document.
bool LogState::is_closed(const std::string& job) const {
    if (open_.contains(job)) return false;
    return std::ranges::any_of(stations_, [&](const auto& each) {
        const auto& [station, facts] = each;
        const std::string start = "QTS-" + station + "-";
        if (!job.starts_with(start)) return false;
        const auto digits =
            job.substr(std::min(job.size(), job.find_first_not_of('0', start.size())));
        const auto sequence = parse_decimal(digits);
        return sequence && *sequence > 0 && *sequence <= facts.highest &&
               job == job_id(station, *sequence);
    });
}

Json LogState::to_json() const {
    SavedState state{next_index_, {}, {}};
    for (const auto& [name, job] : open_)
        state.open.push_back(saved(job));
    for (const auto& [name, station] : stations_)
        state.stations.push_back({name, station.highest, station.latest_document});
    return quietus::to_json(state);
}

Result<LogState> LogState::from_json(const Json& json) {
    auto state = quietus::from_json<SavedState>(json);
    if (!state) return std::move(state).error();
    LogState result;
    result.next_index_ = state->next_index;
    for (const OpenJob& open : state->open)
        result.open_.emplace(open.job, restored(open));
    for (const KnownStation& each : state->stations)
        result.stations_[each.station] = {each.highest, each.latest_document};
    return result;
}

} // namespace quietus
