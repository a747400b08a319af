#include "quietus/policy/catalogue.hpp"

#include "embedded.hpp"
#include "toml_fields.hpp"

#include "quietus/core/ensure.hpp"

#include <algorithm>

namespace quietus {
namespace {

using Flaws = std::vector<ProfileFlaw>;

template <typename Entry, typename Id>
std::optional<Id> position(const std::vector<Entry>& entries, std::string_view id) {
    const auto found = std::ranges::find(entries, id, &Entry::id);
    if (found == entries.end()) return std::nullopt;
    return static_cast<Id>(found - entries.begin());
}

std::optional<ClassificationId> classification_in(const Catalogue& whole, std::string_view id) {
    return position<Classification, ClassificationId>(whole.classifications, id);
}

// A name that the catalogue itself refers to.
ClassificationId needed(const Catalogue& whole, std::string_view id) {
    const auto found = classification_in(whole, id);
    QUIETUS_ENSURE(found);
    return *found;
}

Media media_named(const Catalogue& whole, TomlFields& fields) {
    Media media;
    for (const std::string& id : fields.plain_texts("media", Need::required)) {
        const auto found = position<MediumClass, MediumId>(whole.media, id);
        QUIETUS_ENSURE(found);
        media.add(*found);
    }
    return media;
}

template <typename Entry>
void read_standing(TomlFields& fields, Entry& entry) {
    entry.confidence =
        fields.word<Confidence>("confidence", Need::required).value_or(Confidence::memory);
    entry.sources = fields.plain_texts("sources", Need::required);
}

void read_classification(const Toml& toml, Catalogue& whole, Flaws& flaws) {
    TomlFields fields(toml, flaws);
    Classification entry;
    entry.id = fields.text("id", Need::required);
    entry.label = fields.text("label", Need::required);
    entry.scheme = fields.text("scheme", Need::required);
    entry.rank = static_cast<int>(fields.number("rank", {0, 99}, Need::required).value_or(0));
    const std::string domain = fields.text("domain", Need::optional);
    entry.domain = domain.empty() ? entry.scheme : domain;
    entry.domain_rank = static_cast<int>(
        fields.number("domain_rank", {0, 99}, Need::optional).value_or(entry.rank));
    entry.aliases = fields.plain_texts("aliases", Need::optional);
    for (const std::string& id : fields.plain_texts("counts_as", Need::optional))
        entry.counts_as.push_back(needed(whole, id)); // earlier ones only
    read_standing(fields, entry);
    entry.note = fields.text("note", Need::optional);
    fields.refuse_others();
    whole.classifications.push_back(std::move(entry));
}

void read_caveat(const Toml& toml, Catalogue& whole, Flaws& flaws) {
    TomlFields fields(toml, flaws);
    Caveat entry;
    entry.label = fields.text("label", Need::required);
    entry.scheme = fields.text("scheme", Need::required);
    if (const auto id = fields.text("at_least", Need::optional); !id.empty())
        entry.at_least = needed(whole, id);
    read_standing(fields, entry);
    fields.refuse_others();
    whole.caveats.push_back(std::move(entry));
}

MediumSign read_sign(const Toml& toml, Flaws& flaws) {
    TomlFields fields(toml, flaws);
    MediumSign sign;
    sign.kinds = fields.words<DriveKind>("kind", Need::optional);
    sign.media = fields.words<Medium>("medium", Need::optional);
    sign.removable = fields.flag("removable");
    sign.zoned = fields.flag("zoned");
    sign.boot_areas = fields.flag("boot_areas");
    fields.refuse_others();
    return sign;
}

void read_medium(const Toml& toml, Catalogue& whole, Flaws& flaws) {
    TomlFields fields(toml, flaws);
    MediumClass entry;
    entry.id = fields.text("id", Need::required);
    entry.title = fields.text("title", Need::required);
    entry.cap = fields.word<Level>("cap", Need::required).value_or(Level::none);
    for (const Toml& sign : fields.array("detect", Need::optional))
        entry.signs.push_back(read_sign(sign, flaws));
    read_standing(fields, entry);
    entry.note = fields.text("note", Need::optional);
    fields.refuse_others();
    whole.media.push_back(std::move(entry));
}

void read_technique(const Toml& toml, Catalogue& whole, Flaws& flaws) {
    TomlFields fields(toml, flaws);
    CatalogueTechnique entry;
    entry.id = fields.text("id", Need::required);
    entry.title = fields.text("title", Need::required);
    entry.level = fields.word<Level>("level", Need::required).value_or(Level::none);
    entry.possible = fields.word<Level>("possible", Need::optional).value_or(entry.level);
    entry.media = media_named(whole, fields);
    entry.caveats = fields.plain_texts("caveats", Need::required);
    read_standing(fields, entry);
    fields.refuse_others();
    whole.techniques.push_back(std::move(entry));
}

void read_key_erasure(const Toml& toml, Catalogue& whole, Flaws& flaws) {
    TomlFields fields(toml, flaws);
    KeyErasureItem entry;
    entry.id = fields.text("id", Need::required);
    entry.text = fields.text("text", Need::required);
    read_standing(fields, entry);
    fields.refuse_others();
    whole.key_erasure.push_back(std::move(entry));
}

void read_destruction(const Toml& toml, Catalogue& whole, Flaws& flaws) {
    TomlFields fields(toml, flaws);
    DestructionMethod entry;
    entry.id = fields.text("id", Need::required);
    entry.title = fields.text("title", Need::required);
    entry.media = media_named(whole, fields);
    entry.limit = fields.text("limit", Need::required);
    if (const auto size = fields.number("particle_mm", {1, 1000}, Need::optional))
        entry.particle_mm = static_cast<std::uint32_t>(*size);
    read_standing(fields, entry);
    entry.note = fields.text("note", Need::optional);
    fields.refuse_others();
    whole.destruction.push_back(std::move(entry));
}

void read_particle(const Toml& toml, Catalogue& whole, Flaws& flaws) {
    TomlFields fields(toml, flaws);
    ParticleLevel entry;
    entry.id = fields.text("id", Need::required);
    entry.limit = fields.text("limit", Need::required);
    read_standing(fields, entry);
    fields.refuse_others();
    whole.particles.push_back(std::move(entry));
}

void read_residue(const Toml& toml, Catalogue& whole, Flaws& flaws) {
    TomlFields fields(toml, flaws);
    ResidueRule entry;
    entry.of = needed(whole, fields.text("of", Need::required));
    const auto size = fields.number("up_to_mm", {1, 1000}, Need::required);
    entry.up_to_mm = static_cast<std::uint32_t>(size.value_or(0));
    entry.counts_as = needed(whole, fields.text("counts_as", Need::required));
    read_standing(fields, entry);
    fields.refuse_others();
    whole.residues.push_back(std::move(entry));
}

using Reader = void (*)(const Toml&, Catalogue&, Flaws&);

// One kind of entry of an embedded file.
struct Section {
    std::string_view name;
    Reader read;
};

void read_file(std::string_view text, std::initializer_list<Section> sections, Catalogue& whole) {
    const TomlReading reading = read_toml(text);
    QUIETUS_ENSURE(reading.problems.empty());
    Flaws flaws;
    TomlFields file(reading.value, flaws);
    for (const Section& section : sections)
        for (const Toml& each : file.array(section.name, Need::required))
            section.read(each, whole, flaws);
    file.refuse_others();
    QUIETUS_ENSURE(flaws.empty());
}

Catalogue read_catalogue() {
    Catalogue whole;
    read_file(classifications_toml,
              {{"classification", read_classification}, {"caveat", read_caveat}}, whole);
    read_file(media_toml, {{"medium", read_medium}}, whole);
    read_file(techniques_toml, {{"technique", read_technique}, {"key_erasure", read_key_erasure}},
              whole);
    read_file(
        destruction_toml,
        {{"method", read_destruction}, {"particle", read_particle}, {"residue", read_residue}},
        whole);
    constexpr std::size_t set_max = 64; // IdSet
    QUIETUS_ENSURE(whole.classifications.size() <= set_max && whole.media.size() <= set_max &&
                   whole.techniques.size() <= set_max);
    return whole;
}

template <typename Entry, typename Id>
const Entry& entry_at(const std::vector<Entry>& entries, Id id) {
    const auto index = static_cast<std::size_t>(id);
    QUIETUS_ENSURE(index < entries.size());
    return entries[index];
}

} // namespace

const Classification& Catalogue::operator[](ClassificationId id) const {
    return entry_at(classifications, id);
}

const MediumClass& Catalogue::operator[](MediumId id) const {
    return entry_at(media, id);
}

const CatalogueTechnique& Catalogue::operator[](TechniqueId id) const {
    return entry_at(techniques, id);
}

const Catalogue& catalogue() {
    static const Catalogue whole = read_catalogue();
    return whole;
}

std::optional<ClassificationId> find_classification(std::string_view id) {
    return classification_in(catalogue(), id);
}

std::optional<MediumId> find_medium(std::string_view id) {
    return position<MediumClass, MediumId>(catalogue().media, id);
}

std::optional<TechniqueId> find_technique(std::string_view id) {
    return position<CatalogueTechnique, TechniqueId>(catalogue().techniques, id);
}

Level level_of(const CatalogueTechnique& technique, VendorClaim claim) {
    return claim == VendorClaim::accepted ? technique.possible : technique.level;
}

Level level_on(TechniqueId technique, MediumId medium, VendorClaim claim) {
    const CatalogueTechnique& entry = catalogue()[technique];
    if (!entry.media.contains(medium)) return Level::none;
    return std::min(level_of(entry, claim), catalogue()[medium].cap);
}

} // namespace quietus
