#include "quietus/core/version.hpp"

#include "quietus/core/clock.hpp"

#include <gtest/gtest.h>

namespace quietus {
namespace {

// Whichever of its sources it came from: not before this project began, not from the future.
TEST(Version, KnowsWhenItsSourcesAreFrom) {
    EXPECT_GE(source_seconds(), from_rfc3339("2026-11-01T00:00:00Z").value());
    EXPECT_LE(source_seconds(), SystemClock().utc_seconds());
}

} // namespace
} // namespace quietus
