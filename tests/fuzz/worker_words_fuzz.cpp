// Fuzz target: whatever a worker may say that a hostile drive has taken over.
#include "worker_words.hpp"

#include "quietus/core/ensure.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view line(reinterpret_cast<const char*>(data), size);
    if (const auto news = quietus::parse_news(line)) {
        const std::string again = quietus::to_line(*news);
        const auto reread =
            quietus::parse_news(std::string_view(again).substr(0, again.size() - 1));
        QUIETUS_ENSURE(reread && quietus::to_line(*reread) == again);
    }
    (void)quietus::parse_order(line).has_value();
    return 0;
}
