#include "transcript.hpp"

#include "quietus/core/bytes.hpp"

#include <string_view>
#include <vector>

namespace quietus {

Status Transcript::keep() {
    const std::string text = bay_.take_transcript();
    if (text.empty()) return {};
    std::vector<std::string> lines;
    std::size_t begin = 0;
    for (auto end = text.find('\n'); end != std::string::npos; end = text.find('\n', begin)) {
        lines.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    if (auto status = journal_.append(transcript_line(lines)); !status) return status;
    digest_.update(as_bytes(std::string_view(text).substr(0, begin)));
    kept_ = true;
    return {};
}

std::string Transcript::sha256() {
    return kept_ ? to_hex(digest_.finish()) : std::string();
}

} // namespace quietus
