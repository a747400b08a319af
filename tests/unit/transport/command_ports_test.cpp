// The ports of Linux: what the kernel is handed, and what is made of its answer.
#include "quietus/transport/linux/command_ports.hpp"
#include "quietus/transport/linux/nvme_io_port.hpp"

#include <gmock/gmock.h>
#include <linux/mmc/ioctl.h>
#include <linux/nvme_ioctl.h>
#include <scsi/sg.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace quietus {
namespace {

constexpr int descriptor = 7;

// The driver's side of one ioctl.
template <typename Header>
Ioctl kernel(unsigned long expected, std::function<int(Header&)> answer) {
    return [=](int number, unsigned long request, void* argument) {
        EXPECT_EQ(number, descriptor);
        EXPECT_EQ(request, expected);
        return answer(*static_cast<Header*>(argument));
    };
}

const ScsiCommand inquiry{{0x12, 1, 0x80, 0, 0xFC, 0}, 252, std::chrono::milliseconds(2000)};

Result<ScsiReply> ask_scsi(const ScsiCommand& command, std::function<int(sg_io_hdr_t&)> answer) {
    return make_sg_io_port(descriptor, kernel<sg_io_hdr_t>(SG_IO, std::move(answer)))
        ->execute(command);
}

TEST(SgIoPort, HandsTheKernelTheCommand) {
    const auto reply = ask_scsi(inquiry, [](sg_io_hdr_t& header) {
        EXPECT_EQ(header.interface_id, 'S');
        EXPECT_EQ(header.dxfer_direction, SG_DXFER_FROM_DEV);
        EXPECT_EQ(header.cmd_len, 6);
        EXPECT_EQ(to_hex(ByteView(header.cmdp, 6)), "12018000fc00");
        EXPECT_EQ(header.dxfer_len, 252U);
        EXPECT_EQ(header.mx_sb_len, 252);
        EXPECT_EQ(header.timeout, 2000U);
        EXPECT_EQ(header.iovec_count, 0);
        EXPECT_EQ(header.flags, 0U);
        std::memcpy(header.dxferp, "\0\x80\0\2AB", 6);
        header.resid = 246;
        return 0;
    });
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->status, scsi::good);
    EXPECT_EQ(to_hex(reply->data), "008000024142"); // what was transferred, nothing beyond
    EXPECT_TRUE(reply->sense.empty());
}

TEST(SgIoPort, MovesNoDataWhenNoneIsAskedFor) {
    const auto reply =
        ask_scsi({{0, 0, 0, 0, 0, 0}, 0, std::chrono::milliseconds(1)}, [](sg_io_hdr_t& header) {
            EXPECT_EQ(header.dxfer_direction, SG_DXFER_NONE);
            EXPECT_EQ(header.dxferp, nullptr);
            EXPECT_EQ(header.dxfer_len, 0U);
            return 0;
        });
    ASSERT_TRUE(reply);
    EXPECT_TRUE(reply->data.empty());
}

TEST(SgIoPort, SendsDataToTheDrive) {
    ScsiCommand command{{0x85, 0x0A, 0x26, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0xF1, 0},
                        0,
                        std::chrono::milliseconds(30'000)};
    command.out = Bytes(512, 0x5A);
    for (const int residue : {0, 512, -1}) {
        const auto reply = ask_scsi(command, [&](sg_io_hdr_t& header) {
            EXPECT_EQ(header.dxfer_direction, SG_DXFER_TO_DEV);
            EXPECT_EQ(header.dxfer_len, 512U);
            EXPECT_EQ(Bytes(static_cast<std::uint8_t*>(header.dxferp),
                            static_cast<std::uint8_t*>(header.dxferp) + 512),
                      command.out);
            header.resid = residue;
            return 0;
        });
        ASSERT_TRUE(reply);
        EXPECT_EQ(reply->status, scsi::good);
        EXPECT_TRUE(reply->data.empty()) << "nothing came back, whatever the residue";
    }
}

TEST(SgIoPort, GivesCheckConditionAsAReplyWithItsSense) {
    const auto reply = ask_scsi(inquiry, [](sg_io_hdr_t& header) {
        header.status = scsi::check_condition;
        header.driver_status = 0x08; // DRIVER_SENSE
        std::memcpy(header.sbp, "\x72\x05\x24\0\0\0\0\0", 8);
        header.sb_len_wr = 8;
        header.resid = 252;
        return 0;
    });
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->status, scsi::check_condition);
    EXPECT_EQ(to_hex(reply->sense), "7205240000000000");
    EXPECT_TRUE(reply->data.empty());
}

TEST(SgIoPort, BelievesNoDataUnderAResidueThatMakesNoSense) {
    for (const int residue : {-1, 253, INT32_MIN, INT32_MAX}) {
        const auto reply = ask_scsi(inquiry, [=](sg_io_hdr_t& header) {
            header.resid = residue;
            return 0;
        });
        ASSERT_TRUE(reply);
        EXPECT_TRUE(reply->data.empty()) << residue;
    }
}

TEST(SgIoPort, SaysWhenNoAnswerCame) {
    const auto timed_out = ask_scsi(inquiry, [](sg_io_hdr_t& header) {
        header.host_status = 0x03; // DID_TIME_OUT
        return 0;
    });
    ASSERT_FALSE(timed_out);
    EXPECT_EQ(timed_out.error().fault, Fault::io);
    const auto by_driver = ask_scsi(inquiry, [](sg_io_hdr_t& header) {
        header.driver_status = 0x06; // DRIVER_TIMEOUT
        return 0;
    });
    EXPECT_FALSE(by_driver);
    const auto not_allowed = ask_scsi(inquiry, [](sg_io_hdr_t&) {
        errno = EPERM;
        return -1;
    });
    ASSERT_FALSE(not_allowed);
    EXPECT_EQ(not_allowed.error().message, "SG_IO: Operation not permitted");
}

const NvmeCommand identify{
    0x06, 0x01020304, {1, 2, 3, 4, 5, 6}, 4096, std::chrono::milliseconds(2000)};

Result<NvmeReply> ask_nvme(std::function<int(nvme_passthru_cmd&)> answer) {
    return make_nvme_admin_port(descriptor,
                                kernel<nvme_passthru_cmd>(NVME_IOCTL_ADMIN_CMD, std::move(answer)))
        ->execute(identify);
}

TEST(NvmeAdminPort, HandsTheKernelTheCommand) {
    const auto reply = ask_nvme([](nvme_passthru_cmd& command) {
        EXPECT_EQ(command.opcode, 0x06);
        EXPECT_EQ(command.flags, 0);
        EXPECT_EQ(command.nsid, 0x01020304U);
        EXPECT_EQ(command.cdw10, 1U);
        EXPECT_EQ(command.cdw11, 2U);
        EXPECT_EQ(command.cdw12, 3U);
        EXPECT_EQ(command.cdw13, 4U);
        EXPECT_EQ(command.cdw14, 5U);
        EXPECT_EQ(command.cdw15, 6U);
        EXPECT_EQ(command.cdw2, 0U);
        EXPECT_EQ(command.cdw3, 0U);
        EXPECT_EQ(command.metadata_len, 0U);
        EXPECT_EQ(command.data_len, 4096U);
        EXPECT_EQ(command.timeout_ms, 2000U);
        std::memset(reinterpret_cast<void*>(command.addr), 0x5A, command.data_len);
        command.result = 99;
        return 0;
    });
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->status, 0);
    EXPECT_EQ(reply->result, 99U);
    EXPECT_EQ(reply->data, Bytes(4096, 0x5A));
}

TEST(NvmeAdminPort, GivesAStatusAsAReplyWithoutData) {
    const auto reply = ask_nvme([](nvme_passthru_cmd&) { return 0x4002; });
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->status, 0x4002);
    EXPECT_EQ(reply->code(), 0x0002); // Invalid Field in Command, whatever DNR says
    EXPECT_TRUE(reply->data.empty());
}

TEST(NvmeAdminPort, SaysWhenNoAnswerCame) {
    const auto reply = ask_nvme([](nvme_passthru_cmd&) {
        errno = EINTR;
        return -1;
    });
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().fault, Fault::io);
}

TEST(NvmeAdminPort, AsksWhichNamespaceTheNodeIs) {
    int answer = 3;
    const auto port =
        make_nvme_admin_port(descriptor, [&](int number, unsigned long request, void* argument) {
            EXPECT_EQ(number, descriptor);
            EXPECT_EQ(request, static_cast<unsigned long>(NVME_IOCTL_ID));
            EXPECT_EQ(argument, nullptr);
            errno = ENOTTY;
            return answer;
        });
    EXPECT_EQ(port->namespace_id(), 3U);
    answer = -1;
    EXPECT_FALSE(port->namespace_id());
    answer = 0;
    EXPECT_FALSE(port->namespace_id());
}

// What is read in the Media Verification state comes with a status that is not success.
TEST(NvmeIoPort, GivesTheDataWhateverTheStatus) {
    const NvmeCommand read{0x02, 1, {8, 0, 7}, 4096, std::chrono::milliseconds(2000)};
    const auto port = make_nvme_io_port(
        descriptor, kernel<nvme_passthru_cmd>(NVME_IOCTL_IO_CMD, [](nvme_passthru_cmd& command) {
            EXPECT_EQ(command.opcode, 0x02);
            EXPECT_EQ(command.nsid, 1U);
            EXPECT_EQ(command.cdw10, 8U);
            EXPECT_EQ(command.cdw12, 7U);
            EXPECT_EQ(command.data_len, 4096U);
            std::memset(reinterpret_cast<void*>(command.addr), 0x5A, command.data_len);
            return 0x019C;
        }));
    const auto reply = port->execute_io(read);
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->code(), 0x19C);
    EXPECT_EQ(reply->data, Bytes(4096, 0x5A));
}

TEST(MmcIoctlPort, HandsTheKernelTheCommand) {
    const auto port = make_mmc_ioctl_port(
        descriptor, kernel<mmc_ioc_cmd>(MMC_IOC_CMD, [](mmc_ioc_cmd& command) {
            EXPECT_EQ(command.opcode, 8U);
            EXPECT_EQ(command.arg, 0U);
            EXPECT_EQ(command.write_flag, 0);
            EXPECT_EQ(command.is_acmd, 0);
            EXPECT_EQ(command.flags, 0xB5U); // MMC_RSP_SPI_R1 | MMC_RSP_R1 | MMC_CMD_ADTC
            EXPECT_EQ(command.blksz, 512U);
            EXPECT_EQ(command.blocks, 1U);
            std::memset(reinterpret_cast<void*>(command.data_ptr), 0x11, 512);
            command.response[0] = 0x900;
            return 0;
        }));
    const auto reply = port->execute({8, 0, 512, std::chrono::milliseconds(2000)});
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->card_status, 0x900U);
    EXPECT_EQ(reply->data, Bytes(512, 0x11));
}

TEST(MmcIoctlPort, SaysWhenNoAnswerCame) {
    const auto port = make_mmc_ioctl_port(descriptor, kernel<mmc_ioc_cmd>(MMC_IOC_CMD, [](auto&) {
                                              errno = ETIMEDOUT;
                                              return -1;
                                          }));
    const auto reply = port->execute({8, 0, 512, std::chrono::milliseconds(2000)});
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().fault, Fault::io);
}

TEST(CommandPorts, NameEveryRequestThatTheyMake) {
    using testing::UnorderedElementsAre;
    const auto requests = command_port_requests();
    EXPECT_THAT(std::vector(requests.begin(), requests.end()),
                UnorderedElementsAre(0x2285UL, 0x4E40UL, 0xC0484E41UL, 0xC048B300UL));
}

TEST(CommandPorts, FailOnADescriptorThatIsNoDrive) {
    EXPECT_FALSE(make_sg_io_port(-1)->execute(inquiry));
    EXPECT_FALSE(make_nvme_admin_port(-1)->execute(identify));
    EXPECT_FALSE(make_mmc_ioctl_port(-1)->execute({8, 0, 512, std::chrono::milliseconds(1)}));
}

} // namespace
} // namespace quietus
