// efi_boot: the partition that the firmware or the boot loader says the machine was started from,
// read from EFI variables (UEFI 2.10, section 3.3; systemd.io/BOOT_LOADER_INTERFACE). Pure parsers.
//
// The content of a variable as efivarfs shows it: four octets of attributes, then the data.
#pragma once

#include "quietus/core/bytes.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace quietus {

/// LoaderDevicePartUUID: the partition's UUID as UTF-16 text. In lower case; absent when it is no
/// UUID.
[[nodiscard]] std::optional<std::string> parse_loader_partition(ByteView variable);

/// BootCurrent: the number of the Boot#### variable that was chosen.
[[nodiscard]] std::optional<std::uint16_t> parse_boot_current(ByteView variable);

/// Boot####, an EFI_LOAD_OPTION: the partition of the first hard drive node of its device path, as
/// libblkid writes PARTUUID ("8b2e0c4f-...", or "1a2b3c4d-01" of a DOS table). Absent when it has
/// none.
[[nodiscard]] std::optional<std::string> parse_boot_option(ByteView variable);

} // namespace quietus
