// Scenarios: whatever is taken is a drive that can be emulated, and bears the mark.
#include "quietus/emulator/scenario.hpp"

#include "quietus/core/ensure.hpp"
#include "quietus/record/rehearsal.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace quietus;
    const auto scenario = emulator::parse_scenario({reinterpret_cast<const char*>(data), size});
    if (!scenario) return 0;
    QUIETUS_ENSURE(!scenario->drives.empty());
    for (const emulator::ScenarioDrive& each : scenario->drives) {
        QUIETUS_ENSURE(each.traits.size_bytes != 0 &&
                       each.traits.size_bytes <= emulator::drive_limit &&
                       each.traits.size_bytes % each.traits.block_bytes == 0);
        QUIETUS_ENSURE(!each.secret.empty() && is_marked(each.facts.serial) &&
                       is_marked(each.facts.model) &&
                       each.facts.serial.find('/') == std::string::npos);
        for (const emulator::MediaFault& fault : each.faults)
            QUIETUS_ENSURE(fault.where.offset < each.traits.size_bytes && fault.where.length != 0);
    }
    return 0;
}
