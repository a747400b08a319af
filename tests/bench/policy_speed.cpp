// How fast policy answers, in time of one core: a million evaluations in a second, and the
// catalogue with a profile there within ten milliseconds. Ends 1 when it is slower.
#include "quietus/policy/evaluate.hpp"
#include "quietus/policy/schemes.hpp"

#include <cstdio>
#include <ctime>

namespace {

using namespace quietus;

constexpr double most_loading_ms = 10;
constexpr double least_a_second = 1e6;
constexpr int evaluations = 2'000'000;

double milliseconds() {
    return 1e3 * static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

// Every question in turn, with a drive that offers some of what there is.
double evaluations_a_second(const Profile& profile) {
    const auto classes = static_cast<unsigned>(catalogue().classifications.size());
    const auto media = static_cast<unsigned>(catalogue().media.size());
    DriveFacts facts;
    facts.offered.add(*find_technique("overwrite"));
    unsigned allowed = 0;
    const double began = milliseconds();
    for (unsigned i = 0; i < evaluations; ++i) {
        const Question question{ClassificationId(i % classes), MediumId(i / classes % media),
                                Disposition(i % disposition_count), std::nullopt, facts};
        allowed += evaluate(profile, question).decision == Decision::allow ? 1 : 0;
    }
    const double took = milliseconds() - began;
    std::printf("  %u of %d allowed\n", allowed, evaluations);
    return 1e3 * evaluations / took;
}

} // namespace

int main() {
    const double began = milliseconds();
    const bool complete = !catalogue().media.empty() && !schemes().empty();
    const double loading = milliseconds() - began;
    std::printf("catalogue and schemes: %.2f ms (at most %.0f)\n", loading, most_loading_ms);
    bool fast = complete && loading < most_loading_ms;
    for (const ShippedProfile& each : shipped_profiles()) {
        const double start = milliseconds();
        const Profile& profile = *find_shipped_profile(each.id);
        std::printf("%.*s: read in %.2f ms\n", static_cast<int>(each.id.size()), each.id.data(),
                    milliseconds() - start);
        const double rate = evaluations_a_second(profile);
        std::printf("  %.0f evaluations a second (at least %.0f)\n", rate, least_a_second);
        fast = fast && rate >= least_a_second;
    }
    return fast ? 0 : 1;
}
