// Which nodes make up a drive: all namespaces, all logical units, and only if there are no others.
#include "recorded_machine.hpp"

#include "quietus/drive/recheck.hpp"

#include <gmock/gmock.h>

#include <functional>

namespace quietus {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::uint64_t first_bytes = 8'192'000;
constexpr std::uint64_t second_bytes = 4'096'000;

NvmeNamespaceRecord described(std::uint32_t nsid, std::uint64_t bytes) {
    NvmeNamespaceRecord each;
    each.nsid = nsid;
    each.attached = true;
    each.described = true;
    each.blocks = bytes / 512;
    each.block_bytes = 512;
    return each;
}

/// nvme0n1 is namespace 7, and nvme0n2 namespace 3.
class NvmeOfTwoNamespaces : public testing::Test {
  protected:
    NvmeOfTwoNamespaces() {
        add("nvme0n1", "259:0", first_bytes, "7");
        add("nvme0n2", "259:1", second_bytes, "3");
        facts.erasure.block_erase = true;
        facts.erasure.sanitize = NvmeSanitizeState::never;
        facts.scope.complete = true;
        facts.scope.namespaces = {described(3, second_bytes), described(7, first_bytes)};
    }
    void add(const std::string& name, const std::string& number, std::uint64_t bytes,
             const std::string& nsid) const {
        const auto directory =
            machine.add("pci0000:00/0000:01:00.0/nvme/nvme0", name, number, bytes / 512,
                        {{"nsid", nsid + "\n"}, {"wwid", "eui.002538b10" + nsid + "\n"}});
        machine.set_bus(directory, "nvme");
    }
    Drive drive(const DetectRequest& request = {}) {
        for (const char* node : {"/dev/nvme0n1", "/dev/nvme0n2"})
            machine.answers.nvme[node] = facts;
        const auto drives = machine.detect(request);
        EXPECT_THAT(drives, SizeIs(1));
        return drives.front();
    }
    RecordedMachine machine;
    nvme::Facts facts;
};

TEST_F(NvmeOfTwoNamespaces, HasTheBlocksOfBothInTheOrderOfTheirNumbers) {
    machine.answers.contents["/dev/nvme0n1"].found = {
        {"", "ext4", "files", "1111", "filesystem", 1024}};
    const Drive found = drive();
    EXPECT_EQ(found.node, "/dev/nvme0n1");
    EXPECT_EQ(found.size_bytes, first_bytes + second_bytes);
    EXPECT_EQ(found.device_number, 0x10300U);
    EXPECT_THAT(found.members, ElementsAre(Member{"/dev/nvme0n2", second_bytes, 0x10301, 5},
                                           Member{"/dev/nvme0n1", first_bytes, 0x10300, 5}));
    ASSERT_THAT(found.parts, SizeIs(1));
    EXPECT_EQ(found.parts[0].node, "/dev/nvme0n2");
    ASSERT_THAT(found.contents, SizeIs(1));
    EXPECT_EQ(found.contents[0].offset_bytes, second_bytes + 1024);
}

struct Beside {
    const char* what;
    std::function<void(NvmeScopeRecord&)> change;
};

TEST_F(NvmeOfTwoNamespaces, IsOneNodeAloneWhereAnythingIsBeside) {
    const NvmeScopeRecord whole = facts.scope;
    const Beside all[] = {
        {"a third that is not attached",
         [](NvmeScopeRecord& scope) {
             scope.namespaces.push_back(described(9, 4096));
             scope.namespaces.back().attached = false;
         }},
        {"a third without a node",
         [](NvmeScopeRecord& scope) { scope.namespaces.push_back(described(9, 4096)); }},
        {"another number", [](NvmeScopeRecord& scope) { scope.namespaces[0].nsid = 4; }},
        {"more blocks than the kernel knows",
         [](NvmeScopeRecord& scope) { ++scope.namespaces[0].blocks; }},
        {"blocks of another size",
         [](NvmeScopeRecord& scope) {
             scope.namespaces[0].block_bytes = 4096;
             scope.namespaces[0].blocks /= 8;
         }},
        {"one that is not described",
         [](NvmeScopeRecord& scope) { scope.namespaces[1].described = false; }},
        {"no list at all", [](NvmeScopeRecord& scope) { scope.namespaces.clear(); }}};
    for (const Beside& each : all) {
        facts.scope = whole;
        each.change(facts.scope);
        const Drive found = drive();
        EXPECT_THAT(found.members, IsEmpty()) << each.what;
        EXPECT_EQ(found.size_bytes, first_bytes) << each.what;
    }
}

TEST_F(NvmeOfTwoNamespaces, IsTheSameUnderWayWhenItIsNotAsked) {
    const Drive planned = drive();
    const Drive now = drive({.ask = false});
    EXPECT_EQ(now.size_bytes, first_bytes);
    EXPECT_TRUE(check_surroundings(planned, now));
    EXPECT_TRUE(check_unchanged(planned, drive()));
    machine.write("sys/devices/pci0000:00/0000:01:00.0/nvme/nvme0/block/nvme0n2/diskseq", "6\n");
    const Status changed = check_unchanged(planned, drive());
    ASSERT_FALSE(changed);
    EXPECT_THAT(changed.error().message, testing::HasSubstr("is made up of other nodes"));
    machine.write("sys/devices/pci0000:00/0000:01:00.0/nvme/nvme0/block/nvme0n1/diskseq", "6\n");
    EXPECT_FALSE(check_surroundings(planned, drive({.ask = false})));
}

class SasOfTwoLogicalUnits : public testing::Test {
  protected:
    SasOfTwoLogicalUnits() {
        for (const char* const lun : {"0", "1"}) {
            const std::string name = *lun == '0' ? "sdc" : "sdd";
            const auto directory = machine.add(
                std::string("pci0000:00/0000:03:00.0/host0/port-0:4/end_device-0:4/target0:0:4/"
                            "0:0:4:") +
                    lun,
                name, *lun == '0' ? "8:32" : "8:48", first_bytes / 512,
                {{"device/vendor", "SEAGATE \n"},
                 {"device/model", "ST14000NM0001   \n"},
                 {"device/type", "0\n"},
                 {"device/wwid", std::string("naa.6000c500d0c0b0a000") + lun + "0000000000000\n"}});
            machine.set_bus(directory, "scsi");
            scsi::Facts& facts = machine.answers.scsi["/dev/" + name];
            facts.unit.blocks = first_bytes / 512;
            facts.unit.block_bytes = 512;
            facts.unit.units = 2;
            facts.erasure.overwrite = ScsiOffer::yes;
            facts.erasure.condition = ScsiCondition::idle;
        }
    }
    Drive drive() const {
        const auto drives = machine.detect();
        EXPECT_THAT(drives, SizeIs(1));
        return drives.front();
    }
    RecordedMachine machine;
};

TEST_F(SasOfTwoLogicalUnits, HasTheBlocksOfBoth) {
    const Drive found = drive();
    EXPECT_EQ(found.size_bytes, 2 * first_bytes);
    ASSERT_THAT(found.members, SizeIs(2));
    EXPECT_EQ(found.members[0].node, "/dev/sdc");
    EXPECT_EQ(found.members[1].node, "/dev/sdd");
}

// What of them all can be had, and what any of them is in the midst of.
TEST_F(SasOfTwoLogicalUnits, CanDoWhatBothCan) {
    ScsiErasure& first = machine.answers.scsi["/dev/sdc"].erasure;
    ScsiErasure& second = machine.answers.scsi["/dev/sdd"].erasure;
    first.overwrite = first.block_erase = first.crypto_erase = ScsiOffer::yes;
    second.overwrite = ScsiOffer::yes;
    second.block_erase = ScsiOffer::no;
    second.crypto_erase = ScsiOffer::unknown;
    second.after_crypto_erase = ScsiReadAfterErase::fails;
    ScsiErasure told = *drive().scsi_erasure;
    EXPECT_EQ(told.overwrite, ScsiOffer::yes);
    EXPECT_EQ(told.block_erase, ScsiOffer::no);
    EXPECT_EQ(told.crypto_erase, ScsiOffer::unknown);
    EXPECT_EQ(told.after_crypto_erase, ScsiReadAfterErase::fails);
    EXPECT_EQ(told.condition, ScsiCondition::idle);

    second.condition = ScsiCondition::sanitize_failed;
    EXPECT_EQ(drive().scsi_erasure->condition, ScsiCondition::sanitize_failed);
    first.condition = ScsiCondition::sanitizing;
    EXPECT_EQ(drive().scsi_erasure->condition, ScsiCondition::sanitizing);

    machine.answers.scsi["/dev/sdd"].unit.reserved_by = "00ff";
    EXPECT_EQ(drive().scsi_unit->reserved_by, "00ff");
    machine.answers.scsi["/dev/sdd"].unit.write_protected = true;
    EXPECT_TRUE(drive().scsi_unit->write_protected);
}

TEST_F(SasOfTwoLogicalUnits, IsOneNodeAloneWhereAThirdIsReported) {
    machine.answers.scsi["/dev/sdd"].unit.units = 3;
    EXPECT_THAT(drive().members, IsEmpty());
    machine.answers.scsi.erase("/dev/sdd");
    EXPECT_THAT(drive().members, IsEmpty()) << "it was not asked";
}

} // namespace
} // namespace quietus
