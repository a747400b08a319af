#include "kept_checkpoint.hpp"

#include "tile_tree.hpp"

#include "quietus/core/bytes.hpp"

#include <utility>

namespace quietus {
namespace {

constexpr auto hint = "put the newest copy of the log back: what is appended to this one would "
                      "contradict what was signed";

Error contradicted(std::string message) {
    return {Fault::invalid, std::move(message), hint};
}

} // namespace

KeptCheckpoint::KeptCheckpoint(const std::string& directory)
    : path_(directory + "/" + checkpoint_name),
      place_(directory.empty() ? nullptr : open_log_files(directory)) {}

Status KeptCheckpoint::check(const TileLog& log, LogFiles& files) const {
    if (!place_) return {};
    const auto note = place_->read(checkpoint_name);
    if (!note) return note.error();
    if (!*note || (log.exists() && **note == log.note())) return {};
    const auto kept = parse_checkpoint(**note);
    if (!kept) return Error(kept.error()).during(path_);
    return compare(*kept, log, files);
}

Status KeptCheckpoint::compare(const Checkpoint& kept, const TileLog& log, LogFiles& files) const {
    const std::string of_kept = std::to_string(kept.head.size) + " entries";
    if (!log.exists())
        return contradicted("the log is gone, of which " + path_ + " has a checkpoint of " +
                            of_kept);
    const Checkpoint& now = log.checkpoint();
    if (now.origin != kept.origin)
        return contradicted("the log " + escaped(now.origin) + " stands where " + path_ +
                            " has a checkpoint of the log " + escaped(kept.origin));
    if (now.head.size < kept.head.size)
        return contradicted("checkpoint: of " + std::to_string(now.head.size) + " entries, where " +
                            path_ + " has one of " + of_kept +
                            ": an older copy of the log was put back");
    if (kept.head.size == 0) return {};
    const auto proof = TileTree(files, now.head.size).consistency(kept.head.size, now.head.size);
    if (!proof) return proof.error();
    if (proves_consistency(*proof, kept.head, now.head)) return {};
    return contradicted("the log does not begin with the " + of_kept + " of the checkpoint in " +
                        path_ + ": it was written anew");
}

Status KeptCheckpoint::keep(const TileLog& log) const {
    if (!place_) return {};
    if (auto status = write_beside(*place_, checkpoint_name, log.note()); !status) return status;
    return place_->sync_directory("");
}

} // namespace quietus
