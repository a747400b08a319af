// A proposal for tests: generic.random over a small image.
#pragma once

#include "quietus/app/confirm.hpp"
#include "quietus/policy/make_plan.hpp"

#include <gtest/gtest.h>

namespace quietus::test {

inline Proposal a_proposal(Drive drive) {
    auto plan = make_plan(drive, {});
    EXPECT_TRUE(plan);
    return {std::move(drive), std::move(*plan)};
}

inline Proposal an_image() {
    Drive drive;
    drive.node = "image:/one";
    drive.kind = DriveKind::image;
    drive.medium = Medium::virtual_medium;
    drive.size_bytes = 1U << 20U;
    drive.native_size_bytes = drive.size_bytes;
    drive.device_number = 7;
    return a_proposal(std::move(drive));
}

/// With a serial of its own, and so a label to read it from.
inline Proposal a_disk() {
    Drive drive;
    drive.node = "/dev/one";
    drive.kind = DriveKind::ata;
    drive.medium = Medium::magnetic;
    drive.model = "Model";
    drive.serial = "SERIAL1234";
    drive.identity_source = IdentitySource::drive;
    drive.size_bytes = 1U << 20U;
    return a_proposal(std::move(drive));
}

} // namespace quietus::test
