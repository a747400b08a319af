#include "quietus/policy/profile.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/core/listed.hpp"

#include <algorithm>

namespace quietus {
namespace {

// What people write differently and mean alike: case, hyphens and blanks.
std::string plain(std::string_view text) {
    std::string words;
    bool gap = false;
    for (const char each : text) {
        const bool blank = each == ' ' || each == '-' || each == '_';
        if (!blank) {
            if (gap && !words.empty()) words += ' ';
            words += each >= 'a' && each <= 'z' ? static_cast<char>(each - 'a' + 'A') : each;
        }
        gap = blank;
    }
    return words;
}

bool is_spoken_of(const Profile& profile, const std::string& scheme) {
    return std::ranges::find(profile.schemes, scheme) != profile.schemes.end();
}

// Whether the words begin with these, and what follows them.
std::optional<std::string> rest_after(const std::string& words, const std::string& start) {
    if (!words.starts_with(start)) return std::nullopt;
    if (words.size() == start.size()) return std::string{};
    if (words[start.size()] != ' ') return std::nullopt;
    return words.substr(start.size() + 1);
}

struct Marking {
    ClassificationId id = ClassificationId::unknown;
    std::string rest;
};

// The one with the longest label: "OFFICIAL SENSITIVE" before "OFFICIAL".
std::optional<Marking> marking_in(const Profile& profile, const std::string& words) {
    std::optional<Marking> best;
    const auto& all = catalogue().classifications;
    for (std::size_t index = 0; index < all.size(); ++index) {
        if (!is_spoken_of(profile, all[index].scheme)) continue;
        std::vector<std::string> labels = all[index].aliases;
        labels.push_back(all[index].label);
        for (const std::string& label : labels)
            if (auto rest = rest_after(words, plain(label));
                rest && (!best || rest->size() < best->rest.size()))
                best = Marking{static_cast<ClassificationId>(index), std::move(*rest)};
    }
    return best;
}

// Takes caveats off until nothing is left; false when something else is.
bool take_caveats(std::string rest, StatedClassification& stated) {
    const std::string scheme = catalogue()[stated.id].scheme;
    while (!rest.empty()) {
        const auto known = std::ranges::find_if(catalogue().caveats, [&](const Caveat& each) {
            return each.scheme == scheme && rest_after(rest, plain(each.label));
        });
        if (known == catalogue().caveats.end()) return false;
        rest = *rest_after(rest, plain(known->label));
        stated.caveats.push_back(known->label);
        const bool raises = known->at_least != ClassificationId::unknown &&
                            catalogue()[known->at_least].rank > catalogue()[stated.id].rank;
        if (raises) stated.id = known->at_least;
    }
    return true;
}

Error unknown(const Profile& profile, std::string_view text) {
    return Error{Fault::usage,
                 "profile " + profile.id + " knows no classification \"" + escaped(text) + "\"",
                 "one of: " + listed(labels_of(profile))};
}

Result<StatedClassification> read_marking(const Profile& profile, std::string_view text) {
    StatedClassification stated;
    stated.given = std::string(text);
    auto marking = marking_in(profile, plain(text));
    if (!marking) return unknown(profile, text);
    stated.id = marking->id;
    if (!take_caveats(std::move(marking->rest), stated)) return unknown(profile, text);
    return stated;
}

Result<StatedClassification> read_decided(const Profile& profile, std::string_view text,
                                          std::size_t equals) {
    auto original = read_marking(profile, text.substr(0, equals));
    if (!original) return original;
    auto decided = read_marking(profile, text.substr(equals + 1));
    if (!decided) return decided;
    const auto& may_be = catalogue()[original->id].counts_as;
    if (may_be.size() < 2 || std::ranges::find(may_be, decided->id) == may_be.end())
        return Error{Fault::usage, catalogue()[original->id].label + " does not count as " +
                                       catalogue()[decided->id].label};
    decided->given = std::string(text);
    decided->decided = true;
    return decided;
}

} // namespace

std::vector<std::string> labels_of(const Profile& profile) {
    std::vector<std::string> labels;
    for (const Classification& each : catalogue().classifications)
        if (is_spoken_of(profile, each.scheme)) labels.push_back(each.label);
    return labels;
}

Result<StatedClassification> read_classification(const Profile& profile, std::string_view text) {
    const auto equals = text.find('=');
    if (equals != text.npos) return read_decided(profile, text, equals);
    return read_marking(profile, text);
}

} // namespace quietus
