// The manual explains what the program says.
#include "manual.hpp"

#include "quietus/record/drive.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace quietus::cli {
namespace {

std::string interlocks_section() {
    for (const ManualSection& section : manual_sections())
        if (section.title == "INTERLOCKS") return std::string(section.text);
    return {};
}

TEST(Manual, ExplainsEachInterlockInItsOrder) {
    const std::string section = interlocks_section();
    std::size_t last = 0;
    for (const std::string_view name : enum_texts<Interlock>) {
        const std::size_t at = section.find("\n" + std::string(name) + "\t");
        ASSERT_NE(at, std::string::npos) << name;
        EXPECT_LT(last, at) << name;
        last = at;
    }
}

} // namespace
} // namespace quietus::cli
