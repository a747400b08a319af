// Station: keys, log and places of a station in a directory of its own, and a host that a test
// makes.
#pragma once

#include "quietus/app/dispose.hpp"
#include "quietus/app/station.hpp"
#include "quietus/transport/block_port.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace quietus::test {

/// Hands out its port to whoever opens the drive; the port stays the test's to look at.
class LentPort : public BlockPort {
  public:
    explicit LentPort(BlockPort& port) : port_(port) {}
    [[nodiscard]] BlockGeometry geometry() const override { return port_.geometry(); }
    [[nodiscard]] unsigned slots() const override { return port_.slots(); }
    [[nodiscard]] std::span<std::uint8_t> slot(unsigned index) override {
        return port_.slot(index);
    }
    void start(Direction direction, unsigned slot, Extent extent) override {
        port_.start(direction, slot, extent);
    }
    Result<std::optional<Completion>> wait(std::chrono::milliseconds at_most) override {
        return port_.wait(at_most);
    }
    std::optional<int> flush(std::chrono::milliseconds at_most) override {
        return port_.flush(at_most);
    }
    Result<PortState> state() override { return port_.state(); }
    [[nodiscard]] bool used_page_cache() const override { return port_.used_page_cache(); }

  private:
    BlockPort& port_;
};

/// A machine with one drive, named as an image so that select() asks for nothing else.
class OneDriveHost final : public Host {
  public:
    explicit OneDriveHost(BlockPort& port) : port_(port) {
        drive.node = "image:/one";
        drive.kind = DriveKind::image;
        drive.medium = Medium::virtual_medium;
        drive.size_bytes = port.geometry().size_bytes;
        drive.serial = "SPARSE0001";
    }
    Result<std::vector<Drive>> detect(const DetectRequest& request) override {
        at_look(request);
        return std::vector<Drive>{drive};
    }
    Result<Drive> image(const std::string&, const DetectRequest& request) override {
        at_look(request);
        return drive;
    }
    Result<DriveLink> open(const Drive&) override {
        if (open_error) return *open_error;
        return DriveLink{std::make_unique<LentPort>(port_)};
    }
    Result<DriveLink> open_to_read(const Drive& one) override { return open(one); }
    Status rescan(const Drive& one) override { return asked_of("rescan", one); }
    Status reset(const Drive& one) override { return asked_of("reset", one); }
    std::optional<std::int32_t> celsius(const Drive&) override { return warmth(); }
    Drive drive;
    std::optional<Error> open_error;
    std::function<std::optional<std::int32_t>()> warmth = [] { return std::nullopt; };
    std::function<void(const DetectRequest&)> at_look = [](const DetectRequest&) {}; ///< before it
    std::vector<std::string> asked; ///< "rescan NODE", "reset NODE"; each is refused

  private:
    Status asked_of(const std::string& what, const Drive& one) {
        asked.push_back(what + " " + one.node);
        return Error{Fault::unsupported, "no " + what};
    }
    BlockPort& port_;
};

class Agreeing final : public Operator {
  public:
    Status agree(const Proposal&) override { return {}; }
};

class Declining final : public Operator {
  public:
    Status agree(const Proposal&) override { return Error{Fault::refused, "no"}; }
};

/// Notes what it is told; calls a function when a step ends; stops on request.
class NotingAudience final : public Audience, public JobWatch {
  public:
    void planned(const Proposal&) override { notes.emplace_back("planned"); }
    JobWatch& committed(const std::string& job, const Drive&) override {
        notes.push_back("committed " + job);
        at_commit();
        return *this;
    }
    void certified(const std::string&, const IssuedDocument&) override {
        notes.emplace_back("certified");
    }
    void ended(const std::string&, Verdict) override {}
    void step_started(const Progress&) override {}
    void progressed(const Progress& progress) override {
        last = progress;
        at_progress(progress);
    }
    void step_finished(const Progress& progress) override { at_step_end(progress); }
    void measured(const Warmth& warmth) override { at_measured(warmth); }
    bool stop_requested() override { return stop(last); }
    bool leave_requested() override { return leave; }

    std::vector<std::string> notes;
    Progress last;
    bool leave = false;
    std::function<void()> at_commit = [] {};
    std::function<void(const Progress&)> at_progress = [](const Progress&) {};
    std::function<void(const Progress&)> at_step_end = [](const Progress&) {};
    std::function<void(const Warmth&)> at_measured = [](const Warmth&) {};
    std::function<bool(const Progress&)> stop = [](const Progress&) { return false; };
};

/// Keys are made once for a whole test program: they take longer than most tests. `used` outlives
/// it.
class Station {
  public:
    explicit Station(Clock& used = system_clock()) : clock(used) {
        std::string pattern = testing::TempDir() + "quietus-station-XXXXXX";
        directory = ::mkdtemp(pattern.data());
        places = {directory + "/state", directory + "/certificates"};
        std::filesystem::create_directories(places.state);
        std::filesystem::copy(keys_once(), places.keys());
        start_signer();
    }
    Station(const Station&) = delete;
    Station& operator=(const Station&) = delete;
    ~Station() { std::filesystem::remove_all(directory); }

    void open_log() {
        log = open_log_register(
            {places.log(),
             [this](const std::string& origin) { return signer->checkpoint_signer(origin); }},
            clock);
    }
    /// Everything happens in the test's own process.
    [[nodiscard]] Site site(Host& host) {
        workplace = make_single_workplace(host, clock);
        return {host, clock, *log, places, *signer, *workplace};
    }
    /// As a new run of the program begins: with another process that has the keys as they are now.
    void start_signer() {
        log.reset();
        signer.emplace(SignerSetup{places.keys(), places.log(), deadline});
        signer->start();
        open_log();
    }
    /// A time at which the keys are there, for clocks that stand still.
    [[nodiscard]] static std::int64_t time_after_keys() {
        static_cast<void>(keys_once());
        return SystemClock().utc_seconds();
    }
    [[nodiscard]] std::string root() const { return places.keys() + "/root.pem"; }

    std::string directory;
    Places places;
    Clock& clock; ///< not of the signer, which lives in a process of its own
    std::chrono::milliseconds deadline{30'000}; ///< of the signer, when it is started next
    std::optional<SignerProcess> signer;
    std::unique_ptr<Register> log;
    std::unique_ptr<Workplace> workplace; ///< of the last site

  private:
    static Clock& system_clock() {
        static SystemClock clock;
        return clock;
    }
    static const std::string& keys_once() {
        struct Keys {
            Keys() {
                std::string pattern = testing::TempDir() + "quietus-keys-XXXXXX";
                directory = ::mkdtemp(pattern.data());
                const auto made = init_station({directory + "/state", ""}, "TEST01", std::nullopt);
                EXPECT_TRUE(made.has_value()) << made.error().message;
                path = directory + "/state/keys";
            }
            ~Keys() { std::filesystem::remove_all(directory); }
            std::string directory;
            std::string path;
        };
        static const Keys keys;
        return keys.path;
    }
};

} // namespace quietus::test
