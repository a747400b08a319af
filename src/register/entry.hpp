// Entries of the log: one canonical JSON object each, one fact type per entry type.
//
// Members that every entry has: index (its place in the log, from 0), time, station, type.
#pragma once

#include "quietus/certificate/validation.hpp"
#include "quietus/core/json_fields.hpp"
#include "quietus/crypto/signer.hpp"
#include "quietus/record/technique.hpp"
#include "quietus/register/register.hpp"

#include <cstdint>
#include <string>

namespace quietus {

enum class EntryType : std::uint8_t { genesis, intent, result, document, validation };
template <>
inline constexpr auto enum_texts<EntryType> = spellings("genesis", "intent", "result", "document",
                                                        "validation");

/// Who looked at a result once more, and how.
enum class ValidationKind : std::uint8_t {
    recheck,   ///< by reading the drive once more
    statement, ///< by weighing what is proven against what the drive held
};
template <>
inline constexpr auto enum_texts<ValidationKind> = spellings("recheck", "statement");

struct EntryHead {
    std::uint64_t index = 0;
    std::string station;
    std::string time; ///< RFC 3339 UTC, by the system clock
    EntryType type = EntryType::genesis;

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("index", self.index);
        visit("station", self.station);
        visit("time", self.time);
        visit("type", self.type);
    }
};

/// The first entry, and no other.
struct GenesisEntry {
    EntryHead head;
    std::uint32_t schema = 1;

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        EntryHead::each_field(self.head, visit);
        visit("schema", self.schema);
    }
};

struct IntentEntry {
    EntryHead head;
    std::string job;
    std::string plan_sha256;
    std::string previous_sha384; ///< payload digest of the station's latest document; empty: none
    std::uint64_t sequence = 0;
    std::string serial_hmac; ///< HMAC-SHA-256 under the job's salt; the salt is never in the log
    std::string technique;

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        EntryHead::each_field(self.head, visit);
        visit("job", self.job);
        visit("plan_sha256", self.plan_sha256);
        visit("previous_sha384", self.previous_sha384);
        visit("sequence", self.sequence);
        visit("serial_hmac", self.serial_hmac);
        visit("technique", self.technique);
    }
};

struct ResultEntry {
    EntryHead head;
    std::string job;
    std::string journal_sha256;
    Verdict verdict = Verdict::failed;

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        EntryHead::each_field(self.head, visit);
        visit("job", self.job);
        visit("journal_sha256", self.journal_sha256);
        visit("verdict", self.verdict);
    }
};

struct DocumentEntry {
    EntryHead head;
    DocumentType document = DocumentType::attempt;
    std::string job;
    std::string payload_sha384;

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        EntryHead::each_field(self.head, visit);
        visit("document", self.document);
        visit("job", self.job);
        visit("payload_sha384", self.payload_sha384);
    }
};

/// About a document of any station.
struct ValidationEntry {
    EntryHead head;
    std::uint64_t bytes_matched = 0;
    std::string document; ///< its id
    bool identified = false;
    ValidationKind kind = ValidationKind::recheck;
    std::string payload_sha384;
    RecheckVerdict verdict = RecheckVerdict::not_established;
    Verification verification;

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        EntryHead::each_field(self.head, visit);
        visit("bytes_matched", self.bytes_matched);
        visit("document", self.document);
        visit("identified", self.identified);
        visit("kind", self.kind);
        visit("payload_sha384", self.payload_sha384);
        visit("verdict", self.verdict);
        visit("verification", self.verification);
    }
};

/// That a statement of validation was made, about a document of any station.
struct StatementEntry {
    EntryHead head;
    ValidationDecision decision = ValidationDecision::rejected;
    std::string document; ///< its id
    ValidationKind kind = ValidationKind::statement;
    std::string payload_sha384;
    std::string statement_sha384;
    std::string validator; ///< id of the person

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        EntryHead::each_field(self.head, visit);
        visit("decision", self.decision);
        visit("document", self.document);
        visit("kind", self.kind);
        visit("payload_sha384", self.payload_sha384);
        visit("statement_sha384", self.statement_sha384);
        visit("validator", self.validator);
    }
};

} // namespace quietus
