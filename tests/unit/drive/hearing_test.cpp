// Who is asked in a look at one drive, and that nothing which it depends on is missed.
#include "hearing.hpp"
#include "machines/machines.hpp"

#include <gmock/gmock.h>

namespace quietus {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class HearingTest : public testing::Test {
  protected:
    struct Look {
        std::size_t asked = 0;
        Drive first;
    };
    Look look(const DetectRequest& request = {}) {
        if (!host) {
            auto own = std::make_unique<RecordedProbe>(machine.answers, machine.paths.dev);
            probe = own.get();
            host = make_linux_host(machine.paths, std::move(own));
        }
        const std::size_t before = probe->asked;
        const auto drives = host->detect(request).value();
        return {probe->asked - before, drives.front()};
    }

    RecordedMachine machine;
    RecordedProbe* probe = nullptr;
    std::unique_ptr<Host> host;
    const DetectRequest only_sda{.only = "/dev/sda"};
};

class ManyDrives : public HearingTest {
  protected:
    ManyDrives() {
        for (int index = 0; index < 16; ++index)
            machine.add_sata(std::string("sd") + static_cast<char>('a' + index),
                             "8:" + std::to_string(16 * index));
    }
};

TEST_F(ManyDrives, AsksAllInALookAtAllAndOneInALookAtOne) {
    EXPECT_EQ(look().asked, 16u);
    EXPECT_EQ(look(only_sda).asked, 1u);
    EXPECT_EQ(look({.only = "/dev/sdb"}).asked, 1u);
    EXPECT_EQ(look().asked, 16u) << "whoever looks at all believes no memory";
}

TEST_F(ManyDrives, AsksAllForOneOfWhichNothingElseIsKnown) {
    EXPECT_EQ(look(only_sda).asked, 16u);
    EXPECT_EQ(look({.only = "/dev/sdc"}).asked, 1u);
}

TEST_F(ManyDrives, AsksSomeOfThemInALookAtThose) {
    look();
    const std::size_t before = probe->asked;
    const auto seen = host->detect_held({{"/dev/sdb", 0}, {"/dev/sdd", 0}, {"/dev/sdz", 0}}, {});
    ASSERT_EQ(seen->size(), 2u) << "what has gone is missing";
    EXPECT_EQ(seen->back().node, "/dev/sdd");
    EXPECT_EQ(probe->asked - before, 2u);
    EXPECT_TRUE(host->detect_held({}, {})->empty());
    EXPECT_EQ(probe->asked - before, 2u);
}

TEST_F(ManyDrives, SeesAnewWhoUsesTheOneWhateverItWas) {
    EXPECT_THAT(guard_lines(look().first), IsEmpty());
    machine.answers.claimed = {"/dev/sda"};
    EXPECT_THAT(guard_lines(look(only_sda).first), Contains(HasSubstr("exclusively")));
    machine.answers.claimed.clear();
    Content root;
    root.type = "ext4";
    root.uuid = "1f2e";
    machine.answers.contents["/dev/sda"].found = {root};
    machine.write("proc/cmdline", "root=UUID=1f2e");
    EXPECT_THAT(guard_lines(look(only_sda).first), Contains(HasSubstr("system:")));
}

TEST_F(ManyDrives, AsksWhatWasAttachedSince) {
    ASSERT_EQ(look().asked, 16u);
    machine.write("sys/block/sdb/diskseq", "6\n");
    EXPECT_EQ(look(only_sda).asked, 2u) << "another in the same slot";
    machine.add_sata("sdz", "65:144");
    machine.write("sys/block/sdz/device/vpd_pg80",
                  std::string("\0\x80\0\x14", 4) + "     WD-WCC7K0123456");
    const Look seen = look(only_sda);
    EXPECT_EQ(seen.asked, 2u);
    EXPECT_THAT(guard_lines(seen.first),
                ElementsAre("weak-identity: its serial number is that of /dev/sdz too"));
    EXPECT_THAT(guard_lines(look(only_sda).first),
                ElementsAre("weak-identity: its serial number is that of /dev/sdz too"))
        << "as remembered";
}

TEST_F(HearingTest, AsksEveryWayToTheSameBlocks) {
    machines::sas_by_two_host_adapters(machine);
    machine.set_mounts("");
    EXPECT_EQ(look().asked, 2u);
    machine.answers.claimed = {"/dev/sdb"};
    const Look seen = look(only_sda);
    EXPECT_EQ(seen.asked, 2u);
    EXPECT_THAT(guard_lines(seen.first), Contains(HasSubstr("exclusively")));
}

TEST_F(HearingTest, AsksWhatTurnsOutToBelongToIt) {
    // Nothing but its own word says that a node which was heard before is a part of the same unit.
    machines::sas_by_two_host_adapters(machine);
    machine.set_mounts("");
    for (const char* node : {"sda", "sdb"})
        machine.remove(std::string("sys/block/") + node + "/device/wwid");
    machine.answers.silent = {"/dev/sda"};
    EXPECT_EQ(look().asked, 2u);
    machine.answers.silent.clear();
    machine.answers.claimed = {"/dev/sdb"};
    const Look seen = look(only_sda);
    EXPECT_EQ(seen.asked, 2u);
    EXPECT_THAT(guard_lines(seen.first), Contains(HasSubstr("exclusively")));
}

TEST_F(ManyDrives, RemembersNothingForLongerThanItIsTold) {
    RecordedProbe asker(machine.answers, machine.paths.dev);
    const auto tree = BlockTree::read(machine.paths.sys).value();
    std::vector<Node> silent;
    for (const BlockDevice& device : tree.devices())
        silent.push_back(node_of(tree, device));
    Hearing forgetful(asker, machine.paths.dev, std::chrono::nanoseconds{0});
    for (const std::size_t asked : {16U, 32U, 48U}) {
        EXPECT_EQ(forgetful.hear_all(silent, only_sda, {{"/dev/sda", 0}}).size(), 16u);
        EXPECT_EQ(asker.asked, asked);
    }
}

TEST_F(ManyDrives, AsksNobodyWhereNothingIsToBeAsked) {
    EXPECT_EQ(look({.only = "/dev/sda", .ask = false}).asked, 0u);
    EXPECT_EQ(look({.ask = false}).first.probe, ProbeOutcome::not_asked);
}

} // namespace
} // namespace quietus
