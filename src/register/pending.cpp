#include "pending.hpp"

#include "tile_names.hpp"

#include "quietus/stream/digest.hpp"

namespace quietus {
namespace {

// "SHA-256 of what follows, in hexadecimal", newline, tree size, newline, the entries.
constexpr std::size_t digest_digits = 64;

std::string body_of(const Pending& pending) {
    return std::to_string(pending.size) + "\n" + pending.bundle;
}

} // namespace

Status save_pending(LogFiles& files, const Pending& pending) {
    const std::string body = body_of(pending);
    if (auto status = files.write(pending_name, sha256_hex(body) + "\n" + body); !status)
        return status;
    return files.sync_directory("");
}

Status clear_pending(LogFiles& files) {
    return files.write(pending_name, "");
}

PendingFound parse_pending(std::string_view content) {
    if (content.empty()) return {};
    const PendingFound torn{std::nullopt, true};
    if (content.size() <= digest_digits || content[digest_digits] != '\n') return torn;
    const std::string_view body = content.substr(digest_digits + 1);
    if (sha256_hex(body) != content.substr(0, digest_digits)) return torn;
    const auto line = body.find('\n');
    const auto size = parse_decimal(body.substr(0, line));
    if (line == body.npos || !size) return torn;
    return {Pending{*size, std::string(body.substr(line + 1))}, false};
}

Result<PendingFound> load_pending(LogFiles& files) {
    auto content = files.read(pending_name);
    if (!content) return std::move(content).error();
    return *content ? parse_pending(**content) : PendingFound{};
}

} // namespace quietus
