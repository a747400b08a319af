#include "quietus/technique/nvme/format.hpp"

#include "operation.hpp"

#include "quietus/technique/nvme/refusal.hpp"
#include "quietus/transport/nvme/commands.hpp"
#include "quietus/transport/nvme/namespaces.hpp"
#include "quietus/transport/nvme/status.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace quietus::nvme {
namespace {

using std::chrono::seconds;

std::string named(const NvmeNamespaceRecord& each) {
    return "namespace " + std::to_string(each.nsid);
}

FormatSettings settings_of(const NvmeNamespaceRecord& each) {
    return {static_cast<std::uint8_t>(each.format), each.metadata_extended,
            static_cast<std::uint8_t>(each.protection), each.protection_first};
}

// Of a command that was not carried out. Any other status may come after a part was erased.
bool begins_nothing(std::uint16_t code) {
    switch (code) {
    case status::invalid_opcode:
    case status::invalid_field:
    case status::invalid_namespace:
    case status::sequence_error:
    case status::operation_denied:
    case status::sanitize_failed:
    case status::sanitize_in_progress:
    case status::write_protected:
    case status::prohibited_by_lockdown:
    case status::media_not_ready:
    case status::format_in_progress:
    case status::invalid_format:
    case status::access_denied:
        return true;
    default:
        return false;
    }
}

bool is_formatted_as(const NvmeNamespaceRecord& left, const NvmeNamespaceRecord& right) {
    return left.format == right.format && left.metadata_extended == right.metadata_extended &&
           left.protection == right.protection && left.protection_first == right.protection_first;
}

class Formatting : private FirmwareOperation<NvmeDesk, NvmeFormatRecord> {
  public:
    Formatting(const NvmeDesk& desk, const FormatOrder& order, NvmeFormatRecord& record)
        : FirmwareOperation(desk, record), order_(order),
          timeout_(format_timeout(order.size_bytes)) {}

    void run() {
        begin_record();
        record_.erase = order_.erase;
        record_.attributes = order_.features.attributes;
        record_.timeout_seconds = static_cast<std::uint64_t>(seconds(timeout_).count());
        for (const NvmeNamespaceRecord& each : order_.namespaces)
            record_.namespaces.push_back(each.nsid);
        if (const auto obstacle = format_obstacle(order_))
            settle(FirmwareOutcome::refused, *obstacle);
        else
            erase();
        finish(FormatPhase::ended);
    }

  private:
    void erase() {
        for (const NvmeNamespaceRecord& each : order_.namespaces) {
            if (!format_one(each)) return;
            if (order_.features.erases_all) break;
        }
        look_again();
    }

    // One that erases all is told so by the number of no namespace, where it takes that.
    [[nodiscard]] std::uint32_t target(const NvmeNamespaceRecord& each) const {
        const bool all = order_.features.erases_all && !order_.features.no_broadcast;
        return all ? all_namespaces : each.nsid;
    }

    bool format_one(const NvmeNamespaceRecord& each) {
        const NvmeCommand command = format(target(each), settings_of(each), order_.erase, timeout_);
        if (desk_.watch.release_requested()) return stop("it was to be stopped");
        record_.commands.push_back({command.nsid, command.cdw10_15[0]});
        record_.phase = FormatPhase::running;
        if (const auto kept = desk_.watch.reached(record_); !kept) {
            record_.commands.pop_back();
            return stop(kept.error().message);
        }
        const auto reply = desk_.port.execute(command);
        FormatCommandRecord& sent = record_.commands.back();
        if (!reply || is_from_host(reply->code()))
            return lose_sight(each, reply ? status_words(reply->code()) : reply.error().message);
        std::array<char, 8> hex{};
        std::snprintf(hex.data(), hex.size(), "%04x", static_cast<unsigned>(reply->status));
        sent.status = hex.data();
        sent.succeeded = reply->code() == status::success;
        if (sent.succeeded) return true;
        const bool untouched = record_.commands.size() == 1 && begins_nothing(reply->code());
        settle(untouched ? FirmwareOutcome::refused : FirmwareOutcome::failed,
               named(each) + ": " + refusal_of(desk_.port, reply->code()));
        return false;
    }

    // Nothing was sent yet, or something was and more had to be.
    bool stop(const std::string& why) {
        const bool begun = !record_.commands.empty();
        settle(begun ? FirmwareOutcome::failed : FirmwareOutcome::refused, why);
        return false;
    }

    // The drive goes on. Whether it has come to an end it may say; how, it does not.
    bool lose_sight(const NvmeNamespaceRecord& each, const std::string& why) {
        record_.end_unseen = true;
        const auto begun = desk_.clock.monotonic();
        std::string state = "nobody knows how it ended";
        while (desk_.clock.monotonic() - begun < timeout_ && !desk_.watch.release_requested()) {
            const auto found = read_namespace(desk_.port, Structure::name_space, each.nsid);
            if (found && *found) {
                if ((*found)->remaining.value_or(0) == 0) break;
                state = "it is still in progress, with " + std::to_string(*(*found)->remaining) +
                        " % to do";
            }
            desk_.watch.wait(seconds(30));
        }
        settle(FirmwareOutcome::indeterminate, named(each) + ": no answer (" + why + "); " + state);
        return false;
    }

    void look_again() {
        std::string changed;
        for (const NvmeNamespaceRecord& each : order_.namespaces) {
            const auto what =
                each.attached ? Structure::name_space : Structure::allocated_namespace;
            const auto found = read_namespace(desk_.port, what, each.nsid);
            if (!found || !*found)
                changed = named(each) + " cannot be looked at any more";
            else if (!is_kept(each, **found))
                changed = named(each) + " is not formatted as it was";
        }
        record_.formats_kept = changed.empty();
        settle(changed.empty() ? FirmwareOutcome::succeeded : FirmwareOutcome::indeterminate,
               changed);
    }

    static bool is_kept(const NvmeNamespaceRecord& before, const NamespaceFormat& now) {
        const FormatSettings& settings = now.settings;
        return now.blocks == before.blocks && now.block_bytes == before.block_bytes &&
               now.metadata_bytes == before.metadata_bytes && settings.format == before.format &&
               settings.metadata_extended == before.metadata_extended &&
               settings.protection == before.protection &&
               settings.protection_first == before.protection_first;
    }

    const FormatOrder& order_;
    std::chrono::hours timeout_;
};

std::optional<std::string> obstacle_of(const NvmeNamespaceRecord& each) {
    if (!each.described) return named(each) + " does not say how it is formatted";
    if (each.write_protected) return named(each) + " is write protected";
    return std::nullopt;
}

} // namespace

std::optional<std::string> format_obstacle(const FormatOrder& order) {
    if (!order.features.supported) return "the drive does not offer it";
    if (order.erase == FormatErase::crypto && !order.features.crypto_erase)
        return "the drive does not offer a cryptographic erase";
    if (order.namespaces.empty()) return "the drive has no namespace";
    for (const NvmeNamespaceRecord& each : order.namespaces) {
        if (auto obstacle = obstacle_of(each)) return obstacle;
        if (order.features.erases_all && !is_formatted_as(each, order.namespaces.front()))
            return "one command erases all namespaces, and would change the format of " +
                   named(each);
    }
    return std::nullopt;
}

std::chrono::hours format_timeout(std::uint64_t size_bytes) {
    constexpr std::uint64_t slow_rate = 30'000'000; // bytes a second
    constexpr std::uint64_t longest =
        std::uint64_t{24} * 28; // the timeout of a command has 32 bits
    const std::uint64_t expected = size_bytes / slow_rate / 3600 + 1;
    return std::chrono::hours(std::clamp<std::uint64_t>(2 * expected, 4, longest));
}

void run_format(const NvmeDesk& desk, const FormatOrder& order, NvmeFormatRecord& record) {
    Formatting(desk, order, record).run();
}

} // namespace quietus::nvme
