#include "quietus/drive/scsi/identity.hpp"

#include "serial_text.hpp"
#include "wire/scsi_inquiry.hpp"

#include "quietus/transport/scsi/ask_erasure.hpp"
#include "quietus/transport/scsi/commands.hpp"
#include "quietus/transport/scsi/pages.hpp"
#include "quietus/transport/scsi/unit_state.hpp"

#include <string>

namespace quietus::scsi {
namespace {

// Units from before SPC-3 read the length's low octet alone.
constexpr std::uint16_t page_octets = 252;

class Asking {
  public:
    explicit Asking(ScsiPort& port) : port_(port) {}

    Result<Identity> ask() {
        const auto page = answer_to(inquiry());
        if (!page) return page.error();
        if (page->empty()) return Error{Fault::drive, "INQUIRY is refused"};
        const auto parsed = parse_inquiry(*page);
        if (!parsed) return Error(parsed.error()).during("INQUIRY");
        identity_.who.model = model_text(*parsed);
        if (auto status = ask_serial(); !status) return status.error();
        if (const auto names = answer_to(vital_product_data(vpd_designators, page_octets)); !names)
            return names.error();
        if (auto status = ask_capacity(); !status) return status.error();
        return std::move(identity_);
    }

  private:
    /// Nothing of what is refused.
    Result<Bytes> answer_to(const ScsiCommand& question) {
        auto reply = ask_past_attentions(port_, question);
        if (!reply) return reply.error();
        if (reply->status != good) return Bytes{};
        identity_.told.insert(identity_.told.end(), reply->data.begin(), reply->data.end());
        return std::move(reply->data);
    }

    Status ask_serial() {
        const auto page = answer_to(vital_product_data(vpd_serial, page_octets));
        if (!page) return page.error();
        const auto serial = vpd_body(*page, vpd_serial);
        if (!serial || serial->empty()) return Error{Fault::io, "it has no serial number"};
        identity_.who.serial = normalised_serial(std::string(serial->begin(), serial->end()));
        return {};
    }

    Status ask_capacity() {
        const auto data = answer_to(read_capacity_16());
        if (!data) return data.error();
        const auto format = parse_unit_format(*data);
        if (!format) return {};
        identity_.who.sectors = format->blocks;
        identity_.who.logical_bytes = format->block_bytes;
        return {};
    }

    ScsiPort& port_;
    Identity identity_;
};

} // namespace

Result<Identity> identify(ScsiPort& port) {
    return Asking(port).ask();
}

} // namespace quietus::scsi
