#include "quietus/drive/recheck.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/drive/scsi/identity.hpp"
#include "quietus/transport/ata/identify_words.hpp"
#include "quietus/transport/nvme/controller.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace quietus {
namespace {

constexpr std::string_view image_prefix = "image:";

Error changed(const Drive& planned, const std::string& what) {
    return Error{Fault::refused, "identity-changed: " + escaped(planned.node) + " " + what +
                                     " since it was planned"}
        .with_hint("run `quietus plan` again and read what it shows");
}

/// The first field that differs, in words; nothing when none does.
class Difference {
  public:
    template <typename T>
    void of(std::string_view what, const T& planned, const T& now) {
        if (what_.empty() && !(planned == now)) what_ = what;
    }
    [[nodiscard]] const std::string& what() const { return what_; }

  private:
    std::string what_;
};

Difference place_difference(const Drive& planned, const Drive& now) {
    Difference difference;
    difference.of("stands for another device", planned.device_number, now.device_number);
    difference.of("was attached anew", planned.diskseq, now.diskseq);
    difference.of("has another capacity", planned.size_bytes, now.size_bytes);
    difference.of("is made up of other nodes", planned.members, now.members);
    difference.of("has other blocks", planned.logical_block_bytes, now.logical_block_bytes);
    return difference;
}

std::string parts_text(const Drive& drive) {
    std::string text;
    for (const Part& part : drive.parts)
        text += std::string(to_text(part.kind)) + ' ' + part.node + ' ' +
                std::to_string(part.size_bytes) + ' ' + part.title + '\n';
    return text;
}

std::string contents_text(const Drive& drive) {
    std::string text;
    for (const Content& content : drive.contents)
        text += std::to_string(content.offset_bytes) + ' ' + content.type + ' ' + content.uuid +
                ' ' + content.label + '\n';
    return text;
}

void compare_own_words(const Drive& planned, const Drive& now, Difference& difference) {
    difference.of("is of another kind", planned.kind, now.kind);
    difference.of("has another serial number", planned.serial_raw_hex, now.serial_raw_hex);
    difference.of("has another model", planned.model, now.model);
    difference.of("has another worldwide name", planned.wwn, now.wwn);
    difference.of("has other firmware", planned.firmware, now.firmware);
}

// A drive that erases itself answers hardly anything but how far it is (ACS-4, state SD2).
bool is_busy_with_itself(const Drive& drive) {
    return drive.ata_erasure && drive.ata_erasure->sanitize == SanitizeState::in_progress &&
           !drive.native_size_bytes;
}

Difference identity_difference(const Drive& planned, const Drive& now) {
    Difference difference = place_difference(planned, now);
    compare_own_words(planned, now, difference);
    if (!is_busy_with_itself(now))
        difference.of("has another native capacity", planned.native_size_bytes,
                      now.native_size_bytes);
    difference.of("has other parts", parts_text(planned), parts_text(now));
    difference.of("holds something else", contents_text(planned), contents_text(now));
    return difference;
}

// A clock says something else whenever it is looked at.
bool was_known(const Drive& planned, const Guard& guard) {
    return std::ranges::any_of(planned.guards, [&](const Guard& each) {
        return each.interlock == guard.interlock &&
               (each.reason == guard.reason || guard.interlock == Interlock::clock);
    });
}

Status check_new_guards(const Drive& planned, const Drive& now, Interlock last) {
    for (const Guard& guard : now.guards) {
        if (guard.interlock > last || was_known(planned, guard)) continue;
        return Error{Fault::refused,
                     std::string(to_text(guard.interlock)) + ": " + escaped(guard.reason),
                     escaped(guard.release)};
    }
    return {};
}

struct WhoAnswers {
    std::string model;
    std::string serial;
};

// In the language in which it will be told, and as it was asked when it was found.
Result<WhoAnswers> who_answers(const Drive& planned, FirmwareBay& bay) {
    if (planned.ata_erasure) {
        if (bay.ata() == nullptr) return Error{Fault::unsupported, "it takes no ATA commands"};
        const auto words = ata::read_identify(*bay.ata());
        if (!words) return Error(words.error());
        return WhoAnswers{words->model(), words->serial()};
    }
    if (planned.scsi_erasure && bay.scsi() != nullptr) {
        auto found = scsi::identify(*bay.scsi());
        if (!found) return Error(found.error());
        return WhoAnswers{std::move(found->who.model), std::move(found->who.serial)};
    }
    if (!planned.nvme_erasure || bay.nvme() == nullptr)
        return Error{Fault::unsupported, "it takes no such commands"};
    auto found = nvme::read_controller(*bay.nvme());
    if (!found) return Error(found.error());
    return WhoAnswers{std::move(found->model), std::move(found->serial)};
}

// Whether its nodes are all that it has the drive itself has to say, which was not asked: then it
// has its main node alone. That the others are still what was opened, their descriptors tell.
Drive expected_around(const Drive& planned, const Drive& now) {
    Drive expected = planned;
    if (now.size_bytes == planned.native_size_bytes) expected.size_bytes = now.size_bytes;
    const auto main = std::ranges::find(planned.members, planned.node, &Member::node);
    if (main == planned.members.end() || !now.members.empty()) return expected;
    expected.size_bytes = main->size_bytes;
    expected.members.clear();
    return expected;
}

} // namespace

Result<Drive> look_again(Host& host, const Drive& planned, DetectRequest request) {
    request.all = true;
    request.only = planned.node;
    if (planned.kind == DriveKind::image)
        return host.image(planned.node.substr(image_prefix.size()), request);
    const auto drives = host.detect(request);
    if (!drives) return Error(drives.error());
    return find_again(*drives, planned);
}

Result<Drive> find_again(const std::vector<Drive>& drives, const Drive& planned) {
    const auto found = std::ranges::find(drives, planned.node, &Drive::node);
    if (found == drives.end()) return changed(planned, "has gone");
    return *found;
}

Status check_unchanged(const Drive& planned, const Drive& now) {
    if (const auto difference = identity_difference(planned, now); !difference.what().empty())
        return changed(planned, difference.what());
    return check_new_guards(planned, now, Interlock::hidden_area_unchecked);
}

Status check_surroundings(const Drive& planned, const Drive& now) {
    const Drive expected = expected_around(planned, now);
    if (const auto difference = place_difference(expected, now); !difference.what().empty())
        return changed(planned, difference.what());
    return check_new_guards(planned, now, Interlock::read_only);
}

// What sysfs kept from before stands in for a drive that does not answer, and proves nothing.
Status check_own_word(const Drive& planned, const Drive& now) {
    if (now.probe == ProbeOutcome::not_answering || now.identity_source != planned.identity_source)
        return {};
    Difference difference;
    compare_own_words(planned, now, difference);
    if (difference.what().empty()) return {};
    return changed(planned, difference.what());
}

Status check_who_answers(const Drive& planned, FirmwareBay& bay) {
    const auto refused = [&](const std::string& why) {
        return Error{Fault::refused, "identity-changed: over the way of commands to " +
                                         escaped(planned.node) + " " + why};
    };
    const auto who = who_answers(planned, bay);
    if (!who) return refused("nobody says who answers: " + who.error().message);
    if (who->serial != planned.serial) return refused("another serial number answers");
    if (who->model != planned.model) return refused("another model answers");
    return {};
}

} // namespace quietus
