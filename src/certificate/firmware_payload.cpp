#include "payload.hpp"

#include "quietus/policy/judge.hpp"
#include "quietus/policy/judge_firmware.hpp"

#include <utility>

namespace quietus {
namespace {

const std::string root = "method.firmware.";

void add_texts(std::optional<FirmwareIdentity>& identity, const std::string& path,
               std::vector<NamedText>& texts) {
    if (!identity) return;
    texts.push_back({path + ".model", &identity->model});
    texts.push_back({path + ".serial", &identity->serial});
}

void add_texts(HiddenAreas& areas, const std::string& path, std::vector<NamedText>& texts) {
    for (std::size_t i = 0; i < areas.unreadable.size(); ++i)
        texts.push_back({path + ".unreadable." + std::to_string(i), &areas.unreadable[i]});
}

void add_texts(std::vector<std::string>& words, const std::string& path,
               std::vector<NamedText>& texts) {
    for (std::size_t i = 0; i < words.size(); ++i)
        texts.push_back({path + "." + std::to_string(i), &words[i]});
}

void add_nvme_texts(FirmwareEvidence& evidence, std::vector<NamedText>& texts) {
    if (auto& scope = evidence.scope_before) {
        add_texts(scope->excluded, root + "scope_before.excluded", texts);
        add_texts(scope->notes, root + "scope_before.notes", texts);
    }
    if (auto& scope = evidence.scope_after) {
        add_texts(scope->excluded, root + "scope_after.excluded", texts);
        add_texts(scope->notes, root + "scope_after.notes", texts);
    }
    if (auto& record = evidence.nvme_sanitize)
        texts.push_back({root + "nvme_sanitize.text", &record->text});
    if (auto& record = evidence.nvme_format)
        texts.push_back({root + "nvme_format.text", &record->text});
}

} // namespace

std::vector<NamedText> hidden_texts(HiddenAreaRecord& record, const std::string& path) {
    std::vector<NamedText> texts{{path + ".text", &record.text}};
    add_texts(record.before, path + ".before", texts);
    if (record.lifted) add_texts(*record.lifted, path + ".lifted", texts);
    if (record.after) add_texts(*record.after, path + ".after", texts);
    return texts;
}

std::vector<NamedText> firmware_texts(FirmwareEvidence& evidence) {
    std::vector<NamedText> texts{{root + "stop_text", &evidence.stop_text}};
    if (auto& way = evidence.pass_through)
        texts.push_back({root + "pass_through.text", &way->text});
    add_texts(evidence.identity_before, root + "identity_before", texts);
    add_texts(evidence.identity_after, root + "identity_after", texts);
    for (NamedText& each : hidden_texts(evidence.hidden, root + "hidden"))
        texts.push_back(std::move(each));
    if (auto& health = evidence.health_before)
        texts.push_back({root + "health_before.text", &health->text});
    if (auto& health = evidence.health_after)
        texts.push_back({root + "health_after.text", &health->text});
    if (auto& record = evidence.sanitize) texts.push_back({root + "sanitize.text", &record->text});
    if (auto& record = evidence.security) texts.push_back({root + "security.text", &record->text});
    for (std::size_t i = 0; i < evidence.scsi.size(); ++i)
        texts.push_back({root + "scsi." + std::to_string(i) + ".text", &evidence.scsi[i].text});
    add_nvme_texts(evidence, texts);
    return texts;
}

std::vector<NamedExtents> firmware_extents(FirmwareEvidence& evidence) {
    std::vector<NamedExtents> lists;
    if (auto& probe = evidence.probe) {
        lists.push_back({root + "probe.wrong", &probe->wrong});
        lists.push_back({root + "probe.unwritable", &probe->unwritable});
        lists.push_back({root + "probe.unreadable", &probe->unreadable});
    }
    if (auto& canaries = evidence.canaries) {
        lists.push_back({root + "canaries.written", &canaries->written});
        lists.push_back({root + "canaries.unwritable", &canaries->unwritable});
        lists.push_back({root + "canaries.not_stored", &canaries->not_stored});
        lists.push_back({root + "canaries.gone", &canaries->gone});
        lists.push_back({root + "canaries.left", &canaries->left});
        lists.push_back({root + "canaries.elsewhere", &canaries->elsewhere});
        lists.push_back({root + "canaries.unreadable", &canaries->unreadable});
    }
    if (auto& medium = evidence.medium_read) {
        lists.push_back({root + "medium_read.canaries_left", &medium->canaries_left});
        lists.push_back({root + "medium_read.canaries_elsewhere", &medium->canaries_elsewhere});
        FirmwareReadBack& record = medium->read_back;
        lists.push_back({root + "medium_read.read_back.matched", &record.matched});
        lists.push_back({root + "medium_read.read_back.mismatched", &record.mismatched});
        lists.push_back({root + "medium_read.read_back.unreadable", &record.unreadable});
    }
    if (auto& pass = evidence.host_pass) {
        lists.push_back({root + "host_pass.written", &pass->written});
        lists.push_back({root + "host_pass.unwritable", &pass->unwritable});
    }
    if (auto& record = evidence.read_back) {
        lists.push_back({root + "read_back.matched", &record->matched});
        lists.push_back({root + "read_back.mismatched", &record->mismatched});
        lists.push_back({root + "read_back.unreadable", &record->unreadable});
    }
    return lists;
}

std::uint64_t covered_bytes(const Drive& drive, const std::optional<FirmwareEvidence>& firmware,
                            const std::optional<HiddenAreaRecord>& hidden) {
    const std::uint64_t reached = firmware ? reached_bytes(*firmware) : 0;
    return reached != 0 ? reached : erased_bytes(drive, hidden);
}

std::uint64_t covered_bytes(const Payload& payload) {
    return covered_bytes(drive_of(payload), payload.method.firmware, payload.method.hidden);
}

} // namespace quietus
