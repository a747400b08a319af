#include "quietus/drive/ata/facts.hpp"

#include "quietus/core/json.hpp"
#include "quietus/drive/ata/health.hpp"
#include "quietus/drive/ata/hidden_areas.hpp"
#include "quietus/transport/ata/commands.hpp"
#include "quietus/transport/ata/identify_words.hpp"
#include "quietus/transport/ata/sanitize_status.hpp"
#include "quietus/transport/tcg/level_0.hpp"

namespace quietus::ata {
namespace {

std::uint64_t announced(const IdentifyWords& words, bool enhanced) {
    const auto time = words.erase_time(enhanced);
    return time ? static_cast<std::uint64_t>(time->minutes.count()) : 0;
}

AtaErasure erasure_of(AtaPort& port, const IdentifyWords& words) {
    AtaErasure told;
    const SecurityFeatures security = words.security();
    told.security = security.supported;
    told.enhanced = security.enhanced_erase;
    told.security_word = security.word;
    told.normal_minutes = announced(words, false);
    told.enhanced_minutes = announced(words, true);
    const SanitizeFeatures sanitize = words.sanitize();
    if (!sanitize.supported) return told;
    told.crypto_scramble = sanitize.crypto_scramble;
    told.block_erase = sanitize.block_erase;
    told.overwrite = sanitize.overwrite;
    const auto status = read_sanitize_status(port);
    if (!status) return told;
    told.sanitize = status->state;
    if (status->state == SanitizeState::in_progress) told.sanitize_progress = status->progress;
    return told;
}

Result<TcgFacts> read_tcg(AtaPort& port) {
    const auto reply = port.execute(level_0_discovery());
    if (!reply) return Error(reply.error()).during("TRUSTED RECEIVE");
    if (reply->registers && !reply->registers->succeeded())
        return Error{Fault::drive, "TRUSTED RECEIVE: the drive aborted it"};
    return tcg::parse_level_0(reply->data);
}

// Asked last: whoever answers it badly has told everything else by then.
std::optional<bool> definitive_end_of(AtaPort& port, const IdentifyWords& words) {
    if (!words.sanitize().overwrite || !words.has_logs()) return std::nullopt;
    const auto knows = knows_definitive_end(port);
    return knows ? std::optional(*knows) : std::nullopt;
}

} // namespace

Result<Facts> ask_facts(AtaPort& port) {
    const auto words = read_identify(port);
    if (!words) return words.error();
    Facts facts{erasure_of(port, *words), read_hidden_areas(port, *words),
                read_health(port, *words), words->logical_bytes()};
    if (words->has_trusted_computing()) facts.tcg = tcg::facts_or_reason(read_tcg(port));
    facts.erasure.definitive_end = definitive_end_of(port, *words);
    return facts;
}

// An address that was harmed on the way makes a capacity that no drive has and no document can say.
void tell(const Facts& facts, Drive& drive) {
    constexpr auto most = static_cast<std::uint64_t>(json_integer_max);
    drive.ata_erasure = facts.erasure;
    drive.hidden_areas = facts.hidden;
    drive.health = facts.health;
    drive.tcg = facts.tcg;
    const auto native = native_sectors(facts.hidden);
    if (native && *native <= most / facts.block_bytes)
        drive.native_size_bytes = *native * facts.block_bytes;
}

} // namespace quietus::ata
