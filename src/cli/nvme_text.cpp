#include "nvme_text.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/core/listed.hpp"

#include <string>
#include <vector>

namespace quietus::cli {
namespace {

std::string operations(const NvmeErasure& told) {
    std::vector<std::string> all;
    if (told.crypto_erase) all.emplace_back("crypto erase");
    if (told.block_erase) all.emplace_back("block erase");
    if (told.overwrite) all.emplace_back("overwrite");
    return all.empty() ? "not there" : listed(all);
}

std::string state_in_words(const NvmeErasure& told) {
    std::string text(to_text(told.sanitize));
    if (told.sanitize == NvmeSanitizeState::in_progress)
        text += ", " + progress_in_words(told.sanitize_progress);
    return text;
}

// By what it has the medium can be read when it has erased itself, or not.
std::string medium_in_words(const NvmeErasure& told) {
    constexpr std::uint32_t modifies = 2;
    if (told.verification) return "shown before all is deallocated";
    if (told.no_deallocate_inhibited || told.modifies_media == modifies)
        return "not to be seen: all is deallocated at once";
    return "kept, and not deallocated";
}

std::string format_in_words(const NvmeErasure& told) {
    if (!told.format) return "not there";
    return told.format_crypto ? "user data erase and crypto erase" : "user data erase";
}

std::string in_words(const NvmeNamespaceRecord& each) {
    if (!each.described) return "does not tell how it is formatted";
    std::string text =
        std::to_string(each.blocks) + " blocks of " + std::to_string(each.block_bytes) + " bytes";
    if (each.metadata_bytes != 0)
        text += " with " + std::to_string(each.metadata_bytes) + " of metadata";
    if (!each.attached) text += ", not attached";
    if (each.write_protected) text += ", write protected";
    return text;
}

void add_scope(const NvmeScopeRecord& scope, TextRows& rows) {
    for (const NvmeNamespaceRecord& each : scope.namespaces)
        rows.push_back({"namespace " + std::to_string(each.nsid), in_words(each)});
    for (const std::string& each : scope.excluded)
        rows.push_back({"not reached", escaped(each)});
    for (const std::string& each : scope.notes)
        rows.push_back({"note", escaped(each)});
}

} // namespace

TextRows nvme_erasure_rows(const Drive& drive) {
    const NvmeErasure& told = *drive.nvme_erasure;
    TextRows rows{{"sanitize", operations(told)}};
    if (told.crypto_erase || told.block_erase || told.overwrite) {
        rows.push_back({"sanitize state", state_in_words(told)});
        rows.push_back({"the medium then", medium_in_words(told)});
    }
    rows.push_back({"format", format_in_words(told)});
    if (drive.nvme_scope) add_scope(*drive.nvme_scope, rows);
    return rows;
}

} // namespace quietus::cli
