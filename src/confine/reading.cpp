#include "quietus/confine/reading.hpp"

#include "capabilities.hpp"
#include "landlock.hpp"
#include "rules.hpp"

#include <fcntl.h>
#include <linux/capability.h>
#include <sys/prctl.h>

#include <array>

#if defined(__SANITIZE_ADDRESS__)
// The sanitizer would trace the process at its end, which it may not do any more.
extern "C" int __lsan_is_turned_off() {
    return 1;
}
#endif

namespace quietus {
namespace {

/// What looks at names, lists directories, and writes to what is open.
constexpr std::array reading_calls{
    SCMP_SYS(getdents64), SCMP_SYS(newfstatat), SCMP_SYS(stat),      SCMP_SYS(stat64),
    SCMP_SYS(lstat),      SCMP_SYS(lstat64),    SCMP_SYS(fstatat64), SCMP_SYS(statx),
    SCMP_SYS(fstatfs),    SCMP_SYS(statfs),     SCMP_SYS(readlink),  SCMP_SYS(readlinkat),
    SCMP_SYS(getcwd),     SCMP_SYS(access),     SCMP_SYS(faccessat), SCMP_SYS(faccessat2),
    SCMP_SYS(readv),      SCMP_SYS(write),      SCMP_SYS(writev),    SCMP_SYS(fsync),
    SCMP_SYS(fdatasync),  SCMP_SYS(poll),       SCMP_SYS(ppoll),     SCMP_SYS(wait4),
    SCMP_SYS(waitid),     SCMP_SYS(uname),      SCMP_SYS(sysinfo),   SCMP_SYS(sendto)};

/// What makes, replaces and removes files. Where is Landlock's matter.
constexpr std::array making_calls{SCMP_SYS(rename),    SCMP_SYS(renameat), SCMP_SYS(renameat2),
                                  SCMP_SYS(unlink),    SCMP_SYS(unlinkat), SCMP_SYS(fchmod),
                                  SCMP_SYS(ftruncate), SCMP_SYS(umask)};

void allow_opening(Rules& rules, bool writing) {
    // O_TMPFILE is a directory opened for writing.
    constexpr std::uint64_t other_than_reading = O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND;
    if (!writing)
        return rules.allow(SCMP_SYS(openat),
                           SCMP_A2_32(SCMP_CMP_MASKED_EQ, other_than_reading, O_RDONLY));
    rules.allow(SCMP_SYS(openat));
    for (const int call : making_calls)
        rules.allow(call);
}

void allow_descriptor_flags(Rules& rules) {
    for (const int command : {F_GETFL, F_SETFL, F_GETFD, F_SETFD})
        rules.allow(SCMP_SYS(fcntl), SCMP_A1_32(SCMP_CMP_EQ, static_cast<std::uint32_t>(command)));
}

// Root goes on reading what belongs to others, as every user expects of it.
std::uint64_t kept_capabilities(bool writing) {
    return std::uint64_t{1} << (writing ? CAP_DAC_OVERRIDE : CAP_DAC_READ_SEARCH);
}

} // namespace

Status confine_to_reading(const ReadingScope& scope) {
    const bool writing = !scope.writable.empty();
    if (auto status = reduce_bounding_set(kept_capabilities(writing)); !status) return status;
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return system_error(Fault::io, "no_new_privs");
    if (auto status = restrict_files(scope); !status) return status;
    if (auto status = reduce_capabilities(kept_capabilities(writing)); !status) return status;
    Rules rules;
    for (const int call : reading_calls)
        rules.allow(call);
    allow_opening(rules, writing);
    allow_descriptor_flags(rules);
    return rules.enforce();
}

} // namespace quietus
