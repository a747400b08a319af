// A drive of several nodes, opened by the machine itself over real ones.
#include "loop_fixture.hpp"

#include "quietus/drive/host.hpp"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <memory>
#include <stdexcept>

namespace quietus::rig {
namespace {

constexpr std::uint64_t mebibyte = 1U << 20U;

char octet_of(const std::string& file, std::uint64_t offset) {
    std::ifstream content(file, std::ios::binary);
    content.seekg(static_cast<std::streamoff>(offset));
    return static_cast<char>(content.get());
}

class DriveOfTwoNodes : public LoopTest {
  protected:
    void SetUp() override {
        LoopTest::SetUp();
        if (IsSkipped()) return;
        files = {scratch.make_file("low", mebibyte), scratch.make_file("high", 2 * mebibyte)};
        for (const std::string& file : files)
            loops.push_back(std::make_unique<LoopDrive>(file));
        whole = found(loops[0]->node());
        for (const auto& loop : loops) {
            const Drive each = found(loop->node());
            whole.members.push_back({each.node, each.size_bytes, each.device_number, each.diskseq});
        }
        whole.size_bytes = 3 * mebibyte;
        whole.scsi_erasure.emplace(); // of a drive of two logical units
    }
    [[nodiscard]] Drive found(const std::string& node) const {
        const auto drives = host->detect({.only = node});
        if (!drives || drives->size() != 1) throw std::runtime_error("no drive " + node);
        return drives->front();
    }
    std::unique_ptr<Host> host = make_linux_host();
    std::vector<std::string> files;
    std::vector<std::unique_ptr<LoopDrive>> loops;
    Drive whole;
};

TEST_F(DriveOfTwoNodes, IsWrittenAsOne) {
    {
        const auto link = host->open(whole);
        ASSERT_TRUE(link) << link.error().message;
        ASSERT_TRUE(link->firmware);
        EXPECT_EQ(link->firmware->scsi_units().size(), 2U) << "a way to each of them";
        BlockPort& port = *link->block;
        EXPECT_EQ(port.geometry().size_bytes, 3 * mebibyte);
        std::ranges::fill(port.slot(0), std::uint8_t{'x'});
        port.start(Direction::write, 0, {mebibyte - 4096, 8192});
        const auto written = port.wait(std::chrono::seconds(10));
        ASSERT_TRUE(written && *written);
        EXPECT_EQ((*written)->error, 0);
        EXPECT_EQ(port.flush(std::chrono::seconds(10)), 0);
        EXPECT_FALSE(host->open(whole)) << "each of them is claimed";
        EXPECT_FALSE(host->open(found(loops[1]->node())));
    }
    EXPECT_EQ(octet_of(files[0], mebibyte - 4097), '\0');
    EXPECT_EQ(octet_of(files[0], mebibyte - 4096), 'x');
    EXPECT_EQ(octet_of(files[1], 4095), 'x');
    EXPECT_EQ(octet_of(files[1], 4096), '\0');
}

TEST_F(DriveOfTwoNodes, IsNotOpenedWhereOneIsAnotherByNow) {
    EXPECT_TRUE(host->open_to_read(whole));
    ++whole.members[1].diskseq;
    const auto opened = host->open(whole);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().fault, Fault::refused);
    EXPECT_FALSE(host->open_to_read(whole));
    EXPECT_TRUE(host->open(found(loops[0]->node()))) << "and nothing stays claimed";
}

} // namespace
} // namespace quietus::rig
