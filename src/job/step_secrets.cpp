#include "quietus/job/step_secrets.hpp"

#include "quietus/core/file.hpp"
#include "quietus/core/json_fields.hpp"
#include "quietus/stream/keystream.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

namespace quietus {
namespace {

/// A plan of a thousand random passes.
constexpr std::size_t most_octets = std::size_t{1} << 17U;

struct KeptKey {
    std::uint32_t step = 0;
    std::string octets;

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("step", self.step);
        visit("octets", self.octets);
    }
};

struct KeptKeys {
    std::vector<KeptKey> keys;

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("keys", self.keys);
    }
};

std::string path_in(const std::string& job_directory) {
    return job_directory + "/keys.json";
}

// 0: nothing is drawn for it.
std::size_t octets_for(const PlanStep& step) {
    if (step.kind == StepKind::canaries) return Keystream::key_bytes;
    if (step.kind != StepKind::write) return 0;
    if (step.data == StepData::random_stream) return Keystream::key_bytes;
    return step.data == StepData::random_char ? 1 : 0;
}

const PlanStep& step_at(const Plan& plan, std::uint32_t number) {
    return plan.steps[number - 1];
}

// A random_char may be that of an earlier step.
void place(const Plan& plan, std::uint32_t number, const Draw& draw, StepSecrets& secrets) {
    const PlanStep& step = step_at(plan, number);
    const std::size_t octets = octets_for(step);
    if (octets == 0) return;
    const auto earlier = secrets.find(step.of);
    secrets[number] = earlier != secrets.end() ? earlier->second : draw(octets);
}

bool is_reused_rightly(const PlanStep& step, const Bytes& octets, const StepSecrets& secrets) {
    const auto earlier = secrets.find(step.of);
    return earlier == secrets.end() || earlier->second == octets;
}

} // namespace

StepSecrets draw_secrets(const Plan& plan, const Draw& draw) {
    StepSecrets secrets;
    for (std::uint32_t number = 1; number <= plan.steps.size(); ++number)
        place(plan, number, draw, secrets);
    return secrets;
}

Status save_secrets(const StepSecrets& secrets, const std::string& job_directory) {
    if (secrets.empty()) return {};
    KeptKeys kept;
    for (const auto& [step, octets] : secrets)
        kept.keys.push_back({step, to_hex(octets)});
    return save_new_file(path_in(job_directory), to_line(to_json(kept)) + "\n", 0600);
}

Result<StepSecrets> parse_secrets(std::string_view text, const Plan& plan) {
    const auto json = parse_json(text, most_octets);
    if (!json) return json.error();
    const auto kept = from_json<KeptKeys>(*json);
    if (!kept) return kept.error();
    StepSecrets secrets;
    for (const KeptKey& key : kept->keys) {
        auto octets = from_hex(key.octets);
        const bool known = key.step >= 1 && key.step <= plan.steps.size() && octets;
        if (!known || octets->size() != octets_for(step_at(plan, key.step)) || octets->empty() ||
            !is_reused_rightly(step_at(plan, key.step), *octets, secrets))
            return Error{Fault::invalid, "keys: not one of a step of the plan"};
        if (!secrets.emplace(key.step, std::move(*octets)).second)
            return Error{Fault::invalid, "keys: a step twice"};
    }
    for (std::uint32_t number = 1; number <= plan.steps.size(); ++number)
        if (octets_for(step_at(plan, number)) != 0 && !secrets.contains(number))
            return Error{Fault::invalid, "keys: none of step " + std::to_string(number)};
    return secrets;
}

Result<StepSecrets> read_secrets(const std::string& job_directory, const Plan& plan) {
    const auto text = read_regular_file(path_in(job_directory), most_octets);
    return text ? parse_secrets(*text, plan) : text.error();
}

void remove_secrets(const std::string& job_directory) {
    if (::unlink(path_in(job_directory).c_str()) != 0) return;
    const int folder = ::open(job_directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) return;
    ::fsync(folder);
    ::close(folder);
}

} // namespace quietus
