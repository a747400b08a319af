#include "signatures.hpp"

#include "quietus/core/bytes.hpp"
#include "sysfs.hpp"

#include <algorithm>
#include <cctype>
#include <optional>
#include <string_view>

namespace quietus {
namespace {

// The partition that begins there, or the whole.
const BlockDevice& device_at(const std::vector<const BlockDevice*>& parts, const BlockDevice& whole,
                             std::uint64_t offset) {
    for (const BlockDevice* part : parts)
        if (part->role == BlockRole::partition && part->start_bytes == offset) return *part;
    return whole;
}

bool same_letters(std::string_view left, std::string_view right) {
    return std::ranges::equal(left, right, [](unsigned char one, unsigned char other) {
        return std::tolower(one) == std::tolower(other);
    });
}

bool answers(const Signature& signature, const DeviceName& name) {
    switch (name.tag) {
    case NameTag::uuid:
        return !signature.uuid.empty() && same_letters(signature.uuid, name.value);
    case NameTag::label:
        return signature.label == name.value;
    case NameTag::part_uuid:
        return !signature.part_uuid.empty() && same_letters(signature.part_uuid, name.value);
    case NameTag::part_label:
        return signature.part_label == name.value;
    case NameTag::pool:
        return signature.type == "zfs_member" && signature.label == name.value;
    case NameTag::node:
    case NameTag::number:
        return false;
    }
    return false;
}

// udev writes a link's name with all but plain characters as \xNN.
std::string link_name(std::string_view value) {
    constexpr std::string_view plain = "#+-.:=@_/";
    std::string name;
    for (const char each : value) {
        const auto octet = static_cast<unsigned char>(each);
        if (std::isalnum(octet) != 0 || octet >= 0x80 || plain.find(each) != plain.npos)
            name += each;
        else
            name += "\\x" + to_hex(as_bytes({&each, 1}));
    }
    return name;
}

const char* link_directory(NameTag tag) {
    switch (tag) {
    case NameTag::uuid:
        return "/disk/by-uuid/";
    case NameTag::label:
        return "/disk/by-label/";
    case NameTag::part_uuid:
        return "/disk/by-partuuid/";
    case NameTag::part_label:
        return "/disk/by-partlabel/";
    case NameTag::node:
    case NameTag::number:
    case NameTag::pool:
        return nullptr;
    }
    return nullptr;
}

const BlockDevice* linked_device(const std::string& link, const BlockTree& tree) {
    const auto target = sysfs::link(link);
    return target ? tree.by_node("/dev/" + sysfs::last_component(*target)) : nullptr;
}

const BlockDevice* device_of(const DeviceName& name, const BlockTree& tree,
                             const std::string& dev) {
    if (name.tag == NameTag::number) return tree.at(sysfs::device_number(name.value).value_or(0));
    if (name.tag == NameTag::node) {
        const BlockDevice* device = tree.by_node(name.value);
        return device != nullptr ? device : linked_device(dev + name.value.substr(4), tree);
    }
    const char* directory = link_directory(name.tag);
    if (directory == nullptr) return nullptr;
    return linked_device(dev + directory + link_name(name.value), tree);
}

} // namespace

std::vector<Signature> signatures_of(const BlockTree& tree, const BlockDevice& whole,
                                     const Contents& contents) {
    const auto parts = tree.parts_of(whole.name);
    std::vector<Signature> found;
    for (const Content& content : contents.found)
        found.push_back({device_at(parts, whole, content.offset_bytes).name,
                         content.type,
                         content.uuid,
                         content.label,
                         {},
                         {}});
    for (const TableEntry& entry : contents.partitions)
        found.push_back(
            {device_at(parts, whole, entry.offset).name, {}, {}, {}, entry.uuid, entry.name});
    return found;
}

std::set<std::string> pool_members(const std::vector<Signature>& signatures,
                                   const std::string& pool) {
    std::set<std::string> members;
    for (const Signature& signature : signatures)
        if (signature.type == "zfs_member" && !pool.empty() &&
            (signature.label == pool || signature.uuid == pool))
            members.insert(signature.device);
    return members;
}

std::set<std::string> devices_named(const DeviceName& name, const BlockTree& tree,
                                    const std::vector<Signature>& signatures,
                                    const std::string& dev) {
    std::set<std::string> found;
    for (const Signature& signature : signatures)
        if (answers(signature, name)) found.insert(signature.device);
    if (const BlockDevice* device = device_of(name, tree, dev)) found.insert(device->name);
    return found;
}

} // namespace quietus
