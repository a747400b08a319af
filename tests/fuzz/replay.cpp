// replay: feeds a fuzz target its corpus and simple damage to it, so that every build of every
// compiler tries what the fuzzer found interesting. Any crash or sanitizer report fails the test.
//
// usage: fuzz_NAME_replay CORPUS_FOLDER
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using Bytes = std::vector<std::uint8_t>;

// Damage is spread evenly over a file, so that a large one costs no more than a small one.
constexpr std::size_t places_max = 512;

std::size_t stride_over(std::size_t size) {
    return std::max<std::size_t>(1, size / places_max);
}

// A copy of exactly this size, so that the address sanitizer sees a read past its end.
void feed(const std::uint8_t* data, std::size_t size) {
    const Bytes exact(data, data + size);
    LLVMFuzzerTestOneInput(exact.data(), exact.size());
}

void feed_truncated(const Bytes& whole) {
    for (std::size_t size = 0; size < whole.size(); size += stride_over(whole.size()))
        feed(whole.data(), size);
}

void feed_flipped(Bytes bytes) {
    for (std::size_t place = 0; place < bytes.size(); place += stride_over(bytes.size())) {
        const auto mask = static_cast<std::uint8_t>(1U << (place % 8));
        bytes[place] ^= mask;
        feed(bytes.data(), bytes.size());
        bytes[place] ^= mask;
    }
}

Bytes content_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

} // namespace

int main(int count, char** arguments) {
    if (count != 2 || !std::filesystem::is_directory(arguments[1])) {
        std::fputs("usage: replay CORPUS_FOLDER\n", stderr);
        return 2;
    }
    int files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(arguments[1])) {
        const Bytes whole = content_of(entry.path());
        std::printf("%s\n", entry.path().filename().c_str());
        std::fflush(stdout); // the last name printed is the one that crashed
        feed(whole.data(), whole.size());
        feed_truncated(whole);
        feed_flipped(whole);
        ++files;
    }
    std::printf("replayed %d files\n", files);
    return files > 0 ? 0 : 1;
}
