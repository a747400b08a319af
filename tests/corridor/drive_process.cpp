#include "drive_process.hpp"

#include "quietus/transport/linux/open_firmware.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <linux/nvme_ioctl.h>
#include <sched.h>
#include <scsi/sg.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <new>

namespace quietus::test {
namespace {

using Ask = DriveRoom::Ask;

/// False when that never comes.
template <typename Condition>
bool wait_for(Condition condition) {
    constexpr unsigned eager = 200;
    constexpr unsigned patient = 1'000'000;
    for (unsigned tries = 0; tries < patient; ++tries) {
        if (condition()) return true;
        if (tries < eager)
            ::sched_yield();
        else
            ::usleep(50);
    }
    return false;
}

// A zombie is gone; whose it is takes care of it.
bool is_gone(pid_t process) {
    std::ifstream file("/proc/" + std::to_string(process) + "/stat");
    std::string text;
    if (!std::getline(file, text)) return true;
    const auto end = text.rfind(')');
    return end == std::string::npos || end + 2 >= text.size() || text[end + 2] == 'Z';
}

DriveRoom* shared_room() {
    void* const memory = ::mmap(nullptr, sizeof(DriveRoom), PROT_READ | PROT_WRITE,
                                MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return memory == MAP_FAILED ? nullptr : new (memory) DriveRoom;
}

std::string new_file() {
    std::string pattern = testing::TempDir() + "quietus-drive-XXXXXX";
    const int made = ::mkstemp(pattern.data());
    if (made >= 0) ::close(made);
    return pattern;
}

} // namespace

/// The drive's own process.
class DriveProcess::Service {
  public:
    Service(const Served& kind, DriveRoom& room, const std::string& path)
        : room_(room), file_(::open(path.c_str(), O_RDWR | O_CLOEXEC)) {
        clock_.advance(RoomClock(room_).monotonic());
        drive_ = kind.make(clock_);
        grow();
    }

    [[noreturn]] void serve(pid_t parent) {
        if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || ::getppid() != parent) ::_exit(1);
        for (;;) {
            while (!wait_for([this] { return room_.ask != Ask::nothing || is_deserted(); })) {
            }
            if (room_.ask != Ask::nothing)
                answer();
            else
                room_.caller = 0;
        }
    }

  private:
    bool is_deserted() const {
        const pid_t caller = room_.caller;
        return caller != 0 && is_gone(caller) && room_.ask == Ask::nothing;
    }

    void answer() {
        const auto now = RoomClock(room_).monotonic();
        if (now > clock_.monotonic()) clock_.advance(now - clock_.monotonic());
        take_up();
        const pid_t victim = carry_out();
        const auto then = RoomClock(room_).monotonic();
        if (clock_.monotonic() > then) room_.waited += (clock_.monotonic() - then).count();
        if (victim != 0) {
            ::kill(victim, SIGKILL);
            while (!is_gone(victim))
                ::usleep(100);
            room_.caller = 0;
        }
        room_.ask = Ask::nothing;
    }

    /// Who is to be killed for it, or nobody.
    pid_t carry_out() {
        switch (room_.ask) {
        case Ask::nothing:
            break;
        case Ask::command:
            return carry_out_command();
        case Ask::rescan:
            grow();
            break;
        case Ask::reset:
            drive_->reset();
            put_down();
            break;
        case Ask::power_cycle:
            drive_->power_cycle();
            put_down();
            break;
        case Ask::residue:
            room_.residue = drive_->residue();
            break;
        }
        return 0;
    }

    pid_t carry_out_command() {
        const bool of_the_one = room_.caller == room_.opened_by;
        room_.lost = of_the_one && static_cast<int>(room_.commands) == room_.loses;
        if (of_the_one) ++room_.commands;
        if (of_the_one) ::usleep(room_.takes);
        if (room_.lost) return 0;
        const int sent = drive_->order_in(room_);
        const bool was_at_it = is_at_it_;
        drive_->execute(room_);
        is_at_it_ = drive_->is_at_it();
        if (was_at_it || is_at_it_ || drive_->begins_operation(sent)) put_down();
        if (!of_the_one) return 0;
        if (room_.locks_again) drive_->lock_again(sent);
        return is_fatal(sent) ? room_.caller.load() : 0;
    }

    bool is_fatal(int sent) {
        if (room_.kills_at == 0) return false;
        if (!struck_ && sent != room_.kills_at) return false;
        struck_ = true;
        if (room_.kills_after-- > 0) return false;
        struck_ = false;
        room_.kills_at = 0;
        return true;
    }

    [[nodiscard]] std::size_t length() const {
        struct stat facts {};
        return ::fstat(file_, &facts) == 0 ? static_cast<std::size_t>(facts.st_size) : 0;
    }

    // What the host wrote is on the medium when it is asked for anything, and what the drive did to
    // it is in the file when that is answered.
    void take_up() {
        Bytes all(length());
        if (::pread(file_, all.data(), all.size(), 0) != static_cast<ssize_t>(all.size()))
            ::_exit(2);
        if (all == last_) return;
        auto& media = drive_->media();
        const Bytes hidden = media.at(all.size(), media.native_bytes() - all.size());
        all.insert(all.end(), hidden.begin(), hidden.end());
        media.restore(all);
    }
    void put_down() {
        last_ = drive_->media().at(0, length());
        if (::pwrite(file_, last_.data(), last_.size(), 0) != static_cast<ssize_t>(last_.size()))
            ::_exit(3);
    }
    void grow() {
        if (::ftruncate(file_, static_cast<off_t>(drive_->size_bytes())) != 0) ::_exit(4);
        put_down();
    }

    DriveRoom& room_;
    emulator::SimulatedClock clock_;
    std::unique_ptr<ServedDrive> drive_;
    int file_;
    Bytes last_; ///< what was put down
    bool is_at_it_ = false;
    bool struck_ = false;
};

DriveProcess::DriveProcess(const Served& kind)
    : path_(new_file()), room_(shared_room()), owner_(::getpid()) {
    pid_ = ::fork();
    if (pid_ == 0) {
        Service service(kind, *room_, path_);
        service.serve(owner_);
    }
    EXPECT_GT(pid_, 0);
    rescan(); // it is ready now
}

DriveProcess::~DriveProcess() {
    if (::getpid() != owner_) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    ::munmap(room_, sizeof(DriveRoom));
    std::filesystem::remove(path_);
}

void DriveProcess::ask(Ask what, const std::function<void(DriveRoom&)>& before,
                       const std::function<void(DriveRoom&)>& after) {
    const pid_t self = ::getpid();
    const bool entered = wait_for([&] {
        pid_t nobody = 0;
        return room_->caller.compare_exchange_strong(nobody, self);
    });
    if (!entered) ::abort();
    if (before) before(*room_);
    room_->ask = what;
    if (!wait_for([&] { return room_->ask == Ask::nothing; })) ::abort();
    if (after) after(*room_);
    room_->caller = 0;
}

std::uint64_t DriveProcess::residue() {
    std::uint64_t left = 0;
    ask(Ask::residue, {}, [&](const DriveRoom& room) { left = room.residue; });
    return left;
}

std::string DriveProcess::content() const {
    std::ifstream file(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

int DriveProcess::send_scsi(void* argument) {
    auto& header = *static_cast<sg_io_hdr_t*>(argument);
    auto* const data = static_cast<std::uint8_t*>(header.dxferp);
    const auto put = [&](DriveRoom& room) {
        room.cdb_octets = header.cmd_len;
        std::copy_n(header.cmdp, header.cmd_len, room.cdb.begin());
        room.timeout = std::chrono::milliseconds(header.timeout);
        room.in_octets = header.dxfer_direction == SG_DXFER_FROM_DEV ? header.dxfer_len : 0;
        room.out_octets = header.dxfer_direction == SG_DXFER_TO_DEV ? header.dxfer_len : 0;
        std::copy_n(data, room.out_octets, room.data.begin());
    };
    const auto take = [&](const DriveRoom& room) {
        header.host_status = room.lost ? 3 : 0; // DID_TIME_OUT
        if (room.lost) return;
        header.status = static_cast<unsigned char>(room.status);
        header.sb_len_wr = static_cast<unsigned char>(room.sense_octets);
        std::copy_n(room.sense.begin(), room.sense_octets, header.sbp);
        if (room.out_octets != 0) return;
        std::copy_n(room.data.begin(), room.in_octets, data);
        header.resid = static_cast<int>(header.dxfer_len - room.in_octets);
    };
    ask(Ask::command, put, take);
    return 0;
}

// The kernel gives the status of the completion back; a command that nobody answers it cancels.
int DriveProcess::send_nvme(bool past_admin, void* argument) {
    auto& packed = *static_cast<nvme_passthru_cmd*>(argument);
    int status = 0;
    bool lost = false;
    const auto put = [&](DriveRoom& room) {
        room.past_admin = past_admin;
        room.opcode = packed.opcode;
        room.nsid = packed.nsid;
        room.words = {packed.cdw10, packed.cdw11, packed.cdw12,
                      packed.cdw13, packed.cdw14, packed.cdw15};
        room.in_octets = packed.data_len;
        room.out_octets = 0;
        room.timeout = std::chrono::milliseconds(packed.timeout_ms);
    };
    const auto take = [&](const DriveRoom& room) {
        lost = room.lost;
        if (lost) return;
        status = room.status;
        packed.result = room.result;
        auto* const data = reinterpret_cast<std::uint8_t*>(packed.addr);
        std::copy_n(room.data.begin(), std::min<std::size_t>(room.in_octets, packed.data_len),
                    data);
    };
    ask(Ask::command, put, take);
    if (!lost) return status;
    errno = EINTR;
    return -1;
}

Ioctl DriveProcess::ioctl() {
    return [this](int, unsigned long request, void* argument) {
        if (request == SG_IO) return send_scsi(argument);
        if (request == NVME_IOCTL_ID) return 1;
        if (request == NVME_IOCTL_ADMIN_CMD) return send_nvme(false, argument);
        if (request == NVME_IOCTL_IO_CMD) return send_nvme(true, argument);
        errno = ENOTTY;
        return -1;
    };
}

Drive DriveProcessHost::told() {
    Drive facts;
    facts.node = "/dev/emulated";
    facts.backing = Backing::physical;
    facts.identity_source = IdentitySource::drive;
    facts.size_bytes = std::filesystem::file_size(process_.path());
    kind_.tell(facts, process_.ioctl());
    amend(facts);
    return facts;
}

Result<DriveLink> DriveProcessHost::open(const Drive& drive) {
    struct stat facts {};
    if (::stat(process_.path().c_str(), &facts) != 0)
        return system_error(Fault::io, process_.path());
    Drive file = drive;
    file.kind = DriveKind::image;
    file.node = "image:" + process_.path();
    file.device_number = image_number(facts.st_dev, facts.st_ino);
    process_.room().opened_by = ::getpid();
    process_.room().commands = 0;
    return open_firmware_link(
        file, {.paths = {process_.path()}, .clock = clock_, .ioctl = process_.ioctl()});
}

} // namespace quietus::test
