#include "words.hpp"

#include <array>

namespace quietus {
namespace {

constexpr std::array faults{Fault::usage, Fault::refused,  Fault::unsupported, Fault::drive,
                            Fault::io,    Fault::evidence, Fault::invalid};

std::string to_octets(std::uint64_t number) {
    std::string octets(length_octets, '\0');
    for (auto each = octets.rbegin(); each != octets.rend(); ++each, number >>= 8U)
        *each = static_cast<char>(number & 0xffU);
    return octets;
}

std::uint64_t to_number(std::string_view octets) {
    std::uint64_t number = 0;
    for (const char each : octets)
        number = number << 8U | static_cast<unsigned char>(each);
    return number;
}

Error garbled() {
    return {Fault::invalid, "a message that cannot be read"};
}

} // namespace

std::string to_message(const Words& words) {
    std::uint64_t length = 0;
    for (const std::string& word : words)
        length += length_octets + word.size();
    std::string message = to_octets(length);
    message.reserve(message.size() + length);
    for (const std::string& word : words)
        (message += to_octets(word.size())) += word;
    return message;
}

Result<std::size_t> message_length(std::string_view length) {
    const std::uint64_t octets = to_number(length);
    if (length.size() != length_octets || octets > message_limit) return garbled();
    return static_cast<std::size_t>(octets);
}

Result<Words> parse_words(std::string_view body) {
    Words words;
    while (!body.empty()) {
        if (body.size() < length_octets) return garbled();
        const std::uint64_t length = to_number(body.substr(0, length_octets));
        body.remove_prefix(length_octets);
        if (length > body.size()) return garbled();
        words.emplace_back(body.substr(0, length));
        body.remove_prefix(length);
    }
    return words;
}

Words refusal(const Error& error) {
    std::size_t number = 0;
    while (faults[number] != error.fault)
        ++number;
    return {"no", std::to_string(number), error.message, error.hint};
}

Result<Words> parse_answer(Words words) {
    if (!words.empty() && words[0] == "ok") {
        words.erase(words.begin());
        return words;
    }
    const bool is_refusal = words.size() == 4 && words[0] == "no" && words[1].size() == 1 &&
                            words[1][0] >= '0' &&
                            words[1][0] < static_cast<char>('0' + faults.size());
    if (!is_refusal) return garbled();
    return Error{faults[static_cast<std::size_t>(words[1][0] - '0')], words[2], words[3]};
}

} // namespace quietus
