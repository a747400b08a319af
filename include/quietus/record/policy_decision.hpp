// PolicyDecision: what policy decided about a drive, with everything that it was asked. On the
// plan, so that the operator confirms it, and on the document, so that the auditor can ask again.
//
// Names are those of the catalogue and of the profile: record knows neither.
#pragma once

#include "quietus/core/enum_text.hpp"
#include "quietus/record/technique.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace quietus {

/// Who gave a value that policy was asked with.
enum class Supplier : std::uint8_t {
    option,        ///< the operator, on the command line
    order,         ///< a disposal order
    configuration, ///< the station's
    default_,      ///< nobody: what is shipped
};
template <>
inline constexpr auto enum_texts<Supplier> = spellings("option", "order", "configuration",
                                                       "default");

struct SuppliedValue {
    std::string name; ///< of the option that gives it otherwise: "classification"
    std::string value;
    Supplier by = Supplier::option;
    std::string reference; ///< which order, which file; may be empty

    friend bool operator==(const SuppliedValue&, const SuppliedValue&) = default;
    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("name", self.name);
        visit("value", self.value);
        visit("by", self.by);
        visit("reference", self.reference);
    }
};

/// A profile's exact text by its digest.
struct ProfileDigest {
    std::string id;
    std::uint32_t version = 0;
    std::string sha256; ///< hexadecimal

    friend bool operator==(const ProfileDigest&, const ProfileDigest&) = default;
    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("id", self.id);
        visit("version", self.version);
        visit("sha256", self.sha256);
    }
};

struct PolicyDecision {
    ProfileDigest profile;
    std::optional<ProfileDigest> extends; ///< the shipped one whose rules follow its own
    // What was asked.
    std::string classification_given; ///< as somebody stated it
    std::string classification;       ///< what that is in the catalogue
    std::string medium;
    std::string disposition;
    std::string destination;                      ///< empty: not stated
    std::vector<std::string> offered;             ///< techniques, by drive and program
    std::optional<std::uint64_t> remapped_blocks; ///< absent: not known
    std::vector<std::string> conditions;          ///< that were met
    // What was answered.
    std::string decision;
    std::string method;                      ///< "overwrite"; empty: nothing of it can be erased
    Level level = Level::none;               ///< asked of the method
    std::optional<VendorClaim> vendor_claim; ///< there where the rule accepts one for the method
    std::vector<std::string> people;
    std::uint32_t recheck_percent = 0;
    std::vector<std::string> destruction;
    std::string on_failure;
    std::string residual;
    std::vector<std::string> duties;
    std::uint32_t retention_years = 0;
    std::vector<SuppliedValue> supplied;

    friend bool operator==(const PolicyDecision&, const PolicyDecision&) = default;
    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("profile", self.profile);
        visit("extends", self.extends);
        visit("classification_given", self.classification_given);
        visit("classification", self.classification);
        visit("medium", self.medium);
        visit("disposition", self.disposition);
        visit("destination", self.destination);
        visit("offered", self.offered);
        visit("remapped_blocks", self.remapped_blocks);
        visit("conditions", self.conditions);
        visit("decision", self.decision);
        visit("method", self.method);
        visit("level", self.level);
        visit("vendor_claim", self.vendor_claim);
        visit("people", self.people);
        visit("recheck_percent", self.recheck_percent);
        visit("destruction", self.destruction);
        visit("on_failure", self.on_failure);
        visit("residual", self.residual);
        visit("duties", self.duties);
        visit("retention_years", self.retention_years);
        visit("supplied", self.supplied);
    }
};

} // namespace quietus
