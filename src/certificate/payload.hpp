// Payload: the signed facts of a document, one list of members for writing and for strict reading.
//
// Members, order and meaning: certificates/SPEC.md. Texts that came from a drive, a person or the
// system are escaped (core/bytes.hpp) before they get in, so that they fit the JSON profile.
#pragma once

#include "quietus/certificate/certificate.hpp"
#include "quietus/core/json_fields.hpp"
#include "quietus/record/erasure_record.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace quietus {

/// Sentences with a fixed wording, so that no document can say them differently.
namespace wording {
inline constexpr std::string_view certificate_title = "CERTIFICATE OF ERASURE";
inline constexpr std::string_view attempt_title = "THIS DRIVE IS NOT PROVEN ERASED";
inline constexpr std::string_view rehearsal_title = "REHEARSAL: NO DRIVE WAS ERASED";
inline constexpr std::string_view stated = "stated, not signed";
inline constexpr std::string_view no_policy = "no policy was applied";
inline constexpr std::string_view policy_applied = "a policy was applied";
inline constexpr std::string_view level_source =
    "per the shipped technique table, derived from published implementations; the text of IEEE "
    "2883 was not consulted";
inline constexpr std::string_view time_source = "system clock, not proven";
} // namespace wording

inline constexpr std::uint32_t payload_schema = 1;
inline constexpr std::uint32_t technique_table_version = 1;

struct PartPayload {
    std::uint64_t size_bytes = 0;

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("size_bytes", self.size_bytes);
    }
};

/// A choice of the fields of Drive: what identifies the unit and what the verdict depends on.
struct DrivePayload {
    DriveKind kind = DriveKind::unknown;
    Medium medium = Medium::unknown;
    /// The last component of the node or of the image's path: what the host called it, no identity.
    /// Never the directories: they may name people and machines.
    std::string host_name;
    std::string model;
    std::string serial;
    std::string serial_raw_hex;
    IdentitySource identity_source = IdentitySource::none;
    std::string wwn;
    std::string firmware;
    std::uint64_t capacity_bytes = 0;
    Json native_capacity_bytes = "unknown"; ///< a number, or "unknown"
    std::uint32_t logical_block_bytes = 512;
    std::uint32_t physical_block_bytes = 512;
    bool removable = false;
    Provenance provenance = Provenance::machine;
    std::vector<PartPayload> parts;
    std::optional<HealthRecord> health; ///< as it was found, if it was asked

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("kind", self.kind);
        visit("medium", self.medium);
        visit("host_name", self.host_name);
        visit("model", self.model);
        visit("serial", self.serial);
        visit("serial_raw_hex", self.serial_raw_hex);
        visit("identity_source", self.identity_source);
        visit("wwn", self.wwn);
        visit("firmware", self.firmware);
        visit("capacity_bytes", self.capacity_bytes);
        visit("native_capacity_bytes", self.native_capacity_bytes);
        visit("logical_block_bytes", self.logical_block_bytes);
        visit("physical_block_bytes", self.physical_block_bytes);
        visit("removable", self.removable);
        visit("provenance", self.provenance);
        visit("parts", self.parts);
        visit("health", self.health);
    }
};

/// What people said about the job; the marking and what is signed stand elsewhere in the document.
struct StatedPayload {
    std::string basis{wording::stated};
    Statements said;

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("basis", self.basis);
        auto what_is_said = [&visit](std::string_view name, auto& member) {
            if (name != "document_marking" && name != "signers" && name != "confirmation")
                visit(name, member);
        };
        Statements::each_field(self.said, what_is_said);
    }
};

struct PolicyPayload {
    std::string statement{wording::no_policy};
    PolicyBasis basis;

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("statement", self.statement);
        PolicyBasis::each_field(self.basis, visit);
    }
};

struct MethodPayload {
    Technique technique = Technique::overwrite;
    std::uint32_t technique_table = technique_table_version;
    std::string scheme;
    std::string scheme_title;
    std::string scheme_status;
    Level level = Level::none; ///< the most that this plan could reach on this drive
    std::string level_source{wording::level_source};
    std::vector<PlanStep> steps;
    std::vector<LuksVolume> volumes; ///< of luks-erase alone
    std::vector<std::string> not_reached;
    std::optional<FirmwareOptions> options; ///< there exactly when the drive erases itself
    std::optional<ProbeRecord> probe;
    std::vector<PassRecord> passes;
    bool page_cache = false;
    StopReason stopped = StopReason::none;
    std::string stop_text;
    std::vector<Resumption> resumed;
    /// In place of probe, passes and read-backs where the drive erases itself.
    std::optional<FirmwareEvidence> firmware;
    std::optional<HiddenAreaRecord> hidden;   ///< of an overwrite that lifts hidden areas
    std::optional<HealthRecord> health_after; ///< of an overwrite: when all was done, if asked
    std::optional<LuksRecord> luks;           ///< of luks-erase alone

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("technique", self.technique);
        visit("technique_table", self.technique_table);
        visit("scheme", self.scheme);
        visit("scheme_title", self.scheme_title);
        visit("scheme_status", self.scheme_status);
        visit("level", self.level);
        visit("level_source", self.level_source);
        visit("steps", self.steps);
        visit("volumes", self.volumes);
        visit("not_reached", self.not_reached);
        visit("options", self.options);
        visit("probe", self.probe);
        visit("passes", self.passes);
        visit("page_cache", self.page_cache);
        visit("stopped", self.stopped);
        visit("stop_text", self.stop_text);
        visit("resumed", self.resumed);
        visit("firmware", self.firmware);
        visit("hidden", self.hidden);
        visit("health_after", self.health_after);
        visit("luks", self.luks);
    }
};

struct VerificationPayload {
    Verification asked; ///< of the final state
    std::vector<ReadBackRecord> read_backs;
    std::vector<std::string> statements; ///< one for each clean sample, in order

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        Verification::each_field(self.asked, visit);
        visit("read_backs", self.read_backs);
        visit("statements", self.statements);
    }
};

struct CoveragePayload {
    std::uint64_t bytes_proven = 0;
    std::vector<Extent> unproven;

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("bytes_proven", self.bytes_proven);
        visit("unproven", self.unproven);
    }
};

/// A list of extents too long for the document: its count and digest; the journal has all of it.
struct OmittedExtents {
    std::string list; ///< "method.passes.0.unwritable"
    std::uint64_t extents = 0;
    std::uint64_t bytes = 0;
    std::string sha256; ///< of the canonical JSON of the complete list
    std::string note = "complete list in the journal";

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("list", self.list);
        visit("extents", self.extents);
        visit("bytes", self.bytes);
        visit("sha256", self.sha256);
        visit("note", self.note);
    }
};

struct StationPayload {
    std::string id;
    std::uint64_t sequence = 0;
    std::string previous_sha384; ///< empty: the station's first document

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("id", self.id);
        visit("sequence", self.sequence);
        visit("previous_sha384", self.previous_sha384);
    }
};

struct LogPayload {
    std::uint64_t intent_index = 0;
    std::string salt;

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("intent_index", self.intent_index);
        visit("salt", self.salt);
    }
};

struct Payload {
    DocumentType type = DocumentType::attempt;
    std::uint32_t schema = payload_schema;
    std::string title{wording::attempt_title};
    std::string id;
    std::string issued_at;
    std::string document_marking;
    DrivePayload drive;
    StatedPayload statements;
    PolicyPayload policy;
    MethodPayload method;
    VerificationPayload verification;
    CoveragePayload coverage;
    std::vector<OmittedExtents> omitted;
    Verdict verdict = Verdict::failed;
    Level level = Level::none;
    LevelBasis level_basis = LevelBasis::host_read_back;
    std::string grade;
    std::vector<std::string> limits;
    std::vector<Finding> findings;
    Timing timing;
    Tool tool;
    StationPayload station;
    std::string time_source{wording::time_source};
    LogPayload log;
    std::string journal_sha256;
    std::string retain_until;
    std::vector<RequiredSigner> signers_required;
    std::optional<SignedConfirmation> confirmation;

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("type", self.type);
        visit("schema", self.schema);
        visit("title", self.title);
        visit("id", self.id);
        visit("issued_at", self.issued_at);
        visit("document_marking", self.document_marking);
        visit("drive", self.drive);
        visit("statements", self.statements);
        visit("policy", self.policy);
        visit("method", self.method);
        visit("verification", self.verification);
        visit("coverage", self.coverage);
        visit("omitted", self.omitted);
        visit("verdict", self.verdict);
        visit("level", self.level);
        visit("level_basis", self.level_basis);
        visit("grade", self.grade);
        visit("limits", self.limits);
        visit("findings", self.findings);
        visit("timing", self.timing);
        visit("tool", self.tool);
        visit("station", self.station);
        visit("time_source", self.time_source);
        visit("log", self.log);
        visit("journal_sha256", self.journal_sha256);
        visit("retain_until", self.retain_until);
        visit("signers_required", self.signers_required);
        visit("confirmation", self.confirmation);
    }
};

/// The title that each type of document bears.
[[nodiscard]] std::string_view title_of(DocumentType type);
/// The sentence for each clean sample among the read-backs, in their order.
[[nodiscard]] std::vector<std::string> sample_statements(const Evidence& evidence);
/// The texts that a rehearsal marks: whatever came from a drive, a person or the machine.
struct NamedText {
    std::string path;
    std::string* text;
};
[[nodiscard]] std::vector<NamedText> free_texts(Payload& payload);

/// The same of an erasure by the drive itself, below `method.firmware`.
[[nodiscard]] std::vector<NamedText> firmware_texts(FirmwareEvidence& evidence);
/// And of hidden areas, wherever they are.
[[nodiscard]] std::vector<NamedText> hidden_texts(HiddenAreaRecord& record,
                                                  const std::string& path);

/// Every list of extents in the document, with its path in it.
struct NamedExtents {
    std::string path;
    std::vector<Extent>* extents;
};
[[nodiscard]] std::vector<NamedExtents> extent_lists(Payload& payload);
[[nodiscard]] std::vector<NamedExtents> firmware_extents(FirmwareEvidence& evidence);

/// What coverage and extents are of: the drive as it was found, or as it was when what had been
/// hidden was within reach.
[[nodiscard]] std::uint64_t covered_bytes(const Drive& drive,
                                          const std::optional<FirmwareEvidence>& firmware,
                                          const std::optional<HiddenAreaRecord>& hidden);
[[nodiscard]] std::uint64_t covered_bytes(const Payload& payload);
/// Of that, the ciphertext that luks-erase has left alone.
[[nodiscard]] ExtentSet kept_extents(const Payload& payload);

/// The facts that judge() needs, back from the document.
[[nodiscard]] Drive drive_of(const Payload& payload);
[[nodiscard]] Plan plan_of(const Payload& payload);
[[nodiscard]] Evidence evidence_of(const Payload& payload);

} // namespace quietus
