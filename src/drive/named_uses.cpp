// What the running system names as its own, without a mount that shows it. See uses.hpp.
#include "quietus/core/bytes.hpp"
#include "uses.hpp"

#include <algorithm>
#include <utility>

namespace quietus {
namespace {

bool shares_a_key(const std::set<std::string>& keys, const std::set<std::string>& devices) {
    return std::ranges::any_of(devices,
                               [&](const std::string& device) { return keys.contains(device); });
}

// A mount of that role shows which of the devices with this name is meant.
bool is_settled(const NamedDevice& named, const std::set<std::string>& devices,
                const std::vector<Use>& uses) {
    return std::ranges::any_of(uses, [&](const Use& use) {
        return use.roles.contains(named.interlock) && shares_a_key(use.ground.keys, devices);
    });
}

std::string release_of(Interlock interlock) {
    if (interlock == Interlock::swap)
        return "restart the machine with noresume on the kernel's command line";
    if (interlock == Interlock::system) return {};
    return "start the machine from another drive";
}

Use named_use(Interlock interlock, const std::string& said) {
    Use use{UseKind::named, std::string(to_text(interlock)), said, escaped(said)};
    use.release = release_of(interlock);
    use.roles = {interlock};
    return use;
}

} // namespace

std::vector<Use> named_uses(const Machine& machine, const Foundations& foundations,
                            const std::vector<Use>& uses) {
    std::vector<Use> found;
    for (const NamedDevice& named : machine.named) {
        const auto devices = foundations.devices_named(named.name);
        if (devices.empty() || is_settled(named, devices, uses)) continue;
        Use use = named_use(named.interlock, named.said);
        for (const std::string& device : devices)
            use.ground.keys.merge(foundations.of_device(device).keys);
        found.push_back(std::move(use));
    }
    for (const std::string& file : machine.live_files) {
        Use use = named_use(Interlock::live, "it runs from " + file);
        use.ground = foundations.of_mounts_with(file);
        if (!use.ground.keys.empty()) found.push_back(std::move(use));
    }
    return found;
}

} // namespace quietus
