// What an auditor must find in a log that somebody has been at. Each case is a log as the station
// left it, and one thing done to it.
#include "log_directory.hpp"

#include "quietus/core/file.hpp"
#include "quietus/register/audit.hpp"

#include <gmock/gmock.h>

#include <set>

namespace quietus {
namespace {

using testing::Contains;
using testing::IsEmpty;
namespace fs = std::filesystem;

using Codes = std::set<std::string>;

class AuditOfALog : public LogDirectory {
  protected:
    void SetUp() override {
        LogDirectory::SetUp();
        kept = directory + "-kept";
        fs::create_directory(kept);
        for (int i = 0; i < 3; ++i)
            complete_job();
        keep("old");
        for (int i = 0; i < 2; ++i)
            complete_job();
        texts = all_entries();
    }
    void TearDown() override {
        fs::remove_all(kept);
        LogDirectory::TearDown();
    }
    void complete_job() {
        const auto intent = log->append_intent(intent_of());
        ASSERT_TRUE(intent);
        ASSERT_TRUE(log->append_result({intent->job, "failed", std::string(64, 'b')}));
        ASSERT_TRUE(
            log->append_document({intent->job, "quietus.attempt", sha_of(intent->sequence)}));
    }
    static std::string sha_of(std::uint64_t number) {
        return std::string(95, '0') + std::to_string(number);
    }
    void keep(const std::string& name) const {
        fs::copy_file(directory + "/checkpoint", kept + "/" + name + ".checkpoint");
    }
    [[nodiscard]] std::vector<std::string> all_entries() const {
        std::istringstream all(entries());
        std::vector<std::string> lines;
        for (std::string text; std::getline(all, text);)
            lines.push_back(text);
        return lines;
    }
    /// The whole log anew over these entries, signed with the station's own key.
    void rewrite(const std::vector<std::string>& with) const {
        fs::remove_all(directory);
        fs::create_directory(directory);
        const auto files = open_log_files(directory);
        TileLog tiles(*files);
        const auto signer = sign_checkpoints_with(load_key)("quietus/TEST").value();
        ASSERT_TRUE(tiles.create(*signer));
        ASSERT_TRUE(tiles.append(with, *signer));
    }
    RegisterReport audit(bool with_previous = true) {
        const std::vector logs{NoteVerifier::of("quietus/TEST", load_key().value()).value()};
        const auto anchors = TrustAnchors::none();
        return audit_register({directory, with_previous ? std::optional(kept) : std::nullopt,
                               std::nullopt, kept, logs, anchors});
    }
    Codes codes(bool with_previous = true) {
        Codes found;
        for (const CheckFinding& each : audit(with_previous).findings)
            found.insert(each.code);
        found.erase("I_REGISTER_NO_DOCUMENTS");
        return found;
    }
    /// The bundle with its entries changed by hand, and nothing else.
    void change_bundle(const std::function<void(std::vector<std::string>&)>& change) {
        auto lines = texts;
        change(lines);
        std::string content;
        for (const std::string& each : lines)
            content += bundled(each);
        std::ofstream(bundle(), std::ios::binary) << content;
    }
    [[nodiscard]] std::string bundle() const {
        return directory + "/" + bundle_name(0, texts.size());
    }
    [[nodiscard]] std::string in_entry(std::size_t number, const std::string& from,
                                       const std::string& to) const {
        std::string text = texts.at(number);
        const auto at = text.find(from);
        EXPECT_NE(at, std::string::npos) << from << " in " << text;
        return text.replace(at, from.size(), to);
    }
    std::string kept;
    std::vector<std::string> texts;
};

TEST_F(AuditOfALog, FindsNothingInOneThatHolds) {
    const RegisterReport report = audit();
    EXPECT_THAT(codes(), IsEmpty());
    EXPECT_EQ(report.size, 16u);
    EXPECT_EQ(report.pinned, 10u);
    EXPECT_EQ(report.intents, 5u);
    EXPECT_EQ(report.documents, 5u);
    EXPECT_EQ(report.origin, "quietus/TEST");
}

TEST_F(AuditOfALog, SaysWhichJobHasNoResult) {
    ASSERT_TRUE(log->append_intent(intent_of()));
    EXPECT_EQ(codes(), Codes{"I_REGISTER_OPEN"});
}

TEST_F(AuditOfALog, FindsAChange) {
    change_bundle([&](auto& lines) { lines[5] = in_entry(5, "failed", "erased"); });
    EXPECT_THAT(codes(), Contains("E_REGISTER_CHANGED"));
    EXPECT_THAT(codes(), Contains("E_REGISTER_ROOT"));
}

TEST_F(AuditOfALog, FindsADeletion) {
    change_bundle([](auto& lines) { lines.erase(lines.begin() + 5); });
    EXPECT_THAT(codes(), Contains("E_REGISTER_DELETED"));
}

TEST_F(AuditOfALog, FindsAReordering) {
    change_bundle([](auto& lines) { std::swap(lines[5], lines[6]); });
    EXPECT_THAT(codes(), Contains("E_REGISTER_REORDERED"));
}

TEST_F(AuditOfALog, FindsATruncation) {
    fs::remove(bundle());
    EXPECT_THAT(codes(), Contains("E_REGISTER_MISSING"));
}

TEST_F(AuditOfALog, FindsATruncationThatWasSignedAnew) {
    auto fewer = texts;
    fewer.resize(7);
    rewrite(fewer);
    EXPECT_EQ(codes(), Codes{"E_REGISTER_ROLLED_BACK"});
    EXPECT_THAT(codes(false), IsEmpty()) << "which is why checkpoints have to leave the station";
}

TEST_F(AuditOfALog, FindsARestoredSnapshotThatWentOn) {
    auto other = texts;
    other.resize(7);
    rewrite(other);
    log = open(directory);
    for (int i = 0; i < 4; ++i)
        complete_job();
    EXPECT_THAT(codes(), Contains("E_REGISTER_FORK"));
    EXPECT_THAT(codes(false), IsEmpty());
}

TEST_F(AuditOfALog, LeavesBothSignedCheckpointsOfAForkAsProof) {
    auto other = texts;
    other[5] = in_entry(5, std::string(64, 'b'), std::string(64, 'e'));
    rewrite(other);
    const RegisterReport report = audit();
    ASSERT_EQ(report.saved.size(), 2u);
    const auto key = NoteVerifier::of("quietus/TEST", load_key().value()).value();
    std::set<std::string> opened;
    for (const std::string& file : report.saved)
        opened.insert(open_note(read_regular_file(file, note_limit).value(), key).value());
    EXPECT_EQ(opened.size(), 2u) << "two texts, both signed by the same key";
}

TEST_F(AuditOfALog, FindsARenumberingEvenWhenItIsSigned) {
    auto other = texts;
    other[13] = in_entry(13, "00000005", "00000006");
    other[13].replace(other[13].find("\"sequence\":5"), 12, "\"sequence\":6");
    rewrite(other);
    EXPECT_THAT(codes(false), Contains("E_REGISTER_NUMBER"));
}

TEST_F(AuditOfALog, FindsABrokenChainAndASecondResultOrDocument) {
    auto other = texts;
    other[13] = in_entry(13, sha_of(4), sha_of(3));
    rewrite(other);
    EXPECT_THAT(codes(false), Contains("E_REGISTER_CHAIN"));
    other = texts;
    other.push_back(in_entry(14, "\"index\":14", "\"index\":16"));
    rewrite(other);
    EXPECT_THAT(codes(false), Contains("E_REGISTER_RESULT"));
    other = texts;
    other.push_back(in_entry(15, "\"index\":15", "\"index\":16"));
    rewrite(other);
    EXPECT_THAT(codes(false), Contains("E_REGISTER_DOCUMENT"));
}

TEST_F(AuditOfALog, FindsACertificateWhereTheResultIsNotErased) {
    auto other = texts;
    other[15] = in_entry(15, "quietus.attempt", "quietus.certificate");
    rewrite(other);
    EXPECT_EQ(codes(false), Codes{"E_REGISTER_VERDICT"});
}

TEST_F(AuditOfALog, FindsAChangedTileAndAForeignCheckpoint) {
    const std::string tile = directory + "/" + tile_name(0, 0, texts.size());
    std::string content = read_regular_file(tile, 8192).value();
    content[40] = static_cast<char>(content[40] ^ 1);
    std::ofstream(tile, std::ios::binary) << content;
    EXPECT_THAT(codes(), Contains("E_REGISTER_CHANGED"));
    const auto other =
        NoteSigner::make("quietus/TEST", PrivateKey::generate(KeyKind::ed25519).value()).value();
    const auto parsed = parse_note(read_regular_file(directory + "/checkpoint", 4096).value());
    std::ofstream(directory + "/checkpoint", std::ios::binary) << other.sign(parsed->text).value();
    EXPECT_THAT(codes(), Contains("E_REGISTER_CHECKPOINT"));
}

TEST_F(AuditOfALog, FindsAChangedTileOfAHigherLevel) {
    std::vector<std::string> many(300, "x");
    rewrite(many);
    const std::string tile = directory + "/tile/1/000.p/1";
    std::ofstream(tile, std::ios::binary) << std::string(32, 'x');
    EXPECT_THAT(codes(false), Contains("E_REGISTER_TILE"));
}

TEST_F(AuditOfALog, FindsAnEntryThatIsNoneAndOneOutOfStepEvenWhenTheyAreSigned) {
    auto other = texts;
    other[13] = "not an entry";
    rewrite(other);
    EXPECT_THAT(codes(false), Contains("E_REGISTER_ENTRY"));
    other = texts;
    other[13] = in_entry(13, "\"index\":13", "\"index\":14");
    rewrite(other);
    EXPECT_THAT(codes(false), Contains("E_REGISTER_INDEX"));
}

TEST_F(AuditOfALog, FindsALookThatContradictsItselfEvenWhenItIsSigned) {
    ASSERT_TRUE(log->append_recheck(recheck_of()));
    EXPECT_THAT(codes(), IsEmpty());
    texts = all_entries();
    for (const auto& [from, to, code] : std::initializer_list<std::array<const char*, 3>>{
             {"\"bytes_matched\":4096", "\"bytes_matched\":0", "E_REGISTER_VALIDATION"},
             {"\"same\"", "\"another-drive\"", "E_REGISTER_VALIDATION"},
             {"\"same\"", "\"fine\"", "E_REGISTER_ENTRY"},
             {"\"recheck\"", "\"glance\"", "E_REGISTER_ENTRY"},
             {"\"percent\":100", "\"percent\":101", "E_REGISTER_ENTRY"},
             {"QTS-ELSEWHERE-", "QTS-", "E_REGISTER_ENTRY"}}) {
        auto other = texts;
        other[16] = in_entry(16, from, to);
        rewrite(other);
        EXPECT_EQ(codes(false), Codes{code}) << to;
    }
}

TEST_F(AuditOfALog, FindsALogThatNobodyVouchesFor) {
    const auto other = NoteSigner::make("quietus/OTHER", load_key().value()).value();
    const auto parsed = parse_note(read_regular_file(directory + "/checkpoint", 4096).value());
    std::string text = parsed->text;
    text.replace(text.find("TEST"), 4, "OTHER");
    std::ofstream(directory + "/checkpoint", std::ios::binary) << other.sign(text).value();
    EXPECT_EQ(codes(false), Codes{"E_REGISTER_ORIGIN"});
}

TEST_F(AuditOfALog, PassesOverFilesOfPreviousThatAreNoCheckpointsOfThisLog) {
    fs::remove(kept + "/old.checkpoint");
    std::ofstream(kept + "/bad.checkpoint") << "nothing";
    std::ofstream(kept + "/notes.txt") << "nothing";
    EXPECT_EQ(codes(), (Codes{"W_REGISTER_PREVIOUS", "I_REGISTER_NO_PREVIOUS"}));
}

TEST_F(AuditOfALog, SaysWhereTheProofOfAForkCannotBeWritten) {
    auto other = texts;
    other[5] = in_entry(5, std::string(64, 'b'), std::string(64, 'e'));
    rewrite(other);
    const std::vector logs{NoteVerifier::of("quietus/TEST", load_key().value()).value()};
    const auto anchors = TrustAnchors::none();
    const auto report =
        audit_register({directory, kept, std::nullopt, kept + "/nowhere", logs, anchors});
    Codes found;
    for (const CheckFinding& each : report.findings)
        found.insert(each.code);
    EXPECT_THAT(found, Contains("E_REGISTER_FORK"));
    EXPECT_THAT(found, Contains("W_REGISTER_FORK_NOT_SAVED"));
}

TEST_F(AuditOfALog, SaysWhatIsMissingToDecide) {
    const auto anchors = TrustAnchors::none();
    const std::vector<NoteVerifier> none;
    const auto report =
        audit_register({directory, std::nullopt, std::nullopt, kept, none, anchors});
    EXPECT_EQ(report.findings.front().code, "I_REGISTER_NO_TRUST");
    fs::remove(directory + "/checkpoint");
    EXPECT_EQ(codes(false), Codes{"I_REGISTER_NO_CHECKPOINT"});
}

} // namespace
} // namespace quietus
