// quietus.toml from anybody: reading must end without a crash, an error must name the line and be
// fit to print, and what is taken is of its form.
#include "quietus/app/configuration.hpp"
#include "quietus/core/bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace quietus;
    const auto read = parse_configuration(as_text({data, size}), "q.toml");
    if (!read) {
        if (read.error().fault != Fault::usage ||
            !read.error().message.starts_with("q.toml: line ") ||
            read.error().message.find('\n') != std::string::npos)
            abort();
        return 0;
    }
    for (const ConfiguredOption& each : read->options) {
        if (each.key == nullptr || each.values.empty() || each.line == 0) abort();
        if (each.key->by == ConfiguredBy::locked_station && !read->locked_at) abort();
        for (const std::string& value : each.values)
            if (value.empty() || value.find('\n') != std::string::npos) abort();
    }
    return 0;
}
