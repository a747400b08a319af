#include "machines.hpp"

namespace quietus::machines {

std::string add_scsi(RecordedMachine& machine, const ScsiUnit& unit) {
    const std::string directory = machine.add(unit.path, unit.name, unit.number, unit.sectors,
                                              {{"device/vendor", unit.vendor + "\n"},
                                               {"device/model", unit.model + "\n"},
                                               {"device/type", "0\n"},
                                               {"queue/rotational", unit.rotational + "\n"}});
    if (!unit.wwid.empty()) machine.write(directory + "/device/wwid", unit.wwid + "\n");
    const auto length = static_cast<char>(unit.serial.size());
    if (!unit.serial.empty())
        machine.write(directory + "/device/vpd_pg80",
                      std::string("\0\x80\0", 3) + length + unit.serial);
    machine.set_bus(directory, "scsi");
    return directory;
}

void set_host_driver(RecordedMachine& machine, const std::string& host, const std::string& driver) {
    const std::string name = host.substr(host.rfind('/') + 1);
    machine.write("sys/devices/" + host + "/scsi_host/" + name + "/proc_name", driver + "\n");
}

void add_controller(RecordedMachine& machine, const NvmeController& controller) {
    const std::string directory = "sys/devices/" + controller.path;
    const std::string name = controller.path.substr(controller.path.rfind('/') + 1);
    machine.write(directory + "/transport", controller.transport + "\n");
    machine.write(directory + "/address", controller.address + "\n");
    machine.link("sys/class/nvme/" + name, "../../devices/" + controller.path);
    machine.write("dev/" + name, "");
    if (controller.subsystem.empty()) return;
    const std::string subsystem = "virtual/nvme-subsystem/" + controller.subsystem;
    machine.link("sys/devices/" + subsystem + "/" + name, "../../../" + controller.path);
    const std::string listed = "sys/class/nvme-subsystem/" + controller.subsystem;
    const auto root = machine.paths.sys.substr(0, machine.paths.sys.size() - 3);
    if (!std::filesystem::exists(root + listed)) machine.link(listed, "../../devices/" + subsystem);
}

std::string add_namespace(RecordedMachine& machine, const NvmeNamespace& space) {
    const std::string directory = "sys/devices/" + space.path + "/" + space.name;
    machine.write(directory + "/dev", space.number + "\n");
    machine.write(directory + "/size", std::to_string(space.sectors) + "\n");
    machine.write(directory + "/ro", "0\n");
    machine.write(directory + "/removable", "0\n");
    machine.write(directory + "/diskseq", "9\n");
    machine.write(directory + "/queue/logical_block_size", "512\n");
    machine.write(directory + "/queue/physical_block_size", "512\n");
    machine.write(directory + "/queue/rotational", "0\n");
    machine.write(directory + "/nsid", space.nsid + "\n");
    machine.write(directory + "/wwid", space.wwid + "\n");
    machine.write(directory + "/device/model", "SAMSUNG MZQL21T9HCJR-00A07\n");
    machine.write(directory + "/device/serial", "S64GNE0R700123      \n");
    machine.write(directory + "/device/firmware_rev", "GDC5602Q\n");
    machine.set_bus(
        directory, space.path.find("nvme-subsys") != std::string::npos ? "nvme-subsystem" : "nvme");
    machine.link("sys/block/" + space.name, "../devices/" + space.path + "/" + space.name);
    machine.write("dev/" + space.name, "");
    return directory;
}

void add_usb_device(RecordedMachine& machine, const std::string& path, const std::string& name,
                    const std::string& numbers, const std::string& serial) {
    const std::string directory = "sys/devices/" + path;
    machine.write(directory + "/bDeviceClass", "00\n");
    machine.write(directory + "/manufacturer", name.substr(0, name.find(' ')) + "\n");
    machine.write(directory + "/product", name.substr(name.find(' ') + 1) + "\n");
    machine.write(directory + "/idVendor", numbers.substr(0, 4) + "\n");
    machine.write(directory + "/idProduct", numbers.substr(5) + "\n");
    if (!serial.empty()) machine.write(directory + "/serial", serial + "\n");
}

} // namespace quietus::machines
