#include "quietus/app/log.hpp"

#include "quietus/core/bytes.hpp"

#include <fcntl.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <vector>

namespace quietus {
namespace {

spdlog::logger& logger() {
    static spdlog::logger none("quietus", spdlog::sinks_init_list{});
    return none;
}

using StreamSink = spdlog::sinks::stdout_sink_base<spdlog::details::console_mutex>;

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

} // namespace

Status open_log(const std::optional<std::string>& file, bool to_stderr) {
    auto& sinks = logger().sinks();
    sinks.clear();
    if (file) {
        auto stream = open_for_lines(*file);
        if (!stream) return std::move(stream).error().during("--log");
        sinks.push_back(std::make_shared<StreamSink>(*stream)); // open until the program ends
    }
    if (to_stderr) sinks.push_back(std::make_shared<spdlog::sinks::stderr_sink_mt>());
    logger().set_pattern("%Y-%m-%dT%H:%M:%SZ %l %v", spdlog::pattern_time_type::utc);
    logger().flush_on(spdlog::level::info);
    return {};
}

void log_info(const std::string& text) {
    logger().info(escaped(text));
}

void log_warning(const std::string& text) {
    logger().warn(escaped(text));
}

} // namespace quietus
