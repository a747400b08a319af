// What a worker and the process that started it say to each other: lines of JSON.
//
// The worker moves what a hostile drive says, so that its words are a stranger's: read strictly and
// bounded. It asks one question at a time and waits for the answer; everything else it only tells.
#pragma once

#include "quietus/core/enum_text.hpp"
#include "quietus/core/json.hpp"
#include "quietus/core/result.hpp"
#include "quietus/job/carry_out.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace quietus {

enum class WorkerWord : std::uint8_t {
    started,
    moved,
    finished,
    stalled,
    waiting,   ///< a command was sent that may take so many seconds, in which nothing will be said
    append,    ///< a question: put this line into the journal
    unchanged, ///< a question: Bay::check_unchanged
    same,      ///< a question: Bay::check_same
    rescan,    ///< a question: Bay::rescan
    reset,     ///< a question: Bay::reset
    health,    ///< a question: Bay::health
    undone,    ///< the last word of one that has no job: undo() gave this
    done,      ///< the last word: carry_out() gave a record, which is the journal's last line
    error,     ///< the last word: carry_out() gave this error
};
template <>
inline constexpr auto enum_texts<WorkerWord> = spellings("started", "moved", "finished", "stalled",
                                                         "waiting", "append", "unchanged", "same",
                                                         "rescan", "reset", "health", "undone",
                                                         "done", "error");

template <>
inline constexpr auto enum_texts<Fault> = spellings("usage", "refused", "unsupported", "drive",
                                                    "io", "evidence", "invalid");

/// One line of a worker. What is absent does not belong to the word.
struct WorkerNews {
    WorkerWord word = WorkerWord::done;
    std::optional<Progress> progress = {};
    std::optional<std::uint32_t> silent_seconds = {};
    std::optional<Json> line = {};
    std::optional<Error> error = {};
};

/// One line to a worker: the answer to its question; or that it is to stop, to pause or to go on.
struct WorkerOrder {
    bool stop = false;
    std::optional<bool> pause = {};          ///< no answer either
    std::optional<Error> refusal = {};       ///< of an answer; absent: yes
    std::optional<HealthRecord> health = {}; ///< of the answer to that question, no refusal beside
};

/// With the newline.
[[nodiscard]] std::string to_line(const WorkerNews& news);
[[nodiscard]] std::string to_line(const WorkerOrder& order);
/// Without the newline. Fault::invalid when it is no such line, or not all that belongs to the word
/// is there and nothing else.
[[nodiscard]] Result<WorkerNews> parse_news(std::string_view line);
[[nodiscard]] Result<WorkerOrder> parse_order(std::string_view line);

/// The longest line of a worker, in octets: a line of the journal and what is around it.
inline constexpr std::size_t news_limit = journal_line_limit + 4096;

} // namespace quietus
