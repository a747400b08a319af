#include "quietus/core/exit_status.hpp"
#include "quietus/core/result.hpp"

#include <gtest/gtest.h>

#include <array>

namespace quietus {
namespace {

TEST(Error, GrowsFromTheInsideOut) {
    const Error error = Error{Fault::unsupported, "no scheme"}.during("/dev/sdb").during("plan");
    EXPECT_EQ(error.message, "plan: /dev/sdb: no scheme");
    EXPECT_EQ(error.fault, Fault::unsupported);
}

TEST(Error, KeepsTheInnermostHint) {
    const Error error = Error{Fault::io, "x"}.with_hint("inner").with_hint("outer");
    EXPECT_EQ(error.hint, "inner");
}

TEST(Result, ConvertsFromAnErrorOfAnotherStage) {
    const auto inner = []() -> Result<int> { return Error{Fault::io, "gone"}; };
    const auto outer = [&]() -> Status {
        auto value = inner();
        if (!value) return std::move(value).error().during("open");
        return {};
    };
    EXPECT_EQ(outer().error().message, "open: gone");
}

// The orders are those of the command-line contract.
TEST(ExitStatus, TakesTheFirstOfTheContractsOrder) {
    using enum ExitStatus;
    EXPECT_EQ(worst_of_drives(std::array{success, refused, evidence, not_established}),
              not_established);
    EXPECT_EQ(worst_of_drives(std::array{interrupted, evidence}), evidence);
    EXPECT_EQ(worst_of_drives(std::array{success, success}), success);
    EXPECT_EQ(worst_of_documents(std::array{not_established, not_an_erasure}), not_an_erasure);
    EXPECT_EQ(worst_of_documents(std::array{not_an_erasure, failed}), failed);
}

} // namespace
} // namespace quietus
