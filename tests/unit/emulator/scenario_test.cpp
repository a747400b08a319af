// Scenarios: what their keys mean, and that a mistake is told with its line.
#include "quietus/emulator/scenario.hpp"

#include "quietus/core/file.hpp"
#include "quietus/emulator/ata_drive.hpp"
#include "quietus/emulator/nvme_drive.hpp"
#include "quietus/emulator/scsi_drive.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <map>

namespace quietus::emulator {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

const std::string head =
    "title = \"one\"\n[[drive]]\nname = \"a\"\nserial = \"S1\"\nsize = 1048576\n";

Scenario good(const std::string& toml) {
    auto scenario = parse_scenario(toml);
    EXPECT_TRUE(scenario) << scenario.error().message;
    return scenario.value_or(Scenario{});
}

TEST(Scenario, GivesADriveThatBearsTheMarkEverywhere) {
    const Scenario scenario = good(head + "model = \"M\"\nfirmware = \"F\"\nwwn = \"naa.5\"\n");
    ASSERT_EQ(scenario.drives.size(), 1u);
    const Drive& drive = scenario.drives.front().facts;
    EXPECT_EQ(drive.node, "rehearsal:a");
    EXPECT_EQ(drive.model, "REHEARSAL M");
    EXPECT_EQ(drive.firmware, "REHEARSAL F");
    EXPECT_EQ(drive.serial, "REHEARSAL-S1");
    EXPECT_EQ(drive.wwn, "REHEARSAL-naa.5");
    EXPECT_EQ(drive.provenance, Provenance::rehearsal);
    EXPECT_EQ(drive.kind, DriveKind::ata);
    EXPECT_EQ(drive.medium, Medium::magnetic);
    EXPECT_EQ(drive.size_bytes, 1048576u);
    EXPECT_EQ(drive.native_size_bytes, 1048576u);
    EXPECT_TRUE(drive.guards.empty());
}

TEST(Scenario, ReadsGeometryGuardsAndFaults) {
    const Scenario scenario = good(
        head + "block = 4096\ncached_writes = 8\nbytes_a_second = 1000\nnative_size = 2097152\n"
               "secret = \"x\"\nkind = \"usb\"\nmedium = \"flash\"\nremovable = true\n"
               "[[drive.guard]]\ninterlock = \"mounted\"\nreason = \"here\"\nrelease = \"umount\"\n"
               "[[drive.fault]]\nkind = \"write-slow\"\nfirst_block = 2\nblocks = 3\nafter = 4\n"
               "times = 5\namount = 6\ndelay_ms = 7\nerror = \"ENODEV\"\n"
               "[[drive.fault]]\nkind = \"vanish\"\nfirst_block = 100\n");
    const ScenarioDrive& drive = scenario.drives.front();
    EXPECT_EQ(drive.traits.block_bytes, 4096u);
    EXPECT_EQ(drive.traits.cached_writes, 8u);
    EXPECT_EQ(drive.traits.bytes_a_second, 1000u);
    EXPECT_EQ(drive.facts.native_size_bytes, 2097152u);
    EXPECT_EQ(drive.facts.logical_block_bytes, 4096u);
    EXPECT_TRUE(drive.facts.removable);
    EXPECT_EQ(drive.secret, "x");
    ASSERT_EQ(drive.facts.guards.size(), 1u);
    EXPECT_EQ(drive.facts.guards[0].interlock, Interlock::mounted);
    EXPECT_EQ(drive.facts.guards[0].release, "umount");
    ASSERT_EQ(drive.faults.size(), 2u);
    const MediaFault& slow = drive.faults[0];
    EXPECT_EQ(slow.kind, FaultKind::write_slow);
    EXPECT_EQ(slow.where, (Extent{2 * 4096, 3 * 4096}));
    EXPECT_EQ(slow.after, 4u);
    EXPECT_EQ(slow.times, 5u);
    EXPECT_EQ(slow.amount, 6u);
    EXPECT_EQ(slow.delay, std::chrono::milliseconds(7));
    EXPECT_EQ(slow.error, ENODEV);
    EXPECT_EQ(drive.faults[1].where, (Extent{100 * 4096, 1048576 - 100 * 4096}));
    EXPECT_EQ(drive.faults[1].error, EIO);
}

TEST(Scenario, ReadsADriveWithFirmware) {
    const Scenario scenario = good(
        head + "native_size = 2097152\nblock = 4096\ncached_writes = 3\nfirmware = \"FW\"\n"
               "knobs = [\"frozen\", \"one-block-stays\"]\n"
               "[drive.ata]\nhidden_by = \"dco\"\nsanitize = [\"overwrite\"]\nencrypts = false\n"
               "enhanced = false\nnormal_minutes = 7\nuser_password = \"theirs\"\n");
    const ScenarioDrive& drive = scenario.drives.front();
    EXPECT_EQ(drive.knobs, (std::vector{Knob::frozen, Knob::one_block_stays}));
    ASSERT_TRUE(drive.ata);
    EXPECT_EQ(drive.ata->blocks, 512u);
    EXPECT_EQ(drive.ata->dco_blocks, 256u);
    EXPECT_EQ(drive.ata->accessible_blocks, 0u);
    EXPECT_EQ(drive.ata->logical_bytes, 4096u);
    EXPECT_EQ(drive.ata->cached_writes, 3u);
    EXPECT_FALSE(drive.ata->encrypts);
    EXPECT_TRUE(drive.ata->sanitize.supported);
    EXPECT_TRUE(drive.ata->sanitize.overwrite);
    EXPECT_FALSE(drive.ata->sanitize.crypto_scramble);
    EXPECT_FALSE(drive.ata->sanitize.block_erase);
    EXPECT_FALSE(drive.ata->security.enhanced);
    EXPECT_EQ(drive.ata->security.normal_takes, std::chrono::minutes(7));
    EXPECT_EQ(drive.ata->security.user_password, "theirs");
}

TEST(Scenario, MakesTheDriveItDescribes) {
    const Scenario scenario = good(head + "native_size = 2097152\nsecret = \"deep down\"\n"
                                          "knobs = [\"frozen\"]\n");
    SimulatedClock clock;
    const auto drive = make_ata_drive(scenario.drives.front(), clock);
    ASSERT_TRUE(drive);
    EXPECT_TRUE(drive->is_turned(Knob::frozen));
    EXPECT_EQ(drive->traits().serial, "REHEARSAL-S1");
    EXPECT_EQ(drive->residue(as_bytes("deep down")), 4096u);
    EXPECT_EQ(drive->open_block()->geometry().size_bytes, 1048576u);
    EXPECT_FALSE(make_ata_drive(good(head).drives.front(), clock));
}

TEST(Scenario, KnowsEveryKnobByItsName) {
    std::size_t index = 0;
    for (const std::string_view name : knob_names()) {
        const Scenario scenario = good(head + "knobs = [\"" + std::string(name) + "\"]\n");
        ASSERT_EQ(scenario.drives.front().knobs.size(), 1u);
        EXPECT_EQ(static_cast<std::size_t>(scenario.drives.front().knobs.front()), index++);
        EXPECT_TRUE(scenario.drives.front().ata);
    }
}

TEST(Scenario, RefusesFirmwareThatItCannotMake) {
    const auto problem = [](const std::string& keys) {
        const auto scenario = parse_scenario(head + keys);
        return scenario ? std::string("none") : scenario.error().message;
    };
    EXPECT_THAT(problem("knobs = [\"shiny\"]\n"), HasSubstr("knobs: none of done-but-nothing"));
    EXPECT_THAT(problem("knobs = \"frozen\"\n"), HasSubstr("knobs: not a list of words"));
    EXPECT_THAT(problem("kind = \"usb\"\nknobs = [\"frozen\"]\n"), HasSubstr("another kind"));
    EXPECT_THAT(problem("[drive.scsi]\n"), HasSubstr("another kind"));
    EXPECT_THAT(problem("kind = \"scsi\"\n[drive.scsi]\n[drive.nvme]\n"),
                HasSubstr("another kind"));
    EXPECT_THAT(problem("knobs = [\"lun-left\"]\n"), HasSubstr("SATA drives do not have"));
    EXPECT_THAT(problem("model = \"" + std::string(31, 'm') + "\"\n[drive.ata]\n"),
                HasSubstr("a model of more than 30"));
    EXPECT_THAT(problem("native_size = 1048577\n[drive.ata]\n"), HasSubstr("native_size"));
    EXPECT_THAT(problem("[drive.ata]\nhidden_by = \"gpt\"\n"),
                HasSubstr("hidden_by: none of hpa, ama, dco"));
    EXPECT_THAT(problem("[drive.ata]\nsanitize = [\"all\"]\n"), HasSubstr("sanitize: none of"));
    EXPECT_THAT(problem("[drive.ata]\nnormal_minutes = 65535\n"), HasSubstr("more than 65534"));
    EXPECT_THAT(problem("[drive.ata]\nspeed = 1\n"), HasSubstr("line 7: unknown key"));
    EXPECT_THAT(problem("[drive.ata]\nuser_password = \"" + std::string(33, 'p') + "\"\n"),
                HasSubstr("user_password"));
    EXPECT_THAT(problem("ata = 1\n"), HasSubstr("ata: not written as [...]"));
}

TEST(Scenario, ReadsASasDrive) {
    const Scenario scenario =
        good(head + "kind = \"scsi\"\nnative_size = 2097152\nblock = 4096\ncached_writes = 3\n"
                    "bytes_a_second = 1000\nfirmware = \"FIRM5\"\nmodel = \"SASHDD\"\n"
                    "secret = \"deep down\"\nknobs = [\"one-block-stays\"]\n"
                    "[drive.scsi]\nsanitize = [\"overwrite\"]\nexit_failure = false\n"
                    "format = false\nformat_minutes = 7\nencrypts = false\nreserved = true\n"
                    "descriptor_sense = true\nstop_half_way = true\n");
    const ScenarioDrive& drive = scenario.drives.front();
    ASSERT_TRUE(drive.scsi && !drive.ata && !drive.nvme);
    const ScsiTraits& traits = *drive.scsi;
    EXPECT_EQ(traits.blocks, 512u);
    EXPECT_EQ(traits.shown_blocks, 256u);
    EXPECT_EQ(traits.block_bytes, 4096u);
    EXPECT_EQ(traits.cached_writes, 3u);
    EXPECT_EQ(traits.bytes_a_second, 1000u);
    EXPECT_EQ(traits.revision, "FIRM");
    EXPECT_TRUE(traits.rotates);
    EXPECT_TRUE(traits.sanitize.overwrite);
    EXPECT_FALSE(traits.sanitize.block_erase || traits.sanitize.crypto_erase);
    EXPECT_FALSE(traits.sanitize.exit_failure || traits.format.supported || traits.encrypts);
    EXPECT_EQ(traits.format.takes, std::chrono::minutes(7));
    EXPECT_NE(traits.reserved_by, 0u);
    EXPECT_TRUE(traits.descriptor_sense && traits.stops_program);

    SimulatedClock clock;
    const auto made = make_scsi_drive(drive, clock);
    ASSERT_TRUE(made);
    EXPECT_TRUE(made->is_turned(Knob::one_block_stays));
    EXPECT_EQ(made->residue(as_bytes("deep down")), 512u);
    EXPECT_EQ(made->open_block()->geometry().size_bytes, 1048576u);
    EXPECT_FALSE(make_ata_drive(drive, clock) || make_nvme_drive(drive, clock));
}

TEST(Scenario, ReadsAnNvmeDrive) {
    const Scenario scenario =
        good(head + "kind = \"nvme\"\nnative_size = 1052672\nblock = 4096\nmedium = \"flash\"\n"
                    "secret = \"deep down\"\n"
                    "[drive.nvme]\nsanitize = [\"block-erase\"]\nverification = false\n"
                    "no_deallocate = false\nformat = true\ncrypto_format = false\n"
                    "format_minutes = 5\nstop_half_way = true\n");
    const ScenarioDrive& drive = scenario.drives.front();
    ASSERT_TRUE(drive.nvme && !drive.ata && !drive.scsi);
    const NvmeTraits& traits = *drive.nvme;
    ASSERT_EQ(traits.namespaces.size(), 1u);
    EXPECT_EQ(traits.namespaces[0].blocks, 256u);
    EXPECT_EQ(traits.namespaces[0].format, 1) << "of 4096 octets";
    EXPECT_EQ(traits.unallocated_blocks, 8u) << "of 512 octets";
    EXPECT_TRUE(traits.sanitize.block_erase && traits.encrypts && traits.stops_program);
    EXPECT_FALSE(traits.sanitize.crypto_erase || traits.sanitize.overwrite);
    EXPECT_FALSE(traits.sanitize.verification || traits.format.crypto_erase);
    EXPECT_TRUE(traits.sanitize.no_deallocate_inhibited && traits.format.supported);
    EXPECT_EQ(traits.format.user_takes, std::chrono::minutes(5));

    SimulatedClock clock;
    const auto made = make_nvme_drive(drive, clock);
    ASSERT_TRUE(made);
    EXPECT_EQ(made->residue(as_bytes("deep down")), 256u + 8u);
    EXPECT_EQ(made->open_block(1)->geometry().size_bytes, 1048576u);
    EXPECT_FALSE(make_ata_drive(drive, clock) || make_scsi_drive(drive, clock));
}

// By hand from what knob.hpp says of each.
TEST(Scenario, TakesKnobsOfTheLanguageAlone) {
    const std::vector<Knob> not_of_sas{Knob::stale_completed_bit,
                                       Knob::no_return_descriptor,
                                       Knob::fixed_sense,
                                       Knob::fixed_sense_shifted,
                                       Knob::count_zeroed,
                                       Knob::lba_swapped,
                                       Knob::frozen,
                                       Knob::password_left,
                                       Knob::lun_left, // of one unit
                                       Knob::log_of_another_operation,
                                       Knob::one_namespace_left,
                                       Knob::gde_never_set};
    const std::vector<Knob> not_of_nvme{
        Knob::no_return_descriptor, Knob::fixed_sense,  Knob::fixed_sense_shifted,
        Knob::sense_cut_to_18,      Knob::count_zeroed, Knob::lba_swapped,
        Knob::password_left,        Knob::lun_left,     Knob::one_namespace_left}; // of one
    const auto takes = [](const std::string& kind, std::string_view knob) {
        return parse_scenario(head + "kind = \"" + kind + "\"\nmodel = \"M\"\nknobs = [\"" +
                              std::string(knob) + "\"]\n")
            .has_value();
    };
    for (std::size_t i = 0; i < enum_texts<Knob>.size(); ++i) {
        const auto knob = static_cast<Knob>(i);
        SCOPED_TRACE(to_text(knob));
        EXPECT_EQ(takes("scsi", to_text(knob)),
                  std::ranges::find(not_of_sas, knob) == not_of_sas.end());
        EXPECT_EQ(takes("nvme", to_text(knob)),
                  std::ranges::find(not_of_nvme, knob) == not_of_nvme.end());
    }
}

TEST(Scenario, RefusesSasAndNvmeDrivesThatItCannotMake) {
    const auto problem = [](const std::string& keys) {
        const auto scenario = parse_scenario(head + "model = \"M\"\n" + keys);
        return scenario ? std::string("none") : scenario.error().message;
    };
    const std::string sas = "kind = \"scsi\"\n[drive.scsi]\n";
    const std::string nvme = "kind = \"nvme\"\n[drive.nvme]\n";
    EXPECT_EQ(problem(sas), "none");
    EXPECT_EQ(problem(nvme), "none");
    EXPECT_THAT(problem(sas + "sanitize = [\"crypto-scramble\"]\n"),
                HasSubstr("sanitize: none of crypto-erase, block-erase, overwrite"));
    EXPECT_THAT(problem(sas + "format_minutes = 0\n"), HasSubstr("format_minutes: not 1"));
    EXPECT_THAT(problem(sas + "user_password = \"x\"\n"), HasSubstr("line 9: unknown key"));
    EXPECT_THAT(problem(nvme + "format_minutes = 65536\n"), HasSubstr("format_minutes: not 1"));
    for (const char* number : {"0", "9"})
        EXPECT_THAT(problem(sas + "units = " + number + "\n"), HasSubstr("units: not 1 to 8"));
    EXPECT_THAT(problem(sas + "units = 3\n"), HasSubstr("not so many equal parts"));
    EXPECT_THAT(problem("native_size = 2097152\n" + sas + "units = 2\n"),
                HasSubstr("a drive with several hides nothing"));
    EXPECT_THAT(problem("knobs = [\"lun-left\"]\n" + sas), HasSubstr("with several units"));
    EXPECT_EQ(problem("knobs = [\"lun-left\"]\n" + sas + "units = 2\n"), "none");
    for (const char* number : {"0", "65"})
        EXPECT_THAT(problem(nvme + "namespaces = " + number + "\n"),
                    HasSubstr("namespaces: not 1 to 64"));
    EXPECT_EQ(problem(nvme + "namespaces = 64\n"), "none");
    EXPECT_THAT(problem("knobs = [\"one-namespace-left\"]\n" + nvme), HasSubstr("with several"));
    EXPECT_EQ(problem("knobs = [\"one-namespace-left\"]\n" + nvme + "namespaces = 2\n"), "none");
    EXPECT_THAT(problem(nvme + "hidden_by = \"hpa\"\n"), HasSubstr("line 9: unknown key"));
    const auto long_model = parse_scenario(head + "model = \"SASHDDS\"\n" + sas);
    ASSERT_FALSE(long_model);
    EXPECT_THAT(long_model.error().message, HasSubstr("a model of more than 6"));
}

TEST(Scenario, KnowsEveryFaultByItsName) {
    std::size_t index = 0;
    for (const std::string_view name : fault_names()) {
        const Scenario scenario =
            good(head + "[[drive.fault]]\namount = 512\nkind = \"" + std::string(name) + "\"\n");
        EXPECT_EQ(static_cast<std::size_t>(scenario.drives.front().faults.front().kind), index++);
    }
    EXPECT_EQ(index, static_cast<std::size_t>(FaultKind::write_stop) + 1);
}

TEST(Scenario, TellsWhereItIsWrong) {
    const std::map<std::string, std::string> mistakes{
        {"", "title is missing"},
        {"title = \"x\"\n", "drive is missing"},
        {"title = \"x\"\ndrive = []\n", "no drive in it"},
        {"title = \"x\"\ndrive = 1\n", "line 2: drive: not written as [[...]]"},
        {"title = \n", "line 1: "},
        {"title = \"\xff\"\n", "not UTF-8"},
        {"other = 1\n" + head, "line 1: unknown key \"other\""},
        {head + "speed = 1\n", "line 6: unknown key \"speed\""},
        {head + "size = 2\n", "line 6: "},
        {head + "kind = \"floppy\"\n", "line 6: kind: none of ata, scsi"},
        {head + "block = 520\n", "block: neither 512 nor 4096"},
        {head + "block = 0\n[[drive.fault]]\nkind = \"vanish\"\n", "block: neither 512 nor 4096"},
        {head + "block = 4294967296\n", "block: neither 512 nor 4096"},
        {head + "block = -1\n", "line 6: block: not a number"},
        {head + "removable = 1\n", "line 6: removable: neither true nor false"},
        {head + "model = \"\"\n", "line 6: model: not a text"},
        {head + "model = \"a\\nb\"\n", "line 6: model: not a text"},
        {head + "native_size = 512\n", "native_size: less than size"},
        {head + "cached_writes = 5000\n", "cached_writes: more than 1024"},
        {head + "[[drive.fault]]\nfirst_block = 1\n", "line 6: kind is missing"},
        {head + "[[drive.fault]]\nkind = \"melt\"\n", "line 7: kind: none of write-error"},
        {head + "[[drive.fault]]\nkind = \"vanish\"\nfirst_block = 2048\n", "beyond the drive"},
        {head + "[[drive.fault]]\nkind = \"vanish\"\nfirst_block = 2047\nblocks = 2\n",
         "beyond the drive"},
        {head + "[[drive.fault]]\nkind = \"vanish\"\nerror = \"EPERM\"\n", "error: not one that"},
        {head + "[[drive.fault]]\nkind = \"alias\"\n", "alias: amount"},
        {head + "[[drive.fault]]\nkind = \"vanish\"\nnoise = 1\n", "line 8: unknown key \"noise\""},
        {head + "[[drive.guard]]\ninterlock = \"mounted\"\n", "line 6: reason is missing"},
        {head + "[[drive.guard]]\ninterlock = \"rust\"\nreason = \"x\"\n",
         "interlock: none of system"},
        {head + "[[drive]]\nname = \"a\"\nserial = \"S2\"\nsize = 512\n",
         "rehearsal:a: a name or a"},
        {head + "[[drive]]\nname = \"b\"\nserial = \"S1\"\nsize = 512\n",
         "rehearsal:b: a name or a"},
        {"title = \"x\"\n[[drive]]\nname = \"../a\"\nserial = \"S1\"\nsize = 512\n",
         "name: other than"},
        {"title = \"x\"\n[[drive]]\nname = \"a\"\nserial = \"S/1\"\nsize = 512\n",
         "serial: other than"},
        {"title = \"x\"\n[[drive]]\nname = \"a\"\nserial = \"S1\"\nsize = 0\n", "size: not blocks"},
        {"title = \"x\"\n[[drive]]\nname = \"a\"\nserial = \"S1\"\nsize = 100\n",
         "size: not blocks"},
        {"title = \"x\"\n[[drive]]\nname = \"a\"\nserial = \"S1\"\nsize = 268435968\n",
         "size: not blocks of up to 256 MiB"}};
    for (const auto& [toml, told] : mistakes) {
        const auto scenario = parse_scenario(toml);
        ASSERT_FALSE(scenario) << toml;
        EXPECT_EQ(scenario.error().fault, Fault::invalid);
        EXPECT_THAT(scenario.error().message, HasSubstr(told)) << toml;
    }
}

TEST(Scenario, NamesTheFileThatCannotBeRead) {
    const auto missing = read_scenario("/nowhere/one.toml");
    EXPECT_EQ(missing.error().fault, Fault::usage);
    EXPECT_THAT(missing.error().message, HasSubstr("/nowhere/one.toml"));
}

TEST(Scenario, EveryOneThatComesWithTheProgramCanBeRead) {
    std::size_t read = 0;
    for (const auto& each : std::filesystem::directory_iterator(QUIETUS_SCENARIOS)) {
        const auto scenario = read_scenario(each.path());
        EXPECT_TRUE(scenario) << each.path() << scenario.error().message;
        ++read;
    }
    EXPECT_EQ(read, 12u);
}

} // namespace
} // namespace quietus::emulator
