// Fuzz target: what may lie in the folder of a job that is to be gone on with: a journal, and keys.
#include "quietus/job/journal.hpp"
#include "quietus/job/step_secrets.hpp"

#include "quietus/core/ensure.hpp"
#include "quietus/core/json_fields.hpp"

namespace {

// Read as the signer reads what it is shown: whatever it says, the worst is a refusal.
void go_on_with(const quietus::FileJournal::Content& content) {
    const quietus::ErasureRecord& record = *content.record;
    for (const bool keys_kept : {true, false}) {
        const auto from = quietus::starting_point(
            record.plan, {content.evidence, content.checkpoint}, record.drive, keys_kept);
        QUIETUS_ENSURE(from.step <= record.plan.steps.size() + 1);
        const auto read = quietus::FileJournal::parse(to_line(quietus::carried_line(from)) + "\n");
        QUIETUS_ENSURE(read && read->carried);
        QUIETUS_ENSURE(to_json(*read->carried) == to_json(from));
        (void)expected_content(from).has_value();
        (void)goes_on_from(record.evidence, from);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto content = quietus::FileJournal::parse(text); content && content->record)
        go_on_with(*content);
    quietus::Plan plan;
    plan.steps = {{quietus::StepKind::write, quietus::StepData::random_char, "", 0, {}},
                  {quietus::StepKind::write, quietus::StepData::random_stream, "", 0, {}},
                  {quietus::StepKind::write, quietus::StepData::random_char, "", 1, {}}};
    if (const auto secrets = quietus::parse_secrets(text, plan))
        QUIETUS_ENSURE(secrets->size() == plan.steps.size());
    return 0;
}
