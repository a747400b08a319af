#include "port_reset.hpp"

#include "sysfs.hpp"

#include "quietus/core/descriptor.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
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

bool is_numbered(std::string_view name, std::string_view word) {
    return name.size() > word.size() && name.starts_with(word) &&
           std::ranges::all_of(name.substr(word.size()),
                               [](unsigned char digit) { return std::isdigit(digit) != 0; });
}

std::string block_directory(const std::string& sys, const std::string& node) {
    return sys + "/block/" + sysfs::last_component(node);
}

// ".../ata1/host0/target0:0:0/0:0:0:0/block/sda": the number of an ATA port's host.
std::optional<std::string> ata_host_of(const std::string& sys, const std::string& node) {
    std::error_code failure;
    const auto real = std::filesystem::canonical(block_directory(sys, node), failure);
    if (failure) return std::nullopt;
    bool on_ata_port = false;
    for (const auto& part : real) {
        const std::string name = part.string();
        if (on_ata_port && is_numbered(name, "host")) return name;
        on_ata_port = is_numbered(name, "ata");
    }
    return std::nullopt;
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

Status reset_port(const std::string& sys, const std::string& node) {
    const auto host = ata_host_of(sys, node);
    if (!host) return Error{Fault::unsupported, node + ": it is on no ATA port of its own"};
    if (auto status = reset_host(sys, *host); !status) return status;
    return rescan_drive(sys, node);
}

Status look_at_capacity_again(const std::string& sys, const std::string& node) {
    const auto host = ata_host_of(sys, node);
    if (host)
        if (auto status = reset_host(sys, *host); !status) return status;
    return rescan_drive(sys, node);
}

} // namespace quietus
