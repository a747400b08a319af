#include "quietus/job/journal.hpp"

#include "packed_extents.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/stream/digest.hpp"

#include <sys/stat.h>

namespace quietus {
namespace {

std::string path_in(const std::string& job_directory) {
    return job_directory + "/journal.jsonl";
}

// A line without its end was never acknowledged; the next one must not continue it.
Status cut_torn_line(AppendFile& file) {
    const auto text = file.content(journal_limit);
    if (!text) return Error(text.error());
    const std::size_t complete = text->rfind('\n') == std::string::npos ? 0 : text->rfind('\n') + 1;
    return complete == text->size() ? Status{} : file.cut_back_to(complete);
}

template <typename Record, typename Take>
Status take_record(const Json& event, Take take) {
    const Json* json = event.find("record");
    auto record = from_packed_json<Record>(json == nullptr ? Json{} : *json);
    if (!record) return std::move(record).error().during("record");
    take(std::move(*record));
    return {};
}

// Once, and before anything that it would have to be added to.
Status take_carried(const Json& event, FileJournal::Content& content) {
    const Evidence& so_far = content.evidence;
    if (content.carried || content.checkpoint || so_far.probe || !so_far.passes.empty() ||
        !so_far.read_backs.empty() || so_far.firmware || so_far.hidden || so_far.luks)
        return Error{Fault::invalid, "carried: not where it belongs"};
    return take_record<StartingPoint>(event, [&](auto from) {
        content.evidence = from.done;
        content.checkpoint = from.begun;
        content.carried = std::move(from);
    });
}

/// The digest of all transcripts of a journal, as the job made it.
class TranscriptDigest {
  public:
    void take(const Json& event) {
        const Json* lines = event.find("lines");
        const auto* texts = lines == nullptr ? nullptr : lines->as<Json::Array>();
        if (texts == nullptr) return;
        for (const Json& each : *texts) {
            const auto* text = each.as<std::string>();
            digest_.update(as_bytes((text == nullptr ? "" : *text) + '\n'));
            any_ = true;
        }
    }
    [[nodiscard]] std::string finish() { return any_ ? to_hex(digest_.finish()) : std::string(); }

  private:
    Digest digest_{DigestKind::sha256};
    bool any_ = false;
};

Status take_line(std::string_view line, FileJournal::Content& content,
                 TranscriptDigest& transcript) {
    auto event = parse_json(line, journal_line_limit);
    if (!event) return std::move(event).error();
    const std::string_view kind = event->text_of("event");
    Evidence& evidence = content.evidence;
    if (kind == "committed") content.committed = *event;
    if (kind == "transcript") transcript.take(*event);
    if (kind == "carried") return take_carried(*event, content);
    if (kind == "checkpoint")
        return take_record<PassRecord>(*event, [&](auto each) { content.checkpoint = each; });
    if (kind == "probe")
        return take_record<ProbeRecord>(*event, [&](auto each) { evidence.probe = each; });
    if (kind == "pass")
        return take_record<PassRecord>(*event, [&](auto each) { evidence.passes.push_back(each); });
    if (kind == "read-back")
        return take_record<ReadBackRecord>(*event,
                                           [&](auto each) { evidence.read_backs.push_back(each); });
    if (kind == "firmware")
        return take_record<FirmwareEvidence>(*event, [&](auto each) { evidence.firmware = each; });
    if (kind == "hidden-areas")
        return take_record<HiddenAreaRecord>(*event, [&](auto each) { evidence.hidden = each; });
    if (kind == "health")
        return take_record<HealthRecord>(*event, [&](auto each) { evidence.health_after = each; });
    if (kind == "luks")
        return take_record<LuksRecord>(*event, [&](auto each) { evidence.luks = each; });
    if (kind == "verdict")
        return take_record<ErasureRecord>(*event, [&](auto each) { content.record = each; });
    return {};
}

template <typename Record>
Json line_of(std::string_view event, const Record& record) {
    return Json::object({{"event", event}, {"record", to_packed_json(record)}});
}

} // namespace

Json probe_line(const ProbeRecord& record) {
    return line_of("probe", record);
}

Json pass_line(const PassRecord& record) {
    return line_of("pass", record);
}

Json read_back_line(const ReadBackRecord& record) {
    return line_of("read-back", record);
}

Json firmware_line(const FirmwareEvidence& evidence) {
    return line_of("firmware", evidence);
}

Json hidden_areas_line(const HiddenAreaRecord& record) {
    return line_of("hidden-areas", record);
}

Json health_line(const HealthRecord& record) {
    return line_of("health", record);
}

Json luks_line(const LuksRecord& record) {
    return line_of("luks", record);
}

Json transcript_line(const std::vector<std::string>& lines) {
    return Json::object(
        {{"event", "transcript"}, {"lines", Json::Array(lines.begin(), lines.end())}});
}

Json checkpoint_line(const PassRecord& record) {
    return line_of("checkpoint", record);
}

Json carried_line(const StartingPoint& from) {
    return line_of("carried", from);
}

Json verdict_line(const ErasureRecord& record) {
    return line_of("verdict", record);
}

Result<std::unique_ptr<FileJournal>> FileJournal::create(const std::string& job_directory) {
    if (auto status = make_directories(job_directory, 0700); !status)
        return std::move(status).error().during("journal");
    auto file = AppendFile::open(path_in(job_directory), Contention::refuse);
    if (!file) return std::move(file).error().during("journal");
    if (file->size() != 0)
        return Error{Fault::evidence, "journal: " + path_in(job_directory) + " exists already"};
    return std::unique_ptr<FileJournal>(new FileJournal(std::move(*file)));
}

Result<std::unique_ptr<FileJournal>> FileJournal::reopen(const std::string& job_directory) {
    struct stat facts {};
    if (::stat(path_in(job_directory).c_str(), &facts) != 0)
        return system_error(Fault::usage, path_in(job_directory));
    auto file = AppendFile::open(path_in(job_directory), Contention::refuse);
    if (!file) return std::move(file).error().during("journal");
    if (auto status = cut_torn_line(*file); !status)
        return std::move(status).error().during("journal");
    return std::unique_ptr<FileJournal>(new FileJournal(std::move(*file)));
}

Status FileJournal::append(const Json& event) {
    const std::string line = to_line(event);
    if (line.size() > journal_line_limit || file_.size() + line.size() >= journal_limit)
        return Error{Fault::evidence, "journal: too long to be read again"};
    return file_.append(line);
}

Result<FileJournal::Content> FileJournal::read() const {
    const auto octets = text();
    if (!octets) return Error(octets.error());
    return parse(*octets);
}

Result<std::string> FileJournal::text() const {
    return file_.content(journal_limit);
}

Result<FileJournal::Content> FileJournal::parse(std::string_view text) {
    Content content;
    TranscriptDigest transcript;
    std::size_t begin = 0;
    for (std::size_t number = 1; !content.record; ++number) {
        const std::size_t end = text.find('\n', begin);
        if (end == std::string::npos) break;
        const auto line = text.substr(begin, end - begin);
        if (auto status = take_line(line, content, transcript); !status)
            return std::move(status).error().during("journal line " + std::to_string(number));
        begin = end + 1;
    }
    content.transcript_sha256 = transcript.finish();
    content.sha256 = sha256_hex(text.substr(0, begin));
    return content;
}

} // namespace quietus
