// What an NVMe drive answers: Identify, lists of namespaces, logs and Level 0 Discovery. The first
// octet picks the reader.
#include "quietus/core/bytes.hpp"
#include "quietus/core/ensure.hpp"
#include "quietus/transport/nvme/controller.hpp"
#include "quietus/transport/nvme/logs.hpp"
#include "quietus/transport/nvme/namespaces.hpp"
#include "quietus/transport/nvme/sanitize_log.hpp"
#include "quietus/transport/tcg/level_0.hpp"

#include <cstddef>
#include <cstdint>

using namespace quietus;

namespace {

/// Identify data have one length; what is left out are zeros.
Bytes padded(ByteView octets) {
    Bytes data(octets.begin(), octets.end());
    data.resize(nvme::identify_octets);
    return data;
}

/// Answers everything with the same octets, as much of them as there is room for.
class SameAnswer final : public NvmePort {
  public:
    explicit SameAnswer(ByteView octets) : octets_(octets.begin(), octets.end()) {}
    Result<NvmeReply> execute(const NvmeCommand& command) override {
        Bytes data = octets_;
        data.resize(command.in_bytes);
        return NvmeReply{0, 0, data};
    }
    Result<std::uint32_t> namespace_id() override { return 1U; }

  private:
    Bytes octets_;
};

void read_identify_controller(ByteView octets) {
    static_cast<void>(nvme::parse_controller_features(octets));
    const auto found = nvme::parse_controller_features(padded(octets));
    if (!found) return;
    QUIETUS_ENSURE(found->sanitize.modifies_media <= 3);
    static_cast<void>((found->total + found->unallocated).text());
}

void read_identify_namespace(ByteView octets) {
    static_cast<void>(nvme::parse_namespace_format(octets));
    const auto found = nvme::parse_namespace_format(padded(octets));
    if (!found || !*found) return;
    QUIETUS_ENSURE((*found)->settings.format < 64);
    QUIETUS_ENSURE((*found)->block_bytes >= 512);
    static_cast<void>((*found)->size().text());
}

// Whatever it sends, the list comes to an end and ascends.
void read_namespace_list(ByteView octets) {
    SameAnswer port(octets);
    const auto all = nvme::read_list(port, nvme::Structure::active_list);
    if (!all) return;
    QUIETUS_ENSURE(all->size() <= nvme::most_listed);
    for (std::size_t i = 1; i < all->size(); ++i)
        QUIETUS_ENSURE((*all)[i - 1] < (*all)[i]);
}

void read_logs(ByteView octets) {
    const auto log = nvme::parse_sanitize_log(octets);
    if (log) {
        QUIETUS_ENSURE(log->state != NvmeSanitizeState::unknown);
        QUIETUS_ENSURE(log->passes < 32);
        static_cast<void>(nvme::announced(*log, nvme::SanitizeAction::overwrite, true));
    }
    static_cast<void>(nvme::parse_health_log(octets));
    static_cast<void>(nvme::parse_error_log(octets));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const ByteView octets(data + 1, size - 1);
    switch (data[0] % 5) {
    case 0:
        read_identify_controller(octets);
        break;
    case 1:
        read_identify_namespace(octets);
        break;
    case 2:
        read_namespace_list(octets);
        break;
    case 3:
        read_logs(octets);
        break;
    default:
        static_cast<void>(tcg::parse_level_0(octets));
        break;
    }
    return 0;
}
