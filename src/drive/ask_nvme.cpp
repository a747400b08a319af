#include "ask_nvme.hpp"

#include "asking_limits.hpp"
#include "wire/backing.hpp"
#include "wire/nvme_identify.hpp"
#include "wire/octets.hpp"

#include "quietus/transport/nvme/namespaces.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>
#include <utility>
#include <vector>

namespace quietus {
namespace {

/// A deadline bounds what may be asked: of more namespaces only the numbers are told.
constexpr std::size_t described_max = 64;

/// VS, the controller's version. 1.1 brought lists of namespaces, 1.3 their descriptors.
constexpr std::uint32_t version_1_1 = 0x00010100;
constexpr std::uint32_t version_1_3 = 0x00010300;

using nvme::Structure;
using Identifiers = std::vector<std::uint32_t>;

class NvmeAnswer {
  public:
    explicit NvmeAnswer(NvmePort& port) : port_(port) {}

    DriveIdentity give() {
        read_controller();
        read_own_namespace();
        if (controller_) read_other_namespaces();
        return std::move(identity_);
    }

  private:
    std::optional<Bytes> identify(const std::string& name, Structure what, std::uint32_t nsid);
    void read_controller();
    void tell_controller();
    void read_own_namespace();
    void read_own_names(const nvme::Namespace& found);
    std::optional<nvme::Descriptors> read_descriptors();
    void read_other_namespaces();
    std::optional<Identifiers> list(const char* name, Structure what);
    std::optional<Identifiers> active();
    void add_part(std::uint32_t nsid, std::optional<bool> attached);
    std::optional<nvme::Namespace> describe(std::uint32_t nsid, Structure what);
    void find(std::string text) { identity_.findings.push_back(std::move(text)); }

    NvmePort& port_;
    DriveIdentity identity_;
    Bytes controller_data_;
    std::optional<nvme::Controller> controller_;
    std::uint32_t own_ = 0; ///< 0: not known
    unsigned lost_ = 0;
    std::size_t described_ = 0;
};

std::string number(std::uint32_t nsid) {
    return "namespace " + std::to_string(nsid);
}

std::string status_text(const NvmeReply& reply) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), " is refused (status %03xh)", reply.code());
    return text.data();
}

std::optional<Bytes> NvmeAnswer::identify(const std::string& name, Structure what,
                                          std::uint32_t nsid) {
    if (lost_ >= lost_answers_max) return std::nullopt;
    NvmeCommand command = nvme::identify(what, nsid);
    command.timeout = identification_timeout;
    auto reply = port_.execute(command);
    if (!reply) {
        find(name + ": " + reply.error().message);
        if (++lost_ == lost_answers_max) find("nothing more was asked");
        return std::nullopt;
    }
    if (reply->code() == 0) return std::move(reply->data);
    find(name + status_text(*reply));
    return std::nullopt;
}

void NvmeAnswer::read_controller() {
    auto data = identify("Identify Controller", Structure::controller, 0);
    if (!data) return;
    controller_data_ = std::move(*data);
    identity_.pages.push_back({"Identify Controller", to_hex(controller_data_)});
    auto controller = nvme::parse_controller(controller_data_);
    if (!controller) {
        find("Identify Controller: " + controller.error().message);
        return;
    }
    controller_ = *controller;
    tell_controller();
}

void NvmeAnswer::tell_controller() {
    identity_.source = IdentitySource::drive;
    identity_.model = wire::plain_text(controller_->model);
    identity_.firmware = wire::plain_text(controller_->firmware);
    identity_.serial_raw_hex = to_hex(controller_->serial);
    identity_.rotation_rpm = 0;
    const std::string serial = wire::plain_text(controller_->serial);
    // Some makers gave all their drives one name: the serial has to be there to tell them apart.
    const std::string subsystem =
        controller_->subsystem.empty() ? identity_.model : wire::plain_text(controller_->subsystem);
    if (!serial.empty() && !subsystem.empty()) identity_.unit = subsystem + " " + serial;
    const auto known = wire::backing_by_nvme(controller_->vendor, identity_.model);
    identity_.backing = known.backing;
    identity_.backing_evidence = known.evidence;
    if (known.backing == Backing::unknown) {
        identity_.backing = Backing::physical;
        identity_.backing_evidence = "Identify Controller: nothing that a hypervisor or array says";
    }
    if (controller_->rpmb_bytes > 0)
        identity_.parts.push_back({"", controller_->rpmb_bytes, PartKind::rpmb, "RPMB"});
}

void NvmeAnswer::read_own_namespace() {
    const auto own = port_.namespace_id();
    if (!own) {
        find("which namespace the node is, is not known: " + own.error().message);
        return;
    }
    own_ = *own;
    const auto data = identify("Identify Namespace", Structure::name_space, own_);
    if (!data) return;
    identity_.pages.push_back({"Identify Namespace", to_hex(*data)});
    const auto found = nvme::parse_namespace(*data);
    if (!found || !*found) {
        find("Identify Namespace: " +
             (found ? number(own_) + " is not there" : found.error().message));
        return;
    }
    identity_.size_bytes = (*found)->size_bytes;
    identity_.logical_block_bytes = (*found)->block_bytes;
    read_own_names(**found);
}

// Zoned namespaces have a command set of their own, which only descriptors tell.
void NvmeAnswer::read_own_names(const nvme::Namespace& found) {
    constexpr std::uint8_t zoned_command_set = 2;
    identity_.wwn = !found.nguid.empty() ? found.nguid : found.eui64;
    if (!controller_) return;
    if (controller_->version < version_1_3)
        identity_.zoned = Zoned::none;
    else if (const auto told = read_descriptors()) {
        const bool uuid = told->name.starts_with("uuid.");
        if (!uuid && !told->name.empty() && !identity_.wwn.empty() && told->name != identity_.wwn)
            find("Identify Namespace and its descriptors give different names");
        if (uuid || identity_.wwn.empty()) identity_.wwn = told->name;
        if (told->command_set == 0) identity_.zoned = Zoned::none;
        if (told->command_set == zoned_command_set) identity_.zoned = Zoned::host_managed;
    }
    // Some makers gave a whole series one name: the unit has to be there to tell them apart.
    if (!identity_.wwn.empty() && !identity_.unit.empty())
        identity_.blocks = identity_.wwn + " " + identity_.unit;
}

std::optional<nvme::Descriptors> NvmeAnswer::read_descriptors() {
    const auto data =
        identify("Namespace Identification Descriptors", Structure::descriptors, own_);
    if (!data) return std::nullopt;
    identity_.pages.push_back({"Namespace Identification Descriptors", to_hex(*data)});
    auto told = nvme::parse_descriptors(*data);
    if (told) return *told;
    find("Namespace Identification Descriptors: " + told.error().message);
    return std::nullopt;
}

// Each page of a list continues after the last identifier of the one before, so the number of
// commands is bounded by what is listed, and that by nvme::most_listed.
std::optional<Identifiers> NvmeAnswer::list(const char* name, Structure what) {
    Identifiers all;
    while (all.size() < nvme::most_listed) {
        const std::uint32_t after = all.empty() ? 0 : all.back();
        const auto data = identify(name, what, after);
        if (!data) return std::nullopt;
        const auto page = nvme::parse_list(*data, after);
        if (!page) {
            find(std::string(name) + ": " + page.error().message);
            return std::nullopt;
        }
        all.insert(all.end(), page->begin(), page->end());
        if (page->size() < nvme::list_entries) return all;
    }
    find(std::string(name) + ": it does not end");
    return all;
}

// NVMe 1.0 had no list: identifiers went from 1 to NN.
std::optional<Identifiers> NvmeAnswer::active() {
    if (controller_->version >= version_1_1)
        return list("active namespaces", Structure::active_list);
    Identifiers all;
    for (std::uint32_t nsid = 1; nsid <= controller_->namespace_ids && nsid <= nvme::most_listed;
         ++nsid)
        all.push_back(nsid);
    return all;
}

void NvmeAnswer::read_other_namespaces() {
    const auto attached = active();
    Identifiers all = attached.value_or(Identifiers{});
    if (controller_->manages_namespaces)
        for (const std::uint32_t nsid :
             list("allocated namespaces", Structure::allocated_list).value_or(Identifiers{}))
            all.push_back(nsid);
    std::ranges::sort(all);
    all.erase(std::unique(all.begin(), all.end()), all.end());
    if (own_ != 0 && attached && !std::ranges::binary_search(*attached, own_))
        find(number(own_) + " is not in the list of active namespaces");
    for (const std::uint32_t nsid : all) {
        if (nsid == own_) continue;
        std::optional<bool> is_attached;
        if (attached) is_attached = std::ranges::binary_search(*attached, nsid);
        add_part(nsid, is_attached);
    }
}

std::optional<nvme::Namespace> NvmeAnswer::describe(std::uint32_t nsid, Structure what) {
    if (described_++ >= described_max) return std::nullopt;
    const auto data = identify("Identify " + number(nsid), what, nsid);
    if (!data) return std::nullopt;
    const auto found = nvme::parse_namespace(*data);
    if (!found) find("Identify " + number(nsid) + ": " + found.error().message);
    return found.value_or(std::nullopt);
}

// A namespace that cannot be described is a part all the same: somebody's data may be in it. Of
// NVMe 1.0, where identifiers are only possible ones, it is there if it can be described.
void NvmeAnswer::add_part(std::uint32_t nsid, std::optional<bool> attached) {
    const auto found = describe(nsid, attached.value_or(false) ? Structure::name_space
                                                               : Structure::allocated_namespace);
    if (!found && controller_->version < version_1_1 && lost_ == 0) return;
    identity_.parts.push_back({"", found ? found->size_bytes : 0, PartKind::name_space,
                               number(nsid) + (attached.value_or(true) ? "" : ", not attached")});
}

} // namespace

DriveIdentity ask_nvme(NvmePort& port) {
    return NvmeAnswer(port).give();
}

} // namespace quietus
