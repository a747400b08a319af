#include "obstacles.hpp"

#include <algorithm>
#include <utility>

namespace quietus {
namespace {

std::string named(const NvmeNamespaceRecord& each) {
    return "namespace " + std::to_string(each.nsid);
}

std::optional<std::string> obstacle_of(const NvmeNamespaceRecord& each) {
    if (!each.attached)
        return named(each) + " is not attached, and nobody could see whether it is erased: attach "
                             "it (nvme attach-ns) or delete it (nvme delete-ns)";
    if (!each.described) return named(each) + " does not say how it is formatted";
    if (each.write_protected)
        return named(each) + " is write protected: end that (nvme set-feature, feature 84h), or "
                             "switch the drive off and on where it lasts until then";
    if (each.metadata_extended && each.metadata_bytes != 0)
        return named(each) +
               " has metadata among its blocks: format it without (nvme format) first";
    return std::nullopt;
}

std::string why_not_joined(const NvmeScopeRecord& scope) {
    const auto differs = [&](const NvmeNamespaceRecord& each) {
        return each.block_bytes != scope.namespaces.front().block_bytes;
    };
    if (std::ranges::any_of(scope.namespaces, differs))
        return "its namespaces have blocks of different sizes: format them alike (nvme format) "
               "first";
    return "its namespaces have no blocks, or are larger than can be counted here";
}

// Every namespace is read back: what is erased is all of the drive or nothing of it.
std::optional<std::string> scope_obstacle(const Drive& drive) {
    if (!drive.nvme_scope || drive.nvme_scope->namespaces.empty())
        return "the drive does not tell which namespaces it has";
    for (const NvmeNamespaceRecord& each : drive.nvme_scope->namespaces)
        if (auto found = obstacle_of(each)) return found;
    const auto whole = joined(*drive.nvme_scope);
    if (!whole) return why_not_joined(*drive.nvme_scope);
    if (whole->blocks * whole->block_bytes == drive.size_bytes) return std::nullopt;
    return "it has " + std::to_string(drive.nvme_scope->namespaces.size()) + " namespaces of " +
           std::to_string(whole->blocks * whole->block_bytes) + " bytes, and " +
           std::to_string(drive.size_bytes) +
           " are within reach here: delete those that are not (nvme delete-ns)";
}

std::optional<std::string> state_obstacle(const NvmeErasure& told) {
    if (told.sanitize == NvmeSanitizeState::in_progress)
        return "the drive has an operation under way already";
    if (told.in_failed_state)
        return "an earlier operation has failed: quietus recover ends that state";
    return std::nullopt;
}

std::optional<std::string> sanitize_obstacle(const NvmeErasure& told, bool has_it) {
    if (!has_it) return "the drive does not have this operation";
    if (auto found = state_obstacle(told)) return found;
    if (told.sanitize == NvmeSanitizeState::unknown)
        return "the drive does not say how its last operation has ended";
    return std::nullopt;
}

std::optional<std::string> format_obstacle(const NvmeErasure& told, bool has_it) {
    if (!told.format) return "the drive does not have Format NVM";
    if (!has_it) return "its Format NVM has no cryptographic erase";
    return state_obstacle(told);
}

std::optional<std::string> own_obstacle(const NvmeErasure& told, Technique technique) {
    switch (technique) {
    case Technique::nvme_sanitize_crypto_erase:
        return sanitize_obstacle(told, told.crypto_erase);
    case Technique::nvme_sanitize_block_erase:
        return sanitize_obstacle(told, told.block_erase);
    case Technique::nvme_sanitize_overwrite:
        return sanitize_obstacle(told, told.overwrite);
    case Technique::nvme_format_crypto_erase:
        return format_obstacle(told, told.format_crypto);
    case Technique::nvme_format_user_data:
        return format_obstacle(told, true);
    default:
        break;
    }
    return "no NVMe command does that";
}

// A drive with its SID blocked may erase itself all the same; where it would not, that is why.
std::string with_diagnosis(std::string obstacle, const NvmeErasure& told) {
    if (!told.sid_blocked) return obstacle;
    return obstacle + "; the firmware of the computer has blocked its security commands (TCG Block "
                      "SID): switch that off in its setup, or suspend the computer and wake it";
}

} // namespace

std::optional<std::string> nvme_obstacle(const Drive& drive, Technique technique) {
    if (!drive.nvme_erasure) return "the drive takes no NVMe commands";
    if (auto found = own_obstacle(*drive.nvme_erasure, technique))
        return with_diagnosis(std::move(*found), *drive.nvme_erasure);
    return scope_obstacle(drive);
}

} // namespace quietus
