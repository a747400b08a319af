#include "quietus/app/orders.hpp"

#include "trust_directory.hpp"

#include "quietus/certificate/profiles.hpp"
#include "quietus/core/bytes.hpp"
#include "quietus/core/file.hpp"
#include "quietus/stream/digest.hpp"

#include <algorithm>

namespace quietus {
namespace {

Error refused(const DisposalOrder& order, std::string why) {
    return Error{Fault::refused, "order " + escaped(order.id) + ": " + std::move(why)};
}

Status check_validity(const DisposalOrder& order, std::int64_t now) {
    if (now < order.valid_from)
        return refused(order, "it is not valid before " + to_rfc3339(order.valid_from));
    if (now >= order.valid_until)
        return refused(order, "it expired at " + to_rfc3339(order.valid_until));
    return {};
}

Result<DisposalOrder> read_order(const std::string& path, const std::string& text) {
    auto order = parse_disposal_order(text);
    if (order) return order;
    return Error{Fault::usage, "order " + escaped(path) + ": " + order.error().message};
}

Result<LoadedOrder> read_unsigned(const std::string& path) {
    auto text = read_profile_file(path);
    if (!text) return std::move(text).error();
    auto order = read_order(path, *text);
    if (!order) return std::move(order).error();
    const std::string digest = sha256_hex(*text);
    return LoadedOrder{std::move(*order), std::move(*text), digest, {}, {}};
}

Result<LoadedOrder> read_signed(const std::string& path, const PolicyShelf& shelf) {
    auto held = read_signed_text(path, DocumentType::order, shelf);
    if (!held) return std::move(held).error();
    auto order = read_order(path, held->text);
    if (!order) return std::move(order).error();
    const std::string digest = sha256_hex(held->text);
    return LoadedOrder{std::move(*order), std::move(held->text), digest, std::move(held->p7s),
                       std::move(held->signer.name)};
}

// Where the order of this name is kept that was used here.
std::string folder_of(const std::string& state, const std::string& id) {
    return state + "/orders/" + sha256_hex(id);
}

// How a use of it is filed: "drive-3", or "any-2" for the second that was not listed.
std::string name_of(std::string_view kind, std::size_t number) {
    return std::string(kind) + "-" + std::to_string(number) + ".json";
}

} // namespace

Result<LoadedOrder> load_order(const std::string& path, const OrderDesk& desk) {
    const bool is_signed = desk.for_real && exists(path + std::string(profile_signature_ending));
    auto loaded = is_signed ? read_signed(path, desk.shelf) : read_unsigned(path);
    if (!loaded) return loaded;
    const DisposalOrder& order = loaded->order;
    if (order.station != desk.station)
        return refused(order, "it is for station " + escaped(order.station) + ", and this is " +
                                  escaped(desk.station));
    if (auto status = check_validity(order, desk.shelf.now); !status)
        return std::move(status).error();
    return loaded;
}

Status check_covered(const LoadedOrder& order, const Drive& drive) {
    if (cover_of(order.order, drive)) return {};
    return refused(order.order,
                   "it does not cover " + escaped(drive.node) +
                       (drive.serial.empty() ? ", which tells no serial"
                                             : ", serial \"" + escaped(drive.serial) + "\""));
}

FollowedOrder named(const LoadedOrder& order) {
    return {order.order.id, order.sha256, order.approver};
}

Result<SignedProfile> sign_order(const std::string& path, const PersonalKey& key, Clock& clock) {
    auto order = read_unsigned(path);
    if (!order) return std::move(order).error();
    auto file = sign_text(path, DocumentType::order, key, clock.utc_seconds());
    if (!file) return std::move(file).error();
    return SignedProfile{std::move(*file), order->sha256, key.identity()};
}

Status save_order_beside(const Statements& statements, const std::string& state,
                         const std::string& directory) {
    const auto& order = statements.order;
    if (!order || order->approver.empty()) return {};
    const std::string kept = folder_of(state, order->id) + "/order.toml";
    const auto text = read_regular_file(kept, profile_limit);
    const auto p7s = read_regular_file(kept + std::string(profile_signature_ending), profile_limit);
    if (!text || !p7s || sha256_hex(*text) != order->sha256)
        return Error{Fault::evidence, "the order " + escaped(order->id) + " is gone from " + kept};
    const std::string path = directory + "/" + order->sha256 + std::string(order_ending);
    if (auto status = save_once(path, *text); !status) return status;
    const std::string signature = path + std::string(profile_signature_ending);
    return exists(signature) ? Status{} : save_new_file(signature, *p7s);
}

Status OrderedOperator::agree(const Proposal& proposal) {
    const DisposalOrder& order = order_.order;
    if (auto status = check_validity(order, clock_.utc_seconds()); !status) return status;
    if (auto status = check_covered(order_, proposal.drive); !status) return status;
    const Cover cover = *cover_of(order, proposal.drive);
    const std::string folder = folder_of(state_, order.id);
    if (cover.listed) {
        if (exists(folder + "/" + name_of("drive", *cover.listed + 1)))
            return refused(order, "it has been used for this drive");
    } else {
        std::size_t used = static_cast<std::size_t>(std::ranges::count(agreed_, cover));
        for (std::size_t number = 1; number <= order.any->at_most; ++number)
            used += exists(folder + "/" + name_of("any", number)) ? 1 : 0;
        if (used >= order.any->at_most)
            return refused(order, "it has been used for as many drives as it allows");
    }
    agreed_.push_back(cover);
    return {};
}

Status OrderedOperator::keep_order() const {
    const std::string folder = folder_of(state_, order_.order.id);
    if (auto status = make_directories(folder, 0700); !status) return status;
    if (auto status = save_once(folder + "/order.toml", order_.text); !status)
        return refused(order_.order, "another order of this name was used here");
    const std::string signature = folder + "/order.toml.p7s";
    return exists(signature) ? Status{} : save_new_file(signature, order_.p7s);
}

// Of two runs that use it at once, each file is made by one.
Status OrderedOperator::use(const Cover& cover) const {
    const std::string used = to_line(Json::object({{"at", to_rfc3339(clock_.utc_seconds())}}));
    const std::size_t last = cover.listed ? *cover.listed + 1 : order_.order.any->at_most;
    for (std::size_t number = cover.listed ? last : 1; number <= last; ++number) {
        const std::string path = folder_of(state_, order_.order.id) + "/" +
                                 name_of(cover.listed ? "drive" : "any", number);
        if (exists(path)) continue;
        auto status = save_new_file(path, used);
        if (status || !exists(path)) return status;
    }
    return refused(order_.order, "somebody else has just used it");
}

Status OrderedOperator::use_up() {
    Status status = keep_order();
    for (const Cover& each : agreed_)
        if (status) status = use(each);
    if (!status && status.error().fault == Fault::evidence) status.error().fault = Fault::io;
    return status;
}

} // namespace quietus
