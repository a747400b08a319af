#include "shell_word.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <memory>

namespace quietus {
namespace {

// What a real shell makes of the word.
std::string as_bash_reads(const std::string& word) {
    const std::string command = "bash -c " + std::string("'printf %s \"$0\"' ") + word;
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(
        ::popen(("bash <<'END'\n" + command + "\nEND\n").c_str(), "r"), &::pclose);
    std::string text;
    std::array<char, 256> chunk{};
    while (const auto got = std::fread(chunk.data(), 1, chunk.size(), pipe.get()))
        text.append(chunk.data(), got);
    return text;
}

TEST(ShellWord, IsReadBackByAShellAsTheSameName) {
    for (const std::string name : {"/srv/data", "/a b", "/it's", "$(reboot)", "a;b|c&d", "*?[x]",
                                   "/tab\there", "\x1b[2J", "back\\slash", "\xff\xfe", "-n"})
        EXPECT_EQ(as_bash_reads(shell_word(name)), name) << shell_word(name);
}

TEST(ShellWord, ShowsNoControlCharacters) {
    EXPECT_EQ(shell_word("a\nb\x1b"), "$'a\\x0ab\\x1b'");
    EXPECT_EQ(shell_word("/plain/path-1.0"), "/plain/path-1.0");
    EXPECT_EQ(shell_word(""), "''");
}

} // namespace
} // namespace quietus
