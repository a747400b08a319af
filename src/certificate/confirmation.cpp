#include "quietus/certificate/confirmation.hpp"

#include "build.hpp"

#include "quietus/stream/digest.hpp"

#include <algorithm>

namespace quietus {
namespace {

constexpr std::size_t piece_max = 4000; // base 64 goes by fours; a string may have 4096 octets

} // namespace

Result<std::string> confirmation_text(const Confirmation& confirmation) {
    return to_canonical(to_json(confirmation));
}

std::string identity_digest(const Drive& drive) {
    return identity_digest(drive_payload(drive));
}

std::string identity_digest(const DrivePayload& facts) {
    return sha256_hex(to_line(Json::object({{"kind", to_text(facts.kind)},
                                            {"model", facts.model},
                                            {"serial", facts.serial},
                                            {"serial_raw_hex", facts.serial_raw_hex},
                                            {"wwn", facts.wwn}})));
}

SignedConfirmation bear(std::string statement, ByteView p7s) {
    SignedConfirmation confirmation{std::move(statement), {}};
    const std::string encoded = to_base64(p7s);
    for (std::size_t at = 0; at < encoded.size(); at += piece_max)
        confirmation.signature.push_back(encoded.substr(at, piece_max));
    return confirmation;
}

Result<std::string> signature_in(const SignedConfirmation& confirmation) {
    std::string encoded;
    for (const std::string& piece : confirmation.signature)
        encoded += piece;
    auto der = from_base64(encoded);
    if (!der) return std::move(der).error();
    return std::string(as_text(*der));
}

} // namespace quietus
