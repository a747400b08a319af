#include "bench.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace quietus::rig {
namespace {

using namespace std::chrono_literals;

void redirect(const char* file, int flags, int number) {
    const int opened = ::open(file, flags, 0600);
    ::dup2(opened, number);
}

[[noreturn]] void become(const Words& words, const ScratchDirectory& directory) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    redirect("/dev/null", O_RDONLY, STDIN_FILENO);
    redirect(directory.path("out").c_str(), O_WRONLY | O_CREAT, STDOUT_FILENO);
    redirect(directory.path("err").c_str(), O_WRONLY | O_CREAT, STDERR_FILENO);
    std::vector<char*> arguments;
    for (const std::string& word : words)
        arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    ::execvp(arguments[0], arguments.data());
    ::_exit(127);
}

Words joined(Words words, const Words& more) {
    words.insert(words.end(), more.begin(), more.end());
    return words;
}

std::uint64_t number_or_zero(const Json* json) {
    const auto* value = json == nullptr ? nullptr : json->as<std::int64_t>();
    return value == nullptr ? 0 : static_cast<std::uint64_t>(*value);
}

Finding finding_of(const Json& json) {
    return {std::string(json.text_of("code")),
            {number_or_zero(json.find("first_block")), number_or_zero(json.find("blocks"))}};
}

Erasure erasure_of(const Json& drive, const std::string& said) {
    Erasure erasure;
    erasure.exit_status = static_cast<int>(number(at(drive, {"exit_status"})));
    erasure.verdict = drive.text_of("verdict");
    erasure.job = drive.text_of("job");
    erasure.document = drive.text_of("document");
    for (const Json& each : *at(drive, {"findings"}).as<Json::Array>())
        erasure.findings.push_back(finding_of(each));
    erasure.said = said;
    return erasure;
}

std::string last_line(const std::string& text) {
    std::string last;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);)
        last = line;
    return last;
}

// An overwrite, unless the options say otherwise.
Words with_technique(const Words& options) {
    if (std::ranges::find(options, "--technique") != options.end()) return options;
    return joined({"--technique", "overwrite"}, options);
}

} // namespace

Program::Program(const Words& words) {
    for (const char* name : {"out", "err"})
        directory_.make_file(name, 0);
    process_ = ::fork();
    if (process_ < 0) throw std::runtime_error("fork");
    if (process_ == 0) become(words, directory_);
}

Program::~Program() {
    if (ended()) return;
    signal(SIGKILL);
    wait();
}

void Program::signal(int number) const {
    ::kill(process_, number);
}

bool Program::ended() {
    if (status_ >= 0) return true;
    int status = 0;
    if (::waitpid(process_, &status, WNOHANG) != process_) return false;
    status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return true;
}

bool Program::prints(const std::string& text) {
    const auto deadline = std::chrono::steady_clock::now() + 30s;
    for (;;) {
        const bool last_look = ended() || std::chrono::steady_clock::now() > deadline;
        if ((output() + errors()).find(text) != std::string::npos) return true;
        if (last_look) return false;
        std::this_thread::sleep_for(1ms);
    }
}

int Program::wait() {
    while (!ended())
        std::this_thread::sleep_for(1ms);
    return status_;
}

std::string Program::output() const {
    return content_of(directory_.path("out"));
}

std::string Program::errors() const {
    return content_of(directory_.path("err"));
}

std::vector<Blocks> Erasure::blocks_of(const std::string& code) const {
    std::vector<Blocks> found;
    for (const Finding& finding : findings)
        if (finding.code == code) found.push_back(finding.blocks);
    return found;
}

bool Erasure::has(const std::string& code) const {
    return std::ranges::any_of(findings, [&](const Finding& each) { return each.code == code; });
}

Bench::Bench() {
    const ProgramRun made = quietus({"key", "init", "--station", "BENCH1"});
    EXPECT_EQ(made.exit_status, 0) << made.output;
}

std::unique_ptr<Program> Bench::start(Words words) const {
    words.insert(words.begin(), {QUIETUS_PROGRAM, "--state", state()});
    return std::make_unique<Program>(words);
}

ProgramRun Bench::quietus(const Words& words) const {
    const auto program = start(words);
    const int status = program->wait();
    return {status, program->output() + program->errors()};
}

std::string Bench::code_for(const std::string& drive, const Words& options) const {
    const auto program = start(joined({"plan", drive, "--json"}, with_technique(options)));
    const int status = program->wait();
    EXPECT_EQ(status, 0) << drive << ": no plan: " << program->output() << program->errors();
    if (status != 0) return {};
    const Json answer = json_of(program->output());
    const auto* plans = at(answer, {"plans"}).as<Json::Array>();
    return plans == nullptr ? "" : std::string(plans->front().text_of("confirmation_code"));
}

std::unique_ptr<Program> Bench::start_erase(const std::string& drive, const Words& options) const {
    const std::string code = code_for(drive, options);
    EXPECT_NE(code, "") << drive << ": no plan";
    return start(joined({"erase", drive, "--confirm", code, "--json"}, with_technique(options)));
}

Erasure Bench::erase(const std::string& drive, const Words& options) const {
    return outcome(*start_erase(drive, options));
}

std::unique_ptr<Program> Bench::start_erase(const Words& drives, const Words& options) const {
    Words words = joined({"erase", "--json"}, drives);
    for (const std::string& drive : drives) {
        const std::string code = code_for(drive, options);
        EXPECT_NE(code, "") << drive << ": no plan";
        words = joined(std::move(words), {"--confirm", code});
    }
    return start(joined(std::move(words), with_technique(options)));
}

std::vector<Erasure> Bench::outcomes(Program& erasing) {
    const int status = erasing.wait();
    const std::string said = erasing.output() + erasing.errors();
    const Json result = json_of(last_line(erasing.output()));
    std::vector<Erasure> erasures;
    const auto* drives = at(result, {"drives"}).as<Json::Array>();
    EXPECT_NE(drives, nullptr) << said;
    if (drives == nullptr) return erasures;
    EXPECT_EQ(number(at(result, {"exit_status"})), static_cast<unsigned>(status));
    for (const Json& drive : *drives)
        erasures.push_back(erasure_of(drive, said));
    return erasures;
}

Erasure Bench::outcome(Program& erasing) {
    const int status = erasing.wait();
    const std::string said = erasing.output() + erasing.errors();
    const Json result = json_of(last_line(erasing.output()));
    const auto* drives = at(result, {"drives"}).as<Json::Array>();
    Erasure erasure = drives == nullptr ? Erasure{} : erasure_of(drives->front(), said);
    erasure.exit_status = status;
    erasure.said = said;
    return erasure;
}

ProgramRun Bench::audit(const std::string& document) const {
    return run({QUIETUS_AUDIT_PROGRAM, "verify", "--trust", state() + "/keys/root.pem", document});
}

ProgramRun Bench::stock_check(const std::string& document) const {
    const std::string signature = std::filesystem::path(document).replace_extension("p7s");
    return run({"openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", signature,
                "-content", document, "-CAfile", state() + "/keys/root.pem", "-out", "/dev/null"});
}

std::size_t Bench::logged(const std::string& type) const {
    // Fewer than 256 entries: one bundle, each entry with its length in two octets in front.
    std::istringstream checkpoint(content_of(state() + "/log/checkpoint"));
    std::string origin;
    std::string size;
    checkpoint >> origin >> size;
    const std::string bundle = content_of(state() + "/log/tile/entries/000.p/" + size);
    std::size_t count = 0;
    for (std::size_t at = 0; at + 2 <= bundle.size();) {
        const auto octet = [&](std::size_t i) { return static_cast<unsigned char>(bundle[i]); };
        const std::size_t length = std::size_t{octet(at)} << 8U | octet(at + 1);
        count += json_of(bundle.substr(at + 2, length)).text_of("type") == type ? 1 : 0;
        at += 2 + length;
    }
    return count;
}

Words scheme(const std::string& id) {
    return {"--scheme", id};
}

Json json_of(const std::string& text) {
    auto json = parse_json(text);
    EXPECT_TRUE(json.has_value()) << text;
    return json ? std::move(*json) : Json{};
}

const Json& at(const Json& json, const Words& path) {
    static const Json nothing;
    const Json* found = &json;
    for (const std::string& member : path) {
        found = found->find(member);
        if (found == nullptr) {
            ADD_FAILURE() << "no member " << member << " in " << to_line(json);
            return nothing;
        }
    }
    return *found;
}

std::uint64_t number(const Json& json) {
    const auto* value = json.as<std::int64_t>();
    EXPECT_NE(value, nullptr) << to_line(json) << " is no number";
    return value == nullptr ? 0 : static_cast<std::uint64_t>(*value);
}

void SecretDriveTest::SetUp() {
    LoopTest::SetUp();
    if (IsSkipped()) return;
    medium = scratch.make_file("medium", drive_bytes);
    fill_with_secrets(medium);
    loop = std::make_unique<LoopDrive>(medium);
}

} // namespace quietus::rig
