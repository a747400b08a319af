// What a worker that may send commands can do besides: tried from inside, after it has been
// confined as every other.
#include "confined_drive.hpp"

#include "worker_bay.hpp"
#include "worker_line.hpp"
#include "workers.hpp"

#include <gtest/gtest-spi.h>

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/nvme_ioctl.h>
#include <scsi/sg.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace quietus {
namespace {

/// Each the errno of an attempt, 0 for one that succeeded; kept where the parent sees it.
struct Tried {
    bool confined = false;
    bool has_commands = false;
    int sg_io = -1;
    int nvme = -1;
    int open = -1;
    int open_drive = -1;
    int socket = -1;
    int fork = -1;
    int trace = -1;
    int become_root = -1;
    std::uint32_t effective = ~0U;
    std::uint32_t permitted = ~0U;
    std::uint32_t inheritable = ~0U;
    std::uint32_t beyond = ~0U; ///< capabilities from number 32 on
};

int error_of(long outcome) {
    return outcome < 0 ? errno : 0;
}

// The one regular file that is open.
int open_file() {
    for (int descriptor = 0; descriptor < 64; ++descriptor) {
        struct stat facts {};
        if (::fstat(descriptor, &facts) == 0 && S_ISREG(facts.st_mode)) return descriptor;
    }
    return -1;
}

void try_all(const std::string& path, Tried& tried) {
    sg_io_hdr_t header{};
    header.interface_id = 'S';
    header.dxfer_direction = SG_DXFER_NONE;
    std::array<unsigned char, 6> test_unit_ready{};
    header.cmdp = test_unit_ready.data();
    header.cmd_len = test_unit_ready.size();
    const int file = open_file();
    tried.sg_io = error_of(::ioctl(file, SG_IO, &header));
    tried.nvme = error_of(::ioctl(file, NVME_IOCTL_ADMIN_CMD, nullptr));
    tried.open = error_of(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    tried.open_drive = error_of(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    tried.socket = error_of(::socket(AF_INET, SOCK_STREAM, 0));
    tried.fork = error_of(::syscall(SYS_clone, SIGCHLD, nullptr, nullptr, nullptr, nullptr));
    tried.trace = error_of(::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr));
    tried.become_root = error_of(::setuid(0));
    __user_cap_header_struct asked{_LINUX_CAPABILITY_VERSION_3, 0};
    std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> sets{};
    if (::syscall(SYS_capget, &asked, sets.data()) != 0) return;
    tried.effective = sets[0].effective;
    tried.permitted = sets[0].permitted;
    tried.inheritable = sets[0].inheritable;
    tried.beyond = sets[1].effective | sets[1].permitted | sets[1].inheritable;
}

class ConfinedRights : public test::ConfinedDrive {
  protected:
    ConfinedRights()
        : tried_(*new (::mmap(nullptr, sizeof(Tried), PROT_READ | PROT_WRITE,
                              MAP_SHARED | MAP_ANONYMOUS, -1, 0)) Tried) {}
    ~ConfinedRights() override { ::munmap(&tried_, sizeof(Tried)); }

    /// From inside the process that is to carry this out, where it would begin to.
    const Tried& tried_by(const emulator::AtaTraits& traits, const PlanRequest& plan) {
        attach(traits);
        tried_ = {};
        const WorkerBody body = [this](const CommittedPlan& order, const Endurance&,
                                       const ChildChannel& channel) {
            WorkerLine line(channel);
            RemoteBay bay(line, *host, order.drive(), needs_commands(order.plan()));
            const auto link = bay.open();
            if (!link) return;
            tried_.has_commands = link->firmware != nullptr;
            try_all(drive->path(), tried_);
            tried_.confined = true;
        };
        const auto workers = make_workers(*host, *clock, patience, body);
        test::UnkeptRun run{*host, *clock, audience};
        EXPECT_NONFATAL_FAILURE(static_cast<void>(run.erase_in(*workers, host->told(), plan)),
                                "ended too early");
        EXPECT_TRUE(tried_.confined);
        return tried_;
    }
    static void expect_nothing_else(const Tried& tried) {
        EXPECT_EQ(tried.nvme, EPERM);
        EXPECT_EQ(tried.open, EPERM);
        EXPECT_EQ(tried.open_drive, EPERM);
        EXPECT_EQ(tried.socket, EPERM);
        EXPECT_EQ(tried.fork, EPERM);
        EXPECT_EQ(tried.trace, EPERM);
        EXPECT_EQ(tried.become_root, EPERM);
        EXPECT_EQ(tried.inheritable, 0U);
        EXPECT_EQ(tried.beyond, 0U);
    }

  private:
    Tried& tried_;
};

constexpr std::uint32_t raw_io = 1U << CAP_SYS_RAWIO;

TEST_F(ConfinedRights, AreCommandsToTheDriveForATechniqueOfItsOwn) {
    for (const Technique technique :
         {Technique::ata_sanitize_block_erase, Technique::ata_security_erase}) {
        PlanRequest plan;
        plan.technique = technique;
        const Tried& tried = tried_by(test::filed_drive(), plan);
        EXPECT_TRUE(tried.has_commands);
        EXPECT_EQ(tried.sg_io, ENOTTY) << "the kernel was asked, and knows no commands to a file";
        expect_nothing_else(tried);
        const std::uint32_t all = ::geteuid() == 0 ? raw_io : 0;
        EXPECT_EQ(tried.effective, all);
        EXPECT_EQ(tried.permitted, all);
    }
}

TEST_F(ConfinedRights, AreCommandsToTheDriveToLiftWhatItHides) {
    PlanRequest plan;
    plan.scheme = "generic.zero";
    const Tried& tried = tried_by(test::hiding_drive(), plan);
    EXPECT_TRUE(tried.has_commands);
    EXPECT_EQ(tried.sg_io, ENOTTY);
    expect_nothing_else(tried);
    EXPECT_EQ(tried.permitted & ~raw_io, 0U);
}

TEST_F(ConfinedRights, AreNoCommandsForAnOverwrite) {
    PlanRequest plan;
    plan.scheme = "generic.zero";
    const Tried& tried = tried_by(test::filed_drive(), plan);
    EXPECT_FALSE(tried.has_commands);
    EXPECT_EQ(tried.sg_io, EPERM);
    expect_nothing_else(tried);
    EXPECT_EQ(tried.effective, 0U);
    EXPECT_EQ(tried.permitted, 0U);
}

} // namespace
} // namespace quietus
