#include "audit_previous.hpp"

#include "tile_names.hpp"

#include "quietus/core/file.hpp"
#include "quietus/stream/digest.hpp"

#include <algorithm>
#include <filesystem>

namespace quietus {
namespace {

bool is_checkpoint_name(const std::string& name) {
    return name == checkpoint_name || name.ends_with(".checkpoint");
}

} // namespace

void PreviousCheckpoints::add(const std::string& file, const NoteVerifier& log,
                              std::vector<CheckFinding>& findings) {
    auto note = read_regular_file(file, note_limit);
    auto checkpoint = note ? open_checkpoint(*note, log) : Result<Checkpoint>(note.error());
    if (!checkpoint)
        findings.push_back({"W_REGISTER_PREVIOUS", escaped(file) + ": passed over: " +
                                                       escaped(checkpoint.error().message)});
    else
        kept_.emplace(checkpoint->head.size, Kept{file, *note, checkpoint->head.root});
}

void PreviousCheckpoints::find(const std::vector<NoteVerifier>& logs, const std::string& origin,
                               std::vector<CheckFinding>& findings) {
    if (!directory_) return;
    const auto log = std::ranges::find(logs, origin, &NoteVerifier::name);
    std::error_code failure;
    for (std::filesystem::directory_iterator each(*directory_, failure), end;
         log != logs.end() && !failure && each != end; each.increment(failure))
        if (is_checkpoint_name(each->path().filename())) add(each->path(), *log, findings);
    if (kept_.empty())
        findings.push_back(
            {"I_REGISTER_NO_PREVIOUS", escaped(*directory_) + ": no checkpoint of this log"});
}

void PreviousCheckpoints::compare(const TreeHead& head, std::vector<CheckFinding>& findings) {
    const auto [first, end] = kept_.equal_range(head.size);
    for (auto each = first; each != end; ++each) {
        if (each->second.root == head.root) {
            pinned_ = head.size;
            continue;
        }
        findings.push_back({"E_REGISTER_FORK", escaped(each->second.file) + ": signed for " +
                                                   std::to_string(head.size) +
                                                   " entries that are not those of this log"});
        forked_.push_back(each->second);
    }
}

void PreviousCheckpoints::compare_rest(const TreeHead& last, std::vector<CheckFinding>& findings) {
    for (auto each = kept_.upper_bound(last.size); each != kept_.end(); ++each) {
        findings.push_back({"E_REGISTER_ROLLED_BACK", escaped(each->second.file) + ": signed for " +
                                                          std::to_string(each->first) +
                                                          " entries; this log has " +
                                                          std::to_string(last.size)});
        forked_.push_back(each->second);
    }
}

std::vector<std::string>
PreviousCheckpoints::save_forks(const std::string& note, const std::string& directory,
                                std::vector<CheckFinding>& findings) const {
    std::vector<std::string> saved;
    const auto save = [&](const std::string& content) {
        // Named by what is in it: an audit that is run again says the same.
        const std::string file =
            directory + "/fork-" + sha256_hex(content).substr(0, 16) + ".checkpoint";
        const auto there = read_regular_file(file, note_limit);
        if (!there || *there != content)
            if (auto status = save_new_file(file, content); !status)
                findings.push_back({"W_REGISTER_FORK_NOT_SAVED", escaped(status.error().message)});
        saved.push_back(file);
    };
    for (const Kept& each : forked_)
        save(each.note);
    if (!forked_.empty()) save(note);
    return saved;
}

} // namespace quietus
