// What an ATA drive answers: IDENTIFY DEVICE, SMART data, capabilities, DEVICE CONFIGURATION
// IDENTIFY, sense data and the results log of a translator. The first octet picks the reader.
#include "quietus/core/bytes.hpp"
#include "quietus/core/ensure.hpp"
#include "quietus/drive/ata/health.hpp"
#include "quietus/drive/ata/hidden_areas.hpp"
#include "quietus/transport/ata/identify_words.hpp"
#include "quietus/transport/ata/sanitize_status.hpp"
#include "quietus/transport/ata_over_scsi.hpp"

#include <cstddef>
#include <cstdint>

using namespace quietus;

namespace {

/// Answers everything with the same octets.
class SameAnswer final : public AtaPort {
  public:
    explicit SameAnswer(ByteView octets) : octets_(octets.begin(), octets.end()) {}
    Result<AtaReply> execute(const AtaCommand& command) override {
        AtaReply reply{ata_registers(octets_), {}};
        if (command.in_bytes != 0) reply.data = octets_;
        return reply;
    }

  private:
    Bytes octets_;
};

class SameSense final : public ScsiPort {
  public:
    explicit SameSense(ByteView octets) : octets_(octets.begin(), octets.end()) {}
    Result<ScsiReply> execute(const ScsiCommand& command) override {
        // The first command fails with the octets as its sense, what asks again is sent them.
        const bool first = !asked_;
        asked_ = true;
        if (first) return ScsiReply{scsi::check_condition, octets_, {}};
        Bytes data = octets_;
        if (data.size() > command.in_bytes) data.resize(command.in_bytes);
        return ScsiReply{scsi::good, {}, data};
    }

  private:
    Bytes octets_;
    bool asked_ = false;
};

void read_identify_words(ByteView octets) {
    const auto words = ata::IdentifyWords::parse(octets);
    if (!words) return;
    static_cast<void>(words->model());
    static_cast<void>(words->erase_time(false));
    QUIETUS_ENSURE(words->logical_bytes() >= 512);
    SameAnswer port(octets);
    const HiddenAreas areas = ata::read_hidden_areas(port, *words);
    const auto native = native_sectors(areas);
    QUIETUS_ENSURE(!native || *native >= areas.accessible);
}

void read_through_translator(ByteView octets) {
    SameSense scsi(octets);
    AtaCommand status;
    status.taskfile.command = 0xB4;
    status.extended = true;
    const auto reply = AtaOverScsi(scsi).execute(status);
    if (!reply) return;
    const auto decoded = ata::decode_sanitize_status(*reply);
    // Success is read in registers and in nothing else.
    QUIETUS_ENSURE(!decoded || decoded->state != SanitizeState::completed || reply->registers);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const ByteView octets(data + 1, size - 1);
    switch (data[0] % 3) {
    case 0:
        read_identify_words(octets);
        break;
    case 1:
        static_cast<void>(ata::decode_smart_data(octets));
        static_cast<void>(ata::decode_definitive_end(octets));
        break;
    default:
        read_through_translator(octets);
        break;
    }
    return 0;
}
