// luks-erase with volumes that Debian's cryptsetup has made: it opens them before and not
// afterwards, nothing on the medium would let anybody make a header again, and the ciphertext is as
// it was, octet for octet.
#include "bench.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>

namespace quietus::rig {
namespace {

using testing::HasSubstr;

constexpr std::uint64_t mebibyte = std::uint64_t{1} << 20U;
constexpr std::uint64_t volume_bytes = 24 * mebibyte;

enum class Version : std::uint8_t { luks1, luks2 };

std::string name_of(const testing::TestParamInfo<Version>& parameter) {
    return parameter.param == Version::luks1 ? "Luks1" : "Luks2";
}

class LuksErase : public LoopTest, public testing::WithParamInterface<Version> {
  protected:
    void SetUp() override {
        LoopTest::SetUp();
        if (IsSkipped()) return;
        ASSERT_EQ(run({"cryptsetup", "--version"}).exit_status, 0)
            << "cryptsetup-bin of packaging/dependencies.txt is not installed";
        std::ofstream(key) << "a passphrase that has to be of no more use";
    }

    /// A volume in a file of its own, full of secrets where its ciphertext would be.
    std::string make_volume() const {
        const std::string file = scratch.make_file("volume", volume_bytes);
        fill_with_secrets(file);
        Words words{"cryptsetup",
                    "luksFormat",
                    "--batch-mode",
                    "--type",
                    type(),
                    "--key-file",
                    key,
                    "--pbkdf-force-iterations",
                    "1000"};
        if (GetParam() == Version::luks2) words.insert(words.end(), {"--pbkdf", "pbkdf2"});
        words.push_back(file);
        const ProgramRun made = run(words);
        EXPECT_EQ(made.exit_status, 0) << made.output;
        EXPECT_TRUE(opens(file));
        return file;
    }
    [[nodiscard]] std::string type() const {
        return GetParam() == Version::luks1 ? "luks1" : "luks2";
    }
    // Where cryptsetup lays the data of that version.
    [[nodiscard]] std::uint64_t data_offset() const {
        return GetParam() == Version::luks1 ? 2 * mebibyte : 16 * mebibyte;
    }
    [[nodiscard]] bool opens(const std::string& file) const {
        return run({"cryptsetup", "open", "--test-passphrase", "--key-file", key, file})
                   .exit_status == 0;
    }
    /// Writes one file into another.
    static void put(const std::string& from, const std::string& into, std::uint64_t offset) {
        std::fstream file(into, std::ios::binary | std::ios::in | std::ios::out);
        const std::string octets = content_of(from);
        file.seekp(static_cast<std::streamoff>(offset));
        file.write(octets.data(), static_cast<std::streamsize>(octets.size()));
    }
    /// A part of what is on the medium now, in a file of its own.
    std::string part_of(const std::string& medium, std::uint64_t offset) const {
        const std::string file = scratch.path("part");
        std::ofstream(file, std::ios::binary) << content_of(medium).substr(offset, volume_bytes);
        return file;
    }

    Json certificate_of(const Erasure& erasure) const {
        EXPECT_EQ(erasure.exit_status, 0) << erasure.said;
        EXPECT_EQ(erasure.verdict, "erased");
        const ProgramRun audit = bench.audit(erasure.document);
        EXPECT_EQ(audit.exit_status, 0) << audit.output;
        const ProgramRun stock = bench.stock_check(erasure.document);
        EXPECT_EQ(stock.exit_status, 0) << stock.output;
        return json_of(content_of(erasure.document));
    }
    // By who has the drive and the passphrase, and by who looks at its octets.
    void expect_erased(const std::string& medium, const std::string& before,
                       std::uint64_t offset) const {
        const std::string file = part_of(medium, offset);
        EXPECT_FALSE(opens(file));
        EXPECT_NE(run({"cryptsetup", "repair", "--batch-mode", file}).exit_status, 0);
        EXPECT_FALSE(opens(file)) << "nothing was there to repair it by";
        std::string rest = content_of(medium);
        const std::uint64_t data = offset + data_offset();
        const std::uint64_t end = offset + volume_bytes;
        EXPECT_TRUE(rest.compare(data, end - data, before, data, end - data) == 0)
            << "ciphertext is left as it was";
        rest.erase(data, end - data);
        EXPECT_EQ(rest.find("LUKS\xba\xbe"), std::string::npos);
        EXPECT_EQ(rest.find("SKUL\xba\xbe"), std::string::npos);
        EXPECT_EQ(secrets_in(rest), 0U) << "plaintext beside the volume";
    }

    std::string key = scratch.path("key");
    Bench bench;
    const Words by_keys{"--technique", "luks-erase"};
};

TEST_P(LuksErase, OfAWholeDrive) {
    const std::string medium = make_volume();
    const std::string before = content_of(medium);
    const LoopDrive loop(medium);
    const ProgramRun inspected = bench.quietus({"inspect", loop.node()});
    EXPECT_THAT(inspected.output, HasSubstr("luks-erase"));
    const ProgramRun planned = bench.quietus({"plan", loop.node(), by_keys[0], by_keys[1]});
    EXPECT_THAT(planned.output, HasSubstr("ciphertext of the volume at byte 0, LUKS"));
    const Words schemed{"plan", loop.node(), by_keys[0], by_keys[1], "--scheme", "generic.zero"};
    EXPECT_EQ(bench.quietus(schemed).exit_status, 2) << "it has none to choose";
    const Json certificate = certificate_of(bench.erase(loop.node(), by_keys));
    expect_erased(medium, before, 0);
    EXPECT_EQ(certificate.text_of("level"), "none");
    EXPECT_EQ(number(at(certificate, {"coverage", "bytes_proven"})), data_offset());
    EXPECT_THAT(content_of(bench.certificates() + "/QTS-BENCH1-00000001.qdc.json"),
                HasSubstr("\"ciphertext-left\""));
}

// Its table, what lies before, between and behind, and the other partition go too.
TEST_P(LuksErase, OfAPartitionOfAnImage) {
    const std::string volume = make_volume();
    const std::string medium = scratch.make_file("medium", 32 * mebibyte + 777);
    fill_with_secrets(medium);
    std::ofstream(scratch.path("table")) << "label: gpt\nstart=2048, size=49152\nsize=4096\n";
    const ProgramRun made =
        run({"sh", "-c",
             "sfdisk -q --no-reread --wipe always " + medium + " < " + scratch.path("table")});
    ASSERT_EQ(made.exit_status, 0) << made.output;
    put(volume, medium, mebibyte);
    const std::string before = content_of(medium);
    ASSERT_TRUE(opens(part_of(medium, mebibyte)));
    const Json certificate = certificate_of(bench.erase("image:" + medium, by_keys));
    expect_erased(medium, before, mebibyte);
    EXPECT_EQ(content_of(medium).find("EFI PART"), std::string::npos) << "nor its copy at the end";
    EXPECT_EQ(number(at(certificate, {"coverage", "bytes_proven"})),
              before.size() - (volume_bytes - data_offset()));
}

// The seed is on the certificate: anybody can read back what is not ciphertext.
TEST_P(LuksErase, IsReadAgainAndAHeaderThatIsPutBackIsFound) {
    const std::string medium = make_volume();
    const std::string header = content_of(medium).substr(0, data_offset());
    const Erasure erasure = bench.erase("image:" + medium, by_keys);
    certificate_of(erasure);
    const std::string root = bench.state() + "/keys/root.pem";
    const auto recheck = [&] {
        return bench.quietus(
            {"recheck", "image:" + medium, "--certificate", erasure.document, "--trust", root});
    };
    const ProgramRun same = recheck();
    EXPECT_EQ(same.exit_status, 0) << same.output;
    std::ofstream(scratch.path("backup"), std::ios::binary) << header;
    put(scratch.path("backup"), medium, 0);
    EXPECT_TRUE(opens(medium)) << "who has a backup has the keys: a limit on the certificate";
    const ProgramRun different = recheck();
    EXPECT_EQ(different.exit_status, 1) << different.output;
}

INSTANTIATE_TEST_SUITE_P(Made, LuksErase, testing::Values(Version::luks1, Version::luks2), name_of);

} // namespace
} // namespace quietus::rig
