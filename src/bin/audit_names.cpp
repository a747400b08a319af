#include "audit_names.hpp"

#include "quietus/certificate/check.hpp"

#include <algorithm>
#include <filesystem>

namespace quietus::audit {

std::optional<std::string> DocumentNames::next() {
    if (names_.empty()) {
        if (at_ == operands_.size()) return std::nullopt;
        const std::string& operand = operands_[at_++];
        list(operand);
        if (names_.empty()) return operand;
    }
    std::string path = directory_ + "/" + names_.back();
    names_.pop_back();
    return path;
}

// By their payloads, and by signatures without one. Nothing when it is no directory.
void DocumentNames::list(const std::string& directory) {
    std::error_code failure;
    for (std::filesystem::directory_iterator each(directory, failure), end; !failure && each != end;
         each.increment(failure)) {
        std::string name = each->path().filename();
        const auto stem = document_stem(name);
        if (stem && (name == *stem + ".json" || name == *stem + ".p7s"))
            names_.push_back(std::move(name));
    }
    std::ranges::sort(names_); // a payload before its signature
    const auto again =
        std::unique(names_.begin(), names_.end(), [](const auto& one, const auto& other) {
            return document_stem(one) == document_stem(other);
        });
    names_.erase(again, names_.end());
    std::ranges::reverse(names_);
    directory_ = directory;
}

} // namespace quietus::audit
