#include "traces.hpp"

#include "quietus/core/ensure.hpp"

#include <fstream>
#include <sstream>

namespace quietus::test {
namespace {

std::pair<std::string, std::string> named_value(const std::string& word) {
    const auto at = word.find('=');
    QUIETUS_ENSURE(at != std::string::npos);
    return {word.substr(0, at), word.substr(at + 1)};
}

Bytes octets(const std::string& hex) {
    auto read = from_hex(hex);
    QUIETUS_ENSURE(read.has_value());
    return std::move(*read);
}

TraceDrive read_drive(std::istringstream words) {
    TraceDrive drive;
    std::string block;
    std::string size;
    std::string slot;
    words >> drive.name >> block >> size >> slot;
    drive.block_bytes = static_cast<std::uint32_t>(std::stoul(named_value(block).second));
    drive.size_bytes = std::stoull(named_value(size).second);
    drive.slot_bytes = std::stoull(named_value(slot).second);
    return drive;
}

TraceStep read_step(std::istringstream& words) {
    TraceStep step;
    words >> step.does;
    for (std::string word; words >> word;) {
        const auto [name, value] = named_value(word);
        if (name == "draw")
            step.draw = octets(value);
        else if (name == "sha256")
            step.sha256 = value;
        else
            step.places[std::stoull(name)] = value;
    }
    return step;
}

void read_line(const std::string& line, Traces& into) {
    constexpr std::string_view drive_line = "# drive ";
    if (line.starts_with(drive_line))
        into.drives.push_back(read_drive(std::istringstream(line.substr(drive_line.size()))));
    if (line.starts_with("#")) return;
    std::istringstream words(line);
    std::string scheme;
    std::string drive;
    std::uint32_t number = 0;
    words >> scheme >> number >> drive;
    TraceStep step = read_step(words);
    step.number = number;
    if (into.schemes.empty() || into.schemes.back() != scheme) into.schemes.push_back(scheme);
    into.steps[scheme][drive].push_back(std::move(step));
}

} // namespace

const Traces& traces() {
    static const Traces all = [] {
        Traces read;
        std::ifstream file(QUIETUS_TRACES);
        for (std::string line; std::getline(file, line);)
            read_line(line, read);
        QUIETUS_ENSURE(!read.steps.empty() && !read.drives.empty());
        return read;
    }();
    return all;
}

} // namespace quietus::test
