// The temporary password: what a drive is locked with while it erases itself.
//
// SECURITY ERASE UNIT needs a password to be set. Before we set it there was none, so it protects
// nothing, and it is no secret: whoever finds a drive that an interrupted run has left locked can
// work it out from what the drive says of itself, on any machine, with nothing kept. It is the
// first 32 characters of the SHA-256, in lower-case hexadecimal, of the line
//
//   quietus temporary ATA password 1<LF>MODEL<LF>SERIAL<LF>
//
// with model (words 27 to 46) and serial (words 10 to 19) of IDENTIFY DEVICE without the blanks and
// zero octets around them, runs of blanks within the model as one, and octets outside printable
// ASCII as \xNN.
#pragma once

#include "quietus/core/bytes.hpp"

#include <string_view>

namespace quietus::ata {

[[nodiscard]] Bytes temporary_password(std::string_view model, std::string_view serial);

} // namespace quietus::ata
