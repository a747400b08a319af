// SAS and NVMe drives that erase themselves, on the way of a real machine: the worker's process,
// confined as always, sends the commands by SG_IO, NVME_IOCTL_ADMIN_CMD and NVME_IOCTL_IO_CMD to a
// drive in another process.
#include "scsi_verdicts.hpp" // before names that are global in the other table

#include "confined_drive.hpp"
#include "nvme_verdicts.hpp"

#include "quietus/app/recover.hpp"

#include <algorithm>
#include <iterator>

namespace quietus {
namespace {

using emulator::Knob;
using emulator::NvmeTraits;
using emulator::ScsiTraits;
using test::filed_nvme_drive;
using test::filed_sas_drive;
using test::scsi_methods;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::size_t all_octets = std::size_t{256} * 4096;
constexpr std::uint64_t in_no_namespace = 64;

bool is_of_nvme(Technique technique) {
    return language_of(technique) == CommandLanguage::nvme;
}
bool is_nvme_format(Technique technique) {
    return is_of_nvme(technique) && !test::is_nvme_sanitize(technique);
}

std::vector<Technique> techniques() {
    std::vector<Technique> all;
    std::ranges::copy(scsi_methods, std::back_inserter(all));
    std::ranges::copy(test::nvme_methods, std::back_inserter(all));
    return all;
}

std::string plain(std::string_view text) {
    std::string name(text);
    std::ranges::replace(name, '-', '_');
    return name;
}

class ConfinedOwn : public test::ConfinedDrive, public testing::WithParamInterface<Technique> {
  protected:
    void attach_one() {
        if (is_of_nvme(GetParam()))
            attach(filed_nvme_drive());
        else
            attach(filed_sas_drive());
    }
    // That is still at it when somebody comes after.
    void attach_slow_one() {
        constexpr auto slow = std::chrono::minutes(20);
        ScsiTraits sas = filed_sas_drive();
        sas.sanitize.crypto_takes = sas.sanitize.block_takes = sas.sanitize.pass_takes = slow;
        NvmeTraits nvme = filed_nvme_drive();
        nvme.sanitize.crypto_takes = nvme.sanitize.block_takes = nvme.sanitize.pass_takes = slow;
        if (is_of_nvme(GetParam()))
            attach(nvme);
        else
            attach(sas);
    }
    // A format reaches what has an address.
    void expect_nothing_left() {
        EXPECT_EQ(drive->residue(), is_nvme_format(GetParam()) ? in_no_namespace : 0U);
        EXPECT_EQ(drive->content().find(test::secret), std::string::npos);
        EXPECT_EQ(drive->content().size(), all_octets);
    }
    [[nodiscard]] static int order() {
        if (is_of_nvme(GetParam())) return is_nvme_format(GetParam()) ? 0x80 : 0x84;
        return GetParam() == Technique::scsi_format_unit ? 0x04 : 0x48;
    }
};

INSTANTIATE_TEST_SUITE_P(Techniques, ConfinedOwn, testing::ValuesIn(techniques()),
                         [](const testing::TestParamInfo<Technique>& technique) {
                             return plain(to_text(technique.param));
                         });

TEST_P(ConfinedOwn, ErasesAnHonestDrive) {
    attach_one();
    ASSERT_EQ(drive->residue(), 256U + (is_of_nvme(GetParam()) ? in_no_namespace : 0U));
    expect_certified(erase(by(GetParam())));
    expect_nothing_left();
}

// It is killed with the command that begins the operation, or while it watches: the drive goes on
// by itself, and who comes after takes that up. A Format NVM answers when it is over, and of one
// whose end nobody has seen nothing is proven: who comes after has it carried out anew.
TEST_P(ConfinedOwn, GoesOnAfterItsProcessWasKilled) {
    for (const int after : {0, 2}) {
        SCOPED_TRACE(after);
        attach_slow_one();
        drive->room().kills_after = after;
        drive->room().kills_at = order();
        const Disposal killed = erase(by(GetParam()));
        EXPECT_EQ(killed.verdict, Verdict::interrupted) << why(killed);
        EXPECT_EQ(killed.exit_status, ExitStatus::interrupted);
        EXPECT_THAT(codes(killed), Contains("worker-lost"));
        const auto resumed = go_on(killed.job);
        ASSERT_TRUE(resumed) << resumed.error().message;
        expect_certified(resumed->front());
        expect_nothing_left();
    }
}

TEST_P(ConfinedOwn, LeavesNoDriveErasedWhoseCommandsAreLost) {
    bool more = true;
    unsigned erased = 0;
    int lost = is_of_nvme(GetParam()) ? 1 : 5; // those before ask who it is: nothing is begun
    for (; more; lost += 5) {
        SCOPED_TRACE(lost);
        attach_one();
        drive->room().loses = lost;
        const Judgement judged = erase_unkept(by(GetParam()));
        more = static_cast<int>(drive->room().commands) > lost;
        if (judged.verdict != Verdict::erased) continue;
        ++erased;
        expect_nothing_left();
    }
    EXPECT_GE(erased, 1U) << "without a loss";
}

/// What is not seen in a file: lies of single blocks.
bool is_of_blocks(Knob knob) {
    return knob == Knob::drops_writes || knob == Knob::aliases || knob == Knob::reads_differ_twice;
}

class ConfinedOwnLie : public test::ConfinedDrive {
  protected:
    // What shows when it is asked what it is needs no run to be refused.
    void expect_verdict(Technique technique, Verdict expected, const char* reason) {
        SCOPED_TRACE(to_text(technique));
        if (!make_plan(host->told(), by(technique))) {
            EXPECT_EQ(expected, Verdict::refused);
            return;
        }
        const Judgement judged = erase_unkept(by(technique));
        EXPECT_EQ(to_text(judged.verdict), to_text(expected)) << reason << "\n"
                                                              << to_line(to_json(judged.findings));
        if (judged.verdict == Verdict::erased) {
            EXPECT_EQ(drive->content().find(test::secret), std::string::npos);
        } else {
            EXPECT_EQ(judged.level, Level::none);
        }
    }
};

class ConfinedSasLie : public ConfinedOwnLie, public testing::WithParamInterface<Knob> {};

TEST_P(ConfinedSasLie, EndsAsTheTableSays) {
    const auto rows = test::scsi_verdicts();
    const auto row = std::ranges::find(rows, std::optional(GetParam()), &test::ScsiVerdicts::knob);
    ASSERT_NE(row, rows.end());
    for (std::size_t at = 0; at < scsi_methods.size(); ++at) {
        attach(GetParam(), filed_sas_drive());
        expect_verdict(scsi_methods[at], row->verdicts[at], row->why);
    }
}

class ConfinedNvmeLie : public ConfinedOwnLie, public testing::WithParamInterface<Knob> {};

TEST_P(ConfinedNvmeLie, EndsAsTheTableSays) {
    const auto row =
        std::ranges::find(test::nvme_table, std::optional(GetParam()), &test::NvmeRow::knob);
    ASSERT_NE(row, test::nvme_table.end());
    for (std::size_t at = 0; at < test::nvme_methods.size(); ++at) {
        attach(GetParam(), filed_nvme_drive());
        expect_verdict(test::nvme_methods[at], row->verdicts[at], row->why);
    }
}

std::vector<Knob> lies(bool (*has)(Knob)) {
    std::vector<Knob> all;
    for (std::size_t i = 0; i < enum_texts<Knob>.size(); ++i) {
        const auto knob = static_cast<Knob>(i);
        if (has(knob) && !is_of_blocks(knob)) all.push_back(knob);
    }
    return all;
}

const auto knob_name = [](const testing::TestParamInfo<Knob>& knob) {
    return plain(to_text(knob.param));
};
INSTANTIATE_TEST_SUITE_P(Knobs, ConfinedSasLie, testing::ValuesIn(lies(emulator::is_of_scsi)),
                         knob_name);
// In one file there is one namespace.
bool is_of_one_namespace(Knob knob) {
    return emulator::is_of_nvme(knob) && knob != Knob::one_namespace_left;
}
INSTANTIATE_TEST_SUITE_P(Knobs, ConfinedNvmeLie, testing::ValuesIn(lies(is_of_one_namespace)),
                         knob_name);

// They failed once, and would not again.
template <typename Emulated, typename Begin>
test::Ready<Emulated> failed_once(Begin begin) {
    return [begin](Emulated& drive, emulator::SimulatedClock& clock) {
        Emulated failing(drive.traits(), clock);
        failing.turn(Knob::fails_at_end);
        begin(failing);
        clock.advance(std::chrono::hours(10));
        drive.recall(failing.memory());
    };
}

class ConfinedOwnUndo : public test::ConfinedDrive {
  protected:
    // SANITIZE BLOCK ERASE with IMMED, and with AUSE or not.
    void attach_failed_sas(bool unrestricted) {
        const std::string cdb = unrestricted ? "48a20000000000000000" : "48820000000000000000";
        attach(filed_sas_drive(),
               failed_once<emulator::ScsiDrive>([cdb](emulator::ScsiDrive& failing) {
                   const auto reply = failing.commands().execute(
                       {from_hex(cdb).value(), 0, std::chrono::seconds(15), {}});
                   EXPECT_TRUE(reply && reply->status == 0);
               }));
    }
    // Sanitize, block erase, with AUSE or not.
    void attach_failed_nvme(bool unrestricted) {
        const std::uint32_t word = unrestricted ? 0x0A : 0x02;
        attach(
            filed_nvme_drive(),
            failed_once<emulator::NvmeDrive>([word](emulator::NvmeDrive& failing) {
                const auto reply = failing.execute({0x84, 0, {word}, 0, std::chrono::seconds(15)});
                EXPECT_TRUE(reply && reply->status == 0);
            }));
    }
    void expect_undone(bool carried_out_again) {
        ASSERT_THAT(leftovers_of(host->told()), ElementsAre(Leftover::failed_sanitize));
        const auto outcome = recover({.target = "/dev/emulated", .watch = audience}, site());
        ASSERT_TRUE(outcome) << outcome.error().message;
        EXPECT_THAT(outcome->undone, ElementsAre(Leftover::failed_sanitize));
        EXPECT_EQ(outcome->carried_out_again, carried_out_again);
        EXPECT_FALSE(outcome->let_go);
        EXPECT_GT(drive->room().commands, 0U) << "from the process that had it open";
        EXPECT_THAT(leftovers_of(host->told()), testing::IsEmpty());
    }
};

TEST_F(ConfinedOwnUndo, EndsTheStateOfAFailedSanitizeByAWordWhereThatWasAllowed) {
    attach_failed_sas(true);
    const auto of_sas = drive->residue();
    expect_undone(false);
    EXPECT_EQ(drive->residue(), of_sas) << "and nothing else was done";
    attach_failed_nvme(true);
    const auto of_nvme = drive->residue();
    expect_undone(false);
    EXPECT_EQ(drive->residue(), of_nvme);
}

TEST_F(ConfinedOwnUndo, EndsItByAnotherWhereOnlyThatDoes) {
    attach_failed_sas(false);
    expect_undone(true);
    attach_failed_nvme(false);
    expect_undone(true);
}

// Whoever answers for the drive is asked over the way that the commands go.
TEST_F(ConfinedOwnUndo, SendsNothingToAnotherDrive) {
    for (const auto technique :
         {Technique::scsi_sanitize_block_erase, Technique::nvme_sanitize_block_erase}) {
        if (is_of_nvme(technique))
            attach(filed_nvme_drive());
        else
            attach(filed_sas_drive());
        const auto before = drive->residue();
        host->amend = [](Drive& told) { told.serial = "ANOTHER"; };
        const Disposal refused = erase(by(technique));
        EXPECT_EQ(refused.verdict, Verdict::refused) << why(refused);
        EXPECT_THAT(why(refused), HasSubstr("another serial number answers"));
        EXPECT_EQ(drive->residue(), before);
    }
}

} // namespace
} // namespace quietus
