// The names of the files in a key directory.
#pragma once

#include <cstddef>

namespace quietus::key_files {

inline constexpr auto station_key = "station.key";
inline constexpr auto station_chain = "station.pem";
inline constexpr auto root = "root.pem";
inline constexpr auto root_crl = "root.crl";
inline constexpr auto log_key = "log.key";
inline constexpr auto log_public = "log.pub";
inline constexpr auto last_checkpoint = "checkpoint"; // of the log; kept by whoever appends
inline constexpr auto facts = "station.json";
inline constexpr auto root_key = "root.key";       // only where the CA is kept
inline constexpr auto issuing_key = "issuing.key"; // only where the CA is kept
inline constexpr auto issuing_chain = "issuing.pem";

inline constexpr auto station_request = "station.csr"; // only while a certificate is asked for
inline constexpr auto person_key = "person.key";       // wherever a person keeps it
inline constexpr auto person_chain = "person.pem";
inline constexpr auto person_request = "person.csr";

inline constexpr std::size_t size_max = 64U << 10U;
inline constexpr std::size_t passphrase_max = 1024; // what OpenSSL's own prompt takes

} // namespace quietus::key_files
