// A program with one of everything that an option table can hold.
#pragma once

#include "quietus/options/options.hpp"

namespace quietus {

inline Program sample_program() {
    const Option scheme{"--scheme", "", "ID", "the pattern's name", false, {}};
    return {
        .name = "sample-tool",
        .summary = "tries every kind of option",
        .text = "First paragraph, long enough that it has to be broken into several input lines "
                "of the page.\n.SH is no request here, 'nor is this\n\nSecond: C:\\path -- ~user "
                "^x `y` 'z'.\n\n  kept   as it\n  .stands\n\nLast.",
        .common = {{"--json", "", "", "write JSON", false, {}},
                   {"--state", "-s", "DIR", "where the state is", false, {}},
                   {"--verbose", "-v", "", "say more", true, {}},
                   {"--quiet", "-q", "", "say less", false, {}},
                   {"--color", "", "WHEN", "colours", false, {"auto", "always", "never"}}},
        .verbs = {{"list",
                   "",
                   "shows drives",
                   "",
                   {{"--all", "", "", "also the dull ones"}},
                   "sample-tool list --all"},
                  {"erase",
                   "DRIVE...",
                   "erases",
                   "One.\n\nTwo.",
                   {scheme, {"--reference", "", "TEXT", "a reference", true}},
                   "sample-tool erase /dev/sdb --scheme generic.zero"},
                  {"plan", "DRIVE", "plans", "", {scheme}, "sample-tool plan /dev/sdb"},
                  {"certify", "[JOB]", "certifies", "", {}, "sample-tool certify"},
                  {"key init", "", "makes a key", "", {}, "sample-tool key init"},
                  {"key show", "", "shows the key", "", {}, "sample-tool key show"}},
        .sections = {{"Exit status",
                      "0\tall is well\n1\tit is not,\nand this says more\n\nAfter."}},
    };
}

} // namespace quietus
