#include "worker_words.hpp"

#include "quietus/core/json_fields.hpp"

#include <utility>

namespace quietus {
namespace {

struct SentError {
    Fault fault = Fault::drive;
    std::string message;
    std::string hint;

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("fault", self.fault);
        visit("message", self.message);
        visit("hint", self.hint);
    }
};

struct SentNews {
    WorkerWord word = WorkerWord::done;
    std::optional<Progress> progress;
    std::optional<std::uint32_t> silent_seconds;
    std::optional<Json> line;
    std::optional<SentError> error;

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("word", self.word);
        visit("progress", self.progress);
        visit("silent_seconds", self.silent_seconds);
        visit("line", self.line);
        visit("error", self.error);
    }
};

struct SentOrder {
    bool stop = false;
    std::optional<bool> pause;
    std::optional<SentError> refusal;
    std::optional<HealthRecord> health;

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("stop", self.stop);
        visit("pause", self.pause);
        visit("refusal", self.refusal);
        visit("health", self.health);
    }
};

std::optional<SentError> packed(const std::optional<Error>& error) {
    if (!error) return std::nullopt;
    return SentError{error->fault, error->message, error->hint};
}

std::optional<Error> unpacked(std::optional<SentError> sent) {
    if (!sent) return std::nullopt;
    return Error{sent->fault, std::move(sent->message), std::move(sent->hint)};
}

// What belongs to each word, and nothing besides.
bool is_complete(const SentNews& news) {
    const WorkerWord word = news.word;
    const bool tells_progress = word == WorkerWord::started || word == WorkerWord::moved ||
                                word == WorkerWord::finished || word == WorkerWord::stalled;
    return news.progress.has_value() == tells_progress &&
           news.silent_seconds.has_value() ==
               (word == WorkerWord::stalled || word == WorkerWord::waiting) &&
           news.line.has_value() == (word == WorkerWord::append || word == WorkerWord::undone) &&
           news.error.has_value() == (word == WorkerWord::error);
}

} // namespace

std::string to_line(const WorkerNews& news) {
    const SentNews sent{news.word, news.progress, news.silent_seconds, news.line,
                        packed(news.error)};
    return to_line(to_json(sent)) + '\n';
}

std::string to_line(const WorkerOrder& order) {
    return to_line(
               to_json(SentOrder{order.stop, order.pause, packed(order.refusal), order.health})) +
           '\n';
}

Result<WorkerNews> parse_news(std::string_view line) {
    const auto json = parse_json(line, news_limit);
    if (!json) return json.error();
    auto sent = from_json<SentNews>(*json);
    if (!sent) return std::move(sent).error();
    if (!is_complete(*sent))
        return Error{Fault::invalid,
                     "not what belongs to \"" + std::string(to_text(sent->word)) + "\""};
    return WorkerNews{sent->word, sent->progress, sent->silent_seconds, std::move(sent->line),
                      unpacked(std::move(sent->error))};
}

Result<WorkerOrder> parse_order(std::string_view line) {
    const auto json = parse_json(line);
    if (!json) return json.error();
    auto sent = from_json<SentOrder>(*json);
    if (!sent) return std::move(sent).error();
    return WorkerOrder{sent->stop, sent->pause, unpacked(std::move(sent->refusal)),
                       std::move(sent->health)};
}

} // namespace quietus
