// How fast policy answers, in time of one core: a million evaluations in a second, and the
// catalogue with the schemes there within ten milliseconds. Ends 1 when it is slower.
#include "quietus/policy/evaluate.hpp"
#include "quietus/policy/schemes.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <limits>

namespace {

using namespace quietus;

constexpr double most_loading_ms = 10;
constexpr double least_a_second = 1e6;
constexpr int evaluations = 2'000'000;
constexpr int loadings = 7;
constexpr double never = std::numeric_limits<double>::infinity();

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

double load() {
    const double began = milliseconds();
    const bool complete = !catalogue().media.empty() && !schemes().empty();
    return complete ? milliseconds() - began : never;
}

// They are loaded once in the life of a process, so this needs a process of its own.
double load_in_new_process() {
    int ends[2];
    if (pipe(ends) != 0) {
        return never;
    }
    const pid_t child = fork();
    if (child == 0) {
        const double took = load();
        _exit(write(ends[1], &took, sizeof took) == sizeof took ? 0 : 1);
    }
    close(ends[1]);
    double took = never;
    const bool heard = read(ends[0], &took, sizeof took) == sizeof took;
    close(ends[0]);
    waitpid(child, nullptr, 0);
    return heard ? took : never;
}

} // namespace

int main() {
    // The least of some: a neighbour's work slows one of them, and quickens none.
    double loading = never;
    for (int i = 0; i < loadings; ++i) {
        loading = std::min(loading, load_in_new_process());
    }
    std::printf("catalogue and schemes: %.2f ms (at most %.0f)\n", loading, most_loading_ms);
    bool fast = loading < most_loading_ms;
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
