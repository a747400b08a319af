#include "quietus/register/logged.hpp"

#include "log_state.hpp"
#include "proof.hpp"
#include "tile_log.hpp"
#include "tile_tree.hpp"

#include "quietus/core/bytes.hpp"

#include <algorithm>
#include <map>
#include <optional>

namespace quietus {
namespace {

using LogFindings = std::vector<CheckFinding>;

void add(LogFindings& findings, std::string_view code, std::string text) {
    findings.push_back({std::string(code), "log: " + std::move(text)});
}

// The checkpoint in a note, when one of the keys that the verifier brought signed it.
std::optional<Checkpoint> open_trusted(const std::string& note,
                                       const std::vector<NoteVerifier>& logs,
                                       LogFindings& findings) {
    const auto checkpoint = parse_checkpoint(note);
    if (!checkpoint) {
        add(findings, "E_LOG_SIG", escaped(checkpoint.error().message));
        return std::nullopt;
    }
    const auto key = std::ranges::find(logs, checkpoint->origin, &NoteVerifier::name);
    if (logs.empty()) {
        add(findings, "I_LOG_NO_TRUST", "no line \"log NAME+ID+KEY\" in what --trust names");
    } else if (key == logs.end()) {
        add(findings, "E_LOG_ORIGIN",
            "\"" + escaped(checkpoint->origin) + "\", which nobody vouches for");
    } else if (auto opened = open_checkpoint(note, *key); !opened) {
        add(findings, "E_LOG_SIG", escaped(opened.error().message));
    } else {
        return *opened;
    }
    return std::nullopt;
}

const DocumentEntry* as_document(const Result<Entry>& entry) {
    return entry ? std::get_if<DocumentEntry>(&*entry) : nullptr;
}

// Whether the entry is about this document and no other.
void compare(const DocumentEntry& entry, const LoggedDocument& document, LogFindings& findings) {
    if (entry.job != document.id || entry.head.station != document.trace.station ||
        entry.document != document.type)
        add(findings, "E_LOG_LEAF", "the entry is about another document");
    else if (entry.payload_sha384 != document.trace.payload_sha384)
        add(findings, "E_LOG_LEAF", "the entry has the digest of another payload");
    if (entry.head.index <= document.trace.intent_index)
        add(findings, "E_LOG_INTENT", "the document was logged before its intent");
}

} // namespace

struct DocumentLog::State {
    std::unique_ptr<LogFiles> files;
    const std::vector<NoteVerifier>& logs;
    std::optional<Checkpoint> checkpoint = {};
    LogFindings of_the_log = {};
    bool opened = false;
    // All that were made, by the documents that they are about; read when the first one is asked
    // for.
    std::optional<std::multimap<std::string, StatementEntry>> statements = {};
    // The bundle that was read last: documents come in the order of the log, mostly.
    std::optional<std::uint64_t> bundle_index = {};
    std::string bundle = {};

    void open();
    Result<std::string> entry_at(std::uint64_t index);
    void check_intent(const LoggedDocument& document, LogFindings& findings);
    void check_document(const LoggedDocument& document, LogFindings& findings);
    void check_inclusion(std::uint64_t index, std::string_view entry, LogFindings& findings);
    bool read_statements(LogFindings& findings);
    void check_validation(const LoggedDocument& document, LogFindings& findings);
};

void DocumentLog::State::open() {
    opened = true;
    const auto note = files->read(checkpoint_name);
    if (note && *note)
        checkpoint = open_trusted(**note, logs, of_the_log);
    else
        add(of_the_log, "I_LOG_MISSING",
            note ? "no checkpoint in it" : escaped(note.error().message));
}

Result<std::string> DocumentLog::State::entry_at(std::uint64_t index) {
    const std::uint64_t wanted = index / tile_width;
    if (bundle_index != wanted) {
        auto content = read_bundle(*files, checkpoint->head.size, wanted);
        if (!content) return std::move(content).error();
        bundle = std::move(*content);
        bundle_index = wanted;
    }
    const auto entries = parse_bundle(bundle);
    if (!entries) return entries.error();
    if (index % tile_width >= entries->size())
        return Error{Fault::invalid, "entry " + std::to_string(index) + " is not in its bundle"};
    return std::string((*entries)[index % tile_width]);
}

void DocumentLog::State::check_intent(const LoggedDocument& document, LogFindings& findings) {
    const std::uint64_t index = document.trace.intent_index;
    const auto text = entry_at(index);
    if (!text) return add(findings, "I_LOG_MISSING", escaped(text.error().message));
    const auto entry = parse_entry(*text);
    const auto* intent = entry ? std::get_if<IntentEntry>(&*entry) : nullptr;
    if (intent == nullptr || intent->job != document.id)
        add(findings, "E_LOG_INTENT",
            "entry " + std::to_string(index) + " is not the intent of this job");
    else
        check_inclusion(index, *text, findings);
}

// The document's entry comes after the intent, mostly soon.
void DocumentLog::State::check_document(const LoggedDocument& document, LogFindings& findings) {
    for (std::uint64_t index = document.trace.intent_index + 1; index < checkpoint->head.size;
         ++index) {
        const auto text = entry_at(index);
        if (!text) return add(findings, "I_LOG_MISSING", escaped(text.error().message));
        const auto parsed = parse_entry(*text);
        const auto* entry = as_document(parsed);
        if (entry == nullptr || entry->job != document.id) continue;
        compare(*entry, document, findings);
        return check_inclusion(index, *text, findings);
    }
    add(findings, "I_NOT_LOGGED", "the document is not in it");
}

void DocumentLog::State::check_inclusion(std::uint64_t index, std::string_view entry,
                                         LogFindings& findings) {
    const auto path =
        TileTree(*files, checkpoint->head.size).inclusion(index, checkpoint->head.size);
    if (!path)
        add(findings, "I_LOG_MISSING", escaped(path.error().message));
    else if (!proves_inclusion(*path, leaf_hash(entry), index, checkpoint->head))
        add(findings, "E_LOG_INCLUSION",
            "entry " + std::to_string(index) + " is not in the tree that the checkpoint signs");
}

bool DocumentLog::State::read_statements(LogFindings& findings) {
    if (statements) return true;
    std::multimap<std::string, StatementEntry> found;
    for (std::uint64_t index = 0; index < checkpoint->head.size; ++index) {
        const auto text = entry_at(index);
        if (!text) {
            add(findings, "I_LOG_MISSING", escaped(text.error().message));
            return false;
        }
        if (text->find("\"kind\":\"statement\"") == text->npos) continue;
        const auto entry = parse_entry(*text);
        const auto* statement = entry ? std::get_if<StatementEntry>(&*entry) : nullptr;
        if (statement != nullptr) found.emplace(statement->payload_sha384, *statement);
    }
    statements = std::move(found);
    return true;
}

// The one that lies beside the document, and no other: what somebody rejected does not become
// accepted by another file.
void DocumentLog::State::check_validation(const LoggedDocument& document, LogFindings& findings) {
    const StatedValidation& stated = *document.validation;
    if (!read_statements(findings)) return;
    const auto [first, last] = statements->equal_range(document.trace.payload_sha384);
    bool is_there = false;
    for (auto each = first; each != last; ++each) {
        const StatementEntry& entry = each->second;
        const bool this_one = entry.statement_sha384 == stated.statement_sha384;
        if (!this_one || entry.decision != stated.decision || entry.document != document.id)
            add(findings, "E_VALIDATION_LOG",
                "entry " + std::to_string(entry.head.index) + " has another statement about it: " +
                    std::string(to_text(entry.decision)) + " by " + escaped(entry.validator));
        is_there = is_there || this_one;
        if (const auto text = entry_at(entry.head.index); this_one && text)
            check_inclusion(entry.head.index, *text, findings);
    }
    // One that was made elsewhere is in the log of that station.
    if (!is_there && stated.station == document.trace.station)
        add(findings, "I_NOT_LOGGED", "the statement of validation is not in it");
}

DocumentLog::DocumentLog(std::unique_ptr<State> state) : state_(std::move(state)) {}
DocumentLog::DocumentLog(DocumentLog&&) noexcept = default;
DocumentLog& DocumentLog::operator=(DocumentLog&&) noexcept = default;
DocumentLog::~DocumentLog() = default;

DocumentLog DocumentLog::in_directory(const std::string& path,
                                      const std::vector<NoteVerifier>& logs) {
    return DocumentLog(std::unique_ptr<State>(new State{open_log_files(path), logs}));
}

LogFindings DocumentLog::check(const LoggedDocument& document) {
    if (!state_->opened) state_->open();
    LogFindings findings = state_->of_the_log;
    if (!state_->checkpoint) return findings;
    if (document.trace.intent_index >= state_->checkpoint->head.size) {
        add(findings, "I_NOT_LOGGED", "it ends before the document's intent");
        return findings;
    }
    state_->check_intent(document, findings);
    state_->check_document(document, findings);
    if (document.validation != nullptr) state_->check_validation(document, findings);
    return findings;
}

LogFindings check_log_proof(std::string_view text, const LoggedDocument& document,
                            const std::vector<NoteVerifier>& logs) {
    LogFindings findings;
    const auto proof = parse_proof(text);
    if (!proof) {
        add(findings, "E_LOG_PROOF", escaped(proof.error().message));
        return findings;
    }
    const auto checkpoint = open_trusted(proof->note, logs, findings);
    const auto parsed = parse_entry(proof->entry);
    if (const auto* entry = as_document(parsed))
        compare(*entry, document, findings);
    else if (proof->entry.empty())
        add(findings, "I_NOT_LOGGED", "the proof does not have the entry it is about (extra)");
    else
        add(findings, "E_LOG_LEAF", "the entry that the proof has is of no document");
    if (checkpoint && !proof->entry.empty() &&
        !proves_inclusion(proof->path, leaf_hash(proof->entry), proof->index, checkpoint->head))
        add(findings, "E_LOG_INCLUSION", "the entry is not in the tree that the checkpoint signs");
    return findings;
}

} // namespace quietus
