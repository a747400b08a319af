#include "examine_passes.hpp"

#include "plan_steps.hpp"
#include "scope.hpp"

#include "quietus/core/bytes.hpp"

namespace quietus {
namespace {

std::string name_of(const PassRecord& pass) {
    return "pass of step " + std::to_string(pass.step);
}

// What a random_char pass, or a complement, must have written, given what it refers to. Patterns
// that depend on the position are not spelled out in a record: "" there.
std::string complement_of(const std::string& hex) {
    auto octets = from_hex(hex);
    if (!octets) return {};
    for (std::uint8_t& octet : *octets)
        octet = static_cast<std::uint8_t>(~octet);
    return to_hex(*octets);
}

bool is_one_octet(const std::string& hex) {
    return hex.size() == 2 && from_hex(hex).has_value();
}

const PassRecord* pass_of(const Evidence& evidence, std::uint32_t step) {
    for (const PassRecord& pass : evidence.passes)
        if (pass.step == step) return &pass;
    return nullptr;
}

// Only for plans without a flaw: a reference leads to an earlier write step.
bool wrote_its_pattern(const Plan& plan, const Evidence& evidence, const PassRecord& pass) {
    const PlanStep& step = *step_of(plan, pass.step);
    if (pass.data != step.data) return false;
    const PassRecord* original = step.of == 0 ? nullptr : pass_of(evidence, step.of);
    switch (step.data) {
    case StepData::none:
        return false;
    case StepData::fixed:
    case StepData::lba_stamp:
        return pass.bytes == step.bytes;
    case StepData::random_char:
        if (step.of == 0) return is_one_octet(pass.bytes);
        return original != nullptr && is_one_octet(pass.bytes) && pass.bytes == original->bytes;
    case StepData::complement:
        // Of a stream or a stamp there is no pattern that a record could spell.
        if (depends_on_position(plan, pass.step)) return true;
        return original != nullptr && pass.bytes == complement_of(original->bytes);
    case StepData::random_stream:
        return pass.bytes.empty();
    }
    return false;
}

// Of one who is told what a plan keeps, nothing may have been written.
bool is_whole(const Scope& scope, const PassRecord& pass, Findings& findings) {
    const std::string name = name_of(pass);
    if (!is_well_formed(pass.written, scope.size_bytes)) {
        findings.add("inconsistent-evidence", name + ": extents that no engine yields");
        return false;
    }
    const ExtentSet written(pass.written);
    if (written.bytes() != pass.bytes_written)
        findings.add("inconsistent-evidence", name + ": byte count and extents disagree");
    if (!scope.is_clear_of_kept(written))
        findings.add("inconsistent-evidence", name + " wrote where the plan leaves what is there");
    if (!pass.completed || !scope.is_covered_by(written))
        findings.add("incomplete-pass", name + " wrote " + std::to_string(written.bytes()) +
                                            " of " + std::to_string(scope.bytes()) + " bytes");
    return true;
}

// What the pass wrote and flushed, as far as that can be believed.
ExtentSet examine_pass(const Scope& scope, const PassRecord& pass, Findings& findings) {
    findings.add_extents("unwritable", name_of(pass), pass.unwritable);
    if (!pass.flushed) findings.add("flush-failed", name_of(pass) + " was not flushed");
    if (!is_whole(scope, pass, findings) || !pass.flushed) return {};
    ExtentSet written(pass.written);
    written.subtract(inside(pass.unwritable, scope.size_bytes));
    return written;
}

} // namespace

void examine_probe(const Plan& plan, const Evidence& evidence, Findings& findings) {
    if (!evidence.probe) {
        if (!has_stopped(evidence))
            findings.add("missing-record", "no record of the address probe");
        return;
    }
    const ProbeRecord& probe = *evidence.probe;
    const PlanStep* step = step_of(plan, probe.step);
    if (step == nullptr || step->kind != StepKind::address_probe)
        findings.add("unexpected-record", "the plan has no address probe at this step");
    findings.add_extents("address-aliasing", "address probe", probe.wrong);
    findings.add_extents("unwritable", "address probe", probe.unwritable);
    findings.add_extents("unreadable", "address probe", probe.unreadable);
    if (!probe.flushed) findings.add("flush-failed", "the address probe was not flushed");
    if (!probe.completed || probe.stamps == 0)
        findings.add("incomplete-probe", "the address probe did not end");
}

ExtentSet examine_passes(const Drive& drive, const Plan& plan, const Evidence& evidence,
                         Findings& findings) {
    const auto expected = steps_of(plan, StepKind::write);
    const Scope scope = scope_of(drive, plan);
    ExtentSet last_written;
    for (std::size_t index = 0; index < expected.size(); ++index) {
        const std::string wanted = "step " + std::to_string(expected[index]);
        if (index >= evidence.passes.size()) {
            if (!has_stopped(evidence))
                findings.add("missing-record", "no record of a pass from " + wanted + " on");
            return {};
        }
        const PassRecord& pass = evidence.passes[index];
        if (pass.step != expected[index]) {
            findings.add("unexpected-record", name_of(pass) + " where " + wanted + " belongs");
            return {};
        }
        if (!wrote_its_pattern(plan, evidence, pass))
            findings.add("wrong-pattern", name_of(pass) + " is not what the plan says");
        last_written = examine_pass(scope, pass, findings);
    }
    if (evidence.passes.size() > expected.size())
        findings.add("unexpected-record", "more passes than the plan has write steps");
    return last_written;
}

} // namespace quietus
