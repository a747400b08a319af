#include "linux_host.hpp"

#include "by_id_links.hpp"
#include "guards.hpp"
#include "hearing.hpp"
#include "image.hpp"
#include "machine.hpp"
#include "members.hpp"
#include "merge_identity.hpp"
#include "port_reset.hpp"
#include "quietus/core/bytes.hpp"
#include "quietus/core/clock.hpp"
#include "quietus/transport/joined_block_port.hpp"
#include "quietus/transport/linux/open_block.hpp"
#include "quietus/transport/linux/open_firmware.hpp"
#include "shell_word.hpp"
#include "signatures.hpp"
#include "sysfs.hpp"
#include "temperature.hpp"
#include "units.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>

namespace quietus {
namespace {

bool is_drive(const BlockDevice& device) {
    if (is_detached_loop(device)) return false;
    // The kernel's own paths of a multipath NVMe namespace have no nodes.
    return device.role == BlockRole::whole && sysfs::text(device.directory + "/hidden") != "1";
}

bool is_listed(const BlockDevice& device, DriveKind kind, const DetectRequest& request) {
    switch (kind) {
    case DriveKind::ram:
    case DriveKind::rom:
    case DriveKind::zram:
        return request.all;
    case DriveKind::nbd:
        return device.size_bytes != 0;
    case DriveKind::loop:
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
std::string node_at(const std::vector<const BlockDevice*>& parts, const BlockDevice& whole,
                    std::uint64_t offset) {
    for (const BlockDevice* part : parts)
        if (part->role == BlockRole::partition && part->start_bytes == offset) return part->node;
    return whole.node;
}

void add_contents(const BlockTree& tree, const Node& node, Drive& drive) {
    if (!node.report.contents) return;
    const auto parts = tree.parts_of(node.device->name);
    const std::uint64_t begin = offset_of(drive, node);
    for (Content content : node.report.contents->found) {
        content.node = node_at(parts, *node.device, content.offset_bytes);
        content.offset_bytes += begin;
        drive.contents.push_back(std::move(content));
    }
    for (LuksHeader header : node.report.contents->luks) {
        header.offset_bytes += begin;
        drive.luks.push_back(std::move(header));
    }
    for (const TableEntry& partition : node.report.contents->partitions)
        if (node_at(parts, *node.device, partition.offset) == node.device->node)
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

// Setting the node writable does not help a loop device that was attached read-only.
std::string writable_again(const BlockDevice& device) {
    if (!device.loop_file) return "blockdev --setrw " + device.node;
    return "losetup --detach " + device.node + "; losetup " + device.node + " " +
           shell_word(*device.loop_file);
}

std::vector<Signature> signatures_on(const BlockTree& tree, const std::vector<Node>& nodes) {
    std::vector<Signature> signatures;
    for (const Node& node : nodes)
        if (node.report.contents)
            std::ranges::move(signatures_of(tree, *node.device, *node.report.contents),
                              std::back_inserter(signatures));
    return signatures;
}

/// What all drives of one look share.
struct Around {
    const Machine& machine;
    const Foundations& foundations;
    const std::vector<Use>& uses;
    const DetectRequest& request;
    const LookedAt& only;
};

class LinuxHost : public Host {
  public:
    LinuxHost(HostPaths paths, std::unique_ptr<DriveProbe> probe, const Transfers& transfers = {})
        : paths_(std::move(paths)), probe_(std::move(probe)), transfers_(transfers),
          hearing_(*probe_, paths_.dev) {}

    Result<std::vector<Drive>> detect(const DetectRequest& request) override {
        LookedAt only;
        if (!request.only.empty()) only.emplace(request.only, request.holder);
        return look(request, only);
    }

    Result<std::vector<Drive>> detect_held(const std::vector<HeldDrive>& drives,
                                           const DetectRequest& request) override {
        LookedAt only;
        for (const HeldDrive& each : drives)
            only.emplace(each.node, each.holder);
        if (only.empty()) return std::vector<Drive>{};
        DetectRequest held = request;
        held.held = true;
        return look(held, only);
    }

    Result<Drive> image(const std::string& path, const DetectRequest& request) override {
        auto machine = look_at_machine(paths_, *probe_);
        if (!machine) return std::move(machine).error().during("image");
        const std::vector<Signature> signatures; // no image is a member of a pool without a writer
        const Foundations foundations(*machine, signatures, *probe_);
        const auto uses = uses_of(*machine, foundations, request);
        return look_at_image(path, {machine->unknown, uses, request}, *probe_);
    }

    Result<NodeName> resolve(const std::string& path) override {
        return resolve_node(path, paths_);
    }

    Result<DriveLink> open(const Drive& drive) override {
        if (!has_all_commands(drive)) return linked(open_blocks(drive));
        return open_firmware_link(
            drive, {.paths = paths_of(drive), .transfers = transfers_, .clock = clock_});
    }

    Status rescan(const Drive& drive) override {
        for (const Drive& node : opened_nodes(drive))
            if (auto status = look_at_capacity_again(paths_.sys, node); !status) return status;
        return {};
    }

    Status reset(const Drive& drive) override { return reset_port(paths_.sys, drive); }

    Result<DriveLink> open_to_read(const Drive& drive) override {
        return linked(joined_nodes(
            drive, [&](const Drive& node) { return open_reading_port(node, path_of(node)); }));
    }

    std::optional<std::int32_t> celsius(const Drive& drive) override {
        return drive.kind == DriveKind::image ? std::nullopt : read_celsius(paths_, drive.node);
    }

  private:
    Result<std::vector<Drive>> look(const DetectRequest& request, const LookedAt& only) {
        auto machine = look_at_machine(paths_, *probe_);
        if (!machine) return std::move(machine).error().during("detect");
        const std::vector<Node> nodes = heard_nodes(machine->tree, request, only);
        // Contents first: pools, and what the system names as its own, are found by them.
        const auto signatures = signatures_on(machine->tree, nodes);
        const Foundations foundations(*machine, signatures, *probe_);
        const auto uses = uses_of(*machine, foundations, request);
        std::vector<Drive> drives;
        for (const Unit& unit : units_of(nodes)) {
            Drive drive = drive_of(machine->tree, unit);
            if (is_meant(drive, only))
                look_at(unit, {*machine, foundations, uses, request, only}, drive);
            drives.push_back(std::move(drive));
        }
        guard_doubles(drives);
        std::erase_if(drives, [&](const Drive& each) { return !is_meant(each, only); });
        return drives;
    }

    // Else it is opened as blocks alone: no namespace may be left out. What of a SAS drive is left
    // out its own units tell.
    static bool has_all_commands(const Drive& drive) {
        if (!drive.nvme_erasure) return drive.ata_erasure || drive.scsi_erasure;
        const std::size_t nodes = std::max<std::size_t>(drive.members.size(), 1);
        return drive.nvme_scope && drive.nvme_scope->namespaces.size() == nodes;
    }

    template <typename Open>
    static Result<std::unique_ptr<BlockPort>> joined_nodes(const Drive& drive, const Open& open) {
        std::vector<std::unique_ptr<BlockPort>> ports;
        for (const Drive& node : opened_nodes(drive)) {
            auto port = open(node);
            if (!port) return port;
            ports.push_back(std::move(*port));
        }
        return join_blocks(std::move(ports));
    }

    Result<std::unique_ptr<BlockPort>> open_blocks(const Drive& drive) {
        const Transfers each = transfers_of_each(transfers_, opened_nodes(drive).size());
        return joined_nodes(
            drive, [&](const Drive& node) { return open_block_port(node, path_of(node), each); });
    }

    static Result<DriveLink> linked(Result<std::unique_ptr<BlockPort>> port) {
        if (!port) return std::move(port).error();
        return DriveLink{std::move(*port)};
    }

    [[nodiscard]] std::string path_of(const Drive& drive) const {
        constexpr std::string_view image_prefix = "image:";
        return drive.kind == DriveKind::image ? drive.node.substr(image_prefix.size())
                                              : path_of(drive.node);
    }

    [[nodiscard]] std::vector<std::string> paths_of(const Drive& drive) const {
        std::vector<std::string> paths;
        for (const Drive& node : opened_nodes(drive))
            paths.push_back(path_of(node));
        return paths;
    }

    [[nodiscard]] std::string path_of(const std::string& node) const {
        return paths_.dev + node.substr(std::string_view("/dev").size());
    }

    std::vector<Node> heard_nodes(const BlockTree& tree, const DetectRequest& request,
                                  const LookedAt& only) {
        const auto links = by_id_links(paths_.dev);
        std::vector<Node> nodes;
        for (const BlockDevice& device : tree.devices()) {
            if (!is_drive(device)) continue;
            Node node = node_of(tree, device);
            if (!is_listed(device, node.drive.kind, request)) continue;
            if (const auto found = links.find(device.node); found != links.end())
                node.drive.by_id = found->second;
            nodes.push_back(std::move(node));
        }
        return hearing_.hear_all(nodes, request, only);
    }

    static bool is_meant(const Drive& drive, const LookedAt& only) {
        return only.empty() || only.contains(drive.node);
    }

    void look_at(const Unit& unit, const Around& around, Drive& drive) {
        const BlockTree& tree = around.machine.tree;
        DriveFacts facts;
        facts.unknown = around.machine.unknown;
        std::ranges::copy(unit.contradictions, std::back_inserter(facts.unknown));
        const auto held = around.only.find(drive.node);
        facts.holder = held == around.only.end() ? around.request.holder : held->second;
        facts.claimed = is_claimed(unit);
        if (around.request.held) facts.claimed = false;
        for (const Node* node : unit.nodes) {
            facts.extent.merge(around.foundations.extent_of(*node->device));
            add_gaps(tree, *node->device, facts);
            add_silent_file(*node->device, facts);
            read_only_state(*node->device, facts);
            add_report(*node, drive, facts);
            add_contents(tree, *node, drive);
        }
        add_readers(around.machine, facts);
        drive.guards = guards_of(drive, facts, around.uses);
        drive.in_use = users_of(facts, around.uses);
    }

    // Claimed if any of its nodes is, free if all of them say so.
    static std::optional<bool> is_claimed(const Unit& unit) {
        std::optional<bool> claimed = false;
        for (const Node* node : unit.nodes) {
            if (node->report.claimed == true) return true;
            if (!node->report.claimed) claimed.reset();
        }
        return claimed;
    }

    static void add_readers(const Machine& machine, DriveFacts& facts) {
        for (const OpenFile& file : machine.read_nodes) {
            if (facts.holder != 0 && file.pid == facts.holder) continue;
            const BlockDevice* device = file.place ? machine.tree.at(file.place->node_number)
                                                   : machine.tree.by_node(file.path);
            if (device != nullptr && facts.extent.contains(device->name))
                facts.readers.insert(process_title(file.pid, file.command));
        }
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
        if (state != 1U) return;
        facts.read_only = true;
        facts.writable_again = writable_again(device);
    }

    // The worst outcome of any node is the unit's.
    static void add_report(const Node& node, Drive& drive, DriveFacts& facts) {
        const ProbeReport& report = node.report;
        const std::string who = node.drive.node == drive.node ? "" : node.drive.node + ": ";
        drive.probe = std::max(drive.probe, report.outcome);
        for (const std::string& problem : report.problems)
            facts.unknown.push_back(who + problem);
        for (const std::string& finding : report.identity.findings)
            drive.findings.push_back(who + finding);
        const bool silent = report.outcome == ProbeOutcome::partly ||
                            report.outcome == ProbeOutcome::not_answering ||
                            (report.outcome == ProbeOutcome::answered && !report.claimed);
        add_unread(report, who, drive, facts);
        if (silent && report.problems.empty() && report.unread.empty())
            facts.unknown.push_back(who + "it does not tell what it was asked");
        std::ranges::move(guards_of_size(report.identity, node.drive),
                          std::back_inserter(facts.found));
    }

    // Who could use it by what it holds cannot read it either while the drive keeps all to itself.
    static void add_unread(const ProbeReport& report, const std::string& who, Drive& drive,
                           DriveFacts& facts) {
        if (report.unread.empty()) {
            if (drive.nvme_erasure && report.outcome == ProbeOutcome::answered)
                note_read(*drive.nvme_erasure);
            return;
        }
        const std::string clause = who + "what it holds cannot be read: " + report.unread;
        if (const auto why = why_without_blocks(drive))
            drive.findings.push_back(clause + ": " + *why);
        else
            facts.unknown.push_back(clause);
    }

    HostPaths paths_;
    std::unique_ptr<DriveProbe> probe_;
    Transfers transfers_;
    SystemClock clock_;
    Hearing hearing_;
};

} // namespace

std::unique_ptr<Host> make_linux_host(HostPaths paths, std::unique_ptr<DriveProbe> probe) {
    return std::make_unique<LinuxHost>(std::move(paths), std::move(probe));
}

std::unique_ptr<Host> make_linux_host(HostPaths paths) {
    return make_linux_host(std::move(paths), make_drive_probe());
}

std::unique_ptr<Host> make_linux_host_for(std::size_t drives_at_once) {
    return std::make_unique<LinuxHost>(HostPaths{}, make_drive_probe(),
                                       transfers_among(drives_at_once));
}

} // namespace quietus
