#include "audit_names.hpp"

#include "quietus/certificate/check.hpp"

#include <filesystem>
#include <iterator>
#include <utility>

namespace quietus::audit {
namespace {

constexpr std::size_t portion = 4096;

} // namespace

std::optional<std::string> DocumentNames::next() {
    while (names_.empty()) {
        if (std::exchange(unread_, false)) return directory_;
        if (more_) {
            list_portion();
            continue;
        }
        if (at_ == operands_.size()) return std::nullopt;
        directory_ = operands_[at_++];
        last_.clear();
        list_portion();
        if (names_.empty()) unread_ = true;
    }
    auto first = names_.extract(names_.begin());
    last_ = std::move(first.key());
    return directory_ + "/" + first.mapped();
}

// By their payloads, and by signatures without one. Nothing when it is no directory.
void DocumentNames::list_portion() {
    more_ = false;
    std::error_code failure;
    for (std::filesystem::directory_iterator each(directory_, failure), end;
         !failure && each != end; each.increment(failure)) {
        std::string name = each->path().filename();
        auto stem = document_stem(name);
        if (!stem || *stem <= last_) continue;
        const bool is_payload = name == *stem + ".json";
        if (!is_payload && name != *stem + ".p7s") continue;
        auto [at, added] = names_.try_emplace(std::move(*stem), name);
        if (!added && is_payload) at->second = std::move(name);
        if (names_.size() <= portion) continue;
        names_.erase(std::prev(names_.end()));
        more_ = true;
    }
    // What could not be listed must not be thought to have been checked.
    unread_ = static_cast<bool>(failure);
}

} // namespace quietus::audit
