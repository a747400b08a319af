#include "linux_host.hpp"

#include "guards.hpp"
#include "identify.hpp"
#include "image.hpp"
#include "machine.hpp"
#include "quietus/core/bytes.hpp"
#include "quietus/core/ensure.hpp"
#include "quietus/transport/linux/open_block.hpp"
#include "sysfs.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

namespace quietus {
namespace {

bool is_listed(const BlockDevice& device, const DetectRequest& request) {
    if (device.role != BlockRole::whole) return false;
    if (!request.only.empty()) return device.node == request.only;
    // The kernel's own paths of a multipath NVMe namespace, which have no nodes.
    if (sysfs::text(device.directory + "/hidden") == "1") return false;
    switch (kind_of(device)) {
    case DriveKind::ram:
    case DriveKind::rom:
    case DriveKind::zram:
        return request.all;
    case DriveKind::loop:
    case DriveKind::nbd:
        return device.size_bytes != 0 || device.loop_file.has_value();
    case DriveKind::ata:
    case DriveKind::scsi:
    case DriveKind::nvme:
    case DriveKind::usb:
    case DriveKind::mmc:
    case DriveKind::virtio:
    case DriveKind::image:
    case DriveKind::unknown:
        return true;
    }
    return true;
}

// The partition that begins there, or the whole.
std::string node_at(const std::vector<const BlockDevice*>& parts, const Drive& drive,
                    std::uint64_t offset) {
    for (const BlockDevice* part : parts)
        if (part->role == BlockRole::partition && part->start_bytes == offset) return part->node;
    return drive.node;
}

void add_contents(const BlockTree& tree, Contents contents, Drive& drive) {
    const auto parts = tree.parts_of(drive.node.substr(std::string_view("/dev/").size()));
    for (Content& content : contents.found) {
        content.node = node_at(parts, drive, content.offset_bytes);
        drive.contents.push_back(std::move(content));
    }
    for (const Extent& partition : contents.partitions)
        if (node_at(parts, drive, partition.offset) == drive.node)
            drive.parts.push_back({"", partition.length});
}

// What sysfs should have said of the drive or of a part of it, and did not.
void add_gaps(const BlockTree& tree, const BlockDevice& device, DriveFacts& facts) {
    for (const BlockDevice* part : tree.parts_of(device.name)) {
        for (const std::string& gap : part->gaps)
            facts.unknown.push_back("sysfs does not tell \"" + gap + "\" of " + part->node);
        for (const std::string& holder : part->strange_holders)
            facts.unknown.push_back(part->node + " is held by " + holder +
                                    ", which the kernel does not show");
    }
}

class LinuxHost : public Host {
  public:
    LinuxHost(HostPaths paths, std::unique_ptr<DriveProbe> probe)
        : paths_(std::move(paths)), probe_(std::move(probe)) {}

    Result<std::vector<Drive>> detect(const DetectRequest& request) override {
        auto machine = look_at_machine(paths_, *probe_);
        if (!machine) return std::move(machine).error().during("detect");
        const Foundations foundations(*machine, *probe_);
        const auto uses = uses_of(*machine, foundations, request.state_directory);
        std::vector<Candidate> candidates;
        for (const BlockDevice& device : machine->tree.devices())
            if (is_listed(device, request))
                candidates.push_back(look_at(device, *machine, foundations));
        if (request.ask) ask_all(machine->tree, candidates);
        std::vector<Drive> drives;
        for (Candidate& candidate : candidates) {
            if (request.held) candidate.facts.claimed = false;
            drives.push_back(judged(std::move(candidate), uses));
        }
        return drives;
    }

    Result<Drive> image(const std::string& path, const DetectRequest& request) override {
        auto machine = look_at_machine(paths_, *probe_);
        if (!machine) return std::move(machine).error().during("image");
        const Foundations foundations(*machine, *probe_);
        const auto uses = uses_of(*machine, foundations, request.state_directory);
        return look_at_image(path, {machine->unknown, uses, request}, *probe_);
    }

    Result<DriveLink> open(const Drive& drive) override {
        constexpr std::string_view image_prefix = "image:";
        const std::string path = drive.kind == DriveKind::image
                                     ? drive.node.substr(image_prefix.size())
                                     : path_of(drive.node);
        auto port = open_block_port(drive, path);
        if (!port) return std::move(port).error();
        return DriveLink{std::move(*port)};
    }

  private:
    [[nodiscard]] std::string path_of(const std::string& node) const {
        return paths_.dev + node.substr(std::string_view("/dev").size());
    }

    /// A drive on its way: what sysfs says, before and after it was asked itself.
    struct Candidate {
        Drive drive;
        DriveFacts facts;
    };

    Candidate look_at(const BlockDevice& device, const Machine& machine,
                      const Foundations& foundations) {
        Candidate found{identify(machine.tree, device, paths_), {}};
        found.facts.unknown = machine.unknown;
        found.facts.extent = foundations.extent_of(device);
        add_gaps(machine.tree, device, found.facts);
        add_silent_file(device, found.facts);
        read_only_state(device, found.facts);
        return found;
    }

    static Drive judged(Candidate candidate, const std::vector<Use>& uses) {
        auto& [drive, facts] = candidate;
        drive.guards = guards_of(drive, facts, uses);
        drive.in_use = users_of(facts, uses);
        return std::move(drive);
    }

    // Who else has the file of a loop device open is found by its number, which is not known then.
    void add_silent_file(const BlockDevice& device, DriveFacts& facts) {
        const auto place = device.loop_file ? probe_->place(*device.loop_file) : std::nullopt;
        if (place && place->silent)
            facts.unknown.push_back("the file system of " + escaped(*device.loop_file) +
                                    " does not answer");
    }

    static void read_only_state(const BlockDevice& device, DriveFacts& facts) {
        const auto state = sysfs::number(device.directory + "/ro");
        if (!state) facts.unknown.push_back("sysfs does not tell \"ro\" of " + device.node);
        facts.read_only = state == 1U;
    }

    // All at the same time: a drive that hangs costs its deadline once, whoever else hangs.
    void ask_all(const BlockTree& tree, std::vector<Candidate>& candidates) {
        std::vector<Candidate*> asked;
        std::vector<ProbeQuestion> questions;
        for (Candidate& candidate : candidates) {
            if (candidate.drive.size_bytes == 0) continue; // no medium to be asked
            asked.push_back(&candidate);
            questions.push_back({path_of(candidate.drive.node), candidate.drive.kind});
        }
        auto reports = probe_->ask(questions);
        QUIETUS_ENSURE(reports.size() == asked.size());
        for (std::size_t index = 0; index < asked.size(); ++index)
            add_report(tree, std::move(reports[index]), *asked[index]);
    }

    static void add_report(const BlockTree& tree, ProbeReport report, Candidate& candidate) {
        auto& [drive, facts] = candidate;
        drive.probe = report.outcome;
        facts.claimed = report.claimed.value_or(false);
        if (report.contents) add_contents(tree, std::move(*report.contents), drive);
        const bool told = report.outcome == ProbeOutcome::answered && report.claimed;
        if (!told && report.problems.empty())
            facts.unknown.push_back("it does not tell what it was asked");
        std::ranges::move(report.problems, std::back_inserter(facts.unknown));
    }

    HostPaths paths_;
    std::unique_ptr<DriveProbe> probe_;
};

} // namespace

std::unique_ptr<Host> make_linux_host(HostPaths paths, std::unique_ptr<DriveProbe> probe) {
    return std::make_unique<LinuxHost>(std::move(paths), std::move(probe));
}

std::unique_ptr<Host> make_linux_host(HostPaths paths) {
    return make_linux_host(std::move(paths), make_drive_probe());
}

} // namespace quietus
