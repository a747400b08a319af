// without_io_uring ENOSYS|EPERM PROGRAM [WORD...]: runs a program to which the kernel refuses
// io_uring, as one that is too old (ENOSYS) or forbids it (EPERM) would.
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <string_view>

namespace {

bool refuse_io_uring(int error) {
    // The number of io_uring_setup is the same on every architecture.
    std::array<sock_filter, 4> rules{{
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_io_uring_setup, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | static_cast<unsigned>(error)),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    }};
    const sock_fprog program{rules.size(), rules.data()};
    return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0 &&
           ::syscall(__NR_io_uring_setup, 1, nullptr) == -1 && errno == error;
}

} // namespace

int main(int count, char** words) {
    const std::string_view error = count < 3 ? "" : words[1];
    if (error != "ENOSYS" && error != "EPERM") {
        std::fputs("usage: without_io_uring ENOSYS|EPERM PROGRAM [WORD...]\n", stderr);
        return 2;
    }
    if (!refuse_io_uring(error == "ENOSYS" ? ENOSYS : EPERM)) {
        std::perror("seccomp");
        return 1;
    }
    ::execv(words[2], words + 2);
    std::perror(words[2]);
    return 1;
}
