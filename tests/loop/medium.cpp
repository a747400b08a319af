#include "medium.hpp"

#include "loop_fixture.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace quietus::rig {
namespace {

constexpr std::size_t secret_bytes = 512;
constexpr std::string_view secret = "what nobody may read, part ";

std::string secret_of(std::uint64_t block) {
    std::string text = std::string(secret) + std::to_string(block) + ";";
    text.resize(secret_bytes, '.');
    return text;
}

} // namespace

void fill_with_secrets(const std::string& file) {
    const auto size = std::filesystem::file_size(file);
    std::string content;
    content.reserve(size + secret_bytes);
    for (std::uint64_t block = 0; content.size() < size; ++block)
        content += secret_of(block);
    content.resize(size);
    std::fstream(file, std::ios::in | std::ios::out | std::ios::binary) << content;
}

std::uint64_t secrets_in(const std::string& content) {
    std::uint64_t count = 0;
    for (auto at = content.find(secret); at != std::string::npos; at = content.find(secret, at + 1))
        ++count;
    return count;
}

std::string content_of(const std::string& file) {
    std::ifstream stream(file, std::ios::binary | std::ios::ate);
    if (!stream) throw std::runtime_error(file + " cannot be read");
    std::string content(static_cast<std::size_t>(stream.tellg()), '\0');
    stream.seekg(0).read(content.data(), static_cast<std::streamsize>(content.size()));
    return content;
}

std::string repeated(const std::string& pattern, std::uint64_t size) {
    std::string content;
    content.reserve(size + pattern.size());
    while (content.size() < size)
        content += pattern;
    content.resize(size);
    return content;
}

std::string openssl_stream(const std::string& seed, std::uint64_t size) {
    const ScratchDirectory scratch;
    const std::string zeros = scratch.make_file("zeros", size);
    const std::string stream = scratch.path("stream");
    const ProgramRun made = run({"openssl", "enc", "-aes-256-ctr", "-K", seed, "-iv",
                                 std::string(32, '0'), "-in", zeros, "-out", stream});
    if (made.exit_status != 0) throw std::runtime_error("openssl enc: " + made.output);
    return content_of(stream);
}

std::vector<Blocks> differences(const std::string& one, const std::string& other,
                                std::uint32_t block_bytes) {
    std::vector<Blocks> found;
    for (std::uint64_t block = 0; block * block_bytes < std::max(one.size(), other.size());
         ++block) {
        const std::size_t at = block * block_bytes;
        if (one.compare(at, block_bytes, other, at, block_bytes) == 0) continue;
        if (!found.empty() && found.back().first + found.back().count == block)
            ++found.back().count;
        else
            found.push_back({block, 1});
    }
    return found;
}

} // namespace quietus::rig
