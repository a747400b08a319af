#include "tcg_text.hpp"

#include "quietus/core/bytes.hpp"

#include <string>
#include <vector>

namespace quietus::cli {
namespace {

template <typename Word>
std::string listed(const std::vector<Word>& words) {
    std::string text;
    for (const Word each : words)
        text += (text.empty() ? "" : ", ") + std::string(to_text(each));
    return text.empty() ? "none" : text;
}

std::string locking_in_words(const TcgFacts& told) {
    if (!told.locking) return "not there";
    std::string text = told.locking_enabled ? "in use" : "not in use";
    if (told.locked) text += ", locked now";
    if (told.shadow_mbr) text += ", other blocks are shown in place of the first";
    return text;
}

std::string revert_in_words(RevertEffect effect) {
    switch (effect) {
    case RevertEffect::unknown:
        break;
    case RevertEffect::new_keys:
        return "makes new keys, by the drive's own word";
    case RevertEffect::no_keys:
        return "may erase nothing: nobody has taken the keys into use, and they may stay";
    case RevertEffect::removal:
        return "makes no new keys: the drive does not encrypt; it says that it erases";
    case RevertEffect::nothing:
        return "erases nothing: the drive does not encrypt";
    }
    return "not known";
}

} // namespace

TextRows tcg_rows(const Drive& drive) {
    if (!drive.tcg) return {{"the drive has no TCG security commands, or was not asked"}};
    const TcgFacts& told = *drive.tcg;
    if (!told.text.empty()) return {{"would not tell", escaped(told.text)}};
    TextRows rows{{"TCG rules", listed(told.subsystems)},
                  {"encrypts what it stores", told.media_encryption ? "yes" : "no"},
                  {"locking", locking_in_words(told)}};
    if (told.removal) rows.push_back({"erases by", listed(*told.removal)});
    rows.push_back({"a revert", revert_in_words(revert_effect(told))});
    if (told.block_sid)
        rows.push_back({"Block SID", !told.sid_blocked ? "not set"
                                     : told.until_hardware_reset
                                         ? "set by the computer's firmware until a hardware reset"
                                         : "set by the computer's firmware until a power cycle"});
    return rows;
}

} // namespace quietus::cli
