#include "port_reset.hpp"

#include "sysfs.hpp"

#include "quietus/core/descriptor.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <optional>
#include <string_view>
#include <thread>

namespace quietus {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds look_interval{200};
constexpr unsigned looks_alike = 5; ///< so often the same: it is settled
constexpr unsigned most_looks = 50;

Status put(const std::string& path, std::string_view text) {
    const Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    if (!file.open()) return system_error(Fault::io, path);
    const ssize_t written = ::write(file.get(), text.data(), text.size());
    if (written != static_cast<ssize_t>(text.size())) return system_error(Fault::io, path);
    return {};
}

std::string block_directory(const std::string& sys, const std::string& node) {
    return sys + "/block/" + sysfs::last_component(node);
}

// ".../ata1/host0/target0:0:0/0:0:0:0/block/sda": the directory of an ATA port's host.
std::optional<std::filesystem::path> ata_host_of(const std::string& sys, const std::string& node) {
    std::error_code failure;
    const auto real = std::filesystem::canonical(block_directory(sys, node), failure);
    if (failure) return std::nullopt;
    bool on_ata_port = false;
    std::filesystem::path above;
    for (const auto& part : real) {
        const std::string name = part.string();
        above /= part;
        if (on_ata_port && sysfs::is_numbered(name, "host")) return above;
        on_ata_port = sysfs::is_numbered(name, "ata");
    }
    return std::nullopt;
}

// Behind a port multiplier, or on one cable.
bool is_alone(const std::filesystem::path& host) {
    const auto names = sysfs::names(host);
    return std::ranges::count_if(
               names, [](const std::string& name) { return name.starts_with("target"); }) == 1;
}

/// The name of the SCSI host that is the drive's own ATA port.
std::optional<std::string> own_port_of(const std::string& sys, const std::string& node) {
    const auto host = ata_host_of(sys, node);
    if (!host || !is_alone(*host)) return std::nullopt;
    return host->filename().string();
}

Status check_still_there(const std::string& sys, const Drive& drive) {
    const std::string directory = block_directory(sys, drive.node);
    const auto number = sysfs::device_number(sysfs::text(directory + "/dev").value_or(""));
    const auto diskseq = sysfs::number(directory + "/diskseq").value_or(0);
    if (number == drive.device_number && diskseq == drive.diskseq) return {};
    return Error{Fault::refused,
                 "identity-changed: another drive stands under " + drive.node + " now"};
}

void wait_until_settled(const std::string& size_file) {
    auto last = sysfs::number(size_file);
    unsigned alike = 0;
    for (unsigned look = 0; look < most_looks && alike < looks_alike; ++look) {
        std::this_thread::sleep_for(look_interval);
        const auto now = sysfs::number(size_file);
        alike = now == last ? alike + 1 : 0;
        last = now;
    }
}

Status reset_host(const std::string& sys, const std::string& host) {
    return put(sys + "/class/scsi_host/" + host + "/scan", "- - -\n");
}

Status rescan_drive(const std::string& sys, const std::string& node) {
    const std::string directory = block_directory(sys, node);
    if (auto status = put(directory + "/device/rescan", "1\n"); !status) return status;
    wait_until_settled(directory + "/size");
    return {};
}

} // namespace

Status reset_port(const std::string& sys, const Drive& drive) {
    if (auto status = check_still_there(sys, drive); !status) return status;
    const auto host = own_port_of(sys, drive.node);
    if (!host) return Error{Fault::unsupported, drive.node + ": it is on no ATA port of its own"};
    if (auto status = reset_host(sys, *host); !status) return status;
    return rescan_drive(sys, drive.node);
}

Status look_at_capacity_again(const std::string& sys, const Drive& drive) {
    if (auto status = check_still_there(sys, drive); !status) return status;
    if (const auto host = own_port_of(sys, drive.node))
        if (auto status = reset_host(sys, *host); !status) return status;
    return rescan_drive(sys, drive.node);
}

} // namespace quietus
