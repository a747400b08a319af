#include "quietus/drive/nvme/facts.hpp"

#include "quietus/transport/nvme/commands.hpp"
#include "quietus/transport/nvme/logs.hpp"
#include "quietus/transport/nvme/sanitize_log.hpp"
#include "quietus/transport/nvme/status.hpp"
#include "quietus/transport/tcg/level_0.hpp"

namespace quietus::nvme {
namespace {

constexpr std::uint8_t type_discovery = 2;
constexpr std::uint8_t type_administrative = 3;

void read_state(NvmePort& port, NvmeErasure& told) {
    const auto page = fetch(port, read_log(LogPage::sanitize_status), "Sanitize Status log");
    const auto log = page ? parse_sanitize_log(*page) : Result<SanitizeLog>(Error(page.error()));
    if (!log) {
        told.text = log.error().message;
        return;
    }
    told.sanitize = log->state;
    told.in_failed_state = in_failed_state(*log, told.verification);
    if (log->state == NvmeSanitizeState::in_progress) told.sanitize_progress = log->progress;
}

Result<TcgFacts> read_tcg(NvmePort& port) {
    const auto page = fetch(port, level_0_discovery(), "Level 0 Discovery");
    if (!page) return page.error();
    return tcg::parse_level_0(*page);
}

} // namespace

NvmeErasure read_erasure(NvmePort& port, const ControllerFeatures& controller) {
    const SanitizeFeatures& sanitize = controller.sanitize;
    NvmeErasure told;
    told.crypto_erase = sanitize.crypto_erase;
    told.block_erase = sanitize.block_erase;
    told.overwrite = sanitize.overwrite;
    told.verification = sanitize.verification;
    told.no_deallocate_inhibited = sanitize.no_deallocate_inhibited;
    told.modifies_media = sanitize.modifies_media;
    told.format = controller.format.supported;
    told.format_crypto = controller.format.supported && controller.format.crypto_erase;
    told.format_attributes = controller.format.attributes;
    if (sanitize.any()) read_state(port, told);
    return told;
}

NvmeHealthRecord read_health(NvmePort& port) {
    const auto page = fetch(port, read_log(LogPage::health), "SMART log");
    const auto health =
        page ? parse_health_log(*page) : Result<NvmeHealthRecord>(Error(page.error()));
    if (health) return *health;
    NvmeHealthRecord unknown;
    unknown.text = health.error().message;
    return unknown;
}

Result<Facts> ask_facts(NvmePort& port) {
    const auto controller = read_controller(port);
    if (!controller) return controller.error();
    if (controller->type == type_discovery || controller->type == type_administrative)
        return Error{Fault::unsupported, "the controller is there to find or to administer others, "
                                         "and has no namespaces"};
    Facts facts{read_erasure(port, *controller), read_scope(port, *controller), read_health(port)};
    if (!controller->security_commands) return facts;
    facts.tcg = tcg::facts_or_reason(read_tcg(port));
    facts.erasure.sid_blocked = facts.tcg->sid_blocked;
    return facts;
}

HealthRecord health_of(const NvmeHealthRecord& told) {
    HealthRecord health;
    health.text = told.text;
    if (!told.text.empty()) return health;
    health.power_on_hours = told.power_on_hours;
    health.media_errors = told.media_errors;
    health.critical_warning = told.critical_warning;
    return health;
}

void tell(const Facts& facts, Drive& drive) {
    drive.nvme_erasure = facts.erasure;
    drive.nvme_scope = facts.scope;
    drive.tcg = facts.tcg;
    drive.health = health_of(facts.health);
}

} // namespace quietus::nvme
