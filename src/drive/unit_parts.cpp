#include "unit_parts.hpp"

#include "identify.hpp"
#include "serial_text.hpp"
#include "sysfs.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace quietus {
namespace {

/// eMMC counts its replay-protected memory in these (JESD84-B51 clause 7.4.79, RPMB_SIZE_MULT).
constexpr std::uint64_t rpmb_unit_bytes = 128U << 10U;
/// UFS: the well-known logical unit of its replay-protected memory (JESD220, W-LUN C4h), as Linux
/// numbers it.
constexpr std::uint64_t ufs_rpmb_lun = 0xC144;

PartKind sibling_kind(const Node& node) {
    return node.attachment.transport == Transport::nvme ? PartKind::name_space
                                                        : PartKind::logical_unit;
}

std::string sibling_title(const Node& node) {
    const std::string word = sibling_kind(node) == PartKind::name_space ? "namespace" : "LUN";
    const auto number = number_of(node);
    return number ? word + " " + std::to_string(*number) : word;
}

// The first number in a title: 2 in "namespace 2, not attached".
std::optional<std::uint64_t> number_in(const std::string& title) {
    const auto start = title.find_first_of("0123456789");
    if (start == std::string::npos) return std::nullopt;
    const auto end = std::min(title.find_first_not_of("0123456789", start), title.size());
    return sysfs::parse_number(std::string_view(title).substr(start, end - start));
}

bool is_numbered(PartKind kind) {
    return kind == PartKind::name_space || kind == PartKind::logical_unit;
}

// A dock's slots and an array's volumes are drives of their own.
bool is_of_this_unit(const Node& node, const Part& part) {
    const Transport transport = node.attachment.transport;
    if (part.kind == PartKind::logical_unit)
        return node.drive.backing == Backing::physical &&
               (transport == Transport::sas || transport == Transport::ufs);
    if (part.kind == PartKind::name_space) return node.attachment.fabric.empty();
    return true;
}

bool has_node(const Unit& unit, const Part& part) {
    const auto number = number_in(part.title);
    return std::any_of(unit.nodes.begin(), unit.nodes.end(), [&](const Node* node) {
        return sibling_kind(*node) == part.kind && number && number_of(*node) == number;
    });
}

std::size_t count(const std::vector<Part>& parts, PartKind kind) {
    return static_cast<std::size_t>(std::count_if(
        parts.begin(), parts.end(), [&](const Part& part) { return part.kind == kind; }));
}

bool is_listed(const std::vector<Part>& parts, const Part& part) {
    return std::any_of(parts.begin(), parts.end(), [&](const Part& each) {
        return each.kind == part.kind && number_in(each.title) == number_in(part.title);
    });
}

// Areas have no numbers that drive and kernel share: the kernel's first is the drive's first.
void add_told(const Unit& unit, const Node& node, Drive& drive) {
    const std::vector<Part> known = drive.parts;
    std::vector<Part> told;
    for (const Part& part : node.report.identity.parts) {
        const bool again = is_numbered(part.kind)
                               ? has_node(unit, part) || is_listed(known, part)
                               : count(told, part.kind) < count(known, part.kind);
        told.push_back(part);
        if (!again && is_of_this_unit(node, part)) drive.parts.push_back(part);
    }
}

// The kernel gives the replay-protected memory of an eMMC a character device at most.
void add_emmc_rpmb(const Node& main, Drive& drive) {
    const auto text = sysfs::text(main.device->directory + "/device/raw_rpmb_size_mult");
    if (!text || drive.kind != DriveKind::mmc || count(drive.parts, PartKind::rpmb) != 0) return;
    const std::string digits = trimmed(*text);
    const auto units = digits.starts_with("0x") ? sysfs::parse_number(digits.substr(2), 16)
                                                : sysfs::parse_number(digits);
    if (units.value_or(0) == 0) return;
    drive.parts.push_back(
        {"", *units * rpmb_unit_bytes, PartKind::rpmb, "replay-protected memory"});
}

void add_ufs_rpmb(const Node& main, Drive& drive) {
    if (main.attachment.transport != Transport::ufs || count(drive.parts, PartKind::rpmb) != 0)
        return;
    for (const std::string& name : sysfs::names(main.attachment.target))
        if (name.ends_with(":" + std::to_string(ufs_rpmb_lun)))
            drive.parts.push_back({"", 0, PartKind::rpmb, "replay-protected memory"});
}

} // namespace

std::optional<std::uint64_t> number_of(const Node& node) {
    if (node.attachment.transport == Transport::nvme)
        return sysfs::number(node.device->directory + "/nsid");
    if (node.attachment.address) return node.attachment.address->lun;
    return std::nullopt;
}

void add_path(const Node& node, const Node& first, Drive& drive) {
    const bool main = first.drive.node == drive.node;
    std::string title = main ? "the same blocks" : "the same blocks as " + first.drive.node;
    if (!node.drive.port.empty()) title += ", by " + node.drive.port;
    drive.parts.push_back(
        {node.drive.node, node.drive.size_bytes, PartKind::path, std::move(title)});
}

void add_sibling(const BlockTree& tree, const Node& node, Drive& drive) {
    drive.parts.push_back(
        {node.drive.node, node.drive.size_bytes, sibling_kind(node), sibling_title(node)});
    std::ranges::move(parts_of(tree, *node.device), std::back_inserter(drive.parts));
}

void add_controllers(const Node& main, Drive& drive) {
    if (main.attachment.transport != Transport::nvme) return;
    const auto controllers = nvme_controllers_of(*main.device);
    if (controllers.size() < 2) return;
    for (const std::string& controller : controllers) {
        const auto address = trimmed(sysfs::text(controller + "/address").value_or(""));
        drive.parts.push_back({"", drive.size_bytes, PartKind::path,
                               "path by " + sysfs::last_component(controller) +
                                   (address.empty() ? "" : ", " + address)});
    }
}

void add_told_parts(const Unit& unit, Drive& drive) {
    for (const Node* node : unit.nodes)
        add_told(unit, *node, drive);
    add_emmc_rpmb(*unit.nodes.front(), drive);
    add_ufs_rpmb(*unit.nodes.front(), drive);
}

} // namespace quietus
