// RecordedMachine: a hand-made /sys, /dev and /proc in a temporary directory, and a probe that
// answers for the nodes that such a tree cannot have.
#pragma once

#include "ask_drive.hpp"
#include "ask_facts.hpp"
#include "drive_probe.hpp"
#include "linux_host.hpp"
#include "probe_words.hpp"
#include "quietus/core/json_fields.hpp"
#include "support/replay_ports.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include <stdlib.h>

namespace quietus {

/// What the nodes would answer. Claims and contents are by node: "/dev/sda".
struct ProbeAnswers {
    std::set<std::string> claimed;
    std::set<std::string> silent; ///< they do not answer
    std::set<std::string> unread; ///< they do not read
    std::map<std::string, Contents> contents;
    std::map<std::string, std::string> replies; ///< to commands: a transcript (replay_ports.hpp)
    std::map<std::string, std::string> ata_replies; ///< to what ATA drives are asked besides
    std::map<std::string, scsi::Facts> scsi;        ///< besides replies: what came of asking
    std::map<std::string, nvme::Facts> nvme;        ///< the same
    std::map<std::string, FilePlace> places;        ///< where paths lead, as far as it matters
};

class RecordedProbe : public DriveProbe {
  public:
    RecordedProbe(const ProbeAnswers& answers, std::string dev)
        : answers_(answers), dev_(std::move(dev)) {}
    std::vector<ProbeReport> ask(const std::vector<ProbeQuestion>& questions) override {
        std::vector<ProbeReport> reports;
        for (const ProbeQuestion& question : questions)
            reports.push_back(report(node(question.path), question.kind));
        asked += questions.size();
        return reports;
    }
    Result<Contents> contents(const std::string&) override { return Error{Fault::io, "unasked"}; }
    Result<bool> has_writers(const std::string&) override { return Error{Fault::io, "unasked"}; }
    std::optional<FilePlace> place(const std::string& path) override {
        const auto found = answers_.places.find(path);
        return found == answers_.places.end() ? std::nullopt : std::optional(found->second);
    }

    std::size_t asked = 0; ///< questions so far

  private:
    // In the words of the probe's process, as they come from there.
    [[nodiscard]] ProbeReport report(const std::string& node, DriveKind kind) const {
        if (answers_.silent.contains(node))
            return report_of({ChildEnd::deadline, "", "it does not answer"});
        const auto contents = answers_.contents.find(node);
        ProbeNews news{.claimed = answers_.claimed.contains(node),
                       .identity = identity(node, kind),
                       .contents =
                           contents == answers_.contents.end() ? Contents{} : contents->second,
                       .last = true};
        if (answers_.unread.contains(node)) {
            news.contents.reset();
            news.unread = "Input/output error";
        }
        ProbeReport report = report_of({ChildEnd::answered, to_line(news), ""});
        if (report.identity.takes_ata_commands) add_facts(facts(node, report), report);
        if (const auto told = answers_.scsi.find(node); told != answers_.scsi.end())
            report.scsi = told->second;
        if (const auto told = answers_.nvme.find(node); told != answers_.nvme.end())
            report.nvme = told->second;
        return report;
    }
    // Asked in a process of its own, and IDENTIFY DEVICE first, with the same answer.
    [[nodiscard]] ProbeReport facts(const std::string& node, const ProbeReport& report) const {
        std::string lines;
        for (const RawPage& page : report.identity.pages)
            if (page.name == "IDENTIFY DEVICE")
                lines = "scsi 85 08 0e 00 00 00 01 00*7 ec 00 -> 00 data " + page.hex + "\n";
        if (const auto more = answers_.ata_replies.find(node); more != answers_.ata_replies.end())
            lines += more->second;
        test::Transcript transcript(lines);
        test::ReplayScsiPort scsi(transcript);
        const auto told = ask_ata_facts(scsi);
        ProbeNews news{.last = true};
        if (told) news.ata = *told;
        if (!told) news.problems = {told.error().message};
        return report_of({ChildEnd::answered, to_line(news), ""});
    }
    [[nodiscard]] DriveIdentity identity(const std::string& node, DriveKind kind) const {
        const auto found = answers_.replies.find(node);
        if (found == answers_.replies.end()) return {};
        test::Transcript transcript(found->second);
        test::ReplayScsiPort scsi(transcript);
        test::ReplayNvmePort nvme(transcript);
        test::ReplayMmcPort mmc(transcript);
        return identify_by_commands(kind, {&scsi, &nvme, &mmc});
    }
    [[nodiscard]] std::string node(const std::string& path) const {
        return "/dev" + path.substr(dev_.size());
    }
    const ProbeAnswers& answers_;
    std::string dev_;
};

class RecordedMachine {
  public:
    RecordedMachine() {
        std::string pattern = std::filesystem::temp_directory_path() / "quietus-machine-XXXXXX";
        root_ = ::mkdtemp(pattern.data());
        paths = {root_ + "/sys", root_ + "/dev", root_ + "/proc"};
        for (const char* directory : {"/sys/block", "/dev/disk/by-id", "/proc/self"})
            std::filesystem::create_directories(root_ + directory);
        set_mounts("");
        write("proc/swaps", "Filename Type Size Used Priority\n");
        write("proc/locks", "");
    }
    RecordedMachine(const RecordedMachine&) = delete;
    RecordedMachine& operator=(const RecordedMachine&) = delete;
    ~RecordedMachine() { std::filesystem::remove_all(root_); }

    void write(const std::string& path, const std::string& text) const {
        std::filesystem::create_directories(
            std::filesystem::path(root_ + "/" + path).parent_path());
        std::ofstream(root_ + "/" + path, std::ios::binary) << text;
    }
    void link(const std::string& path, const std::string& target) const {
        std::filesystem::create_directories(
            std::filesystem::path(root_ + "/" + path).parent_path());
        std::filesystem::create_symlink(target, root_ + "/" + path);
    }
    void remove(const std::string& path) const { std::filesystem::remove(root_ + "/" + path); }

    /// A whole device beneath sys/devices/BUS; its directory there. Attributes by relative name.
    std::string add(const std::string& bus, const std::string& name, const std::string& number,
                    std::uint64_t sectors,
                    const std::map<std::string, std::string>& attributes = {}) const {
        const std::string directory = "sys/devices/" + bus + "/block/" + name;
        write(directory + "/dev", number + "\n");
        write(directory + "/size", std::to_string(sectors) + "\n");
        write(directory + "/ro", "0\n");
        write(directory + "/removable", "0\n");
        write(directory + "/diskseq", "5\n");
        write(directory + "/queue/logical_block_size", "512\n");
        write(directory + "/queue/physical_block_size", "4096\n");
        for (const auto& [attribute, value] : attributes)
            write(directory + "/" + attribute, value);
        link("sys/block/" + name, "../devices/" + bus + "/block/" + name);
        write("dev/" + name, "");
        return directory;
    }
    /// The bus that the device hangs on: "scsi", "nvme", "mmc", "virtio".
    void set_bus(const std::string& directory, const std::string& bus) const {
        link(directory + "/device/subsystem", "../../../bus/" + bus);
    }
    std::string add_sata(const std::string& name, const std::string& number) const {
        auto directory = add("pci0000:00/0000:00:17.0/ata1/host0/target0:0:0/0:0:0:0:" + name, name,
                             number, 2000000,
                             {{"device/model", "WDC WD40EFRX-68N32N0\n"},
                              {"device/vendor", "ATA     \n"},
                              {"device/rev", "0A82\n"},
                              {"device/type", "0\n"},
                              {"device/wwid", "naa.50014ee2b5d3a0f1\n"},
                              {"queue/rotational", "1\n"}});
        // A serial of its own for every drive: "8:0" has the one that tests know.
        std::string serial = "     WD-WCC7K0123456";
        if (number != "8:0") serial.replace(serial.size() - number.size(), number.size(), number);
        write(directory + "/device/vpd_pg80", std::string("\0\x80\0\x14", 4) + serial);
        set_bus(directory, "scsi");
        return directory;
    }
    std::string add_partition(const std::string& whole, const std::string& name,
                              const std::string& number, std::uint64_t start,
                              std::uint64_t sectors) const {
        const std::string directory = whole + "/" + name;
        write(directory + "/partition", "1\n");
        write(directory + "/dev", number + "\n");
        write(directory + "/start", std::to_string(start) + "\n");
        write(directory + "/size", std::to_string(sectors) + "\n");
        write("dev/" + name, "");
        return directory;
    }
    /// `upper` (a directory as returned by add) is made from `lower`.
    void stack(const std::string& upper, const std::string& lower) const {
        link(upper + "/slaves/" + base(lower), "x");
        link(lower + "/holders/" + base(upper), "x");
    }
    void set_mounts(const std::string& lines) const { write("proc/self/mountinfo", lines); }
    static std::string mount_line(const std::string& number, const std::string& point,
                                  const std::string& type, const std::string& source,
                                  const std::string& options = "rw") {
        return "30 1 " + number + " / " + point + " rw shared:1 - " + type + " " + source + " " +
               options + "\n";
    }

    [[nodiscard]] std::vector<Drive> detect(const DetectRequest& request = {}) const {
        auto host = make_linux_host(paths, std::make_unique<RecordedProbe>(answers, paths.dev));
        auto drives = host->detect(request);
        if (!drives) throw std::runtime_error(drives.error().message);
        if (drives->size() <= 16) // each of hundreds would be asked hundreds of times
            for (const Drive& drive : *drives)
                expect_same_alone(drive, request, *host);
        if (drives->size() <= 16) expect_same_together(*drives, request, *host);
        return std::move(*drives);
    }
    [[nodiscard]] Drive drive(const std::string& node, const DetectRequest& request = {}) const {
        for (const Drive& each : detect(request))
            if (each.node == node) return each;
        throw std::runtime_error("no drive " + node);
    }

    HostPaths paths;
    ProbeAnswers answers;

  private:
    // A look at one drive says of it what a look at all says: where the others are remembered, and
    // where nothing is known of them.
    void expect_same_alone(const Drive& drive, DetectRequest request, Host& host) const {
        const auto stranger =
            make_linux_host(paths, std::make_unique<RecordedProbe>(answers, paths.dev));
        request.only = drive.node;
        for (Host* each : {&host, stranger.get()}) {
            const auto alone = each->detect(request);
            if (!alone || alone->size() != 1)
                ADD_FAILURE() << drive.node << " is not there when it is looked at alone";
            else
                EXPECT_EQ(to_line(to_json(alone->front())), to_line(to_json(drive)));
        }
    }
    // So does a look at several that are held.
    static void expect_same_together(const std::vector<Drive>& drives, DetectRequest request,
                                     Host& host) {
        std::vector<HeldDrive> held;
        for (const Drive& drive : drives)
            held.push_back({drive.node, request.holder});
        const auto together = host.detect_held(held, request);
        ASSERT_TRUE(together && together->size() == drives.size());
        request.held = true;
        for (std::size_t index = 0; index < drives.size(); ++index) {
            request.only = drives[index].node;
            const auto alone = host.detect(request);
            ASSERT_TRUE(alone && alone->size() == 1);
            EXPECT_EQ(to_line(to_json((*together)[index])), to_line(to_json(alone->front())));
        }
    }
    static std::string base(const std::string& path) { return path.substr(path.rfind('/') + 1); }
    std::string root_;
};

/// "mounted: /dev/sda1 is mounted at /srv [umount /srv]", one a guard.
inline std::vector<std::string> guard_lines(const Drive& drive) {
    std::vector<std::string> lines;
    for (const Guard& guard : drive.guards)
        lines.push_back(std::string(to_text(guard.interlock)) + ": " + guard.reason +
                        (guard.release.empty() ? "" : " [" + guard.release + "]"));
    return lines;
}

} // namespace quietus
