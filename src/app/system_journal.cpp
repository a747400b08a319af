#include "system_journal.hpp"

#include "quietus/core/bytes.hpp"

#include <sys/socket.h>
#include <sys/un.h>

#include <cstring>
#include <utility>

namespace quietus {
namespace {

// syslog(3): LOG_INFO and LOG_WARNING.
constexpr const char* priority_of(LogLevel level) {
    return level == LogLevel::info ? "6" : "4";
}

// Longer than any of ours should be, and taken by the socket's buffer whatever its size.
constexpr std::size_t longest_value = 16384;

void add(std::string& record, const char* field, const std::string& value) {
    if (!value.empty()) record += std::string(field) + "=" + value.substr(0, longest_value) + "\n";
}

} // namespace

std::string journal_record(LogLevel level, const LogEvent& event, const std::string& message,
                           const std::string& program) {
    std::string record;
    add(record, "MESSAGE", message);
    add(record, "PRIORITY", priority_of(level));
    add(record, "SYSLOG_IDENTIFIER", program);
    add(record, "QUIETUS_EVENT", escaped(event.event));
    add(record, "QUIETUS_JOB", escaped(event.job));
    add(record, "QUIETUS_DRIVE", escaped(event.drive));
    add(record, "QUIETUS_SERIAL", escaped(event.serial));
    return record;
}

Result<SystemJournal> SystemJournal::connect(const std::string& socket) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (socket.size() >= sizeof address.sun_path)
        return Error{Fault::io, socket + ": too long for a socket"};
    std::memcpy(static_cast<char*>(address.sun_path), socket.data(), socket.size());
    Descriptor opened(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    const auto* where = reinterpret_cast<const sockaddr*>(&address);
    if (!opened.open() || ::connect(opened.get(), where, sizeof address) != 0)
        return system_error(Fault::io, socket);
    return SystemJournal(std::move(opened));
}

void SystemJournal::send(const std::string& record) const {
    const ssize_t sent =
        ::send(socket_.get(), record.data(), record.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    static_cast<void>(sent);
}

} // namespace quietus
