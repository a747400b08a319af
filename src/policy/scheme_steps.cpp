#include "scheme_steps.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/core/ensure.hpp"

#include <map>

namespace quietus {
namespace {

constexpr Verification full_verification{VerificationMode::full, 100};

// Numbers the steps while they are appended.
class StepWriter {
  public:
    explicit StepWriter(Plan& plan) : plan_(plan) {}

    void append(const SchemeStep& step) {
        if (step.op == "verify")
            append_verify();
        else
            append_write(step);
    }

  private:
    void append_verify() {
        PlanStep step;
        step.kind = StepKind::verify;
        step.of = last_write_;
        step.verification = full_verification;
        plan_.steps.push_back(step);
    }

    void append_write(const SchemeStep& from) {
        PlanStep step;
        step.data = data_of(from);
        step.bytes = pattern_of(from);
        step.of = reference_of(from);
        plan_.steps.push_back(step);
        last_write_ = static_cast<std::uint32_t>(plan_.steps.size());
        if (!from.id.empty() && !from.reuse) named_[from.id] = last_write_;
    }

    static StepData data_of(const SchemeStep& step) {
        if (step.data == "complement_of_previous") return StepData::complement;
        const auto data = from_text<StepData>(step.data);
        QUIETUS_ENSURE(data && *data != StepData::none);
        return *data;
    }

    static std::string pattern_of(const SchemeStep& step) {
        const auto octets = from_hex(step.bytes.empty() ? step.base : step.bytes);
        QUIETUS_ENSURE(octets.has_value());
        return to_hex(*octets);
    }

    std::uint32_t reference_of(const SchemeStep& step) const {
        if (step.data == "complement_of_previous") return last_write_;
        if (step.data == "complement") return numbered(step.of);
        return step.reuse ? numbered(step.id) : 0;
    }

    std::uint32_t numbered(const std::string& name) const {
        const auto found = named_.find(name);
        QUIETUS_ENSURE(found != named_.end());
        return found->second;
    }

    Plan& plan_;
    std::uint32_t last_write_ = 0;
    std::map<std::string, std::uint32_t> named_;
};

} // namespace

std::optional<Verification> append_steps(const Scheme& scheme, Plan& plan) {
    StepWriter writer(plan);
    for (const SchemeStep& step : scheme.steps)
        writer.append(step);
    if (plan.steps.back().kind != StepKind::verify) return std::nullopt;
    plan.steps.pop_back();
    return full_verification;
}

} // namespace quietus
