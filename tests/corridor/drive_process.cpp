#include "drive_process.hpp"

#include "quietus/drive/ata/facts.hpp"
#include "quietus/emulator/sat_face.hpp"
#include "quietus/technique/ata/temporary_password.hpp"
#include "quietus/transport/ata/commands.hpp"
#include "quietus/transport/ata_over_scsi.hpp"
#include "quietus/transport/linux/open_firmware.hpp"
#include "support/emulated_firmware.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sched.h>
#include <scsi/sg.h>
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

using emulator::AtaDrive;
using Ask = DriveRoom::Ask;

constexpr std::uint8_t sanitize_device = 0xB4;
constexpr std::uint8_t erase_unit = 0xF4;
constexpr std::uint8_t disable_password = 0xF6;

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
    Service(const emulator::AtaTraits& traits, DriveRoom& room, const std::string& path,
            const Ready& ready)
        : room_(room), drive_(traits, clock_), sat_(drive_),
          file_(::open(path.c_str(), O_RDWR | O_CLOEXEC)) {
        clock_.advance(RoomClock(room_).monotonic());
        drive_.hold(as_bytes(secret));
        if (ready) ready(drive_, clock_);
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
            drive_.hard_reset();
            put_down();
            break;
        case Ask::power_cycle:
            drive_.power_cycle();
            put_down();
            break;
        case Ask::residue:
            room_.residue = drive_.residue(as_bytes(secret));
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
        const auto* const cdb = room_.cdb.data();
        ScsiCommand command{Bytes(cdb, cdb + room_.cdb_octets), room_.in_octets, room_.timeout};
        command.out.assign(room_.data.begin(),
                           room_.data.begin() + static_cast<std::ptrdiff_t>(room_.out_octets));
        const bool was_at_it = is_at_it_;
        const auto reply = sat_.execute(command);
        is_at_it_ = drive_.memory().running.has_value();
        if (was_at_it || is_at_it_ || begins_operation(command.cdb)) put_down();
        room_.lost = !reply;
        if (reply) {
            room_.status = reply->status;
            room_.sense_octets = reply->sense.size();
            room_.in_octets = reply->data.size();
            std::ranges::copy(reply->sense, room_.sense.begin());
            std::ranges::copy(reply->data, room_.data.begin());
        }
        if (!of_the_one) return 0;
        const std::uint8_t sent = ata_command(command.cdb);
        if (sent == disable_password && room_.locks_again) lock_again();
        return is_fatal(sent, command.cdb) ? room_.caller.load() : 0;
    }

    static std::uint8_t ata_command(const Bytes& cdb) { return cdb[0] == 0x85 ? cdb[14] : 0; }

    // A SANITIZE DEVICE that asks how the drive is begins nothing.
    static bool only_asks(const Bytes& cdb) {
        return ata_command(cdb) == sanitize_device && cdb[4] == 0;
    }
    static bool begins_operation(const Bytes& cdb) {
        const std::uint8_t sent = ata_command(cdb);
        return sent == erase_unit || (sent == sanitize_device && !only_asks(cdb));
    }

    bool is_fatal(std::uint8_t sent, const Bytes& cdb) {
        if (room_.kills_at == 0) return false;
        if (!struck_ && (only_asks(cdb) || sent != room_.kills_at)) return false;
        struck_ = true;
        if (room_.kills_after-- > 0) return false;
        struck_ = false;
        room_.kills_at = 0;
        return true;
    }

    void lock_again() {
        const auto& made = drive_.traits();
        static_cast<void>(drive_.execute(
            ata::security_set_password(ata::temporary_password(made.model, made.serial))));
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
        const auto& media = drive_.media();
        const Bytes hidden = media.at(all.size(), media.native_bytes() - all.size());
        all.insert(all.end(), hidden.begin(), hidden.end());
        drive_.media().restore(all);
    }
    void put_down() {
        last_ = drive_.media().at(0, length());
        if (::pwrite(file_, last_.data(), last_.size(), 0) != static_cast<ssize_t>(last_.size()))
            ::_exit(3);
    }
    void grow() {
        const auto size = drive_.scsi_blocks() * drive_.traits().logical_bytes;
        if (::ftruncate(file_, static_cast<off_t>(size)) != 0) ::_exit(4);
        put_down();
    }

    DriveRoom& room_;
    emulator::SimulatedClock clock_;
    AtaDrive drive_;
    emulator::SatFace sat_;
    int file_;
    Bytes last_; ///< what was put down
    bool is_at_it_ = false;
    bool struck_ = false;
};

DriveProcess::DriveProcess(const emulator::AtaTraits& traits, const Ready& ready)
    : path_(new_file()), room_(shared_room()), owner_(::getpid()) {
    pid_ = ::fork();
    if (pid_ == 0) {
        Service service(traits, *room_, path_, ready);
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

Ioctl DriveProcess::ioctl() {
    return [this](int, unsigned long request, void* argument) {
        if (request != SG_IO) {
            errno = ENOTTY;
            return -1;
        }
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
            header.status = room.status;
            header.sb_len_wr = static_cast<unsigned char>(room.sense_octets);
            std::copy_n(room.sense.begin(), room.sense_octets, header.sbp);
            if (room.out_octets != 0) return;
            std::copy_n(room.data.begin(), room.in_octets, data);
            header.resid = static_cast<int>(header.dxfer_len - room.in_octets);
        };
        ask(Ask::command, put, take);
        return 0;
    };
}

Drive DriveProcessHost::told() {
    Drive facts;
    facts.node = "/dev/emulated";
    facts.kind = DriveKind::ata;
    facts.backing = Backing::physical;
    facts.medium = traits_.rotates ? Medium::magnetic : Medium::flash;
    facts.model = traits_.model;
    facts.serial = traits_.serial;
    facts.identity_source = IdentitySource::drive;
    facts.logical_block_bytes = traits_.logical_bytes;
    facts.size_bytes = std::filesystem::file_size(process_.path());
    const auto port = make_sg_io_port(-1, process_.ioctl());
    AtaOverScsi commands(*port);
    if (const auto asked = ata::ask_facts(commands)) ata::tell(*asked, facts);
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
        file, {.path = process_.path(), .clock = clock_, .ioctl = process_.ioctl()});
}

} // namespace quietus::test
