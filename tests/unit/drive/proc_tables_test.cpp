#include "proc_tables.hpp"

#include <gmock/gmock.h>

#include <sys/sysmacros.h>

namespace quietus {
namespace {

// The example line of proc_pid_mountinfo(5).
TEST(MountInfo, ReadsTheLineOfTheManual) {
    const auto mounts = parse_mountinfo(
        "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue\n");
    ASSERT_TRUE(mounts);
    ASSERT_EQ(mounts->size(), 1u);
    EXPECT_EQ(mounts->front().id, 36u);
    EXPECT_EQ(mounts->front().parent, 35u);
    EXPECT_EQ(mounts->front().root, "/mnt1");
    EXPECT_EQ(mounts->front().number, makedev(98, 0));
    EXPECT_EQ(mounts->front().point, "/mnt2");
    EXPECT_EQ(mounts->front().type, "ext3");
    EXPECT_EQ(mounts->front().source, "/dev/root");
    EXPECT_EQ(mounts->front().options, "rw,errors=continue");
}

TEST(MountInfo, ReadsOptionalFieldsEscapesAndAnEmptySource) {
    const auto mounts =
        parse_mountinfo("1 2 0:5 / /a\\040b\\134c rw - tmpfs  rw\n"
                        "3 2 8:1 / /- rw shared:1 master:2 unbindable - ext4 /dev/sda1 ro\n");
    ASSERT_TRUE(mounts);
    EXPECT_EQ(mounts->at(0).point, "/a b\\c");
    EXPECT_EQ(mounts->at(0).source, "");
    EXPECT_EQ(mounts->at(1).point, "/-");
    EXPECT_EQ(mounts->at(1).source, "/dev/sda1");
}

TEST(MountInfo, RefusesLinesThatAreCutOrWrong) {
    for (const char* table : {"1 2 0:5 / /a rw", "1 2 05 / /a rw - ext4 /dev/sda rw",
                              "1 2 0:x / /a rw - ext4 /dev/sda rw", "-", "1 2 0:5 / /a rw -"})
        EXPECT_FALSE(parse_mountinfo(table).has_value()) << table;
    EXPECT_TRUE(parse_mountinfo("")->empty());
}

TEST(Swaps, ReadsBothTypesAndRefusesOthers) {
    const std::string heading = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n";
    const auto swaps = parse_swaps(heading + "/dev/sda2  partition\t1\t0\t-2\n"
                                             "/a\\040b file\t1\t0\t-3\n");
    ASSERT_TRUE(swaps);
    EXPECT_EQ(swaps->at(0).name, "/dev/sda2");
    EXPECT_FALSE(swaps->at(0).is_file);
    EXPECT_EQ(swaps->at(1).name, "/a b");
    EXPECT_TRUE(swaps->at(1).is_file);
    EXPECT_TRUE(parse_swaps(heading)->empty());
    EXPECT_FALSE(parse_swaps(heading + "/dev/sda2 tape 1 0 -2\n").has_value());
    EXPECT_FALSE(parse_swaps(heading + "/dev/sda2\n").has_value());
}

TEST(Locks, ReadsOwnersPlacesAndWaiters) {
    const auto locks = parse_locks("1: POSIX  ADVISORY  WRITE 8253 fe:00:1066053 0 EOF\n"
                                   "1: -> POSIX  ADVISORY  WRITE 9 fe:01:7 0 EOF\n"
                                   "2: OFDLCK ADVISORY  READ -1 00:2a:9 0 EOF\n");
    ASSERT_TRUE(locks);
    EXPECT_EQ(locks->at(0).pid, 8253);
    EXPECT_EQ(locks->at(0).device, makedev(254, 0));
    EXPECT_EQ(locks->at(0).inode, 1066053u);
    EXPECT_EQ(locks->at(1).pid, 9);
    EXPECT_EQ(locks->at(2).pid, -1);
    EXPECT_FALSE(parse_locks("1: POSIX ADVISORY WRITE x fe:00:1 0 EOF\n").has_value());
    EXPECT_FALSE(parse_locks("1: POSIX ADVISORY WRITE 1 fe:00 0 EOF\n").has_value());
}

// The columns of proc_pid_maps(5).
TEST(Maps, FindsFilesThatAreMappedSharedAndWritable) {
    const auto mappings =
        parse_maps("7f1000-7f2000 rw-s 00001000 00:06 123                    /dev/sda\n"
                   "7f2000-7f3000 rw-s 00000000 fe:00 77  /srv/a b\\012c (deleted)\n"
                   "7f3000-7f4000 r--s 00000000 fe:00 78  /srv/read\n"
                   "7f4000-7f5000 rw-p 00000000 fe:00 79  /srv/private\n"
                   "7f5000-7f6000 rw-s 00000000 00:01 80 \n"
                   "7ffd00-7ffe00 rw-p 00000000 00:00 0  [stack]\n");
    ASSERT_TRUE(mappings);
    ASSERT_EQ(mappings->size(), 2u);
    EXPECT_EQ(mappings->at(0).range, "7f1000-7f2000");
    EXPECT_EQ(mappings->at(0).device, makedev(0, 6));
    EXPECT_EQ(mappings->at(0).inode, 123u);
    EXPECT_EQ(mappings->at(0).path, "/dev/sda");
    EXPECT_EQ(mappings->at(1).device, makedev(254, 0));
    EXPECT_EQ(mappings->at(1).path, "/srv/a b\nc (deleted)");
    EXPECT_FALSE(parse_maps("7f1000-7f2000 rw-s\n").has_value());
    EXPECT_FALSE(parse_maps("7f1000-7f2000 rw-s 0 0006 123 /dev/sda\n").has_value());
    EXPECT_FALSE(parse_maps("7f1000-7f2000 rws 0 00:06 123 /dev/sda\n").has_value());
}

} // namespace
} // namespace quietus
