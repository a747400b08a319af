// An emulated drive in a process of its own, behind an ioctl that mails it what the kernel would be
// given. Its medium is an image file as long as the kernel has the drive.
//
// All goes through shared memory and without a system call but to wait: who asks may be confined to
// transfers. Blocks are read and written in the file itself, by whoever has it open.
#pragma once

#include "quietus/core/clock.hpp"
#include "quietus/drive/host.hpp"
#include "quietus/emulator/simulated_clock.hpp"
#include "quietus/transport/linux/command_ports.hpp"
#include "served_drive.hpp"

#include <sys/types.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>

namespace quietus::test {

/// What both sides see of one question; nobody else asks meanwhile.
struct DriveRoom {
    static constexpr std::size_t most_octets = std::size_t{1} << 20U;
    enum class Ask : std::uint8_t { nothing, command, rescan, reset, power_cycle, residue };

    std::atomic<pid_t> caller{0};
    std::atomic<Ask> ask{Ask::nothing};
    std::atomic<std::int64_t> waited{0}; ///< nanoseconds that nobody has really waited

    // A SCSI command, or
    std::array<std::uint8_t, 16> cdb{};
    std::size_t cdb_octets = 0;
    // an NVMe command, of the admin queue or past it.
    bool past_admin = false;
    std::uint8_t opcode = 0;
    std::uint32_t nsid = 0;
    std::array<std::uint32_t, 6> words{};

    std::size_t in_octets = 0;
    std::size_t out_octets = 0;
    std::chrono::milliseconds timeout{};
    std::array<std::uint8_t, most_octets> data{}; ///< both ways

    bool lost = false; ///< no answer came
    std::uint16_t status = 0;
    std::uint32_t result = 0;
    std::array<std::uint8_t, 252> sense{};
    std::size_t sense_octets = 0;
    std::uint64_t residue = 0;

    // What goes wrong, of the commands of the process that has the drive open.
    std::atomic<pid_t> opened_by{0};
    std::atomic<unsigned> commands{0};    ///< so many were sent
    std::atomic<int> loses{-1};           ///< this one never arrives, from 0
    std::atomic<int> kills_at{0};         ///< who sends this order is killed: see ServedDrive
    std::atomic<int> kills_after{0};      ///< or so many commands after it, once it was done
    std::atomic<unsigned> takes{0};       ///< each takes so many microseconds, of nobody's clock
    std::atomic<bool> locks_again{false}; ///< a password that is taken off comes back
};

/// Its time passes as everybody's, and when somebody pretends to wait.
class RoomClock final : public Clock {
  public:
    explicit RoomClock(DriveRoom& room) : room_(room) {}
    [[nodiscard]] std::int64_t utc_seconds() override { return day_.utc_seconds(); }
    [[nodiscard]] std::chrono::nanoseconds monotonic() override {
        return day_.monotonic() + std::chrono::nanoseconds(room_.waited);
    }
    void sleep(std::chrono::nanoseconds duration) override { room_.waited += duration.count(); }

  private:
    DriveRoom& room_;
    SystemClock day_;
};

class DriveProcess {
  public:
    explicit DriveProcess(const Served& kind);
    DriveProcess(const DriveProcess&) = delete;
    DriveProcess& operator=(const DriveProcess&) = delete;
    ~DriveProcess();

    /// SG_IO and what NVMe drives are told by, NVME_IOCTL_ID, ADMIN_CMD and IO_CMD; nothing else
    /// is known.
    [[nodiscard]] Ioctl ioctl();
    /// As the kernel asks it for its size: the file is as long from then on.
    void rescan() { ask(DriveRoom::Ask::rescan); }
    void reset() { ask(DriveRoom::Ask::reset); }
    void power_cycle() { ask(DriveRoom::Ask::power_cycle); }
    /// The oracle: in how many of its blocks, wherever they are, the secret is left.
    [[nodiscard]] std::uint64_t residue();
    [[nodiscard]] std::string content() const;
    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] DriveRoom& room() { return *room_; }

  private:
    class Service;
    int send_scsi(void* argument);
    int send_nvme(bool past_admin, void* argument);
    void ask(DriveRoom::Ask what, const std::function<void(DriveRoom&)>& before = {},
             const std::function<void(DriveRoom&)>& after = {});

    std::string path_;
    DriveRoom* room_;
    pid_t pid_ = -1;
    pid_t owner_;
};

/// A machine whose one drive that is.
class DriveProcessHost final : public Host {
  public:
    DriveProcessHost(DriveProcess& process, Served kind, Clock& clock)
        : process_(process), kind_(std::move(kind)), clock_(clock) {}
    [[nodiscard]] Drive told();
    Result<std::vector<Drive>> detect(const DetectRequest&) override {
        return std::vector<Drive>{told()};
    }
    Result<Drive> image(const std::string&, const DetectRequest&) override {
        return Error{Fault::usage, "no image"};
    }
    /// As the machine opens a drive, over the descriptor of the file.
    Result<DriveLink> open(const Drive& drive) override;
    Result<DriveLink> open_to_read(const Drive&) override {
        return Error{Fault::unsupported, "not here"};
    }
    Status rescan(const Drive&) override {
        process_.rescan();
        return {};
    }
    Status reset(const Drive&) override {
        process_.reset();
        return {};
    }
    /// Done to what is told, whenever it is.
    std::function<void(Drive&)> amend = [](Drive&) {};

  private:
    DriveProcess& process_;
    Served kind_;
    Clock& clock_;
};

} // namespace quietus::test
