#include "worker.hpp"

#include "worker_words.hpp"

#include "quietus/confine/transfers.hpp"
#include "quietus/transport/ata/identify_words.hpp"
#include "quietus/transport/linux/open_block.hpp"
#include "quietus/transport/linux/open_firmware.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>

namespace quietus {
namespace {

using namespace std::chrono_literals;

/// The worker's end of the conversation.
class Line {
  public:
    explicit Line(const ChildChannel& channel) : channel_(channel) {}

    void tell(const WorkerNews& news) { channel_.send(to_line(news)); }

    Status ask(const WorkerNews& question) {
        tell(question);
        for (;;) {
            const auto order = next_order(0);
            if (!order) continue;
            return order->refusal ? Status(*order->refusal) : Status{};
        }
    }

    [[nodiscard]] bool stop_requested() {
        while (!stop_ && next_order(MSG_DONTWAIT)) {
            // There is no question open: an answer to none is not for us.
        }
        return stop_;
    }
    /// As last heard by the one above.
    [[nodiscard]] bool paused() const { return paused_; }

  private:
    // Orders to stop or pause are taken out on the way. Nothing: there is no whole line yet.
    std::optional<WorkerOrder> next_order(int flags) {
        auto end = unread_.find('\n');
        if (end == std::string::npos && !receive(flags)) return std::nullopt;
        end = unread_.find('\n');
        if (end == std::string::npos) return std::nullopt;
        auto order = parse_order(std::string_view(unread_).substr(0, end));
        unread_.erase(0, end + 1);
        if (!order) ::_exit(EXIT_FAILURE); // never so, unless one of us is broken
        stop_ = stop_ || order->stop;
        paused_ = order->pause.value_or(paused_);
        if (order->stop || order->pause) return std::nullopt;
        return std::move(*order);
    }

    bool receive(int flags) {
        std::array<char, 4096> bytes{};
        const ssize_t got = ::recv(channel_.descriptor(), bytes.data(), bytes.size(), flags);
        if (got > 0) unread_.append(bytes.data(), static_cast<std::size_t>(got));
        if (got == 0) ::_exit(EXIT_FAILURE); // nobody is left who would know what we do
        return got > 0;
    }

    const ChildChannel& channel_;
    std::string unread_;
    bool stop_ = false;
    bool paused_ = false;
};

class RemoteJournal final : public Journal {
  public:
    explicit RemoteJournal(Line& line) : line_(line) {}
    Status append(const Json& event) override {
        return line_.ask({.word = WorkerWord::append, .line = event});
    }

  private:
    Line& line_;
};

class RemoteWatch final : public JobWatch {
  public:
    RemoteWatch(Line& line, Clock& clock) : line_(line), clock_(clock) {}
    void step_started(const Progress& progress) override { tell(WorkerWord::started, progress); }
    void progressed(const Progress& progress) override {
        if (due(told_, 100ms)) tell(WorkerWord::moved, progress);
    }
    void stalled(const Progress& progress, std::chrono::seconds silent_for) override {
        line_.tell({.word = WorkerWord::stalled,
                    .progress = progress,
                    .silent_seconds = static_cast<std::uint32_t>(silent_for.count())});
    }
    void step_finished(const Progress& progress) override { tell(WorkerWord::finished, progress); }
    bool stop_requested() override {
        if (due(asked_, 20ms)) stop_ = line_.stop_requested();
        return stop_;
    }
    bool pause_requested() override { return line_.paused(); }

  private:
    void tell(WorkerWord word, const Progress& progress) {
        line_.tell({.word = word, .progress = progress});
    }
    bool due(std::chrono::nanoseconds& last, std::chrono::nanoseconds interval) {
        const auto now = clock_.monotonic();
        if (now - last < interval) return false;
        last = now;
        return true;
    }

    Line& line_;
    Clock& clock_;
    std::chrono::nanoseconds told_{};
    std::chrono::nanoseconds asked_{};
    bool stop_ = false;
};

/// The drive's bay, with what only somebody outside may ask of the kernel.
class LookedAtBay final : public FirmwareBay {
  public:
    LookedAtBay(std::unique_ptr<FirmwareBay> bay, Bay& outside)
        : bay_(std::move(bay)), outside_(outside) {}
    AtaPort& commands() override { return bay_->commands(); }
    // What was hidden and is not any more the kernel does not know of by itself.
    Result<std::unique_ptr<BlockPort>> open_blocks() override {
        auto blocks = bay_->open_blocks();
        if (!blocks) return blocks;
        const auto words = ata::read_identify(bay_->commands());
        if (!words || words->sectors() * words->logical_bytes() == (*blocks)->geometry().size_bytes)
            return blocks;
        blocks->reset();
        if (auto status = outside_.rescan(); !status) return Error(status.error());
        return bay_->open_blocks();
    }
    bool reset() override { return outside_.reset().has_value(); }
    std::string take_transcript() override { return bay_->take_transcript(); }

  private:
    std::unique_ptr<FirmwareBay> bay_;
    Bay& outside_;
};

/// Opens the drive itself; from then on it can look at nothing, and has others look.
class RemoteBay final : public Bay {
  public:
    RemoteBay(Line& line, Host& host, const CommittedPlan& order, int channel)
        : line_(line), host_(host), drive_(order.drive()),
          by_firmware_(is_by_firmware(order.plan().technique)), channel_(channel) {}
    Result<DriveLink> open() override {
        auto link = host_.open(drive_);
        if (!link) return link;
        if (!by_firmware_) link->firmware.reset();
        auto confined = confine_to_transfers(allowance());
        if (!confined)
            return std::move(confined)
                .error()
                .during("the worker cannot be confined")
                .during(drive_.node);
        if (link->firmware)
            link->firmware = std::make_unique<LookedAtBay>(std::move(link->firmware), *this);
        return link;
    }
    Status check_unchanged() override { return line_.ask({.word = WorkerWord::unchanged}); }
    Status check_same() override { return line_.ask({.word = WorkerWord::same}); }
    Status rescan() override { return line_.ask({.word = WorkerWord::rescan}); }
    Status reset() override { return line_.ask({.word = WorkerWord::reset}); }

  private:
    // Commands only where the plan has any: an overwrite moves data and can do nothing else.
    [[nodiscard]] TransferAllowance allowance() const {
        const auto requests = block_node_requests();
        TransferAllowance allowance{.channel = channel_,
                                    .requests = {requests.begin(), requests.end()},
                                    .largest_file = drive_.size_bytes};
        if (!by_firmware_) return allowance;
        const auto commands = firmware_requests();
        allowance.requests.insert(allowance.requests.end(), commands.begin(), commands.end());
        allowance.privileges.push_back(Privilege::raw_io);
        allowance.largest_file = std::max(drive_.size_bytes, drive_.native_size_bytes.value_or(0));
        return allowance;
    }

    Line& line_;
    Host& host_;
    Drive drive_;
    bool by_firmware_;
    int channel_;
};

} // namespace

void work(CommittedPlan order, const Endurance& endurance, const WorkerDoors& doors,
          const ChildChannel& channel) {
    Line line(channel);
    RemoteBay bay(line, doors.host, order, channel.descriptor());
    RemoteJournal journal(line);
    RemoteWatch watch(line, doors.clock);
    Bench bench{bay, doors.clock, journal, watch, endurance};
    auto record = carry_out(std::move(order), bench);
    if (record)
        line.tell({.word = WorkerWord::done});
    else
        line.tell({.word = WorkerWord::error, .error = std::move(record).error()});
}

} // namespace quietus
