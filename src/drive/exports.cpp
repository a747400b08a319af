#include "exports.hpp"

#include "shell_word.hpp"
#include "sysfs.hpp"

#include <utility>

namespace quietus {
namespace {

/// Where configfs is mounted on every system that has it.
constexpr const char* config_point = "/sys/kernel/config";

class Reader {
  public:
    explicit Reader(const std::string& sys) : config_(sys + "/kernel/config") {}

    // Linux, Documentation/ABI/testing/configfs-* and drivers/nvme/target/configfs.c.
    void add_nvme() {
        for (const std::string& name : sysfs::names(config_ + "/nvmet/subsystems")) {
            const std::string inside = "/nvmet/subsystems/" + name + "/namespaces/";
            for (const std::string& number : sysfs::names(config_ + inside))
                if (is_on(inside + number + "/enable"))
                    add({"nvmet", name + " namespace " + number,
                         read(inside + number + "/device_path"),
                         echo("0", inside + number + "/enable")});
        }
    }

    // An HBA directory, "fileio_0" or "iblock_1", holds its storage objects.
    void add_scsi() {
        for (const std::string& hba : sysfs::names(config_ + "/target/core"))
            for (const std::string& name : sysfs::names(config_ + "/target/core/" + hba)) {
                const std::string inside = "/target/core/" + hba + "/" + name;
                if (is_on(inside + "/enable"))
                    add({"target", name, read(inside + "/udev_path"),
                         "targetcli /backstores/" + kind_of(hba) + " delete " + shell_word(name)});
            }
    }

    void add_usb() {
        for (const std::string& gadget : sysfs::names(config_ + "/usb_gadget")) {
            const std::string functions = "/usb_gadget/" + gadget + "/functions/";
            for (const std::string& function : sysfs::names(config_ + functions))
                for (const std::string& unit : sysfs::names(config_ + functions + function)) {
                    if (!function.starts_with("mass_storage.") || !unit.starts_with("lun."))
                        continue;
                    const std::string inside = functions + function + "/" + unit;
                    add({"usb-gadget", gadget + " " + unit, read(inside + "/file"),
                         echo("", inside + "/file")});
                }
        }
    }

    std::vector<Export> take() && { return std::move(found_); }

  private:
    void add(Export each) {
        if (each.path.starts_with('/')) found_.push_back(std::move(each));
    }

    [[nodiscard]] std::string read(const std::string& inside) const {
        return sysfs::text(config_ + inside).value_or("");
    }

    // What cannot be read might well be on.
    [[nodiscard]] bool is_on(const std::string& inside) const { return read(inside) != "0"; }

    static std::string echo(const std::string& value, const std::string& inside) {
        return "echo " + shell_word(value) + " > " + shell_word(config_point + inside);
    }

    static std::string kind_of(const std::string& hba) {
        const std::string kind = hba.substr(0, hba.rfind('_'));
        return kind == "iblock" ? "block" : shell_word(kind); // as targetcli calls it
    }

    std::string config_;
    std::vector<Export> found_;
};

} // namespace

std::vector<Export> exports_of(const std::string& sys) {
    Reader reader(sys);
    reader.add_nvme();
    reader.add_scsi();
    reader.add_usb();
    return std::move(reader).take();
}

} // namespace quietus
