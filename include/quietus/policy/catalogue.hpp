// Catalogue: what policy speaks about. Classifications, media, techniques with their levels,
// destruction methods, residue; each entry with its sources and how sure we are of it.
//
// Data: src/policy/data/*.toml, embedded. Overwrite schemes are in schemes.hpp.
#pragma once

#include "quietus/core/result.hpp"
#include "quietus/policy/terms.hpp"
#include "quietus/record/drive.hpp"
#include "quietus/record/technique.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace quietus {

/// How near to the text of an authority our knowledge of an entry is.
enum class Confidence : std::uint8_t {
    primary,          ///< read in the authority's own text
    primary_restated, ///< quoted or restated by another, who was read
    secondary,
    implementers, ///< read in the source of published implementations
    memory,       ///< not looked up: to be taken with care
    own_reading,  ///< this project's conclusion from the sources named
};
template <>
inline constexpr auto enum_texts<Confidence> = spellings("primary", "primary-restated", "secondary",
                                                         "implementers", "memory", "own-reading");

/// A protective marking, an impact level or a category. Ranks compare within one scheme.
struct Classification {
    std::string id;    ///< "uk.official"
    std::string label; ///< as people write it: "OFFICIAL"
    std::string scheme;
    int rank = 0;
    /// Domains compare by these: where drives that held it are used.
    std::string domain;
    int domain_rank = 0;
    std::vector<std::string> aliases;
    /// Of a marking no longer in use: what it counts as today. More than one: somebody must decide,
    /// and until then no rule that allows anything applies.
    std::vector<ClassificationId> counts_as;
    Confidence confidence = Confidence::memory;
    std::vector<std::string> sources;
    std::string note;
};

/// What may follow a marking: "OFFICIAL-SENSITIVE PERSONAL".
struct Caveat {
    std::string label;
    std::string scheme; ///< of the classifications it may follow
    /// The least it counts as together with a lower marking; `unknown` when it changes nothing.
    ClassificationId at_least = ClassificationId::unknown;
    Confidence confidence = Confidence::memory;
    std::vector<std::string> sources;
};

/// How a medium class is recognised: every fact given must hold.
struct MediumSign {
    std::vector<DriveKind> kinds; ///< empty: any
    std::vector<Medium> media;
    std::optional<bool> removable;
    std::optional<bool> zoned;
    std::optional<bool> boot_areas; ///< boot areas or replay-protected blocks among its parts
};

struct MediumClass {
    std::string id; ///< "ssd-sata"
    std::string title;
    Level cap = Level::none;       ///< the most that any host or drive command reaches there
    std::vector<MediumSign> signs; ///< empty: a person must say so
    Confidence confidence = Confidence::memory;
    std::vector<std::string> sources;
    std::string note;
};

/// A way to erase, known to this program or not.
struct CatalogueTechnique {
    std::string id; ///< as in `list --json` when this program has it: "overwrite"
    std::string title;
    Level level = Level::none;    ///< what it counts as
    Level possible = Level::none; ///< what a vendor's implementation may reach
    Media media;                  ///< where it exists
    std::vector<std::string> caveats;
    Confidence confidence = Confidence::memory;
    std::vector<std::string> sources;
};

/// A way to destroy.
struct DestructionMethod {
    std::string id;
    std::string title;
    Media media;
    std::string limit; ///< "no particle over 6 mm in any direction"
    std::optional<std::uint32_t> particle_mm;
    Confidence confidence = Confidence::memory;
    std::vector<std::string> sources;
    std::string note;
};

/// DIN 66399 and ISO/IEC 21964: the largest particle of a security level.
struct ParticleLevel {
    std::string id;    ///< "H-5"
    std::string limit; ///< "320 mm2"
    Confidence confidence = Confidence::memory;
    std::vector<std::string> sources;
};

/// What the pieces of a destroyed drive still count as.
struct ResidueRule {
    ClassificationId of = ClassificationId::unknown;
    std::uint32_t up_to_mm = 0;
    ClassificationId counts_as = ClassificationId::unknown;
    Confidence confidence = Confidence::memory;
    std::vector<std::string> sources;
};

/// One thing that must be known before the destruction of a key counts as an erasure.
struct KeyErasureItem {
    std::string id;
    std::string text;
    Confidence confidence = Confidence::memory;
    std::vector<std::string> sources;
};

struct Catalogue {
    std::vector<Classification> classifications;
    std::vector<Caveat> caveats;
    std::vector<MediumClass> media;
    std::vector<CatalogueTechnique> techniques;
    std::vector<DestructionMethod> destruction;
    std::vector<ParticleLevel> particles;
    std::vector<ResidueRule> residues;
    std::vector<KeyErasureItem> key_erasure;

    [[nodiscard]] const Classification& operator[](ClassificationId id) const;
    [[nodiscard]] const MediumClass& operator[](MediumId id) const;
    [[nodiscard]] const CatalogueTechnique& operator[](TechniqueId id) const;
};

/// The whole of it; read when first used. A flaw in it is a bug (QUIETUS_ENSURE).
[[nodiscard]] const Catalogue& catalogue();

/// By id; nothing when there is no such entry.
[[nodiscard]] std::optional<ClassificationId> find_classification(std::string_view id);
[[nodiscard]] std::optional<MediumId> find_medium(std::string_view id);
[[nodiscard]] std::optional<TechniqueId> find_technique(std::string_view id);

/// The class of a drive: the first in the catalogue's order that it shows the signs of.
/// MediumId::unknown when there is none.
[[nodiscard]] MediumId medium_of(const Drive& drive);
/// Whether a drive of which a document tells some facts only may be of this class.
[[nodiscard]] bool may_be(const Drive& stated, MediumId medium);

/// What a technique counts as: with an accepted claim what a vendor's implementation may reach.
[[nodiscard]] Level level_of(const CatalogueTechnique& technique, VendorClaim claim);

/// What a technique reaches on a medium: no more than the medium allows; none where it does not
/// exist.
[[nodiscard]] Level level_on(TechniqueId technique, MediumId medium, VendorClaim claim);

} // namespace quietus
