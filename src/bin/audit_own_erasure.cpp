#include "audit_own_erasure.hpp"

#include "quietus/core/bytes.hpp"

#include <ostream>
#include <string_view>

namespace quietus::audit {
namespace {

const Json* member(const Json* of, std::string_view name) {
    return of == nullptr ? nullptr : of->find(name);
}

std::string text(const Json* of, std::string_view name) {
    return of == nullptr ? std::string() : escaped(of->text_of(name));
}

bool is_set(const Json* of, std::string_view name) {
    const Json* found = member(of, name);
    const bool* flag = found == nullptr ? nullptr : found->as<bool>();
    return flag != nullptr && *flag;
}

std::string number(const Json* of, std::string_view name, const char* otherwise) {
    const Json* found = member(of, name);
    const auto* value = found == nullptr ? nullptr : found->as<std::int64_t>();
    return value == nullptr ? otherwise : std::to_string(*value);
}

/// Bytes of a list of extents.
std::string bytes_in(const Json* of, std::string_view list) {
    const Json* found = member(of, list);
    const auto* extents = found == nullptr ? nullptr : found->as<Json::Array>();
    std::uint64_t sum = 0;
    if (extents != nullptr)
        for (const Json& each : *extents) {
            const Json* length = each.find("length");
            const auto* bytes = length == nullptr ? nullptr : length->as<std::int64_t>();
            if (bytes != nullptr && *bytes > 0) sum += static_cast<std::uint64_t>(*bytes);
        }
    return std::to_string(sum) + " bytes";
}

std::string why(const std::string& text) {
    return text.empty() ? std::string() : ": " + text;
}

std::string hidden_in_words(const Json* hidden) {
    const std::string state = text(hidden, "state");
    const std::string before = number(member(hidden, "before"), "accessible", "unknown");
    const std::string after = number(member(hidden, "after"), "accessible", "unknown");
    if (state == "none") return "no blocks were hidden";
    if (state == "lifted")
        return "blocks were hidden, and were lifted first: " + before +
               " could be addressed then, " + after + " afterwards";
    if (state == "power-cycle-needed")
        return "blocks are hidden, and can be lifted only after a power cycle" +
               why(text(hidden, "text"));
    return "what the drive hides could not be established or lifted" + why(text(hidden, "text"));
}

std::string way_in_words(const Json* way) {
    if (is_set(way, "trusted")) return "commands reach the drive and come back unharmed";
    return "NOT TRUSTED, and so nothing was begun" + why(text(way, "text"));
}

std::string canaries_in_words(const Json* canaries) {
    std::string words = bytes_in(canaries, "written") + " were put all over the drive; ";
    if (!is_set(canaries, "checked")) return words + "NOT LOOKED FOR afterwards";
    return words + "afterwards " + bytes_in(canaries, "gone") + " were gone, " +
           bytes_in(canaries, "left") + " were left, " + bytes_in(canaries, "unreadable") +
           " could not be read";
}

std::string operation_in_words(const Json* operation) {
    const std::string outcome = text(operation, "outcome");
    std::string words = outcome == "succeeded"       ? "ended well, by the drive's own word"
                        : outcome == "failed"        ? "FAILED, by the drive's own word"
                        : outcome == "under-way"     ? "let go of: the drive went on by itself"
                        : outcome == "indeterminate" ? "how it ended is NOT KNOWN"
                                                     : "was NOT BEGUN";
    if (member(operation, "progress") != nullptr)
        words += is_set(operation, "seen_in_progress") ? "; it was seen in progress"
                                                       : "; it was not seen in progress";
    if (is_set(operation, "ended_with_command"))
        words += "; told once more, its command ended with it";
    if (const std::string resets = number(operation, "resets", "0"); resets != "0")
        words += "; told of resets or of its power, so often: " + resets;
    if (is_set(operation, "password_left"))
        words += "; a temporary PASSWORD IS LEFT, which quietus recover takes off";
    return words + why(text(operation, "text"));
}

std::string read_back_in_words(const Json* read_back) {
    const std::string expectation = text(read_back, "expectation");
    const std::string what = expectation == "pattern" ? "the pattern that it was told to write"
                             : expectation == "either"
                                 ? "the pattern that it was told to write, or its complement"
                             : expectation == "zeros-or-ones" ? "zeros or ones all over"
                                                              : "what the host wrote last";
    return "as " + what + ": " + bytes_in(read_back, "matched") +
           "; not so: " + bytes_in(read_back, "mismatched") +
           "; not readable: " + bytes_in(read_back, "unreadable");
}

std::string medium_in_words(const Json* medium) {
    const Json* read_back = member(medium, "read_back");
    return "as it must be: " + bytes_in(read_back, "matched") +
           "; not so: " + bytes_in(read_back, "mismatched") +
           "; not readable: " + bytes_in(read_back, "unreadable") +
           "; keyed blocks left: " + bytes_in(medium, "canaries_left");
}

std::string scope_in_words(const Json* scope) {
    const Json* found = member(scope, "namespaces");
    const auto* all = found == nullptr ? nullptr : found->as<Json::Array>();
    const bool whole = is_set(scope, "complete") && is_set(scope, "accounted");
    return std::to_string(all == nullptr ? 0 : all->size()) +
           (whole ? ", and with what is unallocated they make up the drive"
                  : "; that they make up the drive is NOT KNOWN");
}

std::string health_in_words(const Json* before, const Json* after) {
    const auto told = [&](std::string_view name) {
        return number(before, name, "not told") + " before, " + number(after, name, "not told") +
               " after";
    };
    if (member(before, "media_errors") != nullptr || member(after, "media_errors") != nullptr)
        return "blocks lost: " + told("media_errors") + "; warnings: " + told("critical_warning");
    return "remapped blocks: " + told("reallocated") + "; about to be: " + told("pending");
}

} // namespace

void print_own_erasure(const Json& payload, const std::string& margin, std::ostream& out) {
    const Json* method = payload.find("method");
    const Json* firmware = member(method, "firmware");
    const auto say = [&](const char* name, const std::string& words) {
        out << margin << name << ": " << words << '\n';
    };
    if (const Json* hidden = member(method, "hidden")) say("hidden areas", hidden_in_words(hidden));
    if (firmware == nullptr) return;
    say("told to erase itself", text(method, "technique"));
    if (const Json* way = member(firmware, "pass_through")) say("the way there", way_in_words(way));
    if (const Json* scope = member(firmware, "scope_before"))
        say("namespaces", scope_in_words(scope));
    if (const Json* hidden = member(firmware, "hidden"))
        say("hidden areas", hidden_in_words(hidden));
    if (const Json* canaries = member(firmware, "canaries"))
        say("keyed blocks", canaries_in_words(canaries));
    for (const char* kind : {"sanitize", "security", "scsi", "nvme_sanitize", "nvme_format"})
        if (const Json* operation = member(firmware, kind))
            say("its operation", operation_in_words(operation));
    if (const Json* medium = member(firmware, "medium_read"))
        say("the medium, before it was deallocated", medium_in_words(medium));
    if (const Json* pass = member(firmware, "host_pass"))
        say("written by the host then", bytes_in(pass, "written"));
    if (const Json* read_back = member(firmware, "read_back"))
        say("read back", read_back_in_words(read_back));
    if (const Json* before = member(firmware, "health_before"))
        say("health", health_in_words(before, member(firmware, "health_after")));
}

} // namespace quietus::audit
