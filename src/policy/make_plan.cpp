#include "quietus/policy/make_plan.hpp"

#include "estimate.hpp"
#include "firmware_plan.hpp"
#include "lifted_areas.hpp"
#include "limits.hpp"
#include "plan_steps.hpp"
#include "scheme_steps.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/core/ensure.hpp"
#include "quietus/core/json_fields.hpp"
#include "quietus/policy/catalogue.hpp"
#include "quietus/policy/offers.hpp"
#include "quietus/policy/reach.hpp"
#include "quietus/policy/schemes.hpp"
#include "quietus/policy/volumes.hpp"

#include <algorithm>
#include <bit>
#include <charconv>

namespace quietus {
namespace {

constexpr std::string_view sample_prefix = "sample:";

std::string text_of(const Verification& verification) {
    if (verification.mode != VerificationMode::sample)
        return std::string(to_text(verification.mode));
    return std::string(sample_prefix) + std::to_string(verification.percent);
}

// Digits alone, without sign, blank or fraction; 0 when it is anything else.
std::uint32_t percent_of(std::string_view digits) {
    std::uint32_t percent = 0;
    const auto* end = digits.data() + digits.size();
    const auto [read, problem] = std::from_chars(digits.data(), end, percent);
    const bool whole = problem == std::errc{} && read == end;
    return whole && !digits.starts_with('0') ? percent : 0;
}

Status check_drive(const Drive& drive) {
    if (drive.size_bytes == 0 || drive.logical_block_bytes == 0)
        return Error{Fault::unsupported, drive.node + ": has no capacity that could be erased"};
    if (drive.size_bytes > static_cast<std::uint64_t>(json_integer_max))
        return Error{Fault::unsupported, drive.node + ": more than 2^53 - 1 bytes"};
    if (drive.logical_block_bytes < 512 || !std::has_single_bit(drive.logical_block_bytes))
        return Error{Fault::unsupported, drive.node + ": has blocks of " +
                                             std::to_string(drive.logical_block_bytes) + " bytes"}
            .with_hint("format it to blocks of 512 or 4096 bytes first");
    return {};
}

// The drive is the whole unit: what it keeps besides the blocks of its main node would survive.
Status check_reach(const Drive& drive) {
    const std::vector<Part> beyond = parts_out_of_reach(drive);
    if (beyond.empty()) return {};
    std::string names;
    for (const Part& part : beyond)
        names += (names.empty() ? "" : "; ") + part_in_words(part);
    return Error{Fault::unsupported,
                 escaped(drive.node) +
                     ": an overwrite of it does not reach all of the drive: " + names};
}

// Named for eMMC and SD in any case; for other drives where they tell of it.
void add_protected_parts(const Drive& drive, std::vector<std::string>& limits) {
    const bool has_any = std::ranges::any_of(
        drive.parts, [](const Part& part) { return part.kind == PartKind::rpmb; });
    if (has_any && std::ranges::find(limits, protected_area_limit) == limits.end())
        limits.insert(std::ranges::upper_bound(limits, protected_area_limit), protected_area_limit);
}

// What the scheme asks for, or something stronger; full when nobody asks.
Result<Verification> settle(const Scheme& scheme, const std::optional<Verification>& asked,
                            const std::optional<Verification>& requested) {
    if (!requested) return asked.value_or(Verification{});
    if (!is_sound(*requested))
        return Error{Fault::usage, "verification: a sample is of 1 to 99 per cent"};
    if (asked && requested->percent < asked->percent)
        return Error{Fault::usage, "verification " + text_of(*requested) + " is weaker than the " +
                                       text_of(*asked) + " read-back of scheme " + scheme.id};
    return *requested;
}

Plan named_plan(const Drive& drive, const Scheme& scheme) {
    Plan plan;
    plan.scheme = scheme.id;
    plan.scheme_title = scheme.title;
    plan.scheme_status = scheme.status;
    plan.level = std::min(overwrite_level(drive), *from_text<Level>(scheme.max_claim));
    if (hides_blocks(drive)) plan.steps.push_back(lifting_step());
    PlanStep probe;
    probe.kind = StepKind::address_probe;
    plan.steps.push_back(probe);
    return plan;
}

Result<Plan> plan_overwrite(const Drive& drive, const PlanRequest& request) {
    const auto scheme = find_scheme(request.scheme);
    if (!scheme) return scheme.error();
    if (auto status = check_drive(drive); !status) return std::move(status).error();
    if (auto status = check_reach(drive); !status) return std::move(status).error();
    Plan plan = named_plan(drive, **scheme);
    const auto asked = append_steps(**scheme, plan);
    const auto verification = settle(**scheme, asked, request.verification);
    if (!verification) return verification.error();
    plan.verification = *verification;
    QUIETUS_ENSURE(!flaw_of(plan));
    plan.not_reached = limits_after(drive, plan, plan.verification.mode);
    add_protected_parts(drive, plan.not_reached);
    return plan;
}

// Asked for less than a full read-back nobody would know that what opened the volumes is gone.
Result<Plan> plan_luks_erase(const Drive& drive, const PlanRequest& request) {
    const std::string name(to_text(request.technique));
    if (auto status = check_drive(drive); !status) return std::move(status).error();
    const OfferedTechnique offer = offer_of(drive, request.technique);
    if (!offer.available)
        return Error{Fault::unsupported,
                     escaped(drive.node) + ": " + name + ": " + escaped(offer.reason)}
            .with_hint("--technique overwrite erases it without regard to its volumes");
    if (request.verification && *request.verification != Verification{})
        return Error{Fault::usage, name + ": what it writes is read back in full"};
    if (request.firmware) return Error{Fault::usage, name + ": has no options of a drive"};
    Plan plan;
    plan.technique = request.technique;
    plan.scheme_title = catalogue()[*find_technique(name)].title;
    plan.scheme_status = "current";
    plan.steps = luks_steps(hides_blocks(drive));
    plan.volumes = volumes_on(drive);
    QUIETUS_ENSURE(!flaw_of(plan));
    plan.level = std::min(
        {firmware_level(drive, plan.technique, request.vendor_claim), overwrite_level(drive)});
    plan.not_reached = limits_after(drive, plan, plan.verification.mode);
    if (is_by_claim(plan, plan.level)) plan.not_reached.emplace_back(claimed_level_limit);
    std::ranges::sort(plan.not_reached);
    add_protected_parts(drive, plan.not_reached);
    return plan;
}

Result<Plan> plan_by_firmware(const Drive& drive, const PlanRequest& request) {
    const std::string name(to_text(request.technique));
    if (auto status = check_drive(drive); !status) return std::move(status).error();
    const OfferedTechnique offer = offer_of(drive, request.technique);
    if (!offer.available)
        return Error{Fault::unsupported,
                     escaped(drive.node) + ": " + name + ": " + escaped(offer.reason)};
    Plan plan;
    plan.technique = request.technique;
    plan.scheme_title = catalogue()[*find_technique(name)].title;
    plan.scheme_status = "current";
    plan.firmware = request.firmware.value_or(FirmwareOptions{});
    plan.steps = firmware_steps(plan.technique, *plan.firmware);
    plan.verification = request.verification.value_or(Verification{});
    if (const auto flaw = firmware_flaw_of(plan)) return Error{Fault::usage, name + ": " + *flaw};
    if (const auto obstacle = option_obstacle(drive, *plan.firmware))
        return Error{Fault::unsupported, escaped(drive.node) + ": " + name + ": " + *obstacle};
    plan.level = std::min({firmware_level(drive, plan.technique, request.vendor_claim),
                           most_in_namespaces(drive.nvme_scope, plan.technique),
                           most_proven_by(plan.verification.mode)});
    plan.not_reached = firmware_limits(plan.technique, plan.level, plan.verification.mode);
    add_protected_parts(drive, plan.not_reached);
    return plan;
}

} // namespace

Result<Verification> parse_verification(std::string_view text) {
    if (text == "full") return Verification{VerificationMode::full, 100};
    if (text == "none") return Verification{VerificationMode::none, 0};
    if (text.starts_with(sample_prefix)) {
        const Verification sample{VerificationMode::sample,
                                  percent_of(text.substr(sample_prefix.size()))};
        if (is_sound(sample)) return sample;
    }
    return Error{Fault::usage, "verification \"" + escaped(text) +
                                   "\" is not full, sample:PERCENT (1 to 99) or none"};
}

Result<Plan> make_plan(const Drive& drive, const PlanRequest& request) {
    auto plan = request.technique == Technique::luks_erase ? plan_luks_erase(drive, request)
                : is_by_firmware(request.technique)        ? plan_by_firmware(drive, request)
                                                           : plan_overwrite(drive, request);
    if (plan) plan->estimated_seconds = estimated_seconds(drive, *plan, request.limit_rate);
    return plan;
}

std::string plan_text(const Plan& plan) {
    Plan timeless = plan;
    timeless.estimated_seconds = 0;
    Json json = to_json(timeless);
    Json::Object members = *json.as<Json::Object>();
    members.erase("estimated_seconds");
    // Within the document profile, which every plan of make_plan keeps, this is the canonical form.
    return to_line(members);
}

} // namespace quietus
