#include "quietus/app/log.hpp"

#include "system_journal.hpp"

#include "quietus/core/bytes.hpp"

#include <fcntl.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <utility>
#include <vector>

namespace quietus {
namespace {

spdlog::logger& logger() {
    static spdlog::logger none("quietus", spdlog::sinks_init_list{});
    return none;
}

using StreamSink = spdlog::sinks::stdout_sink_base<spdlog::details::console_mutex>;

/// What is being logged now: the library passes on nothing but the line.
struct Current {
    LogLevel level = LogLevel::info;
    const LogEvent* event = nullptr;
};
Current& current() {
    static Current now;
    return now;
}

class SystemJournalSink final : public spdlog::sinks::base_sink<std::mutex> {
  public:
    SystemJournalSink(SystemJournal journal, std::string program)
        : journal_(std::move(journal)), program_(std::move(program)) {}

  private:
    void sink_it_(const spdlog::details::log_msg& message) override {
        const std::string line(message.payload.data(), message.payload.size());
        if (current().event != nullptr)
            journal_.send(journal_record(current().level, *current().event, line, program_));
    }
    void flush_() override {}

    SystemJournal journal_;
    std::string program_;
};

// Opened here, because the library's own file sink follows symlinks, makes missing directories and
// would write into a drive. O_NONBLOCK: a pipe that nobody reads must not stop the program.
Result<std::FILE*> open_for_lines(const std::string& path) {
    constexpr int flags = O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
    struct stat facts {};
    if (::lstat(path.c_str(), &facts) == 0 && !S_ISREG(facts.st_mode))
        return Error{Fault::usage, path + ": not a regular file"};
    const int descriptor = ::open(path.c_str(), flags, 0640);
    if (descriptor < 0) return system_error(Fault::usage, path);
    std::FILE* stream = ::fdopen(descriptor, "a");
    if (stream == nullptr) return system_error(Fault::usage, path);
    return stream;
}

// As a value without blanks, or in quotes.
std::string field(const char* name, const std::string& value) {
    if (value.empty()) return {};
    std::string text;
    for (const char each : escaped(value))
        text += each == '"' ? std::string("\\\"") : std::string(1, each);
    const bool plain = text.find_first_of(" \"=") == text.npos;
    return " " + std::string(name) + "=" + (plain ? text : "\"" + text + "\"");
}

std::string line_of(const LogEvent& event) {
    const std::string facts = escaped(event.event) + field("job", event.job) +
                              field("drive", event.drive) + field("serial", event.serial);
    if (event.text.empty()) return facts;
    return (facts.empty() ? "" : facts + ": ") + escaped(event.text);
}

} // namespace

// systemd.exec(5): JOURNAL_STREAM has device and inode of the journal's end.
bool stderr_is_system_journal() {
    const char* stream = std::getenv("JOURNAL_STREAM");
    struct stat facts {};
    if (stream == nullptr || ::fstat(STDERR_FILENO, &facts) != 0) return false;
    return stream == std::to_string(facts.st_dev) + ":" + std::to_string(facts.st_ino);
}

Status open_log(const LogPlaces& places) {
    auto& sinks = logger().sinks();
    sinks.clear();
    if (places.file) {
        auto stream = open_for_lines(*places.file);
        if (!stream) return std::move(stream).error().during("--log");
        sinks.push_back(std::make_shared<StreamSink>(*stream)); // open until the program ends
    }
    if (places.to_stderr) sinks.push_back(std::make_shared<spdlog::sinks::stderr_sink_mt>());
    logger().set_pattern("%Y-%m-%dT%H:%M:%SZ %l %v", spdlog::pattern_time_type::utc);
    logger().flush_on(spdlog::level::info);
    if (places.system_journal.empty()) return {};
    auto journal = SystemJournal::connect(places.system_journal);
    if (!journal) return std::move(journal).error().during("system journal");
    sinks.push_back(std::make_shared<SystemJournalSink>(std::move(*journal), places.program));
    return {};
}

void log_event(LogLevel level, const LogEvent& event) {
    current() = {level, &event};
    logger().log(level == LogLevel::info ? spdlog::level::info : spdlog::level::warn,
                 line_of(event));
    current() = {};
}

void log_warning(const std::string& text) {
    log_event(LogLevel::warning, {.event = {}, .text = text});
}

} // namespace quietus
