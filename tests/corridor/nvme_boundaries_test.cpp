// NVMe drives at the edge: many namespaces, the whole way to the document; and namespaces larger
// than any number here.
#include "nvme_host.hpp"
#include "nvme_verdicts.hpp"

#include "quietus/app/dispose.hpp"
#include "quietus/certificate/check.hpp"
#include "quietus/core/file.hpp"
#include "quietus/policy/judge.hpp"
#include "quietus/policy/make_plan.hpp"
#include "support/station.hpp"

#include <gmock/gmock.h>

#include <limits>

namespace quietus {
namespace {

using test::nvme_methods;
using test::NvmeHost;
using test::NvmeTraits;
using testing::HasSubstr;

constexpr std::uint64_t blocks_each = 16;
constexpr std::uint32_t many = 64;

NvmeTraits many_namespaces() {
    NvmeTraits traits;
    traits.namespaces.clear();
    for (std::uint32_t nsid = 1; nsid <= many; ++nsid)
        traits.namespaces.push_back({.nsid = nsid, .blocks = blocks_each});
    traits.unallocated_blocks = 0;
    traits.spare_blocks = 0;
    // The signer has a clock of its own, and no document is of another hour.
    traits.sanitize.block_takes = traits.sanitize.pass_takes = std::chrono::seconds(6);
    traits.format.user_takes = traits.format.crypto_takes = std::chrono::seconds(0);
    return traits;
}

class ManyNamespaces : public testing::TestWithParam<Technique> {};

TEST_P(ManyNamespaces, AreErasedAndStandOnTheDocument) {
    NvmeHost host(many_namespaces());
    ASSERT_EQ(host.residue(), many * blocks_each);
    const auto keys = std::chrono::seconds(test::Station::time_after_keys());
    host.clock.advance(keys - std::chrono::seconds(host.clock.utc_seconds()));
    test::Station station(host.clock);
    DisposalRequest request;
    request.targets = {"/dev/emulated"};
    request.plan.technique = GetParam();
    request.plan.firmware = test::options_for(GetParam());
    test::Agreeing person;
    test::NotingAudience audience;
    const auto outcomes = dispose(request, station.site(host), person, audience);
    ASSERT_TRUE(outcomes) << outcomes.error().message;
    const Disposal& outcome = outcomes->front();
    EXPECT_EQ(outcome.verdict, Verdict::erased);
    EXPECT_EQ(host.residue(), 0U);
    ASSERT_TRUE(outcome.document) << (outcome.error ? outcome.error->message : "");
    const auto files = read_document(outcome.document->path);
    ASSERT_TRUE(files) << files.error().message;
    const std::string root = read_regular_file(station.root(), 1U << 20U).value();
    EXPECT_EQ(check_document(*files, TrustAnchors::from_pem(root).value()).verdict,
              DocumentVerdict::valid);
    EXPECT_THAT(files->payload, HasSubstr("\"nsid\":64"));
}

INSTANTIATE_TEST_SUITE_P(Techniques, ManyNamespaces, testing::ValuesIn(nvme_methods),
                         [](const testing::TestParamInfo<Technique>& technique) {
                             std::string name(to_text(technique.param));
                             std::ranges::replace(name, '-', '_');
                             return name;
                         });

// One of the sixty-four that keeps its content is enough.
TEST(ManyNamespacesThat, AreNotAllErasedAreNotErased) {
    NvmeHost host(many_namespaces());
    host.drive.turn(emulator::Knob::one_namespace_left);
    PlanRequest wish;
    wish.technique = Technique::nvme_sanitize_block_erase;
    const auto record = host.erase(wish);
    ASSERT_TRUE(record);
    EXPECT_EQ(record->judgement.verdict, Verdict::failed);
    EXPECT_EQ(record->judgement.level, Level::none);
    EXPECT_NE(host.residue(), 0U);
}

/// Says of each namespace that it has so many blocks, of 512 octets: NSZE, NCAP, NUSE and NVMCAP of
/// Identify Namespace.
class Boasting final : public NvmePort {
  public:
    Boasting(NvmePort& port, std::uint64_t blocks) : port_(port), blocks_(blocks) {}
    Result<NvmeReply> execute(const NvmeCommand& command) override {
        auto reply = port_.execute(command);
        constexpr std::uint8_t identify = 0x06;
        const unsigned what = command.cdw10_15[0] & 0xFFU;
        if (!reply || command.opcode != identify || (what != 0x00 && what != 0x11)) return reply;
        if (reply->data.size() < 64) return reply;
        for (const std::size_t at : {0, 8, 16})
            put(reply->data, at, blocks_);
        put(reply->data, 48, blocks_ << 9U);
        put(reply->data, 56, blocks_ >> 55U);
        return reply;
    }
    Result<std::uint32_t> namespace_id() override { return port_.namespace_id(); }

  private:
    static void put(Bytes& data, std::size_t first, std::uint64_t value) {
        for (std::size_t at = 0; at < sizeof value; ++at)
            data[first + at] = static_cast<std::uint8_t>(value >> (8 * at) & 0xFFU);
    }
    NvmePort& port_;
    std::uint64_t blocks_;
};

// The decimals are Python's. 2^44 blocks of 512 octets are 2^53, what JSON keeps exactly and the
// most that is planned; 2^55 of them are 2^64.
TEST(NamespaceSize, BeyondAllNumbersIsRefusedByItsName) {
    const std::vector<std::pair<std::uint64_t, std::string>> sizes{
        {std::uint64_t{1} << 44U, "9007199254740992"},
        {std::uint64_t{1} << 55U, "18446744073709551616"},
        {(std::uint64_t{1} << 55U) + 8, "18446744073709555712"},
        {std::numeric_limits<std::uint64_t>::max(), "9444732965739290426880"}};
    for (const auto& [blocks, bytes] : sizes) {
        SCOPED_TRACE(blocks);
        emulator::SimulatedClock clock;
        emulator::NvmeDrive drive({}, clock);
        Boasting boasting(drive, blocks);
        const auto facts = nvme::ask_facts(boasting);
        ASSERT_TRUE(facts) << facts.error().message;
        EXPECT_EQ(facts->scope.namespace_bytes, bytes);
        EXPECT_FALSE(joined(facts->scope));
        Drive told = test::told_by(drive);
        nvme::tell(*facts, told);
        for (const Technique method : nvme_methods) {
            PlanRequest wish;
            wish.technique = method;
            const auto plan = make_plan(told, wish);
            ASSERT_FALSE(plan) << to_text(method);
            EXPECT_EQ(plan.error().fault, Fault::unsupported);
            EXPECT_THAT(plan.error().message, HasSubstr("larger than can be counted"));
        }
    }
}

// The largest that is counted has no reach here: the kernel's node is of another size.
TEST(NamespaceSize, OfAnotherSizeThanItsNodeIsRefused) {
    emulator::SimulatedClock clock;
    emulator::NvmeDrive drive({}, clock);
    Boasting boasting(drive, (std::uint64_t{1} << 44U) - 1);
    const auto facts = nvme::ask_facts(boasting);
    ASSERT_TRUE(facts && joined(facts->scope));
    Drive told = test::told_by(drive);
    nvme::tell(*facts, told);
    PlanRequest wish;
    wish.technique = Technique::nvme_sanitize_block_erase;
    const auto plan = make_plan(told, wish);
    ASSERT_FALSE(plan);
    EXPECT_THAT(plan.error().message, HasSubstr("9007199254740480 bytes"));
}

} // namespace
} // namespace quietus
