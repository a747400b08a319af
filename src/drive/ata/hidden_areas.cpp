#include "quietus/drive/ata/hidden_areas.hpp"

#include "quietus/transport/ata/commands.hpp"

#include <numeric>
#include <optional>

namespace quietus::ata {
namespace {

constexpr std::uint8_t id_not_found = 0x10; // ERROR bit 4
constexpr unsigned most_rounds = 3;         ///< what is lifted may show what was hidden beneath it

// A 28-bit address has its bits 27:24 in DEVICE.
std::optional<std::uint64_t> last_address(const AtaRegisters& registers, bool extended) {
    if (!registers.lba) return std::nullopt;
    if (extended) return *registers.lba;
    return (*registers.lba & 0xFFFFFFU) | static_cast<std::uint64_t>(registers.device & 0x0FU)
                                              << 24U;
}

class Reader {
  public:
    Reader(AtaPort& port, const IdentifyWords& words) : port_(port), words_(words) {}

    HiddenAreas read() {
        areas_.accessible = words_.sectors();
        if (words_.has_protected_area()) {
            const bool extended = words_.has_48_bit();
            areas_.protected_area =
                ask("READ NATIVE MAX ADDRESS", read_native_max(extended), extended);
        }
        if (words_.has_accessible_max())
            areas_.accessible_max =
                ask("GET NATIVE MAX ADDRESS EXT", get_native_max_accessible(), true);
        if (words_.has_overlay()) areas_.overlay = ask_overlay();
        return std::move(areas_);
    }

  private:
    std::optional<std::uint64_t> ask(const char* name, const AtaCommand& command, bool extended) {
        const auto reply = port_.execute(command);
        if (const auto failure = failure_of(reply)) return unreadable(name, *failure);
        const auto last = last_address(*reply->registers, extended);
        if (!last) return unreadable(name, "the address was left out on the way");
        // Below what it addresses it cannot be: then it was harmed, or is no answer to this.
        if (*last + 1 < areas_.accessible)
            return unreadable(name, "less than the drive addresses already");
        return *last + 1;
    }

    // Words 3 to 6: the last address of the drive as it was made. Word 255 proves the data.
    std::optional<std::uint64_t> ask_overlay() {
        constexpr const char* name = "DEVICE CONFIGURATION IDENTIFY";
        const auto reply = port_.execute(dco_identify());
        if (!reply) return unreadable(name, reply.error().message);
        const Bytes& data = reply->data;
        if (reply->registers && !reply->registers->succeeded())
            return unreadable(name, "the drive aborted it");
        if (data.size() != block_octets) return unreadable(name, "it is cut short");
        const auto sum = std::accumulate(data.begin(), data.end(), 0U) & 0xFFU;
        if (data[510] != 0xA5 || sum != 0) return unreadable(name, "its checksum does not hold");
        std::uint64_t last = 0;
        for (std::size_t at = 14; at > 6; --at)
            last = last << 8U | data[at - 1];
        if (last >= UINT64_MAX / block_octets) return unreadable(name, "an address beyond reason");
        if (last + 1 < areas_.accessible)
            return unreadable(name, "less than the drive addresses already");
        return last + 1;
    }

    std::optional<std::uint64_t> unreadable(const char* name, const std::string& why) {
        areas_.unreadable.push_back(std::string(name) + ": " + why);
        return std::nullopt;
    }

    AtaPort& port_;
    const IdentifyWords& words_;
    HiddenAreas areas_;
};

class Lifter {
  public:
    Lifter(AtaPort& port, HiddenAreaRecord& record) : port_(port), record_(record) {}

    void lift() {
        auto areas = read();
        if (!areas) return;
        record_.before = *areas;
        for (unsigned round = 0; round < most_rounds; ++round) {
            const auto native = native_sectors(*areas);
            if (!native) {
                settle(HiddenState::unknown, "what is hidden cannot be read: " + joined(*areas));
                return;
            }
            if (*native == areas->accessible) {
                settle(round == 0 ? HiddenState::none : HiddenState::lifted, "");
                return;
            }
            if (!lift_one(*areas)) return;
            areas = read();
            if (!areas) return;
            record_.lifted = *areas;
        }
        settle(HiddenState::power_cycle_needed,
               "the drive has taken the change, and does not address more yet");
    }

  private:
    std::optional<HiddenAreas> read() {
        auto words = read_identify(port_);
        if (!words) {
            settle(HiddenState::unknown, words.error().message);
            return std::nullopt;
        }
        words_ = std::move(*words);
        return read_hidden_areas(port_, *words_);
    }

    // An overlay is lifted last: it cannot be while the border is drawn more narrowly within it.
    bool lift_one(const HiddenAreas& areas) {
        if (areas.protected_area && *areas.protected_area > areas.accessible)
            return lift_protected_area();
        if (areas.accessible_max && *areas.accessible_max > areas.accessible)
            return done("SET ACCESSIBLE MAX ADDRESS EXT",
                        port_.execute(set_max_accessible(*areas.accessible_max - 1)));
        return done("DEVICE CONFIGURATION RESTORE", port_.execute(dco_restore()));
    }

    // The drive takes the second command only directly behind the first.
    bool lift_protected_area() {
        const bool extended = words_->has_48_bit();
        const auto read = port_.execute(read_native_max(extended));
        const auto last = !failure_of(read) ? last_address(*read->registers, extended)
                                            : std::optional<std::uint64_t>{};
        if (!last) {
            settle(HiddenState::refused,
                   "READ NATIVE MAX ADDRESS: it answered before, and not now");
            return false;
        }
        return done("SET MAX ADDRESS", port_.execute(set_max(*last, extended)));
    }

    // IDNF: it has been set in this power cycle already.
    bool done(const char* name, const Result<AtaReply>& reply) {
        const auto failure = failure_of(reply);
        if (!failure) return true;
        const bool set_before =
            reply && reply->registers && (reply->registers->error & id_not_found) != 0;
        settle(set_before ? HiddenState::power_cycle_needed : HiddenState::refused,
               std::string(name) + ": " +
                   (set_before ? "the drive takes it once in a power cycle" : *failure));
        return false;
    }

    void settle(HiddenState state, std::string text) {
        record_.state = state;
        record_.text = std::move(text);
    }

    static std::string joined(const HiddenAreas& areas) {
        std::string text;
        for (const std::string& each : areas.unreadable)
            text += (text.empty() ? "" : "; ") + each;
        return text.empty() ? "the drive tells no capacity" : text;
    }

    AtaPort& port_;
    HiddenAreaRecord& record_;
    std::optional<IdentifyWords> words_;
};

} // namespace

HiddenAreas read_hidden_areas(AtaPort& port, const IdentifyWords& words) {
    return Reader(port, words).read();
}

void lift_hidden_areas(AtaPort& port, HiddenAreaRecord& record) {
    Lifter(port, record).lift();
}

} // namespace quietus::ata
