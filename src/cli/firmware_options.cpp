#include "firmware_options.hpp"

#include "quietus/app/quantities.hpp"
#include "quietus/core/bytes.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <span>
#include <string>

namespace quietus::cli {
namespace {

constexpr std::array overwrite_options{"--pattern", "--passes", "--invert", "--definitive-ending"};
constexpr std::array sanitize_options{"--allow-unrestricted-exit", "--zoned-no-reset"};
constexpr std::array sanitizing{Technique::ata_sanitize_crypto_scramble,
                                Technique::ata_sanitize_block_erase,
                                Technique::ata_sanitize_overwrite};
constexpr WholeRange passes_of_an_overwrite{1, 16}; // ACS-4: COUNT bits 3:0, of which 0 is 16

std::optional<std::uint32_t> parse_pattern(const std::string& text) {
    constexpr std::size_t digits = 8;
    std::uint32_t pattern = 0;
    const auto [read, problem] =
        std::from_chars(text.data(), text.data() + text.size(), pattern, 16);
    const bool whole = problem == std::errc{} && read == text.data() + text.size();
    if (!whole || text.size() != digits || text.front() == '-') return std::nullopt;
    return pattern;
}

std::optional<std::string> given_of(std::span<const char* const> options,
                                    const Invocation& invocation) {
    for (const char* option : options)
        if (invocation.has(option)) return option;
    return std::nullopt;
}

bool is_for_an_overwrite(const std::string& option) {
    return std::ranges::find(overwrite_options, option) != overwrite_options.end();
}

Error not_of(const std::string& option, std::string why) {
    std::string owners(to_text(Technique::ata_sanitize_overwrite));
    if (!is_for_an_overwrite(option)) {
        owners.clear();
        for (const Technique each : sanitizing)
            owners += (owners.empty() ? "" : " or ") + std::string(to_text(each));
    }
    return {Fault::usage, option + ": " + std::move(why), "it belongs to --technique " + owners};
}

/// The first that the technique does not have.
std::optional<std::string> foreign_to(Technique technique, const Invocation& invocation) {
    if (technique == Technique::ata_sanitize_overwrite) return std::nullopt;
    if (auto given = given_of(overwrite_options, invocation)) return given;
    if (std::ranges::find(sanitizing, technique) != sanitizing.end()) return std::nullopt;
    return given_of(sanitize_options, invocation);
}

Status take_overwrite(const Invocation& invocation, FirmwareOptions& options) {
    if (const auto text = invocation.value("--pattern")) {
        const auto pattern = parse_pattern(*text);
        if (!pattern)
            return Error{Fault::usage,
                         "--pattern: \"" + escaped(*text) + "\" is not 8 hexadecimal digits"};
        options.pattern = *pattern;
    }
    if (const auto text = invocation.value("--passes")) {
        const auto passes = parse_whole(*text, passes_of_an_overwrite);
        if (!passes)
            return Error{Fault::usage,
                         "--passes: \"" + escaped(*text) + "\" is no number from 1 to 16"};
        options.passes = static_cast<std::uint32_t>(*passes);
    }
    options.invert_between = invocation.has("--invert");
    options.definitive_end = invocation.has("--definitive-ending");
    if (options.definitive_end && !options.invert_between)
        return Error{
            Fault::usage,
            "--definitive-ending: without --invert every pass writes the pattern as it is"};
    return {};
}

} // namespace

Status take_firmware_options(const Invocation& invocation, DisposalRequest& request) {
    const std::string name(to_text(request.plan.technique));
    const bool typed = invocation.has("--scheme") && !invocation.configured.contains("--scheme");
    if (is_by_firmware(request.plan.technique) && typed)
        return Error{Fault::usage, "--scheme: with " + name + " the drive erases itself",
                     "a scheme is of --technique overwrite"};
    if (const auto foreign = foreign_to(request.plan.technique, invocation))
        return not_of(*foreign, name + " has no such option");
    if (!given_of(overwrite_options, invocation) && !given_of(sanitize_options, invocation))
        return {};
    FirmwareOptions options;
    if (auto status = take_overwrite(invocation, options); !status) return status;
    options.may_leave_failed = invocation.has("--allow-unrestricted-exit");
    options.zoned_no_reset = invocation.has("--zoned-no-reset");
    request.plan.firmware = options;
    return {};
}

Status refuse_firmware_options(const Invocation& invocation) {
    auto given = given_of(overwrite_options, invocation);
    if (!given) given = given_of(sanitize_options, invocation);
    if (given) return not_of(*given, "here policy decides about the technique");
    return {};
}

} // namespace quietus::cli
