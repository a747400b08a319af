// Rules: a list of the system calls that a process may still make, and how it comes into force.
#pragma once

#include "quietus/core/result.hpp"

#include <seccomp.h>

#include <memory>
#include <type_traits>

namespace quietus {

struct FreeFilter {
    void operator()(scmp_filter_ctx filter) const { ::seccomp_release(filter); }
};

/// Everything that no rule allows fails with EPERM. Each rule may fail, and the first failure
/// counts.
class Rules {
  public:
    /// With what acts on open descriptors or on the process's own memory and ways, reading only.
    Rules();

    template <typename... Compare>
    void allow(int call, Compare... compare) {
        const int outcome =
            ::seccomp_rule_add(filter_.get(), SCMP_ACT_ALLOW, call, sizeof...(compare), compare...);
        if (error_ == 0) error_ = -outcome;
    }
    /// From now on, for all threads of this process and its children. no_new_privs is the caller's
    /// matter: the call for it may be forbidden already. Fault::io.
    [[nodiscard]] Status enforce();

  private:
    std::unique_ptr<std::remove_pointer_t<scmp_filter_ctx>, FreeFilter> filter_;
    int error_ = 0;
};

} // namespace quietus
