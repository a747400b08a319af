// What is found out of an emulated NVMe drive by asking alone.
#include "quietus/drive/nvme/facts.hpp"

#include "support/emulated_nvme.hpp"

#include <gmock/gmock.h>

namespace quietus {
namespace {

using emulator::NvmeTraits;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

nvme::Facts facts_of(const NvmeTraits& traits) {
    emulator::SimulatedClock clock;
    emulator::NvmeDrive drive(traits, clock);
    return nvme::ask_facts(drive).value();
}

TEST(NvmeFacts, SayHowItErasesItself) {
    NvmeTraits traits;
    traits.sanitize.overwrite = false;
    traits.format.erases_all = true;
    const NvmeErasure told = facts_of(traits).erasure;
    EXPECT_TRUE(told.crypto_erase && told.block_erase && told.verification);
    EXPECT_FALSE(told.overwrite || told.no_deallocate_inhibited || told.sid_blocked);
    EXPECT_EQ(told.modifies_media, 1U);
    EXPECT_EQ(told.sanitize, NvmeSanitizeState::never);
    EXPECT_TRUE(told.format && told.format_crypto);
    EXPECT_EQ(told.format_attributes, 0x06U);
}

TEST(NvmeFacts, SayThatOneIsUnderWay) {
    test::NvmeScene scene;
    static_cast<void>(scene.drive.execute(nvme::sanitize(nvme::SanitizeAction::block_erase)));
    scene.clock.advance(std::chrono::seconds(30));
    const auto told = nvme::ask_facts(scene.drive);
    ASSERT_TRUE(told);
    EXPECT_EQ(told->erasure.sanitize, NvmeSanitizeState::in_progress);
    EXPECT_NEAR(told->erasure.sanitize_progress, 32768, 60);
}

TEST(NvmeFacts, SayThatTheSidIsBlocked) {
    test::NvmeScene scene;
    scene.drive.turn(emulator::Knob::frozen);
    EXPECT_TRUE(nvme::ask_facts(scene.drive)->erasure.sid_blocked);
}

TEST(NvmeFacts, SayWhatItsKeysAre) {
    NvmeTraits traits;
    EXPECT_EQ(facts_of(traits).tcg->subsystems, std::vector<SecuritySubsystem>{});
    traits.tcg.emplace();
    traits.tcg->locking_enabled = true;
    const auto told = facts_of(traits).tcg;
    ASSERT_TRUE(told);
    EXPECT_THAT(told->subsystems, ElementsAre(SecuritySubsystem::opal_2));
    EXPECT_TRUE(told->locking && told->locking_enabled && told->media_encryption);
    EXPECT_EQ(revert_effect(*told), RevertEffect::new_keys);
    traits.security_commands = false;
    EXPECT_FALSE(facts_of(traits).tcg);
}

TEST(NvmeFacts, SayWhatCouldNotBeAsked) {
    test::NvmeScene scene;
    scene.drive.turn(emulator::Knob::log_unreadable);
    const auto told = nvme::ask_facts(scene.drive);
    EXPECT_EQ(told->erasure.sanitize, NvmeSanitizeState::unknown);
    EXPECT_THAT(told->erasure.text, HasSubstr("Sanitize Status log: refused: 002h"));
    EXPECT_THAT(told->health.text, HasSubstr("SMART log: refused"));
}

TEST(NvmeFacts, TellItsHealth) {
    const NvmeHealthRecord health = facts_of({}).health;
    EXPECT_EQ(health.power_on_hours, 1234U);
    EXPECT_EQ(health.available_spare, 100U);
    EXPECT_THAT(health.text, IsEmpty());
}

TEST(NvmeScope, HasEveryNamespaceAttachedAndNot) {
    NvmeTraits traits;
    traits.namespaces = {{.nsid = 1, .blocks = 256},
                         {.nsid = 2, .blocks = 128, .format = 1},
                         {.nsid = 5, .blocks = 64, .attached = false}};
    const NvmeScopeRecord scope = facts_of(traits).scope;
    ASSERT_EQ(scope.namespaces.size(), 3U);
    EXPECT_EQ(scope.namespaces[1].block_bytes, 4096U);
    EXPECT_EQ(scope.namespaces[1].format, 1U);
    EXPECT_FALSE(scope.namespaces[2].attached);
    EXPECT_EQ(scope.namespaces[2].blocks, 64U);
    EXPECT_TRUE(scope.complete && scope.accounted);
    EXPECT_FALSE(scope.other_controllers);
    EXPECT_THAT(scope.notes, ElementsAre("namespace 5 is not attached"));
    EXPECT_EQ(scope.namespace_bytes, std::to_string(256 * 512 + 128 * 4096 + 64 * 512));
    EXPECT_EQ(scope.unallocated_bytes, std::to_string(64 * 512));
    EXPECT_THAT(scope.excluded, IsEmpty());
}

TEST(NvmeScope, Has64Namespaces) {
    NvmeTraits traits;
    traits.namespaces.clear();
    for (std::uint32_t nsid = 1; nsid <= 64; ++nsid)
        traits.namespaces.push_back({.nsid = nsid, .blocks = 8});
    const NvmeScopeRecord scope = facts_of(traits).scope;
    EXPECT_EQ(scope.namespaces.size(), 64U);
    EXPECT_EQ(scope.namespaces.back().nsid, 64U);
    EXPECT_TRUE(scope.complete && scope.accounted);
}

TEST(NvmeScope, NamesWhatIsBeside) {
    NvmeTraits traits;
    traits.rpmb = traits.boot_partitions = traits.host_memory = true;
    traits.several_controllers = true;
    traits.namespaces = {{.nsid = 1, .write_protection = 3}, {.nsid = 2, .write_protection = 2}};
    const NvmeScopeRecord scope = facts_of(traits).scope;
    EXPECT_TRUE(scope.other_controllers);
    EXPECT_THAT(scope.excluded,
                ElementsAre("Replay Protected Memory Block of 131072 bytes", "boot partitions",
                            "memory of the computer (Host Memory Buffer)"));
    EXPECT_THAT(scope.notes, Contains("namespace 1 is write protected for good"));
    EXPECT_THAT(scope.notes, Contains("namespace 2 is write protected until the power is off"));
    EXPECT_TRUE(scope.namespaces[0].write_protected);
}

/// Changes what the drive says of itself on the way.
class ChangedPort final : public NvmePort {
  public:
    explicit ChangedPort(NvmePort& port) : port_(port) {}
    Result<NvmeReply> execute(const NvmeCommand& command) override {
        auto reply = port_.execute(command);
        if (reply && change) change(command, *reply);
        return reply;
    }
    Result<std::uint32_t> namespace_id() override { return port_.namespace_id(); }
    std::function<void(const NvmeCommand&, NvmeReply&)> change;

  private:
    NvmePort& port_;
};

NvmeScopeRecord changed_scope(std::function<void(const NvmeCommand&, NvmeReply&)> change) {
    test::NvmeScene scene;
    ChangedPort port(scene.drive);
    port.change = std::move(change);
    return nvme::ask_facts(port)->scope;
}
bool is_identify(const NvmeCommand& command, std::uint32_t what) {
    return command.opcode == 0x06 && command.cdw10_15[0] == what;
}

TEST(NvmeScope, SaysThatTheSumIsNotTheWhole) {
    const auto scope = changed_scope([](const NvmeCommand& command, NvmeReply& reply) {
        if (is_identify(command, 1)) reply.data[288] = 1; // 2^64 more
    });
    EXPECT_TRUE(scope.complete);
    EXPECT_FALSE(scope.accounted);
    EXPECT_THAT(scope.notes,
                ElementsAre("namespaces have 1048576 bytes and 32768 are unallocated, of "
                            "18446744073710632960"));
}

TEST(NvmeScope, SumsBeyond64Bits) {
    const auto scope = changed_scope([](const NvmeCommand& command, NvmeReply& reply) {
        if (is_identify(command, 0)) std::fill_n(reply.data.begin() + 48, 16, std::uint8_t{0});
        if (is_identify(command, 0)) std::fill_n(reply.data.begin(), 24, std::uint8_t{0xFF});
        if (!is_identify(command, 1)) return;
        // (2^64 - 1) * 512 and the 32768 that are unallocated
        std::fill_n(reply.data.begin() + 280, 16, std::uint8_t{0});
        const Bytes total = from_hex("007e0000000000000002").value();
        std::copy(total.begin(), total.end(), reply.data.begin() + 280);
    });
    EXPECT_EQ(scope.namespace_bytes, "9444732965739290426880"); // Python
    EXPECT_TRUE(scope.accounted) << scope.total_bytes;
}

TEST(NvmeScope, IsNotCompleteWhenSomethingIsNotTold) {
    const auto without_list = changed_scope([](const NvmeCommand& command, NvmeReply& reply) {
        if (is_identify(command, 0x10)) reply = {0x4002, 0, {}};
    });
    EXPECT_FALSE(without_list.complete);
    EXPECT_THAT(without_list.notes, Contains(HasSubstr("allocated namespaces: refused")));
    const auto undescribed = changed_scope([](const NvmeCommand& command, NvmeReply& reply) {
        if (is_identify(command, 0)) reply = {0x400B, 0, {}};
    });
    EXPECT_FALSE(undescribed.complete);
    EXPECT_FALSE(undescribed.namespaces.at(0).described);
    const auto old = changed_scope([](const NvmeCommand& command, NvmeReply& reply) {
        if (is_identify(command, 1)) std::fill_n(reply.data.begin() + 80, 4, std::uint8_t{0});
    });
    EXPECT_FALSE(old.complete);
    const auto gone = changed_scope([](const NvmeCommand& command, NvmeReply& reply) {
        if (is_identify(command, 0)) reply.data = Bytes(4096);
    });
    EXPECT_FALSE(gone.complete);
    EXPECT_THAT(gone.notes, Contains("namespace 1 is listed and not there"));
}

TEST(NvmeFacts, AreNoneOfAControllerWithoutNamespaces) {
    test::NvmeScene scene;
    ChangedPort port(scene.drive);
    port.change = [](const NvmeCommand& command, NvmeReply& reply) {
        if (is_identify(command, 1)) reply.data[111] = 2;
    };
    EXPECT_EQ(nvme::ask_facts(port).error().fault, Fault::unsupported);
}

} // namespace
} // namespace quietus
