// A profile or an order from anybody: reading must end without a crash, every flaw must be fit to
// print, and what is read must answer and be linted.
#include "quietus/core/bytes.hpp"
#include "quietus/policy/explain.hpp"
#include "quietus/policy/lint.hpp"
#include "quietus/policy/order.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace quietus;
    const std::string_view text = as_text({data, size});
    if (const auto order = parse_disposal_order(text);
        order && order->drives.empty() && !order->any)
        abort();
    const ProfileReading reading = read_profile(text);
    if (reading.profile.has_value() != reading.flaws.empty()) abort();
    for (const ProfileFlaw& flaw : reading.flaws)
        if (flaw.line == 0 || flaw.code.empty() || flaw.text.find('\n') != std::string::npos)
            abort();
    if (!reading.profile) return 0;
    Question question;
    question.classification = ClassificationId{0};
    question.medium = MediumId{0};
    for (std::size_t index = 0; index < disposition_count; ++index) {
        question.disposition = static_cast<Disposition>(index);
        if (explain(*reading.profile, question).reasons.empty()) abort();
    }
    (void)lint(text);
    return 0;
}
