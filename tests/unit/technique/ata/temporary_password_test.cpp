#include "quietus/technique/ata/temporary_password.hpp"

#include <gtest/gtest.h>

namespace quietus {
namespace {

// printf 'quietus temporary ATA password 1\nEXAMPLE 4000\nS3R1AL\n' | sha256sum | cut -c1-32
TEST(TemporaryPassword, FollowsFromModelAndSerialAlone) {
    EXPECT_EQ(as_text(ata::temporary_password("EXAMPLE 4000", "S3R1AL")),
              "6a6c5fe165d51e467a315efdf2694ee5");
    EXPECT_NE(ata::temporary_password("EXAMPLE 4000", "S3R1AM"),
              ata::temporary_password("EXAMPLE 4000", "S3R1AL"));
    EXPECT_EQ(ata::temporary_password("", "").size(), 32U);
}

} // namespace
} // namespace quietus
