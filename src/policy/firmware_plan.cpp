#include "firmware_plan.hpp"

#include "plan_steps.hpp"

#include "quietus/policy/catalogue.hpp"
#include "quietus/policy/firmware_expectation.hpp"
#include "quietus/record/ata_obstacles.hpp"

#include <algorithm>

namespace quietus {
namespace {

PlanStep step(StepKind kind, StepData data = StepData::none) {
    PlanStep made;
    made.kind = kind;
    made.data = data;
    return made;
}

// Of what no option changes there must be none: it would stand on a document and mean nothing.
bool are_sound(Technique technique, const FirmwareOptions& options) {
    if (options.passes < 1 || options.passes > most_passes(technique)) return false;
    if (technique == Technique::ata_sanitize_overwrite) return true;
    if (options.definitive_end) return false;
    const bool overwrites = technique == Technique::scsi_sanitize_overwrite ||
                            technique == Technique::nvme_sanitize_overwrite;
    if (!overwrites && (options.pattern != 0 || options.passes != 1 || options.invert_between))
        return false;
    if (options.may_leave_failed && !is_any_sanitize(technique)) return false;
    const bool zones =
        is_any_sanitize(technique) && language_of(technique) != CommandLanguage::nvme;
    return zones || !options.zoned_no_reset;
}

} // namespace

std::vector<PlanStep> firmware_steps(Technique technique, const FirmwareOptions& options) {
    std::vector<PlanStep> steps{step(StepKind::address_probe), step(StepKind::canaries),
                                step(StepKind::firmware)};
    if (end_state(technique, options).expectation == Expectation::host_pass)
        steps.push_back(step(StepKind::write, StepData::random_stream));
    return steps;
}

// FAILURE MODE is a bit that every drive has to know; a SCSI drive may tell that it looks at none.
std::optional<std::string> option_obstacle(const Drive& drive, const FirmwareOptions& options) {
    const bool ends_as_given = drive.ata_erasure && drive.ata_erasure->definitive_end == true;
    if (options.definitive_end && !ends_as_given) return no_definitive_end;
    if (options.zoned_no_reset && !is_zoned(drive)) return "the drive has no zones to leave full";
    if (!drive.scsi_erasure) return std::nullopt;
    if (options.zoned_no_reset && drive.scsi_erasure->zoned_no_reset == ScsiOffer::no)
        return "the drive does not look at ZNR: it resets its zones";
    if (options.may_leave_failed && drive.scsi_erasure->may_leave_failed == ScsiOffer::no)
        return "the drive does not look at AUSE: a failure could not be left by a word";
    return std::nullopt;
}

std::optional<std::string> firmware_flaw_of(const Plan& plan) {
    if (!plan.firmware || !are_sound(plan.technique, *plan.firmware))
        return "the plan's options are none that the drive could be told";
    if (plan.steps != firmware_steps(plan.technique, *plan.firmware))
        return "the plan's steps are not those of its technique";
    if (plan.verification.mode == VerificationMode::none || !is_sound(plan.verification))
        return "what a drive did by itself is read back, in full or by a sample";
    return std::nullopt;
}

Level firmware_level(const Drive& drive, Technique technique, VendorClaim claim) {
    if (!storage_is_known(drive)) return Level::none;
    const auto entry = find_technique(to_text(technique));
    if (!entry) return Level::none;
    const CatalogueTechnique& known = catalogue()[*entry];
    // By what stands on documents as well, so that an auditor comes to the same level.
    for (std::size_t index = 0; index < catalogue().media.size(); ++index) {
        const auto medium = static_cast<MediumId>(index);
        if (known.media.contains(medium) && may_be(drive, medium)) return level_of(known, claim);
    }
    return std::min(known.level, Level::clear);
}

Level most_in_namespaces(const std::optional<NvmeScopeRecord>& scope, Technique technique) {
    const bool reaches_all = !is_nvme_format(technique) || (scope && is_all_allocated(*scope));
    return reaches_all ? Level::purge : Level::clear;
}

Level most_proven_by(VerificationMode read_back) {
    return read_back == VerificationMode::full ? Level::purge : Level::clear;
}

std::vector<std::string> firmware_limits(Technique technique, Level level,
                                         VerificationMode read_back) {
    std::vector<std::string> limits{"technique-not-proven-on-hardware"};
    if (read_back == VerificationMode::sample) limits.emplace_back("addressing-sampled");
    limits.emplace_back(level == Level::purge ? "level-reported-by-drive"
                                              : "spare-blocks-not-reached");
    const Level of_every_vendor = catalogue()[*find_technique(to_text(technique))].level;
    if (level > of_every_vendor) limits.emplace_back("level-by-vendor-claim");
    std::ranges::sort(limits);
    return limits;
}

std::uint64_t operation_seconds(const Drive& drive, const Plan& plan) {
    constexpr std::uint64_t rate = 100'000'000; // bytes a second, of a magnetic drive on its own
    constexpr std::uint64_t brief = 60;         // a new key, or blocks of flash
    const std::uint64_t whole = std::max<std::uint64_t>(drive.size_bytes / rate, 1);
    if (plan.technique == Technique::scsi_format_unit) return 2 * whole; // written, and certified
    if (plan.technique == Technique::nvme_format_user_data) return whole;
    if (plan.technique == Technique::ata_sanitize_overwrite ||
        plan.technique == Technique::scsi_sanitize_overwrite ||
        plan.technique == Technique::nvme_sanitize_overwrite)
        return whole * (plan.firmware ? plan.firmware->passes : 1);
    const bool enhanced = plan.technique == Technique::ata_security_erase_enhanced;
    if (!enhanced && plan.technique != Technique::ata_security_erase) return brief;
    const auto& told = drive.ata_erasure;
    const std::uint64_t minutes = !told      ? 0
                                  : enhanced ? told->enhanced_minutes
                                             : told->normal_minutes;
    return minutes != 0 ? minutes * 60 : whole;
}

} // namespace quietus
