// A drive looked at once more, weeks later and perhaps elsewhere: what is said of it, what goes
// into the log, and that nothing is written to it.
#include "program_fixture.hpp"

namespace quietus {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

class QuietusRecheck : public QuietusProgram {
  protected:
    void erase_with(const std::string& scheme) const {
        const Words chosen{"--scheme", scheme};
        Words words{"--confirm", code(chosen)};
        words.insert(words.end(), chosen.begin(), chosen.end());
        ASSERT_EQ(on_image("erase", words).status, 0);
    }
    [[nodiscard]] CommandResult recheck(const Words& more = {}) const {
        return recheck_with_trust({"--trust", state + "/keys/root.pem"}, more);
    }
    [[nodiscard]] CommandResult recheck_with_trust(const Words& trust,
                                                   const Words& more = {}) const {
        Words words{"recheck", "image:" + image, "--certificate", certificate};
        words.insert(words.end(), trust.begin(), trust.end());
        words.insert(words.end(), more.begin(), more.end());
        return quietus(words);
    }
    [[nodiscard]] static Json drive_of(const CommandResult& result) {
        const auto json = parse_json(result.out);
        const Json* drive = json ? json->find("drive") : nullptr;
        EXPECT_NE(drive, nullptr) << result.out << result.err;
        return drive == nullptr ? Json{} : *drive;
    }
    [[nodiscard]] static std::int64_t number(const Json& json, std::string_view name) {
        const Json* member = json.find(name);
        const auto* value = member == nullptr ? nullptr : member->as<std::int64_t>();
        EXPECT_NE(value, nullptr) << name;
        return value == nullptr ? -1 : *value;
    }
    /// One octet of the image becomes another.
    void flip(std::size_t offset) const {
        std::string bytes = content(image);
        bytes[offset] = static_cast<char>(~bytes[offset]);
        overwrite(image, bytes);
    }
    /// The last entry of a station's log, which an auditor finds clean.
    [[nodiscard]] Json last_entry(const std::string& station) const {
        const auto audit =
            run_command({QUIETUS_AUDIT_PROGRAM, "register", station + "/log", "--trust",
                         station + "/keys/root.pem", "--documents", station + "/certificates"},
                        directory + "/scratch");
        EXPECT_EQ(audit.status, 0) << audit.out;
        std::string last;
        for (const std::string& name : names(station + "/log/tile/entries/000.p"))
            last = content(station + "/log/tile/entries/000.p/" + name);
        const auto entry = parse_json(last.substr(last.rfind("{\"bytes_matched\"")));
        EXPECT_TRUE(entry) << last;
        return entry ? *entry : Json{};
    }
    [[nodiscard]] Json last_entry() const { return last_entry(state); }
    std::string certificate = state + "/certificates/QTS-TEST01-00000001.qdc.json";
};

TEST_F(QuietusRecheck, FindsTheSameForAnyLastPassAndChangesNothing) {
    for (const char* scheme : {"generic.random", "generic.zero", "uk.is5.enhanced"}) {
        SetUp();
        erase_with(scheme);
        const std::string before = content(image);
        const auto modified = std::filesystem::last_write_time(image);
        const auto result = recheck({"--json"});
        EXPECT_EQ(result.status, 0) << scheme << result.err;
        EXPECT_EQ(drive_of(result).text_of("verdict"), "same") << scheme;
        EXPECT_EQ(number(drive_of(result), "bytes_matched"), (256 << 10) + 77) << scheme;
        EXPECT_EQ(content(image), before);
        EXPECT_EQ(std::filesystem::last_write_time(image), modified);
    }
}

TEST_F(QuietusRecheck, OpensTheDriveForReadingAlone) {
    erase_with("generic.random");
    const std::string trace = directory + "/scratch/trace";
    const auto result = quietus({"recheck", "image:" + image, "--certificate", certificate,
                                 "--trust", state + "/keys/root.pem"},
                                // LeakSanitizer cannot look for leaks in a process that is traced.
                                {"env", "ASAN_OPTIONS=detect_leaks=0", "strace", "-f", "-o", trace,
                                 "-e", "trace=open,openat"});
    EXPECT_EQ(result.status, 0) << result.err;
    std::istringstream lines_of(content(trace));
    int opened = 0;
    for (std::string line; std::getline(lines_of, line);) {
        // The odd tail of the image is read through its descriptor.
        const bool tail = line.find("/proc/self/fd/") != std::string::npos;
        if (line.find(image + "\"") == std::string::npos && !tail) continue;
        ++opened;
        EXPECT_THAT(line, HasSubstr("O_RDONLY"));
    }
    EXPECT_GT(opened, 0);
}

TEST_F(QuietusRecheck, ReadsADriveThatNobodyMayWriteTo) {
    erase_with("generic.random");
    std::filesystem::permissions(image, std::filesystem::perms::owner_read);
    EXPECT_EQ(recheck().status, 0);
}

TEST_F(QuietusRecheck, CanBeAskedAtAnyStation) {
    erase_with("generic.random");
    const std::string other = directory + "/other";
    ASSERT_EQ(run_command({QUIETUS_PROGRAM, "key", "init", "--station", "ELSE02", "--state", other},
                          directory + "/scratch")
                  .status,
              0);
    const auto result =
        run_command({QUIETUS_PROGRAM, "recheck", "image:" + image, "--certificate", certificate,
                     "--trust", state + "/keys/root.pem", "--state", other},
                    directory + "/scratch");
    EXPECT_EQ(result.status, 0) << result.err;
    EXPECT_THAT(result.out, StartsWith("image:" + image + ": same\n"));
    EXPECT_THAT(result.out, HasSubstr("identity: not established by a serial"));
    const Json entry = last_entry(other);
    EXPECT_EQ(entry.text_of("station"), "ELSE02");
    EXPECT_EQ(entry.text_of("document"), "QTS-TEST01-00000001");
}

TEST_F(QuietusRecheck, LogsWhatItFoundAsAnAuditorExpects) {
    erase_with("generic.random");
    ASSERT_EQ(recheck().status, 0);
    const Json entry = last_entry();
    EXPECT_THAT(keys(entry), ElementsAre("bytes_matched", "document", "identified", "index", "kind",
                                         "payload_sha384", "station", "time", "type", "verdict",
                                         "verification"));
    EXPECT_EQ(entry.text_of("type"), "validation");
    EXPECT_EQ(entry.text_of("kind"), "recheck");
    EXPECT_EQ(entry.text_of("verdict"), "same");
    EXPECT_EQ(number(entry, "bytes_matched"), (256 << 10) + 77);
    const auto digest = run_command({"sha384sum", certificate}, directory + "/scratch");
    EXPECT_THAT(digest.out, StartsWith(std::string(entry.text_of("payload_sha384")) + " "));
    // The log goes on: another job, and another look.
    EXPECT_EQ(recheck().status, 0);
    erase_with("generic.zero");
    const auto audit =
        run_command({QUIETUS_AUDIT_PROGRAM, "register", state + "/log", "--trust",
                     state + "/keys/root.pem", "--documents", state + "/certificates"},
                    directory + "/scratch");
    EXPECT_EQ(audit.status, 0) << audit.out;
    EXPECT_THAT(audit.out, HasSubstr("9 entries, 2 intents, 2 documents"));
}

TEST_F(QuietusRecheck, NamesTheBlockOfASingleOctet) {
    erase_with("generic.random");
    for (const std::size_t offset : {std::size_t{100'001}, (std::size_t{256} << 10U) + 76}) {
        flip(offset);
        const auto result = recheck({"--json"});
        EXPECT_EQ(result.status, 1);
        const Json drive = drive_of(result);
        EXPECT_EQ(drive.text_of("verdict"), "different");
        const auto extents = *drive.find("mismatched")->as<Json::Array>();
        ASSERT_THAT(extents, SizeIs(1)) << result.out;
        const std::int64_t begin = number(extents[0], "offset");
        const std::int64_t length = number(extents[0], "length");
        EXPECT_LE(begin, static_cast<std::int64_t>(offset));
        EXPECT_GT(begin + length, static_cast<std::int64_t>(offset));
        EXPECT_LE(length, 4096);
        EXPECT_EQ(number(drive, "bytes_matched"), (256 << 10) + 77 - length);
        EXPECT_EQ(last_entry().text_of("verdict"), "different");
        EXPECT_THAT(recheck().out,
                    HasSubstr("not as the certificate says from byte " + std::to_string(begin)));
        flip(offset);
    }
}

TEST_F(QuietusRecheck, KnowsADriveOfAnotherSizeForAnother) {
    erase_with("generic.zero");
    overwrite(image, std::string(128U << 10U, '\0'));
    const auto result = recheck({"--json"});
    EXPECT_EQ(result.status, 1);
    EXPECT_EQ(drive_of(result).text_of("verdict"), "another-drive");
    EXPECT_THAT(drive_of(result).text_of("reason"), HasSubstr("it has 131072 bytes"));
    EXPECT_EQ(number(drive_of(result), "bytes_read"), 0);
    EXPECT_EQ(last_entry().text_of("verdict"), "another-drive");
}

TEST_F(QuietusRecheck, ReadsNothingForACertificateThatDoesNotHold) {
    erase_with("generic.random");
    std::string payload = content(certificate);
    payload.replace(payload.find("\"seed\":\"") + 8, 4, "0000");
    overwrite(certificate, payload);
    std::filesystem::remove(image); // whoever looked for it would miss it
    const auto before = everything();
    const auto result = recheck({"--json"});
    EXPECT_EQ(result.status, 1) << result.err;
    EXPECT_THAT(result.err, HasSubstr("E_"));
    const auto json = parse_json(result.out);
    ASSERT_TRUE(json) << result.out;
    EXPECT_EQ(json->find("drive"), nullptr);
    EXPECT_EQ(json->find("certificate")->text_of("verdict"), "invalid");
    EXPECT_EQ(everything(), before);
}

TEST_F(QuietusRecheck, TakesNobodysWordWithoutTrust) {
    erase_with("generic.random");
    const auto before = everything();
    const auto result = recheck_with_trust({});
    EXPECT_EQ(result.status, 6);
    EXPECT_EQ(result.out, "");
    EXPECT_THAT(result.err, HasSubstr("I_CHAIN_NO_TRUST"));
    EXPECT_EQ(everything(), before);
}

TEST_F(QuietusRecheck, RefusesBeforeItLooksAtAnything) {
    erase_with("generic.random");
    const Words asked{"recheck", "image:" + image, "--certificate", certificate};
    expect_refusal({"recheck", "image:" + image}, 2, "--certificate is missing");
    for (const char* mode : {"none", "half", "sample:0"}) {
        Words words = asked;
        words.insert(words.end(), {"--verification", mode});
        expect_refusal(words, 2, mode);
    }
    Words untrusted = asked;
    untrusted.insert(untrusted.end(), {"--trust", directory + "/none.pem"});
    expect_refusal(untrusted, 8, "none.pem");
    std::filesystem::remove_all(state + "/keys");
    std::filesystem::remove(image);
    std::filesystem::remove(certificate);
    const auto result = quietus(asked);
    EXPECT_EQ(result.status, 8);
    EXPECT_THAT(result.err, HasSubstr("hint: quietus key init"));
}

TEST_F(QuietusRecheck, ReadsASampleAndSaysSo) {
    erase_with("generic.random");
    const auto result = recheck({"--verification", "sample:20", "--json"});
    EXPECT_EQ(result.status, 0) << result.err;
    EXPECT_EQ(drive_of(result).find("verification")->text_of("mode"), "sample");
    EXPECT_LE(number(drive_of(result), "bytes_read"), (256 << 10) + 77);
    EXPECT_EQ(number(*last_entry().find("verification"), "percent"), 20);
    EXPECT_THAT(recheck({"--verification", "sample:20"}).out,
                HasSubstr("a sample says nothing of the rest"));
}

TEST_F(QuietusRecheck, AnswersInOneDocument) {
    erase_with("generic.random");
    const auto result = recheck({"--json"});
    EXPECT_TRUE(is_one_document(result.out));
    EXPECT_THAT(result.err, HasSubstr("drive.img: step 1 of 1, verify, 100 % of "));
    EXPECT_EQ(recheck({"--json", "--quiet"}).err, "");
    const auto json = parse_json(result.out);
    EXPECT_THAT(keys(*json), ElementsAre("certificate", "drive", "exit_status"));
    EXPECT_THAT(keys(*json->find("certificate")), ElementsAre("file", "findings", "id", "verdict"));
    EXPECT_THAT(keys(*json->find("drive")),
                ElementsAre("bytes_matched", "bytes_read", "identified", "in_use", "log_index",
                            "mismatched", "node", "page_cache", "reason", "serial", "size_bytes",
                            "unreadable", "verdict", "verification"));
    EXPECT_THAT(*json->find("drive")->find("mismatched")->as<Json::Array>(), IsEmpty());
    EXPECT_EQ(number(*json->find("drive"), "log_index"), 4);
}

} // namespace
} // namespace quietus
