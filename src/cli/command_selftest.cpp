#include "commands.hpp"

#include "quietus/app/selftest.hpp"
#include "quietus/core/bytes.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

namespace quietus::cli {
namespace {

Result<std::string> scratch_directory() {
    const char* chosen = std::getenv("TMPDIR");
    std::string pattern = std::string(chosen == nullptr ? "/var/tmp" : chosen) + "/quietus-XXXXXX";
    if (::mkdtemp(pattern.data()) == nullptr) return system_error(Fault::io, pattern);
    return pattern;
}

Json result_json(const SelftestResult& result) {
    Json json = Json::object({{"name", result.name}, {"passed", result.outcome.has_value()}});
    if (!result.outcome) json["message"] = result.outcome.error().message;
    return json;
}

void print_result(const SelftestResult& result) {
    print((result.outcome ? "passed  " : "FAILED  ") + result.name + "\n");
    if (!result.outcome) say("  " + escaped(result.outcome.error().message) + "\n");
}

} // namespace

Outcome command_selftest(const Call& call) {
    auto directory = scratch_directory();
    if (!directory) return std::move(directory).error().during("selftest");
    auto results = known_answers();
    results.push_back(call.premises.selftest(*directory));
    std::error_code ignored;
    std::filesystem::remove_all(*directory, ignored);
    if (call.json) {
        Json::Array array;
        std::ranges::transform(results, std::back_inserter(array), result_json);
        print_json(Json::object({{"tests", std::move(array)}}));
    } else {
        std::ranges::for_each(results, print_result);
    }
    const bool passed = std::ranges::all_of(
        results, [](const SelftestResult& each) { return each.outcome.has_value(); });
    return passed ? ExitStatus::success : ExitStatus::failed;
}

} // namespace quietus::cli
