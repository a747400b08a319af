// luks-erase over emulated drives: what opens the volume is gone from the medium and its ciphertext
// is as it was; a drive that keeps a header is not erased; a run that was interrupted is gone on
// with.
#include "resumable.hpp"

#include "quietus/drive/luks_headers.hpp"

#include <fstream>
#include <iterator>

namespace quietus {
namespace {

using emulator::FaultKind;
using emulator::Media;
using emulator::MediaFault;
using test::Agreeing;
using test::NotingAudience;
using test::OneDriveHost;
using test::Station;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::uint64_t mib = std::uint64_t{1} << 20U;
constexpr std::uint64_t volume_at = mib;
constexpr std::uint64_t data_at = volume_at + 16 * mib; // as cryptsetup lays it out
constexpr std::uint64_t volume_end = 19 * mib;
constexpr std::uint64_t drive_end = 20 * mib;
constexpr std::uint64_t copy_at = volume_at + 16384;
const std::string plain = "in the clear, outside of the volume";
const std::string ciphertext = "as good as noise";

Bytes header_by_cryptsetup() {
    std::ifstream file(std::string(QUIETUS_CORPUS) + "/contents/luks2", std::ios::binary);
    EXPECT_TRUE(file);
    return {std::istreambuf_iterator<char>(file), {}};
}

void put(const std::string& text, Extent where, Bytes& drive) {
    for (std::uint64_t at = where.offset; at < where.end(); ++at)
        drive[at] = static_cast<std::uint8_t>(text[at % text.size()]);
}

/// Plaintext, a volume from 1 to 19 MiB with its headers and its ciphertext, plaintext.
Bytes content_with_volume() {
    Bytes drive(drive_end);
    put(plain, {0, drive_end}, drive);
    put(ciphertext, {data_at, volume_end - data_at}, drive);
    std::ranges::copy(header_by_cryptsetup(), drive.begin() + volume_at);
    return drive;
}

std::vector<LuksHeader> headers_in(const Bytes& drive, std::uint64_t at) {
    const luks::Reader read = [&](std::uint64_t offset, std::size_t octets) -> Result<Bytes> {
        const auto begin = drive.begin() + static_cast<std::ptrdiff_t>(offset);
        const auto left = static_cast<std::size_t>(drive.end() - begin);
        return Bytes(begin, begin + static_cast<std::ptrdiff_t>(std::min(octets, left)));
    };
    auto headers = luks::read_headers(read, at).value();
    for (LuksHeader& each : headers)
        each.room_bytes = volume_end - at;
    return headers;
}

bool has_text(const Bytes& all, std::string_view text) {
    const ByteView octets = as_bytes(text);
    return std::search(all.begin(), all.end(), octets.begin(), octets.end()) != all.end();
}

class LuksErase : public testing::Test {
  protected:
    LuksErase() {
        media.restore(before);
        host.drive.luks = headers_in(before, volume_at);
        host.drive.contents = {
            {.type = "crypto_LUKS", .usage = "crypto", .offset_bytes = volume_at}};
    }

    Result<std::vector<Disposal>> erase() {
        audience.last = {};
        DisposalRequest request;
        request.targets = {"image:/one"};
        request.plan.technique = Technique::luks_erase;
        request.endurance.checkpoint_least = request.endurance.checkpoint_most =
            std::chrono::milliseconds{0};
        Agreeing person;
        return dispose(request, station.site(host), person, audience);
    }
    Disposal erased() {
        auto outcomes = erase();
        EXPECT_TRUE(outcomes.has_value()) << outcomes.error().message;
        return outcomes ? std::move(outcomes->front()) : Disposal{};
    }
    [[nodiscard]] Bytes now(Extent where) const { return media.at(where.offset, where.length); }

    [[nodiscard]] bool has_header_left() const {
        const Bytes head = now({0, data_at});
        return has_text(head, "LUKS\xba\xbe") || has_text(head, "SKUL\xba\xbe");
    }
    // On the medium, whatever anybody said.
    void expect_keys_gone() const {
        const Bytes head = now({0, data_at});
        const Bytes tail = now({volume_end, drive_end - volume_end});
        for (const Bytes* each : {&head, &tail}) {
            EXPECT_FALSE(has_text(*each, "LUKS\xba\xbe"));
            EXPECT_FALSE(has_text(*each, "SKUL\xba\xbe"));
            EXPECT_FALSE(has_text(*each, plain));
        }
        EXPECT_THAT(headers_in(now({0, drive_end}), volume_at), testing::IsEmpty());
    }
    void expect_ciphertext_untouched() const {
        const Bytes kept = now({data_at, volume_end - data_at});
        EXPECT_TRUE(std::equal(kept.begin(), kept.end(), before.begin() + data_at));
        for (const Media::Command& each : media.trace())
            EXPECT_TRUE(each.direction == Direction::read || each.extent.end() <= data_at ||
                        each.extent.offset >= volume_end)
                << each.extent.offset;
    }
    Json expect_document(const Disposal& end, DocumentVerdict verdict) {
        const auto files = read_document(end.document->path);
        EXPECT_TRUE(files.has_value());
        const auto root = read_regular_file(station.root(), 1U << 20U).value();
        report = check_document(*files, TrustAnchors::from_pem(root).value());
        EXPECT_EQ(report.verdict, verdict);
        return parse_json(files->payload).value();
    }
    static std::vector<std::string> codes_of(const Json& document) {
        std::vector<std::string> codes;
        for (const Json& each : *document.find("findings")->as<Json::Array>())
            codes.emplace_back(each.text_of("code"));
        return codes;
    }

    Bytes before = content_with_volume();
    emulator::SimulatedClock time;
    Media media{{.size_bytes = drive_end, .slots = 2, .slot_bytes = 65536}, time};
    OneDriveHost host{media};
    NotingAudience audience;
    Station station;
    DocumentReport report;
};

TEST_F(LuksErase, TakesAllButTheCiphertext) {
    ASSERT_TRUE(has_header_left()) << "before, or the test is about nothing";
    const Disposal end = erased();
    ASSERT_EQ(end.verdict, Verdict::erased) << (end.error ? end.error->message : "");
    expect_keys_gone();
    expect_ciphertext_untouched();
    const Json document = expect_document(end, DocumentVerdict::valid);
    EXPECT_EQ(document.text_of("level"), "none");
    EXPECT_TRUE(std::ranges::any_of(report.findings, [](const CheckFinding& each) {
        return each.code == "W_CIPHERTEXT_LEFT";
    })) << "who relies on it is told";
    const Json* coverage = document.find("coverage");
    EXPECT_EQ(to_line(*coverage->find("unproven")), R"([{"length":2097152,"offset":17825792}])");
    EXPECT_THAT(to_line(*document.find("limits")), HasSubstr("ciphertext-left"));
    const Json* found = document.find("method")->find("luks");
    ASSERT_NE(found, nullptr);
    EXPECT_EQ(found->find("left"), nullptr);
    const Json& keys = found->find("before")->as<Json::Array>()->front();
    EXPECT_EQ(to_line(*keys.find("headers")), "2");
    EXPECT_EQ(keys.text_of("sha256"),
              sha256_hex(as_text(ByteView(before).subspan(volume_at, 16 * mib))));
}

// The trap of version 2: `cryptsetup repair` makes the first header of the second.
TEST_F(LuksErase, IsNotErasedWhereTheDriveKeepsTheSecondHeader) {
    audience.at_step_end = [&](const Progress& progress) {
        if (progress.kind == StepKind::address_probe)
            media.add({.kind = FaultKind::write_dropped, .where = {copy_at, 4096}});
    };
    const Disposal end = erased();
    EXPECT_TRUE(has_header_left()) << "or the test is about nothing";
    EXPECT_EQ(end.verdict, Verdict::failed);
    const Json document = expect_document(end, DocumentVerdict::not_an_erasure);
    EXPECT_THAT(codes_of(document), Contains("mismatch"));
    EXPECT_THAT(codes_of(document), Contains("key-header-left"));
    expect_ciphertext_untouched();
}

TEST_F(LuksErase, IsNotErasedWhereAKeySlotStays) {
    audience.at_step_end = [&](const Progress& progress) {
        if (progress.kind == StepKind::address_probe)
            media.add({.kind = FaultKind::write_error, .where = {volume_at + 32768, 4096}});
    };
    const Disposal end = erased();
    EXPECT_EQ(end.verdict, Verdict::failed);
    EXPECT_THAT(codes_of(expect_document(end, DocumentVerdict::not_an_erasure)),
                Contains("unwritable"));
}

// Between plan and run somebody has made another volume there: its data are elsewhere.
TEST_F(LuksErase, WritesNothingWhereTheHeaderIsNotThePlannedOne) {
    host.drive.luks.front().data_offset += 65536;
    host.drive.luks.front().keys_end += 65536;
    host.drive.luks.back().data_offset += 65536;
    const Disposal end = erased();
    EXPECT_EQ(end.exit_status, ExitStatus::refused);
    ASSERT_TRUE(end.error.has_value());
    EXPECT_THAT(end.error->message, HasSubstr("has another header"));
    EXPECT_EQ(media.counts().writes, 0U);
    EXPECT_TRUE(now({0, drive_end}) == before);
}

TEST_F(LuksErase, WritesNothingWhereTheHeaderHasGone) {
    audience.at_commit = [&] { media.fill({volume_at, mib}, as_bytes("something else")); };
    const Disposal end = erased();
    EXPECT_EQ(end.exit_status, ExitStatus::refused);
    EXPECT_EQ(media.counts().writes, 0U);
}

TEST_F(LuksErase, IsRefusedWithAReasonWhereItIsUnclear) {
    host.drive.luks.front().text = "a segment that is not encrypted";
    const auto outcomes = erase();
    const std::string why = outcomes ? outcomes->front().error->message : outcomes.error().message;
    EXPECT_THAT(why, HasSubstr("a segment that is not encrypted"));
    EXPECT_EQ(media.counts().writes, 0U);
}

// In each step; the headers are gone by then, so nothing of them is compared.
TEST_F(LuksErase, IsGoneOnWithWhereverItWasInterrupted) {
    for (const std::uint32_t step : {1U, 2U, 3U}) {
        SCOPED_TRACE(step);
        media.restore(before);
        const std::uint64_t enough = step == 1 ? 1 : 9 * mib;
        audience.stop = [&](const Progress& progress) {
            return progress.step == step && progress.bytes_done >= enough;
        };
        const Disposal stopped = erased();
        ASSERT_EQ(stopped.verdict, Verdict::interrupted);
        audience.stop = [](const Progress&) { return false; };
        audience.last = {};
        host.drive.luks.clear(); // as it is found now
        host.drive.contents.clear();
        Agreeing person;
        const auto outcomes = resume({stopped.job, {}}, station.site(host), person, audience);
        ASSERT_TRUE(outcomes.has_value()) << outcomes.error().message;
        const Disposal& end = outcomes->front();
        ASSERT_EQ(end.verdict, Verdict::erased) << (end.error ? end.error->message : "");
        expect_keys_gone();
        expect_ciphertext_untouched();
        const Json document = expect_document(end, DocumentVerdict::valid);
        const Json* keys = document.find("method")->find("luks")->find("before");
        EXPECT_EQ(keys->as<Json::Array>()->size(), 1U) << "as the first run saw them";
        host.drive.luks = headers_in(before, volume_at);
        host.drive.contents = {{.type = "crypto_LUKS", .offset_bytes = volume_at}};
    }
}

} // namespace
} // namespace quietus
