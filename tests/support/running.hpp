// is_running: whether a process is there and does something. One that has ended and that nobody has
// waited for is not: where process 1 buries no strangers, as in many containers, it stays.
#pragma once

#include <sys/types.h>

#include <fstream>
#include <string>

namespace quietus::test {

inline bool is_running(pid_t process) {
    std::ifstream file("/proc/" + std::to_string(process) + "/status");
    for (std::string line; std::getline(file, line);)
        if (line.starts_with("State:\t")) return line[7] != 'Z' && line[7] != 'X';
    return false;
}

} // namespace quietus::test
