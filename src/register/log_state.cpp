#include "log_state.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/core/clock.hpp"
#include "quietus/record/job_id.hpp"

namespace quietus {
namespace {

Error refused(std::string message) {
    return {Fault::refused, std::move(message)};
}

Status check_digest(std::string_view name, std::string_view text, std::size_t digits) {
    if (text.size() == digits && is_hex(text)) return {};
    return refused(std::string(name) + ": not " + std::to_string(digits) +
                   " lower-case hexadecimal digits");
}

} // namespace

std::size_t complete_length(std::string_view text) {
    const auto newline = text.rfind('\n');
    return newline == std::string_view::npos ? 0 : newline + 1;
}

Result<LogState> LogState::replay(std::string_view text) {
    LogState state;
    if (auto status = state.extend(text); !status) return std::move(status).error();
    return state;
}

Status LogState::extend(std::string_view text) {
    text = text.substr(0, complete_length(text));
    while (!text.empty()) {
        const auto end = text.find('\n');
        const std::string number = std::to_string(next_index_ + 1);
        if (auto status = apply_line(text.substr(0, end)); !status) {
            Error error = std::move(status).error().during("line " + number);
            error.fault = Fault::invalid;
            return error;
        }
        text.remove_prefix(end + 1);
    }
    return {};
}

Status LogState::apply_line(std::string_view line) {
    auto json = parse_json(line, 65536);
    if (!json) return std::move(json).error();
    if (auto canonical = to_canonical(*json); !canonical || *canonical != line)
        return refused("not in canonical form");
    const auto type = from_text<EntryType>(json->text_of("type"));
    if (!type) return refused("an entry of unknown type");
    const auto take = [&](auto entry) -> Status {
        if (!entry) return std::move(entry).error();
        return apply(*entry);
    };
    switch (*type) {
    case EntryType::genesis:
        return take(from_json<GenesisEntry>(*json));
    case EntryType::intent:
        return take(from_json<IntentEntry>(*json));
    case EntryType::result:
        return take(from_json<ResultEntry>(*json));
    case EntryType::document:
        return take(from_json<DocumentEntry>(*json));
    }
    return refused("an entry of unknown type");
}

Status LogState::check_head(const EntryHead& head, EntryType type) const {
    if (head.index != next_index_)
        return refused("index " + std::to_string(head.index) + " where " +
                       std::to_string(next_index_) + " belongs");
    if ((head.index == 0) != (type == EntryType::genesis))
        return refused("the genesis entry is the first and no other");
    if (head.type != type) return refused("wrong type of entry");
    if (!is_station_id(head.station)) return refused("station: not 4 to 13 of A-Z and 0-9");
    if (auto time = from_rfc3339(head.time); !time) return std::move(time).error().during("time");
    return {};
}

Status LogState::apply(const GenesisEntry& entry) {
    if (auto status = check_head(entry.head, EntryType::genesis); !status) return status;
    if (entry.schema != 1) return refused("schema: not 1");
    ++next_index_;
    return {};
}

Status LogState::apply(const IntentEntry& entry) {
    if (auto status = check_head(entry.head, EntryType::intent); !status) return status;
    const std::string& station = entry.head.station;
    if (entry.sequence != next_sequence(station) || entry.sequence > job_sequence_max)
        return refused("number " + std::to_string(entry.sequence) + " of station " + station +
                       " is not the next one");
    if (entry.job != job_id(station, entry.sequence))
        return refused("job: not named by station and number");
    if (entry.technique.empty()) return refused("technique: empty");
    if (auto status = check_digest("plan_sha256", entry.plan_sha256, 64); !status) return status;
    if (auto status = check_digest("serial_hmac", entry.serial_hmac, 64); !status) return status;
    if (entry.previous_sha384 != latest_document(station))
        return refused("previous_sha384: not the digest of the latest document of the station");
    by_name_.emplace(entry.job, jobs_.size());
    jobs_.push_back(
        {{entry.job, entry.sequence, entry.head.index, {}, entry.previous_sha384, station},
         std::nullopt,
         std::nullopt});
    stations_[station].highest = entry.sequence;
    ++next_index_;
    return {};
}

Status LogState::apply(const ResultEntry& entry) {
    if (auto status = check_head(entry.head, EntryType::result); !status) return status;
    auto job = job_of(entry.head, entry.job);
    if (!job) return std::move(job).error();
    if ((*job)->result) return refused(entry.job + ": has its result already");
    if (auto status = check_digest("journal_sha256", entry.journal_sha256, 64); !status)
        return status;
    (*job)->result =
        ResultFacts{entry.job, std::string(to_text(entry.verdict)), entry.journal_sha256};
    ++next_index_;
    return {};
}

Status LogState::apply(const DocumentEntry& entry) {
    if (auto status = check_head(entry.head, EntryType::document); !status) return status;
    auto job = job_of(entry.head, entry.job);
    if (!job) return std::move(job).error();
    if (!(*job)->result) return refused(entry.job + ": a document before the result");
    if ((*job)->document) return refused(entry.job + ": has its document already");
    if (auto status = check_digest("payload_sha384", entry.payload_sha384, 96); !status)
        return status;
    (*job)->document =
        DocumentFacts{entry.job, std::string(to_text(entry.document)), entry.payload_sha384};
    stations_[entry.head.station].latest_document = entry.payload_sha384;
    ++next_index_;
    return {};
}

Result<LoggedJob*> LogState::job_of(const EntryHead& head, const std::string& job) {
    const auto found = by_name_.find(job);
    if (found == by_name_.end()) return refused(job + ": no such job in the log");
    LoggedJob& logged = jobs_[found->second];
    if (logged.intent.station != head.station) return refused(job + ": of another station");
    return &logged;
}

std::uint64_t LogState::next_sequence(const std::string& station) const {
    const auto found = stations_.find(station);
    return found == stations_.end() ? 1 : found->second.highest + 1;
}

std::string LogState::latest_document(const std::string& station) const {
    const auto found = stations_.find(station);
    return found == stations_.end() ? std::string{} : found->second.latest_document;
}

const LoggedJob* LogState::find(const std::string& job) const {
    const auto found = by_name_.find(job);
    return found == by_name_.end() ? nullptr : &jobs_[found->second];
}

} // namespace quietus
