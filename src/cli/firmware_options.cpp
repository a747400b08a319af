#include "firmware_options.hpp"

#include "quietus/app/quantities.hpp"
#include "quietus/core/bytes.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>

namespace quietus::cli {
namespace {

constexpr std::array overwrite_options{"--pattern", "--passes", "--invert"};

// ACS-4: COUNT bits 3:0, of which 0 is 16; SANITIZE of SCSI: five bits.
std::optional<WholeRange> passes_of(Technique technique) {
    if (technique == Technique::ata_sanitize_overwrite) return WholeRange{1, 16};
    if (technique == Technique::scsi_sanitize_overwrite) return WholeRange{1, 31};
    return std::nullopt;
}

std::optional<std::uint32_t> parse_pattern(const std::string& text) {
    constexpr std::size_t digits = 8;
    std::uint32_t pattern = 0;
    const auto [read, problem] =
        std::from_chars(text.data(), text.data() + text.size(), pattern, 16);
    const bool whole = problem == std::errc{} && read == text.data() + text.size();
    if (!whole || text.size() != digits || text.front() == '-') return std::nullopt;
    return pattern;
}

std::optional<std::string> given_of_them(const Invocation& invocation) {
    for (const char* option : overwrite_options)
        if (invocation.has(option)) return option;
    return std::nullopt;
}

Error not_of(const std::string& option, std::string why) {
    return {Fault::usage, option + ": " + std::move(why),
            "it belongs to --technique " + std::string(to_text(Technique::ata_sanitize_overwrite)) +
                " or " + std::string(to_text(Technique::scsi_sanitize_overwrite))};
}

} // namespace

Status take_firmware_options(const Invocation& invocation, DisposalRequest& request) {
    const std::string name(to_text(request.plan.technique));
    const bool typed = invocation.has("--scheme") && !invocation.configured.contains("--scheme");
    if (is_by_firmware(request.plan.technique) && typed)
        return Error{Fault::usage, "--scheme: with " + name + " the drive erases itself",
                     "a scheme is of --technique overwrite"};
    const auto given = given_of_them(invocation);
    if (!given) return {};
    const auto passes_allowed = passes_of(request.plan.technique);
    if (!passes_allowed) return not_of(*given, name + " has no such option");
    FirmwareOptions options;
    if (const auto text = invocation.value("--pattern")) {
        const auto pattern = parse_pattern(*text);
        if (!pattern)
            return Error{Fault::usage,
                         "--pattern: \"" + escaped(*text) + "\" is not 8 hexadecimal digits"};
        options.pattern = *pattern;
    }
    if (const auto text = invocation.value("--passes")) {
        const auto passes = parse_whole(*text, *passes_allowed);
        if (!passes)
            return Error{Fault::usage, "--passes: \"" + escaped(*text) +
                                           "\" is no number from 1 to " +
                                           std::to_string(passes_allowed->most)};
        options.passes = static_cast<std::uint32_t>(*passes);
    }
    options.invert_between = invocation.has("--invert");
    request.plan.firmware = options;
    return {};
}

Status refuse_firmware_options(const Invocation& invocation) {
    if (const auto given = given_of_them(invocation))
        return not_of(*given, "here policy decides about the technique");
    return {};
}

} // namespace quietus::cli
