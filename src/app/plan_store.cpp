#include "quietus/app/confirm.hpp"
#include "quietus/core/file.hpp"
#include "quietus/core/json_fields.hpp"
#include "quietus/policy/make_plan.hpp"
#include "quietus/stream/digest.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <system_error>

namespace quietus {
namespace {

constexpr std::int64_t lifetime_seconds = 3600;
// Without the letters and digits that people mistake for one another.
constexpr std::string_view alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
constexpr std::size_t group = 4;

/// By which the clock may be set back while a plan waits.
constexpr std::int64_t clock_step = 60;

/// What is in the file; `deadline` counts on the monotonic clock, which a set clock cannot move.
struct PlanFile {
    std::string boot;
    std::string identity;
    std::string contents;
    std::string plan;
    std::int64_t deadline = 0;
    std::int64_t zero = 0; ///< what the wall clock says less what the monotonic clock does

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("boot", self.boot);
        visit("identity", self.identity);
        visit("contents", self.contents);
        visit("plan", self.plan);
        visit("deadline", self.deadline);
        visit("zero", self.zero);
    }
};

std::int64_t monotonic_seconds(Clock& clock) {
    return std::chrono::duration_cast<std::chrono::seconds>(clock.monotonic()).count();
}

Result<PlanFile> describe(const Proposal& proposal, Clock& clock) {
    auto boot = read_regular_file("/proc/sys/kernel/random/boot_id", 64);
    if (!boot) return std::move(boot).error();
    if (!boot->empty() && boot->back() == '\n') boot->pop_back();
    const std::int64_t passed = monotonic_seconds(clock);
    return PlanFile{*boot,
                    identity_sha256(proposal.drive),
                    contents_sha256(proposal.drive),
                    plan_sha256(proposal.plan),
                    passed + lifetime_seconds,
                    clock.utc_seconds() - passed};
}

std::string draw_code() {
    std::string code;
    for (const std::uint8_t octet : random_bytes(2 * group)) {
        if (code.size() == group) code += '-';
        code += alphabet[octet % alphabet.size()]; // 256 is a multiple of 32: no bias
    }
    return code;
}

bool is_code(std::string_view text) {
    return text.size() == 2 * group + 1 && text[group] == '-' &&
           std::ranges::all_of(text, [](char each) {
               return each == '-' || alphabet.find(each) != std::string_view::npos;
           });
}

Error refused(std::string what) {
    return Error{Fault::refused, std::move(what)}.with_hint(
        "run `quietus plan` again and read what it shows");
}

// Both on the monotonic clock of one boot.
bool is_expired(const PlanFile& stored, const PlanFile& now) {
    return now.deadline - lifetime_seconds > stored.deadline;
}

Status compare(const PlanFile& stored, const PlanFile& now) {
    if (stored.boot != now.boot)
        return refused("the code is from before the machine was restarted");
    if (is_expired(stored, now)) return refused("the code has expired: it is good for 60 minutes");
    if (now.zero < stored.zero - clock_step)
        return refused("clock: it was set back by " + std::to_string(stored.zero - now.zero) +
                       " s since the code was given");
    if (stored.identity != now.identity) return refused("the code was given for another drive");
    if (stored.contents != now.contents)
        return refused("what the drive holds has changed since the code was given");
    if (stored.plan != now.plan) return refused("the code was given for other steps than these");
    return {};
}

constexpr std::size_t plan_octets_max = 65536;

Result<PlanFile> parse_plan(const std::string& text) {
    const auto json = parse_json(text);
    return json ? from_json<PlanFile>(*json) : Result<PlanFile>(json.error());
}

// Whatever is not a plan of ours that can be of no use any more is left alone.
void remove_expired(const std::string& directory, const PlanFile& now) {
    std::error_code failed;
    for (std::filesystem::directory_iterator entry(directory, failed), end; !failed && entry != end;
         entry.increment(failed)) {
        const std::filesystem::path& path = entry->path();
        if (path.extension() != ".json" || !is_code(path.stem().string())) continue;
        const auto text = read_regular_file(path.string(), plan_octets_max);
        const auto stored = parse_plan(text.value_or(""));
        if (stored && (stored->boot != now.boot || is_expired(*stored, now)))
            ::unlink(path.c_str());
    }
}

} // namespace

std::string identity_sha256(const Drive& drive) {
    return sha256_hex(to_line(Json::object({{"kind", to_text(drive.kind)},
                                            {"node", drive.node},
                                            {"model", drive.model},
                                            {"serial_raw_hex", drive.serial_raw_hex},
                                            {"serial", drive.serial},
                                            {"wwn", drive.wwn},
                                            {"size_bytes", drive.size_bytes},
                                            {"device_number", std::to_string(drive.device_number)},
                                            {"diskseq", drive.diskseq},
                                            {"members", to_json(drive.members)}})));
}

std::string contents_sha256(const Drive& drive) {
    return sha256_hex(to_line(to_json(drive.contents)) + to_line(to_json(drive.parts)));
}

std::string plan_sha256(const Plan& plan) {
    return sha256_hex(plan_text(plan));
}

Result<StoredPlan> PlanStore::store(const Proposal& proposal) {
    auto file = describe(proposal, clock_);
    if (!file) return std::move(file).error();
    const StoredPlan stored{draw_code(), to_rfc3339(clock_.utc_seconds() + lifetime_seconds)};
    auto status = make_directories(directory_, 0700);
    if (status) remove_expired(directory_, *file);
    if (status)
        status =
            save_new_file(directory_ + "/" + stored.code + ".json", to_line(to_json(*file)), 0600);
    // Nothing was written to a drive, so this is no lost evidence.
    if (!status) return Error{Fault::io, status.error().message}.during("stored plan");
    return stored;
}

void PlanStore::withdraw(const StoredPlan& stored) {
    ::unlink((directory_ + "/" + stored.code + ".json").c_str());
}

Status PlanStore::redeem(const std::string& code, const Proposal& proposal) {
    if (!is_code(code)) return refused("\"" + escaped(code) + "\" is no confirmation code");
    const std::string path = directory_ + "/" + code + ".json";
    const auto text = read_regular_file(path, plan_octets_max);
    if (!text) return refused("no plan waits for the code " + code);
    const auto stored = parse_plan(*text);
    if (!stored) return refused(path + " is damaged: " + stored.error().message);
    const auto now = describe(proposal, clock_);
    if (!now) return Error(now.error());
    if (auto status = compare(*stored, *now); !status) return status;
    // Whoever removes it has it: of two that try at once only one goes on.
    if (::unlink(path.c_str()) != 0) return refused("the code " + code + " has been used");
    return {};
}

} // namespace quietus
