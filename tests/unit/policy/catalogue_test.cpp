#include "quietus/policy/catalogue.hpp"

#include "quietus/policy/lint.hpp"
#include "quietus/policy/schemes.hpp"

#include <gtest/gtest.h>

#include <set>

namespace quietus {
namespace {

// --- every entry says where it comes from ---

template <typename Entry>
void expect_sourced(const std::vector<Entry>& entries) {
    ASSERT_FALSE(entries.empty());
    for (const Entry& entry : entries) {
        EXPECT_FALSE(entry.sources.empty());
        for (const std::string& source : entry.sources)
            EXPECT_GT(source.size(), 3U);
    }
}

template <typename Entry>
void expect_distinct(const std::vector<Entry>& entries) {
    std::set<std::string> ids;
    for (const Entry& entry : entries)
        EXPECT_TRUE(ids.insert(entry.id).second) << entry.id << " is there twice";
}

TEST(Catalogue, GivesSourcesForEverything) {
    const Catalogue& all = catalogue();
    expect_sourced(all.classifications);
    expect_sourced(all.caveats);
    expect_sourced(all.media);
    expect_sourced(all.techniques);
    expect_sourced(all.destruction);
    expect_sourced(all.particles);
    expect_sourced(all.residues);
    expect_sourced(all.key_erasure);
}

TEST(Catalogue, UsesNoIdTwice) {
    const Catalogue& all = catalogue();
    expect_distinct(all.classifications);
    expect_distinct(all.media);
    expect_distinct(all.techniques);
    expect_distinct(all.destruction);
    expect_distinct(all.particles);
    expect_distinct(all.key_erasure);
}

TEST(Catalogue, LabelsWhatNobodyRead) {
    // From memory or from a secondary source by the research it rests on: they must stay so marked
    // until somebody reads the text.
    const Catalogue& all = catalogue();
    for (const char* id : {"uk.il.0", "uk.il.1", "uk.il.2", "uk.il.3", "uk.il.5", "uk.il.6",
                           "us.low", "us.moderate", "us.high"})
        EXPECT_EQ(all[*find_classification(id)].confidence, Confidence::memory) << id;
    EXPECT_EQ(all[*find_classification("uk.il.4")].confidence, Confidence::secondary);
    EXPECT_EQ(all[*find_technique("opal-revert")].confidence, Confidence::memory);
    for (const ParticleLevel& each : all.particles)
        EXPECT_EQ(each.confidence,
                  each.id.starts_with("E-") ? Confidence::memory : Confidence::secondary)
            << each.id;
}

TEST(Catalogue, ClaimsNothingThatNobodyCanProve) {
    for (const MediumClass& each : catalogue().media)
        EXPECT_EQ(forbidden_claim(each.title + " " + each.note), "") << each.id;
    for (const CatalogueTechnique& each : catalogue().techniques)
        for (const std::string& caveat : each.caveats)
            EXPECT_EQ(forbidden_claim(caveat), "") << each.id;
    for (const Scheme& each : schemes())
        EXPECT_EQ(forbidden_claim(each.title + " " + each.note), "") << each.id;
}

// --- levels: the table of opensea-operations, which says that it follows IEEE 2883 ---

struct ExpectedLevel {
    const char* technique;
    const char* medium;
    Level level;
    Level possible;
};

constexpr ExpectedLevel expected_levels[] = {
    {"ata-sanitize-crypto-scramble", "ssd-sata", Level::purge, Level::purge},
    {"ata-sanitize-block-erase", "ssd-sata", Level::purge, Level::purge},
    {"ata-sanitize-overwrite", "hdd", Level::purge, Level::purge},
    {"scsi-sanitize-crypto-erase", "ssd-sas", Level::purge, Level::purge},
    {"scsi-sanitize-block-erase", "ssd-sas", Level::purge, Level::purge},
    {"scsi-sanitize-overwrite", "hdd", Level::purge, Level::purge},
    {"nvme-sanitize-crypto-erase", "nvme", Level::purge, Level::purge},
    {"nvme-sanitize-block-erase", "nvme", Level::purge, Level::purge},
    {"nvme-sanitize-overwrite", "nvme", Level::purge, Level::purge},
    {"ata-security-erase-enhanced", "hdd", Level::purge, Level::purge},
    {"ata-security-erase", "hdd", Level::clear, Level::clear},
    {"nvme-format-crypto-erase", "nvme", Level::clear, Level::purge},
    {"nvme-format-user-data", "nvme", Level::clear, Level::clear},
    // The table has a possible purge, of the security initialisation that is not asked for here.
    {"scsi-format-unit", "hdd", Level::clear, Level::clear},
    {"scsi-write-same", "hdd", Level::clear, Level::clear},
    {"overwrite", "hdd", Level::clear, Level::clear},
    {"overwrite", "nvme", Level::clear, Level::clear},
    {"trim", "ssd-sata", Level::none, Level::none},
    // Our own caps: what lies beneath cannot be seen, and nothing that proves a purge was found.
    {"mmc-sanitize", "emmc", Level::clear, Level::clear},
    {"overwrite", "image", Level::none, Level::clear},
    {"overwrite", "virtual", Level::none, Level::clear},
};

TEST(Catalogue, HasTheLevelsOfThePublishedTable) {
    for (const ExpectedLevel& each : expected_levels) {
        const auto technique = find_technique(each.technique);
        const auto medium = find_medium(each.medium);
        ASSERT_TRUE(technique && medium) << each.technique << " on " << each.medium;
        EXPECT_EQ(level_on(*technique, *medium, VendorClaim::none), each.level)
            << each.technique << each.medium;
        EXPECT_EQ(catalogue()[*technique].possible, each.possible) << each.technique;
    }
}

TEST(Catalogue, NeverCallsAHostOverwriteMoreThanClear) {
    const auto overwrite = find_technique("overwrite");
    ASSERT_TRUE(overwrite);
    EXPECT_EQ(catalogue()[*overwrite].possible, Level::clear);
}

TEST(Catalogue, ReachesNothingWhereATechniqueDoesNotExist) {
    EXPECT_EQ(level_on(*find_technique("nvme-sanitize-block-erase"), *find_medium("hdd"),
                       VendorClaim::none),
              Level::none);
}

TEST(Catalogue, KnowsEveryTechniqueOfThisProgram) {
    for (const std::string_view each : enum_texts<Technique>)
        EXPECT_TRUE(find_technique(each)) << each;
}

// --- media by what a drive shows ---

struct Shown {
    DriveKind kind;
    Medium medium;
    bool removable;
    Zoned zoned;
    bool boot_areas;
    const char* expected; ///< nullptr: unknown
};

constexpr Shown shown_drives[] = {
    {DriveKind::ata, Medium::magnetic, false, Zoned::none, false, "hdd"},
    {DriveKind::scsi, Medium::magnetic, false, Zoned::unknown, false, "hdd"},
    {DriveKind::usb, Medium::magnetic, true, Zoned::none, false, "hdd"},
    {DriveKind::ata, Medium::magnetic, false, Zoned::host_managed, false, "hdd-zoned"},
    {DriveKind::scsi, Medium::magnetic, false, Zoned::host_aware, false, "hdd-zoned"},
    {DriveKind::ata, Medium::hybrid, false, Zoned::none, false, "sshd"},
    {DriveKind::ata, Medium::flash, false, Zoned::none, false, "ssd-sata"},
    {DriveKind::usb, Medium::flash, false, Zoned::none, false, "ssd-sata"},
    {DriveKind::scsi, Medium::flash, false, Zoned::none, false, "ssd-sas"},
    {DriveKind::scsi, Medium::flash, false, Zoned::none, true, "ufs"},
    {DriveKind::nvme, Medium::flash, false, Zoned::none, false, "nvme"},
    {DriveKind::nvme, Medium::flash, false, Zoned::none, true, "nvme"},
    {DriveKind::mmc, Medium::flash, false, Zoned::none, true, "emmc"},
    {DriveKind::mmc, Medium::flash, true, Zoned::none, false, "sd"},
    {DriveKind::usb, Medium::flash, true, Zoned::none, false, "usb-flash"},
    {DriveKind::usb, Medium::unknown, true, Zoned::none, false, "usb-flash"},
    {DriveKind::usb, Medium::unknown, false, Zoned::none, false, nullptr},
    {DriveKind::ata, Medium::unknown, false, Zoned::none, false, nullptr},
    {DriveKind::image, Medium::virtual_medium, false, Zoned::none, false, "image"},
    {DriveKind::loop, Medium::virtual_medium, false, Zoned::none, false, "image"},
    {DriveKind::virtio, Medium::virtual_medium, false, Zoned::none, false, "virtual"},
    {DriveKind::nbd, Medium::virtual_medium, false, Zoned::none, false, "virtual"},
    {DriveKind::scsi, Medium::virtual_medium, false, Zoned::none, false, "virtual"},
    {DriveKind::rom, Medium::unknown, true, Zoned::none, false, nullptr},
};

Drive drive_showing(const Shown& shown) {
    Drive drive;
    drive.kind = shown.kind;
    drive.medium = shown.medium;
    drive.removable = shown.removable;
    drive.zoned = shown.zoned;
    if (shown.boot_areas) drive.parts.push_back({"", 4096, PartKind::boot_area});
    return drive;
}

TEST(MediumOf, FollowsWhatTheDriveShows) {
    for (const Shown& each : shown_drives) {
        const MediumId medium = medium_of(drive_showing(each));
        const std::string found = medium == MediumId::unknown ? "unknown" : catalogue()[medium].id;
        EXPECT_EQ(found, each.expected == nullptr ? "unknown" : each.expected)
            << to_text(each.kind) << ' ' << to_text(each.medium);
    }
}

TEST(MediumOf, IsNeverContradictedByWhatADocumentTells) {
    for (const Shown& each : shown_drives) {
        const Drive drive = drive_showing(each);
        if (each.expected == nullptr) continue;
        Drive stated; // what documents carry
        stated.kind = drive.kind;
        stated.medium = drive.medium;
        stated.removable = drive.removable;
        EXPECT_TRUE(may_be(stated, medium_of(drive))) << each.expected;
    }
}

TEST(MediumOf, TellsAHardDiskFromAFlashDriveByADocument) {
    Drive stated;
    stated.kind = DriveKind::ata;
    stated.medium = Medium::magnetic;
    EXPECT_FALSE(may_be(stated, *find_medium("ssd-sata")));
    EXPECT_FALSE(may_be(stated, *find_medium("image")));
}

// --- the old markings ---

TEST(Catalogue, MapsTheMarkingsOfBefore2014) {
    const auto counts_as = [](const char* id) {
        std::vector<std::string> ids;
        for (const ClassificationId each : catalogue()[*find_classification(id)].counts_as)
            ids.push_back(catalogue()[each].id);
        return ids;
    };
    using Ids = std::vector<std::string>;
    EXPECT_EQ(counts_as("uk.gpms.protect"), Ids{"uk.official"});
    EXPECT_EQ(counts_as("uk.gpms.restricted"), Ids{"uk.official"});
    EXPECT_EQ(counts_as("uk.gpms.confidential"), (Ids{"uk.official-sensitive", "uk.secret"}));
    EXPECT_EQ(counts_as("uk.il.1"), Ids{"uk.official"});
    EXPECT_EQ(counts_as("uk.il.2"), Ids{"uk.official"});
    EXPECT_EQ(counts_as("uk.il.3"), Ids{"uk.official"});
    EXPECT_EQ(counts_as("uk.il.4"), (Ids{"uk.official-sensitive", "uk.secret"}));
    EXPECT_EQ(counts_as("uk.il.5"), Ids{"uk.secret"});
    EXPECT_EQ(counts_as("uk.il.6"), Ids{"uk.top-secret"});
}

// ISM-1728 and ISM-1729, December 2025.
TEST(Catalogue, KnowsWhatPiecesStillCountAs) {
    struct Row {
        const char* of;
        std::uint32_t up_to_mm;
        const char* counts_as;
    };
    constexpr Row rows[] = {{"au.secret", 3, "au.official"},
                            {"au.secret", 6, "au.protected"},
                            {"au.secret", 9, "au.secret"},
                            {"au.top-secret", 3, "au.official"},
                            {"au.top-secret", 9, "au.secret"}};
    ASSERT_EQ(catalogue().residues.size(), std::size(rows));
    for (std::size_t i = 0; i < std::size(rows); ++i) {
        const ResidueRule& rule = catalogue().residues[i];
        EXPECT_EQ(catalogue()[rule.of].id, rows[i].of);
        EXPECT_EQ(rule.up_to_mm, rows[i].up_to_mm);
        EXPECT_EQ(catalogue()[rule.counts_as].id, rows[i].counts_as);
    }
}

} // namespace
} // namespace quietus
