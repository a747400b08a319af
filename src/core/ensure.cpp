#include "quietus/core/ensure.hpp"

#include "quietus/core/exit_status.hpp"

#include <cstdio>
#include <cstdlib>

namespace quietus {

void ensure_failed(const char* condition, const char* file, int line) {
    std::fprintf(stderr, "quietus: internal error: %s (%s:%d)\n", condition, file, line);
    std::_Exit(static_cast<int>(ExitStatus::internal_error));
}

} // namespace quietus
