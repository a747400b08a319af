// All that is behind a controller, as far as commands tell.
#include "quietus/drive/nvme/facts.hpp"
#include "quietus/transport/nvme/namespaces.hpp"
#include "quietus/transport/nvme/status.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace quietus::nvme {
namespace {

/// VS, the controller's version: 1.1 brought lists of namespaces.
constexpr std::uint32_t version_1_1 = 0x00010100;

std::string named(std::uint32_t nsid) {
    return "namespace " + std::to_string(nsid);
}

class Scope {
  public:
    Scope(NvmePort& port, const ControllerFeatures& controller)
        : port_(port), controller_(controller) {}

    NvmeScopeRecord read() {
        record_.complete = true;
        record_.other_controllers = controller_.several_controllers || controller_.several_ports;
        read_namespaces();
        account();
        name_excluded();
        return std::move(record_);
    }

  private:
    using Identifiers = std::vector<std::uint32_t>;

    // What cannot be asked is not known, and that is noted.
    Identifiers list(Structure what) {
        auto found = read_list(port_, what);
        if (found) return *found;
        lack(found.error().message);
        return {};
    }

    void lack(std::string why) {
        record_.complete = false;
        record_.notes.push_back(std::move(why));
    }

    void read_namespaces() {
        if (controller_.version < version_1_1)
            return lack("the controller is of a version that cannot list its namespaces");
        const Identifiers attached = list(Structure::active_list);
        Identifiers all = attached;
        if (controller_.manages_namespaces) {
            const Identifiers allocated = list(Structure::allocated_list);
            all.insert(all.end(), allocated.begin(), allocated.end());
            std::ranges::sort(all);
            all.erase(std::unique(all.begin(), all.end()), all.end());
        }
        for (const std::uint32_t nsid : all)
            describe(nsid, std::ranges::binary_search(attached, nsid));
    }

    void describe(std::uint32_t nsid, bool attached) {
        NvmeNamespaceRecord each;
        each.nsid = nsid;
        each.attached = attached;
        const auto what = attached ? Structure::name_space : Structure::allocated_namespace;
        const auto told = read_namespace(port_, what, nsid);
        if (!told || !*told) {
            lack(told ? named(nsid) + " is listed and not there" : told.error().message);
            record_.namespaces.push_back(each);
            return;
        }
        const NamespaceFormat& found = **told;
        each.described = true;
        each.blocks = found.blocks;
        each.block_bytes = found.block_bytes;
        each.format = found.settings.format;
        each.metadata_bytes = found.metadata_bytes;
        each.metadata_extended = found.settings.metadata_extended;
        each.protection = found.settings.protection;
        each.protection_first = found.settings.protection_first;
        each.shared = found.shared;
        each.write_protected = is_write_protected(nsid, found);
        sum_ = sum_ + (found.capacity.is_zero() ? found.size() : found.capacity);
        if (!attached) record_.notes.push_back(named(nsid) + " is not attached");
        record_.namespaces.push_back(each);
    }

    // Where there is such a feature it says for how long, too.
    bool is_write_protected(std::uint32_t nsid, const NamespaceFormat& found) {
        if (!found.write_protected && controller_.write_protection == 0) return false;
        const auto reply = port_.execute(get_feature(Feature::write_protection, nsid));
        const bool answered = reply && reply->code() == status::success;
        const std::uint32_t state = answered ? reply->result & 7U : 0;
        if (!found.write_protected && state == 0) return false;
        const char* how = state == 2 ? " until the power is off" : state == 3 ? " for good" : "";
        record_.notes.push_back(named(nsid) + " is write protected" + how);
        return true;
    }

    void account() {
        record_.namespace_bytes = sum_.text();
        if (controller_.total.is_zero()) {
            record_.notes.push_back("the drive does not tell its capacity");
            return;
        }
        record_.total_bytes = controller_.total.text();
        record_.unallocated_bytes = controller_.unallocated.text();
        record_.accounted = sum_ + controller_.unallocated == controller_.total;
        if (!record_.accounted)
            record_.notes.push_back("namespaces have " + record_.namespace_bytes + " bytes and " +
                                    record_.unallocated_bytes + " are unallocated, of " +
                                    record_.total_bytes);
    }

    void name_excluded() {
        if (controller_.rpmb_bytes != 0)
            record_.excluded.push_back("Replay Protected Memory Block of " +
                                       std::to_string(controller_.rpmb_bytes) + " bytes");
        if (controller_.boot_partitions) record_.excluded.emplace_back("boot partitions");
        if (controller_.host_memory_bytes == 0) return;
        const auto reply = port_.execute(get_feature(Feature::host_memory_buffer));
        const bool used = reply && reply->code() == status::success && (reply->result & 1U) != 0;
        if (used) record_.excluded.emplace_back("memory of the computer (Host Memory Buffer)");
    }

    NvmePort& port_;
    const ControllerFeatures& controller_;
    NvmeScopeRecord record_;
    Capacity sum_;
};

} // namespace

NvmeScopeRecord read_scope(NvmePort& port, const ControllerFeatures& controller) {
    return Scope(port, controller).read();
}

} // namespace quietus::nvme
