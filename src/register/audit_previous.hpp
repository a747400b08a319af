// Checkpoints of a log that somebody kept: what the log may never contradict.
#pragma once

#include "merkle.hpp"

#include "quietus/crypto/cms.hpp"
#include "quietus/crypto/note.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace quietus {

class PreviousCheckpoints {
  public:
    explicit PreviousCheckpoints(std::optional<std::string> directory)
        : directory_(std::move(directory)) {}
    /// Reads those that the log of this origin signed; whatever else is there is named.
    void find(const std::vector<NoteVerifier>& logs, const std::string& origin,
              std::vector<CheckFinding>& findings);
    /// Whether there is one of a tree of this size.
    [[nodiscard]] bool has(std::uint64_t size) const { return kept_.contains(size); }
    /// The tree at a size it went through.
    void compare(const TreeHead& head, std::vector<CheckFinding>& findings);
    /// Those of a larger tree than the log's.
    void compare_rest(const TreeHead& last, std::vector<CheckFinding>& findings);
    /// The largest size that was confirmed.
    [[nodiscard]] std::uint64_t pinned() const { return pinned_; }
    /// Writes every checkpoint that contradicts the log, and the log's own; the files.
    std::vector<std::string> save_forks(const std::string& note, const std::string& directory,
                                        std::vector<CheckFinding>& findings) const;

  private:
    struct Kept {
        std::string file;
        std::string note;
        Hash root;
    };
    void add(const std::string& file, const NoteVerifier& log, std::vector<CheckFinding>& findings);

    std::optional<std::string> directory_;
    std::multimap<std::uint64_t, Kept> kept_;
    std::vector<Kept> forked_;
    std::uint64_t pinned_ = 0;
};

} // namespace quietus
