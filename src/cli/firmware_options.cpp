#include "firmware_options.hpp"

#include "quietus/app/quantities.hpp"
#include "quietus/core/bytes.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace quietus::cli {
namespace {

constexpr std::array overwrite_options{"--pattern", "--passes", "--invert", "--definitive-ending"};
constexpr std::array sanitize_options{"--allow-unrestricted-exit", "--zoned-no-reset"};

bool is_overwrite(Technique technique) {
    return technique == Technique::ata_sanitize_overwrite ||
           technique == Technique::scsi_sanitize_overwrite ||
           technique == Technique::nvme_sanitize_overwrite;
}

bool has(Technique technique, std::string_view option) {
    if (option == "--definitive-ending") return technique == Technique::ata_sanitize_overwrite;
    if (option == "--allow-unrestricted-exit") return is_any_sanitize(technique);
    if (option == "--zoned-no-reset")
        return is_any_sanitize(technique) && language_of(technique) != CommandLanguage::nvme;
    return is_overwrite(technique);
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

std::optional<std::string> given_of(std::span<const char* const> options,
                                    const Invocation& invocation) {
    for (const char* option : options)
        if (invocation.has(option)) return option;
    return std::nullopt;
}

Error not_of(const std::string& option, std::string why) {
    std::string owners;
    for (std::size_t index = 0; index < enum_texts<Technique>.size(); ++index) {
        const auto each = static_cast<Technique>(index);
        if (has(each, option))
            owners += (owners.empty() ? "" : " or ") + std::string(to_text(each));
    }
    return {Fault::usage, option + ": " + std::move(why), "it belongs to --technique " + owners};
}

/// The first that the technique does not have.
std::optional<std::string> foreign_to(Technique technique, const Invocation& invocation) {
    for (const auto options : {std::span<const char* const>(overwrite_options),
                               std::span<const char* const>(sanitize_options)})
        for (const char* option : options)
            if (invocation.has(option) && !has(technique, option)) return option;
    return std::nullopt;
}

Status take_overwrite(const Invocation& invocation, Technique technique, FirmwareOptions& options) {
    if (const auto text = invocation.value("--pattern")) {
        const auto pattern = parse_pattern(*text);
        if (!pattern)
            return Error{Fault::usage,
                         "--pattern: \"" + escaped(*text) + "\" is not 8 hexadecimal digits"};
        options.pattern = *pattern;
    }
    if (const auto text = invocation.value("--passes")) {
        const std::uint32_t most = most_passes(technique);
        const auto passes = parse_whole(*text, {1, most});
        if (!passes)
            return Error{Fault::usage, "--passes: \"" + escaped(*text) +
                                           "\" is no number from 1 to " + std::to_string(most)};
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
    if (request.plan.technique != Technique::overwrite && typed)
        return Error{Fault::usage,
                     "--scheme: " + name +
                         (is_by_firmware(request.plan.technique)
                              ? " is what the drive erases itself by"
                              : " has a scheme of its own"),
                     "a scheme is of --technique overwrite"};
    if (const auto foreign = foreign_to(request.plan.technique, invocation))
        return not_of(*foreign, name + " has no such option");
    if (!given_of(overwrite_options, invocation) && !given_of(sanitize_options, invocation))
        return {};
    FirmwareOptions options;
    if (auto status = take_overwrite(invocation, request.plan.technique, options); !status)
        return status;
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
