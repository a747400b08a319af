// Steps: from the steps of a plan to the patterns they write, kept until they are read back.
#pragma once

#include "quietus/job/step_secrets.hpp"
#include "quietus/record/plan.hpp"
#include "quietus/stream/digest.hpp"
#include "quietus/stream/pattern.hpp"

#include <cstdint>
#include <string>

namespace quietus {

/// The data of every write step of one run.
class StepPatterns {
  public:
    /// With the secrets of a job.
    StepPatterns(const Plan& plan, std::uint32_t block_bytes, StepSecrets secrets);
    /// With secrets of its own.
    StepPatterns(const Plan& plan, std::uint32_t block_bytes, const Draw& draw = random_bytes)
        : StepPatterns(plan, block_bytes, draw_secrets(plan, draw)) {}
    ~StepPatterns(); ///< wipes the keys
    StepPatterns(const StepPatterns&) = delete;
    StepPatterns& operator=(const StepPatterns&) = delete;

    /// `step` is the number of a write step, from 1.
    [[nodiscard]] Pattern pattern(std::uint32_t step) const;
    /// The octets a fixed or random_char step (or a complement of one) writes, hexadecimal; empty
    /// for streams and stamps.
    [[nodiscard]] std::string octets(std::uint32_t step) const;
    /// The key of a random stream, hexadecimal; empty for other data.
    [[nodiscard]] std::string seed(std::uint32_t step) const;

  private:
    [[nodiscard]] const PlanStep& at(std::uint32_t step) const;

    const Plan& plan_;
    std::uint32_t block_bytes_;
    StepSecrets drawn_;
};

} // namespace quietus
