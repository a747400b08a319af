#include "mutation.hpp"

namespace quietus::campaign {

std::string mutated(std::string bytes, const Mutation& mutation) {
    const std::size_t at = mutation.at;
    if (at > bytes.size() || (at == bytes.size() && mutation.edit != Edit::insert)) return bytes;
    switch (mutation.edit) {
    case Edit::flip:
        bytes[at] = static_cast<char>(bytes[at] ^ mutation.octet);
        break;
    case Edit::remove:
        bytes.erase(at, 1);
        break;
    case Edit::insert:
        bytes.insert(at, 1, static_cast<char>(mutation.octet));
        break;
    case Edit::duplicate:
        bytes.insert(at, 1, bytes[at]);
        break;
    case Edit::truncate:
        bytes.resize(at);
        break;
    }
    return bytes;
}

std::vector<Mutation> edits_at(std::size_t position) {
    std::vector<Mutation> edits;
    for (unsigned bit = 0; bit < 8; ++bit)
        edits.push_back({Edit::flip, position, static_cast<std::uint8_t>(1U << bit)});
    for (const std::uint8_t octet : {std::uint8_t{0x00}, std::uint8_t{0xFF}, std::uint8_t{'0'}})
        edits.push_back({Edit::insert, position, octet});
    for (const Edit edit : {Edit::remove, Edit::duplicate, Edit::truncate})
        edits.push_back({edit, position, 0});
    return edits;
}

Mutation random_edit(std::mt19937_64& random, std::size_t size) {
    // Truncation is the least telling and would hide the others: one in sixteen.
    constexpr Edit others[]{Edit::flip, Edit::remove, Edit::insert, Edit::duplicate};
    const Edit edit = random() % 16 == 0 ? Edit::truncate : others[random() % 4];
    return {edit, random() % (size + 1), static_cast<std::uint8_t>(random() % 255 + 1)};
}

std::string words_for(const Mutation& mutation) {
    constexpr const char* names[]{"flip", "remove", "insert", "duplicate", "truncate"};
    return std::string(names[static_cast<std::size_t>(mutation.edit)]) + " " +
           std::to_string(mutation.octet) + " at " + std::to_string(mutation.at);
}

} // namespace quietus::campaign
