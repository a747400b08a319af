#include "steps.hpp"

#include "quietus/core/ensure.hpp"

#include <utility>

namespace quietus {
namespace {

// Plans are made by make_plan(), which writes nothing but hexadecimal here.
Bytes octets_of(const PlanStep& step) {
    auto octets = from_hex(step.bytes);
    QUIETUS_ENSURE(octets.has_value() && !octets->empty());
    return std::move(*octets);
}

} // namespace

StepPatterns::StepPatterns(const Plan& plan, std::uint32_t block_bytes, StepSecrets secrets)
    : plan_(plan), block_bytes_(block_bytes), drawn_(std::move(secrets)) {}

StepPatterns::~StepPatterns() {
    for (auto& [step, secret] : drawn_)
        wipe(secret);
}

const PlanStep& StepPatterns::at(std::uint32_t step) const {
    QUIETUS_ENSURE(step >= 1 && step <= plan_.steps.size());
    return plan_.steps[step - 1];
}

Pattern StepPatterns::pattern(std::uint32_t step) const {
    const PlanStep& described = at(step);
    switch (described.data) {
    case StepData::fixed:
        return Pattern::fixed(octets_of(described));
    case StepData::random_char:
        return Pattern::fixed(drawn_.at(step));
    case StepData::random_stream:
        return Pattern::stream(drawn_.at(step));
    case StepData::complement:
        QUIETUS_ENSURE(described.of != 0 && described.of < step);
        return Pattern::complement(pattern(described.of));
    case StepData::lba_stamp:
        return Pattern::lba_stamp(octets_of(described).front(), block_bytes_);
    case StepData::none:
        break;
    }
    QUIETUS_ENSURE(!"a write step without data");
    return Pattern::fixed({0});
}

std::string StepPatterns::octets(std::uint32_t step) const {
    const PlanStep& described = at(step);
    switch (described.data) {
    case StepData::fixed:
    case StepData::lba_stamp:
        return described.bytes;
    case StepData::random_char:
        return to_hex(drawn_.at(step));
    case StepData::complement: {
        if (at(described.of).data == StepData::lba_stamp) return {}; // no octets that repeat
        auto inverted = from_hex(octets(described.of));
        QUIETUS_ENSURE(inverted.has_value());
        for (std::uint8_t& octet : *inverted)
            octet = static_cast<std::uint8_t>(~octet);
        return to_hex(*inverted);
    }
    case StepData::random_stream:
    case StepData::none:
        return {};
    }
    return {};
}

std::string StepPatterns::seed(std::uint32_t step) const {
    return at(step).data == StepData::random_stream ? to_hex(drawn_.at(step)) : std::string{};
}

} // namespace quietus
