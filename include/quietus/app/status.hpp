// status: what became of every job of the station, and an end to those that have none.
#pragma once

#include "quietus/app/site.hpp"
#include "quietus/app/under_way.hpp"
#include "quietus/core/enum_text.hpp"
#include "quietus/core/result.hpp"

#include <optional>
#include <string>
#include <vector>

namespace quietus {

enum class JobState : std::uint8_t {
    running,  ///< some process is at work on it
    finished, ///< it came to its verdict
    interrupted,
    indeterminate,
};
template <>
inline constexpr auto enum_texts<JobState> = spellings("running", "finished", "interrupted",
                                                       "indeterminate");

struct JobStatus {
    std::string job;
    std::string node;   ///< as the journal has it; empty when that does not say
    std::string serial; ///< the same
    JobState state = JobState::running;
    std::string verdict;      ///< empty while there is none
    std::string document;     ///< path of the JSON file; empty when it is not there
    std::string resumed_from; ///< the job that it goes on with; empty when it began anew
    std::string resumed_as;   ///< the job that went on with it; empty when none has
    std::optional<OperationUnderWay> operation = {}; ///< that its drive was left with
    std::optional<Error> error;                      ///< why it could not be brought to an end
};

/// Every job in the order of its intent. Whatever a crash left is brought to its end first: result,
/// document, and its entry; a job at which somebody is at work is left alone.
[[nodiscard]] Result<std::vector<JobStatus>> station_status(const Site& site);

} // namespace quietus
