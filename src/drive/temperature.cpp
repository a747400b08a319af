#include "temperature.hpp"

#include "sysfs.hpp"

#include <string_view>
#include <vector>

namespace quietus {
namespace {

// Where the sensor of a drive is: drivetemp hangs it on the SCSI device, nvme on the controller or,
// in older kernels, on the controller's PCI device.
std::vector<std::string> sensor_homes(const std::string& device) {
    std::vector<std::string> homes;
    for (const std::string& place : {device, device + "/device"})
        for (const std::string& home : {place + "/hwmon", place})
            for (const std::string& name : sysfs::names(home))
                if (name.starts_with("hwmon") && name != "hwmon")
                    homes.push_back(home + "/" + name);
    return homes;
}

// Of a namespace that has several controllers, these hang on the subsystem.
std::vector<std::string> devices_of(const std::string& device) {
    std::vector<std::string> devices{device};
    for (const std::string& name : sysfs::names(device))
        if (name.starts_with("nvme") && name.find_first_not_of("0123456789", 4) == name.npos)
            devices.push_back(device + "/" + name);
    return devices;
}

// hwmon: thousandths of a degree. Nothing that works is colder or warmer than this.
std::optional<std::int32_t> degrees(std::string_view text) {
    const bool negative = text.starts_with('-');
    const auto amount = sysfs::parse_number(negative ? text.substr(1) : text);
    constexpr std::uint64_t coldest = 60'000;
    constexpr std::uint64_t warmest = 200'000;
    if (!amount || *amount > (negative ? coldest : warmest)) return std::nullopt;
    const auto rounded = static_cast<std::int32_t>((*amount + 500) / 1000);
    return negative ? -rounded : rounded;
}

} // namespace

std::optional<std::int32_t> read_celsius(const HostPaths& paths, const std::string& node) {
    const std::string directory =
        sysfs::resolved(paths.sys + "/block/" + sysfs::last_component(node));
    std::optional<std::int32_t> warmest;
    for (const std::string& device : devices_of(sysfs::resolved(directory + "/device")))
        for (const std::string& home : sensor_homes(device)) {
            const auto text = sysfs::text(home + "/temp1_input");
            const auto celsius = text ? degrees(*text) : std::nullopt;
            if (celsius && (!warmest || *celsius > *warmest)) warmest = celsius;
        }
    return warmest;
}

} // namespace quietus
