// Fuzz target: the tables of /proc, whose paths and names any user of the machine may choose, and
// what names the system's own devices: command line, fstab, EFI variables.
#include "efi_boot.hpp"
#include "mapped_device.hpp"
#include "named_devices.hpp"
#include "proc_tables.hpp"

#include "quietus/core/bytes.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view table = quietus::as_text({data, size});
    static_cast<void>(quietus::parse_mountinfo(table));
    static_cast<void>(quietus::parse_swaps(table));
    static_cast<void>(quietus::parse_locks(table));
    static_cast<void>(quietus::parse_maps(table));
    static_cast<void>(quietus::parse_device_name(table));
    static_cast<void>(quietus::parse_command_line(table));
    static_cast<void>(quietus::parse_fstab(table));
    static_cast<void>(quietus::logical_volume_of(std::string(table)));
    static_cast<void>(quietus::parse_loader_partition({data, size}));
    static_cast<void>(quietus::parse_boot_current({data, size}));
    static_cast<void>(quietus::parse_boot_option({data, size}));
    return 0;
}
