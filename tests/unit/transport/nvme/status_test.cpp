// Statuses by the figures of NVM Express Base 2.1, and what a reply without one is.
#include "quietus/transport/nvme/status.hpp"

#include "quietus/transport/nvme/commands.hpp"

#include <gtest/gtest.h>

namespace quietus::nvme {
namespace {

class OneAnswer final : public NvmePort {
  public:
    explicit OneAnswer(Result<NvmeReply> reply) : reply_(std::move(reply)) {}
    Result<NvmeReply> execute(const NvmeCommand&) override { return reply_; }
    Result<std::uint32_t> namespace_id() override { return 1U; }

  private:
    Result<NvmeReply> reply_;
};

Result<Bytes> answered(Result<NvmeReply> reply) {
    OneAnswer port(std::move(reply));
    return fetch(port, identify(Structure::controller), "Identify Controller");
}

TEST(NvmeStatus, IsNamed) {
    EXPECT_EQ(status_words(0x001), "001h: it does not know this command");
    EXPECT_EQ(status_words(0x01D), "01dh: a sanitize operation is in progress");
    EXPECT_EQ(status_words(0x020), "020h: a namespace is write protected");
    EXPECT_EQ(status_words(0x084), "084h: a format is in progress");
    EXPECT_EQ(status_words(0x123),
              "123h: it has a Persistent Memory Region enabled, which has to be disabled first");
    EXPECT_EQ(status_words(0x286), "286h: access is denied");
    EXPECT_EQ(status_words(0x7C0), "7c0h"); // a vendor's own
}

// Type 3h: 371h is what Linux gives a command that it has timed out.
TEST(NvmeStatus, OfTheHostIsNoAnswer) {
    EXPECT_TRUE(is_from_host(0x371));
    EXPECT_TRUE(is_from_host(0x300));
    EXPECT_FALSE(is_from_host(0x286));
    EXPECT_FALSE(is_from_host(0x01C));
    EXPECT_EQ(answered(NvmeReply{0x4371, 0, {}}).error().fault, Fault::io);
}

TEST(NvmeStatus, MakesDataAnErrorUnlessItIsSuccess) {
    EXPECT_EQ(answered(NvmeReply{0, 0, Bytes(4096, 1)})->size(), 4096U);
    EXPECT_EQ(answered(NvmeReply{0, 0, Bytes(4095, 1)}).error().fault, Fault::drive);
    const auto refused = answered(NvmeReply{0x4001, 0, {}});
    EXPECT_EQ(refused.error().message,
              "Identify Controller: refused: 001h: it does not know this command");
    const auto lost = answered(Error{Fault::io, "it is gone"});
    EXPECT_EQ(lost.error().fault, Fault::io);
    EXPECT_EQ(lost.error().message, "Identify Controller: it is gone");
}

} // namespace
} // namespace quietus::nvme
