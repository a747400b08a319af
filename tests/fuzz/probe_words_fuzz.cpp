// Fuzz target: whatever a probe may say that a hostile drive has taken over.
#include "probe_words.hpp"

#include "quietus/core/ensure.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string bytes(reinterpret_cast<const char*>(data), size);
    for (const auto end : {quietus::ChildEnd::answered, quietus::ChildEnd::deadline}) {
        const auto report = quietus::report_of({end, bytes, "why"});
        QUIETUS_ENSURE(report.outcome != quietus::ProbeOutcome::not_asked);
        QUIETUS_ENSURE(report.outcome == quietus::ProbeOutcome::answered ||
                       !report.problems.empty());
    }
    return 0;
}
