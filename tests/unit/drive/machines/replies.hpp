// What the drives of recorded machines answer to the commands that they are asked: transcripts for
// the replay ports, made of the octets that the standards lay out.
#pragma once

#include "support/wire_samples.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace quietus::machines {

/// A disk that answers IDENTIFY DEVICE.
struct AtaDisk {
    std::string model = {};
    std::string serial = {};
    std::string firmware = "0001";
    std::uint64_t wwn = 0; ///< 0: it has none
    std::uint64_t blocks = 0;
    std::uint16_t rate = 7200; ///< 1: it does not rotate; 0: it does not tell
    std::uint32_t block_bytes = 512;
    unsigned exponent = 3; ///< physical blocks have 2^exponent logical ones
};
[[nodiscard]] test::IdentifySample identify_of(const AtaDisk& disk);
/// Behind a host adapter that translates: INQUIRY, pages 80h, 83h, 89h, B1h, B2h, IDENTIFY DEVICE,
/// READ CAPACITY (16).
[[nodiscard]] std::string ata_replies(const AtaDisk& disk);
/// The same with octets of IDENTIFY DEVICE that the test has changed.
[[nodiscard]] std::string ata_replies(const AtaDisk& disk, const test::IdentifySample& identify);

/// A logical unit that speaks for itself.
struct ScsiDisk {
    std::string vendor = {};
    std::string product = {};
    std::string serial = {}; ///< of page 80h; empty: no such page
    Bytes names = {};        ///< designators of page 83h; empty: no such page
    std::uint64_t blocks = 0;
    std::uint32_t block_bytes = 512;
    unsigned exponent = 0;
    std::optional<std::uint16_t> rate = {}; ///< page B1h; absent: no such page
    std::optional<bool> thin = {};          ///< page B2h; absent: no such page
    std::vector<unsigned> luns = {};        ///< of REPORT LUNS; empty: it must not be asked
};
[[nodiscard]] std::string scsi_replies(const ScsiDisk& disk);
/// Designators of a SAS drive: the logical unit's name, the port's and the target's.
[[nodiscard]] Bytes sas_names(const std::string& unit, const std::string& port,
                              const std::string& target);
/// The target's name by iSCSI (SPC-5 clause 7.7.6: protocol identifier 5, a SCSI name string).
[[nodiscard]] Bytes iscsi_target(const std::string& name);

/// A USB bridge and, if it hands IDENTIFY DEVICE through, the drive in it.
struct Bridge {
    std::string vendor = {};
    std::string product = {};
    std::uint8_t version = 6; ///< below 4 it is asked for no pages
    std::string serial = {};  ///< of page 80h; empty: page 00h is refused
    std::string name = {};    ///< of page 83h, hexadecimal; empty: no such page
    std::optional<std::uint16_t> rate = {};
    std::uint64_t blocks = 0; ///< by READ CAPACITY (10)
    std::optional<AtaDisk> drive = {};
};
[[nodiscard]] std::string bridge_replies(const Bridge& bridge);
/// The same with words of IDENTIFY DEVICE that the test has changed.
[[nodiscard]] std::string bridge_replies(const Bridge& bridge,
                                         const test::IdentifySample& identify);

struct NvmeSpace {
    unsigned nsid = 1;
    std::uint64_t blocks = 0; ///< of 512 octets
    std::string nguid = std::string(32, '0');
    std::string eui64 = std::string(16, '0');
    std::string uuid = {}; ///< of the descriptors, hexadecimal
    bool attached = true;
};
struct NvmeDrive {
    std::string model = "SAMSUNG MZQL21T9HCJR-00A07";
    std::string serial = "S64GNE0R700123";
    std::string firmware = "GDC5602Q";
    std::string subsystem = "nqn.1994-11.com.samsung:nvme:PM9A3:2.5-inch:S64GNE0R700123";
    bool manages_namespaces = false;
    std::vector<NvmeSpace> spaces = {};
};
/// By the node of that namespace: CNS 01h, 00h, 03h, 02h, and 10h and 11h where they are managed.
[[nodiscard]] std::string nvme_replies(const NvmeDrive& drive, unsigned own);

/// CMD8 of an eMMC.
[[nodiscard]] std::string mmc_replies(const Bytes& ext_csd);

} // namespace quietus::machines
