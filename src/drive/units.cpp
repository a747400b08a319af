#include "units.hpp"

#include "identify.hpp"
#include "members.hpp"
#include "merge_identity.hpp"
#include "serial_text.hpp"
#include "storage_behind.hpp"
#include "sysfs.hpp"
#include "unit_parts.hpp"

#include "quietus/drive/ata/facts.hpp"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <map>
#include <numeric>
#include <set>
#include <utility>

namespace quietus {
namespace {

using Keys = std::set<std::string>;

// The volumes of an array or a controller share its target, and are drives to us all the same. What
// an NVMe controller on this machine shows is one drive, even where a hypervisor made it up.
bool is_one_drive(const Node& node) {
    const bool nvme = node.attachment.transport == Transport::nvme;
    return (nvme || node.drive.backing == Backing::physical) && node.attachment.fabric.empty();
}

// Two bridges of one make may tell the same name, and an ATA port has one device: there, names
// unite nothing.
bool names_unite(const Node& node) {
    const Transport transport = node.attachment.transport;
    return transport != Transport::usb && transport != Transport::ata &&
           transport != Transport::mmc && transport != Transport::none;
}

// The kernel writes "eui." before an NGUID: digits say whether names are the same.
void add_name(Keys& keys, const std::string& name) {
    std::string digits;
    for (const char each : name.substr(std::min(name.find('.') + 1, name.size())))
        if (each != '-')
            digits += static_cast<char>(std::tolower(static_cast<unsigned char>(each)));
    const bool nothing = digits.find_first_not_of('0') == std::string::npos;
    if (!nothing) keys.insert("blocks " + digits);
}

// The device-mapper maps of multipath that stand on the node directly.
void add_maps(const BlockTree& tree, const Node& node, Keys& keys) {
    for (const BlockDevice& map : tree.devices()) {
        const bool above =
            std::find(map.below.begin(), map.below.end(), node.device->name) != map.below.end();
        if (above && sysfs::text(map.directory + "/dm/uuid").value_or("").starts_with("mpath-"))
            keys.insert("map " + map.name);
    }
}

void add_kernel_names(const Node& node, Keys& keys) {
    if (!names_unite(node)) return;
    for (const char* name : {"wwid", "device/wwid"}) {
        const auto text = trimmed(sysfs::text(node.device->directory + "/" + name).value_or(""));
        if (text.starts_with("naa.") || text.starts_with("eui.") || text.starts_with("uuid."))
            add_name(keys, text);
    }
}

std::string nvme_subsystem(const BlockDevice& device) {
    const auto sys = device.directory.find("/devices/");
    for (const std::string& controller : nvme_controllers_of(device)) {
        const std::string name = sysfs::last_component(controller);
        const std::string all = device.directory.substr(0, sys) + "/class/nvme-subsystem";
        for (const std::string& subsystem : sysfs::names(all))
            if (sysfs::exists(all + "/" + subsystem + "/" + name)) return subsystem;
    }
    const auto above = passes_through(device.directory, "nvme-subsys");
    return above ? sysfs::last_component(*above) : nvme_controllers_of(device).front();
}

// Those who share one of these are parts of one drive.
Keys unit_keys(const Node& node) {
    Keys keys;
    if (!is_one_drive(node)) return keys;
    const Transport transport = node.attachment.transport;
    if (transport == Transport::nvme) keys.insert("subsystem " + nvme_subsystem(*node.device));
    const bool whole_target = transport == Transport::sas || transport == Transport::ufs;
    if (whole_target && !node.attachment.target.empty())
        keys.insert("target " + node.attachment.target);
    if (names_unite(node) && !node.report.identity.unit.empty())
        keys.insert("unit " + node.report.identity.unit);
    return keys;
}

bool share(const Keys& left, const Keys& right) {
    return std::any_of(left.begin(), left.end(),
                       [&](const std::string& key) { return right.contains(key); });
}

std::string contradiction(const Node& left, const Node& right) {
    const Drive& one = left.drive;
    const Drive& other = right.drive;
    const bool sizes = one.size_bytes != 0 && other.size_bytes != 0;
    if (sizes && one.size_bytes != other.size_bytes) return "has another size";
    const bool serials = !one.serial.empty() && !other.serial.empty();
    return serials && one.serial != other.serial ? "has another serial number" : "";
}

/// Which nodes belong together: each points to the first of its unit.
class Grouping {
  public:
    explicit Grouping(std::size_t count) : first_(count) {
        std::iota(first_.begin(), first_.end(), std::size_t{0});
    }
    [[nodiscard]] std::size_t first(std::size_t index) const {
        while (first_[index] != index)
            index = first_[index];
        return index;
    }
    void unite(std::size_t left, std::size_t right) {
        const auto [low, high] = std::minmax({first(left), first(right)});
        first_[high] = low;
    }

  private:
    std::vector<std::size_t> first_;
};

/// Nodes by key, so that 256 drives are not compared each with each.
class UnitFinder {
  public:
    explicit UnitFinder(const std::vector<Node>& nodes)
        : nodes_(nodes), grouping_(nodes.size()), clauses_(nodes.size()) {}

    std::vector<Unit> find() {
        for (std::size_t index = 0; index < nodes_.size(); ++index) {
            for (const std::string& key : unit_keys(nodes_[index]))
                grouping_.unite(seen_.try_emplace(key, index).first->second, index);
            for (const std::string& key : nodes_[index].blocks)
                same_blocks(seen_.try_emplace(key, index).first->second, index);
        }
        return collect();
    }

  private:
    void same_blocks(std::size_t before, std::size_t index) {
        const std::string why = contradiction(nodes_[before], nodes_[index]);
        if (why.empty()) {
            grouping_.unite(before, index);
            return;
        }
        accuse(before, index, why);
        accuse(index, before, why);
    }

    void accuse(std::size_t index, std::size_t other, const std::string& why) {
        clauses_[index].push_back(nodes_[other].drive.node + " claims to be the same blocks and " +
                                  why);
    }

    std::vector<Unit> collect() {
        std::map<std::size_t, Unit> units;
        for (std::size_t index = 0; index < nodes_.size(); ++index) {
            Unit& unit = units[grouping_.first(index)];
            unit.nodes.push_back(&nodes_[index]);
            std::move(clauses_[index].begin(), clauses_[index].end(),
                      std::back_inserter(unit.contradictions));
        }
        std::vector<Unit> found;
        found.reserve(units.size());
        for (auto& [first, unit] : units)
            found.push_back(std::move(unit));
        return found;
    }

    const std::vector<Node>& nodes_;
    Grouping grouping_;
    std::map<std::string, std::size_t> seen_;
    std::vector<std::vector<std::string>> clauses_;
};

} // namespace

Node node_of(const BlockTree& tree, const BlockDevice& device) {
    Node node;
    node.device = &device;
    node.attachment = attachment_of(device);
    node.drive = identify(tree, device, node.attachment);
    add_maps(tree, node, node.blocks);
    add_kernel_names(node, node.blocks);
    return node;
}

void hear(Node& node, ProbeReport report) {
    node.report = std::move(report);
    node.drive.probe = node.report.outcome;
    merge_identity(node.report.identity, node.drive);
    if (names_unite(node)) add_name(node.blocks, node.report.identity.blocks);
    if (node.report.ata) ata::tell(*node.report.ata, node.drive);
    if (node.report.scsi) scsi::tell(*node.report.scsi, node.drive);
    if (node.report.nvme) nvme::tell(*node.report.nvme, node.drive);
    settle_storage(*node.device, node.attachment, node.report.identity, node.drive);
}

std::vector<Unit> units_of(const std::vector<Node>& nodes) {
    return UnitFinder(nodes).find();
}

std::vector<bool> further_paths(const std::vector<Node>& nodes) {
    std::vector<bool> further(nodes.size());
    std::map<std::string, std::size_t> seen;
    for (std::size_t index = 0; index < nodes.size(); ++index)
        for (const std::string& key : nodes[index].blocks) {
            const std::size_t before = seen.try_emplace(key, index).first->second;
            const bool same = before != index && contradiction(nodes[before], nodes[index]).empty();
            further[index] = further[index] || same;
        }
    return further;
}

Drive drive_of(const BlockTree& tree, const Unit& unit) {
    Drive drive = unit.nodes.front()->drive;
    std::vector<const Node*> distinct{unit.nodes.front()};
    for (auto node = unit.nodes.begin() + 1; node != unit.nodes.end(); ++node) {
        const auto same = std::find_if(unit.nodes.begin(), node, [&](const Node* before) {
            return share(before->blocks, (*node)->blocks);
        });
        if (same != node) {
            add_path(**node, **same, drive);
            continue;
        }
        add_sibling(tree, **node, drive);
        distinct.push_back(*node);
    }
    add_controllers(*unit.nodes.front(), drive);
    add_told_parts(unit, drive);
    join_members(distinct, drive);
    return drive;
}

} // namespace quietus
