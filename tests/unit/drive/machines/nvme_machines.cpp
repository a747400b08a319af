// NVMe: subsystems with several namespaces, several controllers, and networks.
#include "machines.hpp"

namespace quietus::machines {
namespace {

constexpr std::uint64_t sectors_960gb = 1875385008;
const NvmeDrive one_space{.spaces = {{.blocks = sectors_960gb, .eui64 = "0025385b01400000"}}};

} // namespace

// Two namespaces with nodes, and one that no controller has attached.
void nvme_two_namespaces_one_unattached(RecordedMachine& machine) {
    const std::string path = "pci0000:00/0000:00:1d.0/0000:02:00.0/nvme/nvme0";
    add_controller(machine, {path, "pcie", "0000:02:00.0", "nvme-subsys0"});
    const auto first = add_namespace(machine, {path, "nvme0n1", "259:0", sectors_960gb, "1",
                                               "eui.36344730527001230025384500000001"});
    machine.add_partition(first, "nvme0n1p1", "259:2", 2048, 4096);
    const auto second = add_namespace(
        machine, {path, "nvme0n2", "259:1", 2097152, "2", "eui.36344730527001230025384500000002"});
    machine.add_partition(second, "nvme0n2p1", "259:3", 2048, 4096);
    machine.set_mounts(RecordedMachine::mount_line("259:3", "/srv", "ext4", "/dev/nvme0n2p1"));
    const NvmeDrive drive{.manages_namespaces = true,
                          .spaces = {{1, sectors_960gb, "36344730527001230025384500000001"},
                                     {2, 2097152, "36344730527001230025384500000002"},
                                     {.nsid = 3, .blocks = 16, .attached = false}}};
    machine.answers.replies = {{"/dev/nvme0n1", nvme_replies(drive, 1)},
                               {"/dev/nvme0n2", nvme_replies(drive, 2)}};
}

// Two controllers of one subsystem, whose paths the kernel joins: one node, two hidden ones.
void nvme_native_multipath(RecordedMachine& machine) {
    const std::string subsystem = "virtual/nvme-subsystem/nvme-subsys0";
    const auto add_path = [&](const std::string& number, const std::string& pci) {
        const std::string path = "pci0000:00/" + pci + "/nvme/nvme" + number;
        add_controller(machine, {path, "pcie", pci, "nvme-subsys0"});
        const auto hidden = add_namespace(machine, {path, "nvme0c" + number + "n1", "0:0",
                                                    sectors_960gb, "1", "eui.0025385b01400000"});
        machine.remove(hidden + "/dev");
        machine.write(hidden + "/hidden", "1\n");
        machine.remove("dev/nvme0c" + number + "n1");
    };
    add_path("0", "0000:81:00.0");
    add_path("1", "0000:c1:00.0");
    add_namespace(machine,
                  {subsystem, "nvme0n1", "259:0", sectors_960gb, "1", "eui.0025385b01400000"});
    machine.answers.replies["/dev/nvme0n1"] = nvme_replies(one_space, 1);
}

// The same drive when the kernel was told not to join paths.
void nvme_two_ports_without_multipath(RecordedMachine& machine) {
    for (const char* const number : {"0", "1"}) {
        const std::string n = number;
        const std::string pci = "0000:" + std::string(n == "0" ? "8" : "c") + "1:00.0";
        const std::string path = "pci0000:00/" + pci + "/nvme/nvme" + n;
        add_controller(machine, {path, "pcie", pci, "nvme-subsys0"});
        add_namespace(machine, {path, "nvme" + n + "n1", "259:" + n, sectors_960gb, "1",
                                "eui.0025385b01400000"});
        machine.answers.replies["/dev/nvme" + n + "n1"] = nvme_replies(one_space, 1);
    }
}

// Behind Intel's Volume Management Device, which has a PCI domain of its own.
void nvme_behind_vmd(RecordedMachine& machine) {
    const std::string path =
        "pci0000:00/0000:00:0e.0/pci10000:e0/10000:e0:06.0/10000:e1:00.0/nvme/nvme0";
    add_controller(machine, {path, "pcie", "10000:e1:00.0", ""});
    add_namespace(machine, {path, "nvme0n1", "259:0", 1000215216, "1", "eui.5cd2e42a91000001"});
    machine.answers.replies["/dev/nvme0n1"] =
        nvme_replies({.spaces = {{.blocks = 1000215216, .eui64 = "5cd2e42a91000001"}}}, 1);
}

// Two namespaces of a storage array: two volumes, not parts of one drive.
void nvme_over_tcp(RecordedMachine& machine) {
    const std::string path = "virtual/nvme-fabrics/ctl/nvme4";
    add_controller(machine, {path, "tcp", "traddr=192.0.2.7,trsvcid=4420", "nvme-subsys4"});
    const NvmeDrive array{
        .model = "NetApp ONTAP Controller",
        .serial = "81LLhZXcS5CgAAAAAAAB",
        .firmware = "9.14.1",
        .subsystem = "nqn.1992-08.com.netapp:sn.1a2b3c4d:subsystem.pool",
        .spaces = {{.nsid = 1, .blocks = 2097152, .uuid = "2f1d6e0a0f4e4c599d386a1f3c5b7e01"},
                   {.nsid = 2, .blocks = 2097152, .uuid = "2f1d6e0a0f4e4c599d386a1f3c5b7e02"}}};
    for (const char* const n : {"1", "2"}) {
        const std::string name = std::string("nvme4n") + n;
        const auto directory =
            add_namespace(machine, {path, name, *n == '1' ? "259:8" : "259:9", 2097152, n,
                                    std::string("uuid.2f1d6e0a-0f4e-4c59-9d38-6a1f3c5b7e0") + n});
        machine.write(directory + "/device/model", array.model + "\n");
        machine.write(directory + "/device/serial", array.serial + "\n");
        machine.write(directory + "/device/firmware_rev", array.firmware + "\n");
        machine.answers.replies["/dev/" + name] =
            nvme_replies(array, static_cast<unsigned>(*n - '0'));
    }
}

} // namespace quietus::machines
