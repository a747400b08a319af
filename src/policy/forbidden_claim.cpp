#include "quietus/policy/lint.hpp"

#include <algorithm>
#include <array>

namespace quietus {
namespace {

// Each a row of beginnings of words; none is spelled out here, so that a search for them finds
// none.
using Claim = std::array<std::string_view, 4>;

constexpr std::array claims{
    Claim{"unrecoverab"},
    Claim{"irrecoverab"},
    Claim{"irretrievab"},
    Claim{"military", "grade"},
    Claim{"securely", "eras"},
    Claim{"compliant", "with", "is5"},
    Claim{"compliant", "with", "ncsc"},
    Claim{"compliant", "with", "hmg"},
    Claim{"compliant", "with", "nist"},
    Claim{"compliant", "with", "dod"},
    Claim{"complies", "with", "is5"},
    Claim{"is5", "complian"},
    Claim{"dod", "complian"},
    Claim{"ncsc", "complian"},
    Claim{"nist", "complian"},
    Claim{"cesg", "approv"},
    Claim{"ncsc", "approv"},
    Claim{"bsi", "approv"},
    Claim{"nsa", "approv"},
    Claim{"approved", "by", "cesg"},
    Claim{"approved", "by", "ncsc"},
    Claim{"approved", "by", "the", "ncsc"},
    Claim{"approved", "by", "bsi"},
};

bool is_letter(char each) {
    return (each >= 'a' && each <= 'z') || (each >= '0' && each <= '9');
}

// Lower-case words with one blank between them.
std::string words_of(std::string_view text) {
    std::string words;
    for (const char each : text) {
        const char lower = each >= 'A' && each <= 'Z' ? static_cast<char>(each - 'A' + 'a') : each;
        if (is_letter(lower))
            words += lower;
        else if (!words.empty() && words.back() != ' ')
            words += ' ';
    }
    return words;
}

// The end of the claim when it begins at this word, else 0: there, too, is its last word whole.
std::size_t match(std::string_view words, std::size_t at, const Claim& claim) {
    for (const std::string_view start : claim) {
        if (start.empty()) break;
        if (at == words.npos || !words.substr(at).starts_with(start)) return 0;
        const auto blank = words.find(' ', at);
        at = blank == words.npos ? words.npos : blank + 1;
    }
    return at == words.npos ? words.size() : at - 1;
}

} // namespace

std::string forbidden_claim(std::string_view text) {
    const std::string words = words_of(text);
    for (std::size_t at = 0; at < words.size();) {
        for (const Claim& claim : claims)
            if (const auto end = match(words, at, claim); end != 0)
                return words.substr(at, end - at);
        const auto blank = words.find(' ', at);
        at = blank == words.npos ? words.size() : blank + 1;
    }
    return {};
}

} // namespace quietus
