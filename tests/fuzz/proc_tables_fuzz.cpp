// Fuzz target: the tables of /proc, whose paths and names any user of the machine may choose.
#include "proc_tables.hpp"

#include "quietus/core/bytes.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view table = quietus::as_text({data, size});
    static_cast<void>(quietus::parse_mountinfo(table));
    static_cast<void>(quietus::parse_swaps(table));
    static_cast<void>(quietus::parse_locks(table));
    return 0;
}
