#include "quietus/transport/scsi/ask_erasure.hpp"

#include "quietus/transport/scsi/commands.hpp"
#include "quietus/transport/scsi/pages.hpp"
#include "quietus/transport/scsi/supported_commands.hpp"
#include "quietus/transport/scsi/unit_state.hpp"

#include <algorithm>
#include <optional>

namespace quietus::scsi {
namespace {

constexpr std::uint8_t op_format_unit = 0x04;
constexpr std::uint8_t op_sanitize = 0x48;
constexpr std::uint16_t sa_overwrite = 0x01;
constexpr std::uint16_t sa_block_erase = 0x02;
constexpr std::uint16_t sa_crypto_erase = 0x03;
constexpr std::uint16_t sa_exit_failure = 0x1F;

constexpr std::uint8_t invalid_operation_code = 0x20;
constexpr std::uint8_t invalid_field_in_cdb = 0x24;

bool is_refused_for(const ScsiReply& reply, std::uint8_t asc) {
    constexpr std::uint8_t illegal_request = 0x05;
    if (reply.status != check_condition) return false;
    const auto sense = decode_sense(reply.sense);
    return sense && sense->key == illegal_request && sense->asc == asc;
}

class Erasure {
  public:
    Erasure(ScsiPort& port, Probing probing) : port_(port), probing_(probing) {}

    Result<ScsiErasure> ask() {
        const auto state = ask_unit_state(port_);
        if (!state) return state.error();
        told_.condition = state->condition;
        told_.progress = state->progress.value_or(0);
        ask_reads();
        if (ask_one_by_one())
            told_.learned_by = "REPORT SUPPORTED OPERATION CODES";
        else if (ask_for_all())
            told_.learned_by = "REPORT SUPPORTED OPERATION CODES, without usage maps";
        else
            probe();
        return told_;
    }

  private:
    void ask_reads() {
        constexpr std::uint16_t page_octets = 64;
        const auto reply = ask_past_attentions(port_, vital_product_data(0xB1, page_octets));
        if (!reply || reply->status != good) return;
        const auto reads = parse_erased_reads(reply->data);
        if (!reads) return;
        told_.after_block_erase = reads->after_block_erase;
        told_.after_crypto_erase = reads->after_crypto_erase;
    }

    std::optional<SupportedCommand> asked_for(const ScsiCommand& question) {
        const auto reply = ask_past_attentions(port_, question);
        if (!reply || reply->status != good) return std::nullopt;
        const auto found = parse_supported_command(reply->data);
        if (!found) return std::nullopt;
        return *found;
    }

    bool ask_one_by_one() {
        const auto overwrite = asked_for(report_supported_command(op_sanitize, sa_overwrite));
        if (!overwrite) return false;
        const auto offer = [this](std::uint16_t action) {
            const auto found = asked_for(report_supported_command(op_sanitize, action));
            if (found) take_flags(*found);
            return found ? found->offer : ScsiOffer::unknown;
        };
        take_flags(*overwrite);
        told_.overwrite = overwrite->offer;
        told_.block_erase = offer(sa_block_erase);
        told_.crypto_erase = offer(sa_crypto_erase);
        const auto exit = asked_for(report_supported_command(op_sanitize, sa_exit_failure));
        told_.exit_failure = exit ? exit->offer : ScsiOffer::unknown;
        const auto format = asked_for(report_supported_command(op_format_unit));
        told_.format = format ? format->offer : ScsiOffer::unknown;
        return true;
    }

    // What one of the operations looks at all of them do; where they differ, it is not relied upon.
    void take_flags(const SupportedCommand& operation) {
        const auto take = [&operation](std::uint8_t bit, ScsiOffer& known) {
            const ScsiOffer said = operation.looks_at(1, bit);
            if (said == ScsiOffer::unknown) return;
            known = known == ScsiOffer::no ? known : said;
        };
        take(0x80, told_.returns_at_once);
        take(0x40, told_.zoned_no_reset);
        take(0x20, told_.may_leave_failed);
    }

    bool ask_for_all() {
        constexpr std::uint32_t list_octets = 8192;
        const auto reply = ask_past_attentions(port_, report_supported_commands(list_octets));
        if (!reply || reply->status != good) return false;
        const auto list = parse_supported_commands(reply->data);
        if (!list) return false;
        const auto lists = [&list](std::uint8_t opcode, std::optional<std::uint16_t> action) {
            const bool found = std::ranges::any_of(*list, [&](const ListedCommand& each) {
                return each.opcode == opcode && each.service_action == action;
            });
            return found ? ScsiOffer::yes : ScsiOffer::no;
        };
        told_.overwrite = lists(op_sanitize, sa_overwrite);
        told_.block_erase = lists(op_sanitize, sa_block_erase);
        told_.crypto_erase = lists(op_sanitize, sa_crypto_erase);
        told_.exit_failure = lists(op_sanitize, sa_exit_failure);
        told_.format = lists(op_format_unit, std::nullopt);
        return true;
    }

    void probe() {
        told_.learned_by = "nothing: it does not report which commands it supports";
        if (probing_ == Probing::never || told_.condition != ScsiCondition::idle) return;
        const auto reply = ask_past_attentions(port_, exit_failure_mode());
        if (!reply) return;
        if (is_refused_for(*reply, invalid_operation_code)) {
            told_.overwrite = told_.block_erase = told_.crypto_erase = ScsiOffer::no;
            told_.exit_failure = ScsiOffer::no;
            told_.learned_by = "EXIT FAILURE MODE, which it does not know";
        } else if (reply->status == good) {
            told_.exit_failure = ScsiOffer::yes;
            told_.learned_by = "EXIT FAILURE MODE, which it took";
        } else if (is_refused_for(*reply, invalid_field_in_cdb)) {
            told_.exit_failure = ScsiOffer::no;
            told_.learned_by = "EXIT FAILURE MODE: it knows SANITIZE, and not that";
        }
    }

    ScsiPort& port_;
    Probing probing_;
    ScsiErasure told_;
};

} // namespace

Result<ScsiReply> ask_past_attentions(ScsiPort& port, const ScsiCommand& command) {
    constexpr std::uint8_t unit_attention = 0x06;
    for (unsigned told = 0;; ++told) {
        auto reply = port.execute(command);
        if (!reply || reply->status != check_condition || told == attentions_most) return reply;
        const auto sense = decode_sense(reply->sense);
        if (!sense || sense->key != unit_attention) return reply;
    }
}

Result<ScsiErasure> ask_erasure(ScsiPort& port, Probing probing) {
    return Erasure(port, probing).ask();
}

} // namespace quietus::scsi
