// replace_once: one call of replace_file, for a tracer that makes the calls beneath it fail.
//
// usage: replace_once PATH BEFORE AFTER     ends 0, or 1 with the message on stderr
#include "quietus/core/replace_file.hpp"

#include <cstdio>

int main(int count, char** words) {
    if (count != 4) return 2;
    const auto status = quietus::replace_file(words[1], {words[2], words[3]});
    if (status) return 0;
    std::fprintf(stderr, "%s\n", status.error().message.c_str());
    return 1;
}
