// A drive with a million bad blocks, each between two good ones: all of it in the document or the
// journal, to the block, and little of it in memory.
#include "support/alternating_port.hpp"
#include "support/station.hpp"

#include "quietus/certificate/check.hpp"
#include "quietus/core/file.hpp"
#include "quietus/job/journal.hpp"
#include "quietus/stream/digest.hpp"

#include <gmock/gmock.h>

#include <fstream>

namespace quietus {
namespace {

using testing::Contains;
using testing::SizeIs;

#ifdef QUIETUS_BAD_BLOCKS
constexpr std::uint64_t bad_blocks = QUIETUS_BAD_BLOCKS;
#else
constexpr std::uint64_t bad_blocks = 50'000; // a million in the campaign
#endif

// In mebibytes, since the last call of begin().
class MostMemory {
  public:
    static void begin() { std::ofstream("/proc/self/clear_refs") << 5; }
    static std::uint64_t used() {
        std::ifstream status("/proc/self/status");
        for (std::string word; status >> word;)
            if (std::uint64_t kibibytes = 0; word == "VmHWM:" && status >> kibibytes)
                return kibibytes >> 10U;
        return ~std::uint64_t{0};
    }
};

class MillionBadBlocks : public testing::Test {
  protected:
    Disposal erase() {
        test::Agreeing person;
        test::NotingAudience audience;
        DisposalRequest request;
        request.targets = {"image:/one"};
        request.plan.scheme = "generic.zero";
        request.endurance.attempts = 1;
        auto outcomes = dispose(request, station.site(host), person, audience);
        EXPECT_TRUE(outcomes && outcomes->front().document);
        return outcomes ? std::move(outcomes->front()) : Disposal{};
    }
    [[nodiscard]] FileJournal::Content journal_of(const Disposal& outcome) const {
        std::ifstream file(station.places.job(outcome.job) + "/journal.jsonl", std::ios::binary);
        const std::string text{std::istreambuf_iterator<char>(file), {}};
        auto content = FileJournal::parse(text);
        EXPECT_TRUE(content) << content.error().message;
        return std::move(*content);
    }
    static void expect_every_other(const std::vector<Extent>& extents, std::uint64_t first) {
        ASSERT_THAT(extents, SizeIs(bad_blocks));
        for (std::uint64_t i = 0; i < bad_blocks; ++i)
            ASSERT_EQ(extents[i], (Extent{first + i * 1024, 512}));
    }

    test::Station station;
    test::AlternatingPort port{bad_blocks * 1024};
    test::OneDriveHost host{port};
};

TEST_F(MillionBadBlocks, AreAllOnRecordInLittleMemory) {
    MostMemory::begin();
    [[maybe_unused]] const std::uint64_t before = MostMemory::used();
    const Disposal outcome = erase();
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    // Five lists of 16 MiB, and their text for the journal and the signer.
    EXPECT_LT(MostMemory::used() - before, 128 + bad_blocks * 320 / 1'000'000);
#endif
    EXPECT_EQ(outcome.verdict, Verdict::failed);

    const FileJournal::Content journal = journal_of(outcome);
    ASSERT_TRUE(journal.record);
    const Evidence& evidence = journal.record->evidence;
    ASSERT_THAT(evidence.passes, SizeIs(1));
    ASSERT_THAT(evidence.read_backs, SizeIs(1));
    expect_every_other(evidence.passes.front().written, 0);
    expect_every_other(evidence.passes.front().unwritable, 512);
    expect_every_other(evidence.read_backs.front().matched, 0);
    expect_every_other(evidence.read_backs.front().unreadable, 512);
    expect_every_other(journal.record->judgement.unproven, 512);

    // The document has its totals and digest; the auditor takes it.
    const auto files = read_document(outcome.document->path);
    ASSERT_TRUE(files) << files.error().message;
    EXPECT_LE(files->payload.size(), payload_limit);
    const auto payload = parse_json(files->payload);
    ASSERT_TRUE(payload);
    std::string text = "[";
    for (std::uint64_t i = 0; i < bad_blocks; ++i)
        text += (i == 0 ? "" : ",") +
                ("{\"length\":512,\"offset\":" + std::to_string(512 + i * 1024)) + "}";
    const Json unwritable = Json::object({{"bytes", bad_blocks * 512},
                                          {"extents", bad_blocks},
                                          {"list", "method.passes.0.unwritable"},
                                          {"note", "complete list in the journal"},
                                          {"sha256", sha256_hex(text + "]")}});
    ASSERT_NE(payload->find("omitted"), nullptr);
    EXPECT_THAT(*payload->find("omitted")->as<Json::Array>(), Contains(unwritable));
    const auto trust = TrustAnchors::from_pem(read_regular_file(station.root(), 1U << 20U).value());
    const auto report = check_document(*files, *trust);
    EXPECT_EQ(report.verdict, DocumentVerdict::not_an_erasure);
}

} // namespace
} // namespace quietus
