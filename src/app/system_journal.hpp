// SystemJournal: a record of the system journal, field by field, through its socket.
//
// Format: https://systemd.io/JOURNAL_NATIVE_PROTOCOL/, without the form for values of several
// lines, which ours never are.
#pragma once

#include "quietus/app/log.hpp"
#include "quietus/core/descriptor.hpp"
#include "quietus/core/result.hpp"

#include <string>

namespace quietus {

/// One datagram. `message` is the whole line as others see it, escaped already.
[[nodiscard]] std::string journal_record(LogLevel level, const LogEvent& event,
                                         const std::string& message, const std::string& program);

class SystemJournal {
  public:
    /// Fault::io when nobody listens there.
    [[nodiscard]] static Result<SystemJournal> connect(const std::string& socket);
    /// What cannot be taken at once is lost: nobody waits for a journal.
    void send(const std::string& record) const;

  private:
    explicit SystemJournal(Descriptor socket) : socket_(std::move(socket)) {}
    Descriptor socket_;
};

} // namespace quietus
