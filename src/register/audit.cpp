#include "quietus/register/audit.hpp"

#include "audit_documents.hpp"
#include "audit_previous.hpp"
#include "log_state.hpp"
#include "tile_log.hpp"

#include "quietus/record/rehearsal.hpp"

#include <algorithm>
#include <map>

namespace quietus {
namespace {

constexpr std::size_t findings_max = 1000;

std::string code_of(Rule rule) {
    switch (rule) {
    case Rule::form:
        return "E_REGISTER_ENTRY";
    case Rule::index:
        return "E_REGISTER_INDEX";
    case Rule::number:
        return "E_REGISTER_NUMBER";
    case Rule::chain:
        return "E_REGISTER_CHAIN";
    case Rule::result:
        return "E_REGISTER_RESULT";
    case Rule::document:
        return "E_REGISTER_DOCUMENT";
    case Rule::validation:
        return "E_REGISTER_VALIDATION";
    }
    return "E_REGISTER_ENTRY";
}

std::vector<Hash> hashes_of(const std::vector<std::string_view>& entries) {
    std::vector<Hash> hashes;
    std::ranges::transform(entries, std::back_inserter(hashes), leaf_hash);
    return hashes;
}

// What happened to a bundle whose entries are not those of its tile.
CheckFinding difference(std::vector<Hash> is, std::vector<Hash> was, std::uint64_t first) {
    const auto at = std::ranges::mismatch(is, was).in1 - is.begin();
    const std::string where =
        "from entry " + std::to_string(first + static_cast<std::uint64_t>(at));
    const bool fewer = is.size() < was.size();
    std::ranges::sort(is);
    std::ranges::sort(was);
    if (is == was) return {"E_REGISTER_REORDERED", where + " in another order than was signed"};
    if (fewer && std::ranges::includes(was, is))
        return {"E_REGISTER_DELETED", where + " something that was signed is gone"};
    return {"E_REGISTER_CHANGED", where + " not what was signed"};
}

class Audit {
  public:
    explicit Audit(const RegisterAudit& request)
        : request_(request), files_(open_log_files(request.directory)), previous_(request.previous),
          documents_(request.documents, request.anchors) {}

    RegisterReport run() {
        if (read_checkpoint()) {
            previous_.find(request_.logs, checkpoint_.origin, report_.findings);
            if (read_all()) finish();
        }
        return std::move(report_);
    }

  private:
    void find(std::string code, std::string text) {
        if (report_.findings.size() < findings_max)
            report_.findings.push_back({std::move(code), std::move(text)});
        else
            ++report_.more_findings;
    }
    bool read_checkpoint();
    void check_signature();
    bool read_all();
    bool read_one(std::uint64_t index);
    void take_entry(std::string_view text);
    void take_document(const DocumentEntry& entry);
    void take_resumption(const std::string& job, const Resumption& resumption);
    void take_leaf(const Hash& leaf);
    void compare_previous();
    void check_tile(unsigned level, std::uint64_t index, const std::vector<Hash>& hashes);
    void finish();

    const RegisterAudit& request_;
    std::unique_ptr<LogFiles> files_;
    PreviousCheckpoints previous_;
    DocumentFolder documents_;
    RegisterReport report_;
    std::string note_;
    Checkpoint checkpoint_;
    Frontier frontier_;
    LogState state_;
    /// Jobs that were interrupted and that no other has gone on with: their journals' digests.
    std::map<std::string, std::string> interrupted_;
};

bool Audit::read_checkpoint() {
    auto note = files_->read(checkpoint_name);
    if (!note || !*note) {
        find("I_REGISTER_NO_CHECKPOINT",
             note ? request_.directory + ": no checkpoint" : note.error().message);
        return false;
    }
    note_ = **note;
    auto checkpoint = parse_checkpoint(note_);
    if (!checkpoint) {
        find("E_REGISTER_CHECKPOINT", checkpoint.error().message);
        return false;
    }
    checkpoint_ = std::move(*checkpoint);
    report_.origin = checkpoint_.origin;
    report_.size = checkpoint_.head.size;
    report_.root_sha256 = to_hex(checkpoint_.head.root);
    check_signature();
    return true;
}

void Audit::check_signature() {
    if (request_.logs.empty())
        return find("I_REGISTER_NO_TRUST", "no line \"log NAME+ID+KEY\" in what --trust names");
    const auto key = std::ranges::find(request_.logs, checkpoint_.origin, &NoteVerifier::name);
    if (key == request_.logs.end())
        return find("E_REGISTER_ORIGIN",
                    "the log is \"" + escaped(checkpoint_.origin) + "\", which nobody vouches for");
    if (auto text = open_note(note_, *key); !text)
        find("E_REGISTER_CHECKPOINT", text.error().message);
}

bool Audit::read_all() {
    compare_previous();
    while (frontier_.size() < report_.size)
        if (!read_one(frontier_.size() / tile_width)) return false;
    unsigned level = 0;
    std::uint64_t hashes = report_.size;
    for (const auto& edge : frontier_.levels()) {
        if (!edge.empty()) check_tile(level, hashes / tile_width, edge);
        hashes /= tile_width;
        ++level;
    }
    if (frontier_.root() != checkpoint_.head.root)
        find("E_REGISTER_ROOT", "the entries do not give the root that was signed");
    return true;
}

// The hashes are those of the entries; where those are gone, those of the tile, so that the rest
// can still be looked at.
bool Audit::read_one(std::uint64_t index) {
    const std::uint64_t width = width_in(report_.size, index);
    const auto tile = read_tile(*files_, report_.size, 0, index);
    if (!tile) find("E_REGISTER_MISSING", tile.error().message);
    const auto content = read_bundle(*files_, report_.size, index);
    const auto entries = content ? parse_bundle(*content) : content.error();
    if (!entries)
        find("E_REGISTER_MISSING", bundle_name(index, width) + ": " + entries.error().message);
    const auto leaves = entries ? hashes_of(*entries) : std::vector<Hash>{};
    if (entries && tile && leaves != *tile) {
        const CheckFinding found = difference(leaves, *tile, index * tile_width);
        find(found.code, found.text);
    }
    if (entries && !tile && leaves.size() != width)
        find("E_REGISTER_DELETED", bundle_name(index, width) + ": not " + std::to_string(width));
    for (std::uint64_t i = 0; entries && i < entries->size(); ++i)
        take_entry((*entries)[i]);
    while (state_.next_index() < index * tile_width + width)
        state_.pass_over();
    const auto& hashes = leaves.size() == width || !tile ? leaves : *tile;
    if (hashes.size() != width) return false;
    std::ranges::for_each(hashes, [this](const Hash& leaf) { take_leaf(leaf); });
    return true;
}

void Audit::take_leaf(const Hash& leaf) {
    for (const auto& full : frontier_.push(leaf))
        check_tile(full.level, full.index, full.hashes);
    compare_previous();
}

// A root costs hundreds of hashes: it is made only where somebody kept one.
void Audit::compare_previous() {
    if (previous_.has(frontier_.size())) previous_.compare(frontier_.head(), report_.findings);
}

// Level 0 has been compared with the entries.
void Audit::check_tile(unsigned level, std::uint64_t index, const std::vector<Hash>& hashes) {
    if (level == 0) return;
    const auto tile = read_tile(*files_, report_.size, level, index);
    if (!tile) return find("E_REGISTER_MISSING", tile.error().message);
    if (*tile != hashes)
        find("E_REGISTER_TILE",
             tile_name(level, index, hashes.size()) + ": not the hashes of the tiles below");
}

void Audit::take_entry(std::string_view text) {
    const std::string where = "entry " + std::to_string(state_.next_index()) + ": ";
    const auto entry = parse_entry(text);
    if (!entry) {
        state_.pass_over();
        return find("E_REGISTER_ENTRY", where + entry.error().message);
    }
    if (std::holds_alternative<IntentEntry>(*entry)) ++report_.intents;
    if (const auto* result = std::get_if<ResultEntry>(&*entry);
        result != nullptr && result->verdict == Verdict::interrupted)
        interrupted_.emplace(result->job, result->journal_sha256);
    if (const auto* document = std::get_if<DocumentEntry>(&*entry)) take_document(*document);
    if (const auto* statement = std::get_if<StatementEntry>(&*entry))
        if (auto finding = documents_.check(*statement)) find(finding->code, finding->text);
    if (const auto breach = state_.apply(*entry)) {
        state_.take_as_it_is(*entry);
        find(code_of(breach->rule), where + escaped(breach->text));
    }
}

void Audit::take_document(const DocumentEntry& entry) {
    ++report_.documents;
    const LoggedJob* job = state_.find_open(entry.job);
    const bool erased = job != nullptr && job->result && job->result->verdict == "erased";
    const bool certificate = entry.document == DocumentType::certificate;
    const bool rehearsal = entry.document == DocumentType::rehearsal;
    if (rehearsal != is_marked(entry.head.station) || (!rehearsal && certificate != erased))
        find("E_REGISTER_VERDICT", escaped(entry.job) + ": a " +
                                       std::string(to_text(entry.document)) +
                                       ", where the result is not of that kind");
    if (auto finding = documents_.check(entry)) find(finding->code, finding->text);
    if (const auto from = documents_.gone_on_from(entry)) take_resumption(entry.job, *from);
}

// Once, and with what the log has of it.
void Audit::take_resumption(const std::string& job, const Resumption& resumption) {
    const auto found = interrupted_.find(resumption.job);
    if (found != interrupted_.end() && found->second == resumption.journal_sha256) {
        interrupted_.erase(found);
        return;
    }
    find("E_REGISTER_RESUMED", escaped(job) + ": goes on with " + escaped(resumption.job) +
                                   ", which was not interrupted with that journal before it, or "
                                   "was gone on with already");
}

void Audit::finish() {
    report_.read_whole = true;
    report_.pinned = previous_.pinned();
    for (const auto& [name, job] : state_.open_jobs())
        find("I_REGISTER_OPEN", escaped(name) + (job.result ? ": no document yet" : ": no result"));
    documents_.check_unlogged(state_, [this](CheckFinding finding) {
        find(std::move(finding.code), std::move(finding.text));
    });
    previous_.compare_rest(checkpoint_.head, report_.findings);
    report_.saved = previous_.save_forks(note_, request_.evidence, report_.findings);
}

} // namespace

RegisterReport audit_register(const RegisterAudit& request) {
    return Audit(request).run();
}

} // namespace quietus
