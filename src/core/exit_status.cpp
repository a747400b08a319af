#include "quietus/core/exit_status.hpp"

#include <algorithm>
#include <initializer_list>

namespace quietus {

ExitStatus exit_status(Fault fault) {
    switch (fault) {
    case Fault::usage:
        return ExitStatus::usage;
    case Fault::refused:
        return ExitStatus::refused;
    case Fault::unsupported:
        return ExitStatus::unsupported;
    case Fault::drive:
    case Fault::io:
        return ExitStatus::preflight;
    case Fault::evidence:
        return ExitStatus::evidence;
    case Fault::invalid:
        return ExitStatus::failed;
    }
    return ExitStatus::internal_error;
}

namespace {

ExitStatus first_earned(std::initializer_list<ExitStatus> order,
                        std::span<const ExitStatus> earned) {
    for (ExitStatus status : order)
        if (std::ranges::find(earned, status) != earned.end()) return status;
    return ExitStatus::success;
}

} // namespace

ExitStatus worst_of_drives(std::span<const ExitStatus> drives) {
    using enum ExitStatus;
    return first_earned({internal_error, failed, not_established, evidence, interrupted, preflight,
                         unsupported, refused},
                        drives);
}

ExitStatus worst_of_documents(std::span<const ExitStatus> documents) {
    using enum ExitStatus;
    return first_earned({internal_error, failed, not_an_erasure, not_established}, documents);
}

} // namespace quietus
