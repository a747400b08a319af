// Transcript: puts what was sent to a drive, and what it answered, into the journal.
#pragma once

#include "quietus/job/journal.hpp"
#include "quietus/stream/digest.hpp"
#include "quietus/transport/firmware_bay.hpp"

#include <string>

namespace quietus {

class Transcript {
  public:
    /// Both outlive it.
    Transcript(FirmwareBay& bay, Journal& journal) : bay_(bay), journal_(journal) {}

    /// All since it was kept last.
    [[nodiscard]] Status keep();
    /// Of all that was kept; asked once, at the end. Empty when nothing was.
    [[nodiscard]] std::string sha256();

  private:
    FirmwareBay& bay_;
    Journal& journal_;
    Digest digest_{DigestKind::sha256};
    bool kept_ = false;
};

} // namespace quietus
