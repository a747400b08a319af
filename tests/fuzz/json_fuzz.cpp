// JSON from anybody: reading ends without a crash, and what is read without a problem is read the
// same again from what is written of it.
#include "quietus/core/bytes.hpp"
#include "quietus/core/json.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace {

void check(bool holds) {
    if (!holds) abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace quietus;
    const std::string_view text = as_text({data, size});
    const JsonReading reading = read_json(text);
    // A problem is a clause that can be printed as it is.
    for (const JsonProblem& problem : reading.problems)
        check(!problem.text.empty() && problem.text.find('\n') == std::string::npos &&
              problem.text.find('\x1b') == std::string::npos);
    if (!reading.problems.empty()) return 0;
    check(reading.to_the_end);
    const JsonReading again = read_json(to_line(reading.value), text.size() * 6 + 16);
    check(again.problems.empty() && again.value == reading.value);
    const auto canonical = to_canonical(reading.value);
    check(canonical.has_value() == profile_problems(reading.value).empty());
    if (canonical) check(*canonical == to_line(reading.value));
    return 0;
}
