// Logs from anybody: replaying must end without a crash, and what it accepts must be whole jobs.
#include "log_state.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/record/job_id.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace quietus;
    const auto state = LogState::replay(as_text({data, size}));
    if (!state) return 0;
    for (const LoggedJob& job : state->jobs())
        if (job.intent.job != job_id(job.intent.station, job.intent.sequence) ||
            (job.document && !job.result))
            abort();
    return 0;
}
