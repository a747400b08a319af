// The built program on loop drives and an image: what is on the medium afterwards, read by the test
// itself, and what the certificate says of it.
#include "bench.hpp"

#include <gmock/gmock.h>

#include <filesystem>

namespace quietus::rig {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::uint64_t mebibyte = 1U << 20U;

/// A drive to be erased, and the file that it stores everything in.
struct Target {
    std::string name;   ///< as on the command line
    std::string medium; ///< the file
    std::uint64_t bytes;
    std::unique_ptr<LoopDrive> loop;
};

enum class Kind : std::uint8_t { loop_512, loop_4096, odd_image };

std::string name_of(const testing::TestParamInfo<Kind>& parameter) {
    switch (parameter.param) {
    case Kind::loop_512:
        return "Loop512";
    case Kind::loop_4096:
        return "Loop4096";
    case Kind::odd_image:
        return "OddImage";
    }
    return {};
}

class Erase : public LoopTest, public testing::WithParamInterface<Kind> {
  protected:
    Target full_of_secrets() const {
        const std::uint64_t bytes =
            GetParam() == Kind::odd_image ? 64 * mebibyte + 777 : 16 * mebibyte + 4096;
        Target target{"", scratch.make_file("medium", bytes), bytes, nullptr};
        fill_with_secrets(target.medium);
        EXPECT_GT(secrets_in(content_of(target.medium)), bytes / 512 - 1);
        if (GetParam() == Kind::odd_image) {
            target.name = "image:" + target.medium;
            return target;
        }
        const std::uint32_t block_bytes = GetParam() == Kind::loop_512 ? 512 : 4096;
        target.loop =
            std::make_unique<LoopDrive>(target.medium, LoopOptions{.block_bytes = block_bytes});
        target.name = target.loop->node();
        return target;
    }

    // Erased, exit 0, and a certificate that both checkers accept; the certificate.
    Json certificate_of(const Erasure& erasure) const {
        EXPECT_EQ(erasure.exit_status, 0) << erasure.said;
        EXPECT_EQ(erasure.verdict, "erased");
        EXPECT_THAT(erasure.document, EndsWith("/QTS-BENCH1-00000001.qdc.json"));
        const ProgramRun audit = bench.audit(erasure.document);
        EXPECT_EQ(audit.exit_status, 0) << audit.output;
        EXPECT_THAT(audit.output, HasSubstr("valid: certificate of erasure"));
        const ProgramRun stock = bench.stock_check(erasure.document);
        EXPECT_EQ(stock.exit_status, 0) << stock.output;
        return json_of(content_of(erasure.document));
    }

    Bench bench;
};

const Json& only_pass(const Json& certificate) {
    return at(certificate, {"method", "passes"}).as<Json::Array>()->back();
}

TEST_P(Erase, ZerosLeaveNothingButZeros) {
    const Target target = full_of_secrets();
    const Json certificate = certificate_of(bench.erase(target.name, scheme("generic.zero")));
    EXPECT_TRUE(content_of(target.medium) == std::string(target.bytes, '\0'));
    EXPECT_EQ(only_pass(certificate).text_of("bytes"), "00");
    EXPECT_EQ(number(at(only_pass(certificate), {"bytes_written"})), target.bytes);
}

TEST_P(Erase, RandomDataAreTheStreamOfTheCertifiedSeedToTheLastByte) {
    const Target target = full_of_secrets();
    const Json certificate = certificate_of(bench.erase(target.name, scheme("generic.random")));
    const std::string seed(only_pass(certificate).text_of("seed"));
    EXPECT_TRUE(content_of(target.medium) == openssl_stream(seed, target.bytes));
}

TEST_P(Erase, EveryDriveGetsAnotherStream) {
    const Target target = full_of_secrets();
    certificate_of(bench.erase(target.name, scheme("generic.random")));
    const std::string first = content_of(target.medium);
    EXPECT_EQ(bench.erase(target.name, scheme("generic.random")).exit_status, 0);
    EXPECT_EQ(differences(first, content_of(target.medium), 4096),
              (std::vector<Blocks>{{0, (target.bytes + 4095) / 4096}}));
}

TEST_P(Erase, ManyPassesEndWithTheLastPattern) {
    const Target target = full_of_secrets();
    const Json certificate = certificate_of(bench.erase(target.name, scheme("de.vsitr")));
    EXPECT_TRUE(content_of(target.medium) == std::string(target.bytes, '\xAA'));
    std::string patterns;
    for (const Json& pass : *at(certificate, {"method", "passes"}).as<Json::Array>())
        patterns += pass.text_of("bytes");
    EXPECT_EQ(patterns, "00ff00ff00ffaa"); // BSI VS-ITR: three alternations, then AA
}

TEST_P(Erase, TheCertificateHasTheFactsOfTheDrive) {
    const Target target = full_of_secrets();
    const Json certificate = certificate_of(bench.erase(target.name, scheme("generic.zero")));
    const Json drive = at(certificate, {"drive"});
    EXPECT_EQ(number(at(drive, {"capacity_bytes"})), std::filesystem::file_size(target.medium));
    EXPECT_EQ(drive.text_of("serial"), "");
    EXPECT_EQ(drive.text_of("identity_source"), "none");
    EXPECT_EQ(number(at(certificate, {"coverage", "bytes_proven"})), target.bytes);
    EXPECT_EQ(certificate.text_of("level"), "none");
    const bool page_cache = *at(certificate, {"method", "page_cache"}).as<bool>();
    EXPECT_EQ(page_cache, target.bytes % 512 != 0); // only the odd tail is not written directly
    EXPECT_EQ(content_of(bench.certificates() + "/QTS-BENCH1-00000001.qdc.json")
                      .find(R"("page-cache")") != std::string::npos,
              page_cache);
    if (!target.loop) return;
    const ProgramRun lsblk = run({"lsblk", "-bdnro", "KNAME,SIZE,LOG-SEC", target.name});
    EXPECT_EQ(lsblk.output, std::string(drive.text_of("host_name")) + " " +
                                std::to_string(number(at(drive, {"capacity_bytes"}))) + " " +
                                std::to_string(number(at(drive, {"logical_block_bytes"}))) + "\n");
    EXPECT_THAT(run({"losetup", "-nO", "BACK-FILE", target.name}).output, HasSubstr(target.medium));
}

TEST_P(Erase, ASampleProvesAsMuchAsItSays) {
    const Target target = full_of_secrets();
    const Json certificate = certificate_of(
        bench.erase(target.name, {"--scheme", "generic.random", "--verification", "sample:10"}));
    EXPECT_EQ(certificate.text_of("grade"), "E2");
    EXPECT_EQ(secrets_in(content_of(target.medium)), 0u);
    const Json& read_back =
        at(certificate, {"verification", "read_backs"}).as<Json::Array>()->back();
    EXPECT_GE(number(at(read_back, {"bytes_read"})), target.bytes / 10);
    EXPECT_LT(number(at(read_back, {"bytes_read"})), target.bytes / 5);
}

TEST_P(Erase, WithoutAReadBackItIsDoneButNotProven) {
    const Target target = full_of_secrets();
    const Erasure erasure =
        bench.erase(target.name, {"--scheme", "generic.zero", "--verification", "none"});
    EXPECT_EQ(erasure.exit_status, 6) << erasure.said;
    EXPECT_EQ(erasure.verdict, "unverified");
    EXPECT_THAT(erasure.document, EndsWith(".qar.json"));
    EXPECT_EQ(bench.audit(erasure.document).exit_status, 9);
    EXPECT_TRUE(content_of(target.medium) == std::string(target.bytes, '\0'));
}

TEST_P(Erase, ACodeIsGoodOnceAndForItsPlanOnly) {
    const Target target = full_of_secrets();
    const std::string before = content_of(target.medium);
    const auto erase_with = [&](const std::string& code, const std::string& scheme_id) {
        return bench
            .quietus({"erase", target.name, "--technique", "overwrite", "--scheme", scheme_id,
                      "--confirm", code})
            .exit_status;
    };
    const std::string code = bench.code_for(target.name, scheme("generic.zero"));
    EXPECT_EQ(erase_with("AAAA-AAAA", "generic.zero"), 3);
    EXPECT_EQ(erase_with(code, "generic.one"), 3);
    EXPECT_TRUE(content_of(target.medium) == before);
    const std::string fresh = bench.code_for(target.name, scheme("generic.zero"));
    EXPECT_EQ(erase_with(fresh, "generic.zero"), 0);
    fill_with_secrets(target.medium);
    EXPECT_EQ(erase_with(fresh, "generic.zero"), 3);
    EXPECT_TRUE(content_of(target.medium) == before);
}

INSTANTIATE_TEST_SUITE_P(Drives, Erase,
                         testing::Values(Kind::loop_512, Kind::loop_4096, Kind::odd_image),
                         name_of);

} // namespace
} // namespace quietus::rig
