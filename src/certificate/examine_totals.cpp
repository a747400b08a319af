#include "examine_payload.hpp"

#include <algorithm>

namespace quietus {
namespace {

const OmittedExtents* omitted(const Payload& payload, std::string_view list) {
    const auto found = std::ranges::find(payload.omitted, list, &OmittedExtents::list);
    return found == payload.omitted.end() ? nullptr : &*found;
}

// Bytes of a list, wherever the document states them.
std::uint64_t stated_bytes(const Payload& payload, const std::string& path,
                           const std::vector<Extent>& extents) {
    const OmittedExtents* elsewhere = omitted(payload, path);
    return elsewhere != nullptr ? elsewhere->bytes : ExtentSet(extents).bytes();
}

class Totals {
  public:
    explicit Totals(CheckFindings& findings) : findings_(findings) {}

    void require(bool holds, const std::string& what) {
        if (!holds) findings_.push_back({"E_SEM_TOTALS", what});
    }

  private:
    CheckFindings& findings_;
};

void examine_pass_totals(const Payload& payload, Totals& totals) {
    const auto require_sum = [&](const PassRecord& pass, const std::string& path) {
        totals.require(pass.bytes_written == stated_bytes(payload, path + ".written", pass.written),
                       path + ": bytes_written is not the sum of its extents");
    };
    for (std::size_t i = 0; i < payload.method.passes.size(); ++i)
        require_sum(payload.method.passes[i], "method.passes." + std::to_string(i));
    if (const auto& firmware = payload.method.firmware; firmware && firmware->host_pass)
        require_sum(*firmware->host_pass, "method.firmware.host_pass");
}

void examine_read_back_totals(const Payload& payload, Totals& totals) {
    for (std::size_t i = 0; i < payload.verification.read_backs.size(); ++i) {
        const ReadBackRecord& record = payload.verification.read_backs[i];
        const std::string path = "verification.read_backs." + std::to_string(i);
        totals.require(record.bytes_matched <= record.bytes_read &&
                           record.bytes_read <= covered_bytes(payload),
                       path + ": more bytes equal than read, or more read than there are");
        if (record.verification.mode == VerificationMode::full)
            totals.require(record.bytes_matched ==
                               stated_bytes(payload, path + ".matched", record.matched),
                           path + ": bytes_matched is not the sum of its extents");
    }
    const auto& firmware = payload.method.firmware;
    if (firmware && firmware->read_back && firmware->read_back->sample)
        totals.require(firmware->read_back->sample->bytes_matched <= covered_bytes(payload),
                       "method.firmware.read_back.sample: more bytes equal than there are");
}

} // namespace

bool examine_extents(const Payload& payload, CheckFindings& findings) {
    bool usable = true;
    const std::uint64_t covered = covered_bytes(payload);
    Payload copy = payload;
    for (const NamedExtents& list : extent_lists(copy)) {
        if (is_well_formed(*list.extents, covered)) continue;
        findings.push_back(
            {"E_SEM_COVERAGE", list.path + ": extents out of order, overlapping or off the drive"});
        usable = false;
    }
    return usable;
}

void examine_totals(const Payload& payload, CheckFindings& findings) {
    Totals totals(findings);
    examine_pass_totals(payload, totals);
    examine_read_back_totals(payload, totals);
    const CoveragePayload& coverage = payload.coverage;
    const std::uint64_t unproven = stated_bytes(payload, "coverage.unproven", coverage.unproven);
    if (coverage.bytes_proven + unproven != covered_bytes(payload))
        findings.push_back(
            {"E_SEM_COVERAGE", "coverage: proven and unproven bytes do not add up to the drive"});
    totals.require(payload.verification.statements == sample_statements(evidence_of(payload)),
                   "verification.statements: not what the samples bear out");
}

} // namespace quietus
