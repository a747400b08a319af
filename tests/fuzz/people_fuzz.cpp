// people.toml from anybody who may write it: reading must end without a crash, an error must be fit
// to print, and what is accepted must come back the same from our own text.
#include "quietus/app/people.hpp"
#include "quietus/core/bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace quietus;
    const auto people = parse_people(as_text({data, size}));
    if (!people) {
        if (people.error().fault != Fault::invalid ||
            people.error().message.find('\n') != std::string::npos)
            abort();
        return 0;
    }
    const auto again = parse_people(people_text(*people));
    if (!again || *again != *people) abort();
    return 0;
}
