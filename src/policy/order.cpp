#include "quietus/policy/order.hpp"

#include "toml_fields.hpp"

#include "quietus/core/clock.hpp"
#include "quietus/core/json.hpp"

#include <algorithm>

namespace quietus {
namespace {

constexpr std::int64_t drives_max = 100'000;

// "--hold-clearance" is "hold_clearance" there.
const std::vector<std::string>& members_of_orders() {
    static const std::vector<std::string> members = [] {
        std::vector<std::string> names;
        for (const std::string& option : options_of_orders()) {
            names.push_back(option.substr(2));
            std::ranges::replace(names.back(), '-', '_');
        }
        return names;
    }();
    return members;
}

class OrderReader {
  public:
    explicit OrderReader(std::vector<ProfileFlaw>& flaws) : flaws_(flaws) {}

    DisposalOrder read(const Toml& file) {
        TomlFields top(file, flaws_);
        if (const Toml* head = top.table("order")) read_head(*head);
        for (const Toml& each : top.array("drive", Need::optional))
            read_drive(each);
        if (file.find("any") != nullptr)
            if (const Toml* any = top.table("any")) read_any(*any);
        top.refuse_others();
        if (order_.drives.empty() && !order_.any)
            top.add(1, "missing", "it covers no drive: neither [[drive]] nor [any] is there");
        return std::move(order_);
    }

  private:
    void read_head(const Toml& toml) {
        TomlFields head(toml, flaws_);
        order_.id = head.text("id", Need::required);
        order_.station = head.text("station", Need::required);
        order_.valid_from = time_of(head, "valid_from");
        order_.valid_until = time_of(head, "valid_until");
        if (order_.valid_until != 0 && order_.valid_until <= order_.valid_from)
            head.add(head.line(), "wrong-value", "valid_until: not after valid_from");
        order_.owner_accepts = head.flag("owner_accepts").value_or(false);
        order_.references = head.plain_texts("references", Need::optional);
        for (std::size_t i = 0; i < options_of_orders().size(); ++i)
            take(options_of_orders()[i], head.text(members_of_orders()[i], need_of(i)));
        // Documents name a profile by its id, whatever its path is.
        if (const auto policy = order_.values.find("--policy");
            policy != order_.values.end() && policy->second.find('/') != std::string::npos)
            head.add(head.line(), "wrong-value", "policy: not the id of a profile");
        head.refuse_others();
    }

    // Without these it orders nothing.
    static Need need_of(std::size_t option) {
        const std::string& name = options_of_orders()[option];
        return name == "--classification" || name == "--disposition" ? Need::required
                                                                     : Need::optional;
    }

    void take(const std::string& option, std::string value) {
        if (!value.empty()) order_.values.emplace(option, std::move(value));
    }

    static std::int64_t time_of(TomlFields& head, std::string_view name) {
        const LinedText text = head.lined_text(name, Need::required);
        if (text.text.empty()) return 0;
        const auto time = from_rfc3339(text.text);
        if (!time)
            head.add(text.line, "wrong-value",
                     std::string(name) + ": not a time such as \"2027-03-01T00:00:00Z\"");
        return time.value_or(0);
    }

    void read_drive(const Toml& toml) {
        TomlFields fields(toml, flaws_);
        OrderedDrive drive{fields.text("serial", Need::required),
                           fields.text("model", Need::optional),
                           fields.text("asset_tag", Need::optional)};
        fields.refuse_others();
        const auto same = std::ranges::find(order_.drives, drive.serial, &OrderedDrive::serial);
        if (same != order_.drives.end())
            fields.add(fields.line(), "doubled",
                       "a second drive with the serial \"" + drive.serial + "\"");
        order_.drives.push_back(std::move(drive));
    }

    void read_any(const Toml& toml) {
        TomlFields fields(toml, flaws_);
        OrderedDrives any;
        any.at_most = static_cast<std::uint32_t>(
            fields.number("at_most", {1, drives_max}, Need::required).value_or(0));
        any.kind = fields.word<DriveKind>("kind", Need::required).value_or(DriveKind::unknown);
        any.least_bytes = bytes_of(fields, "least_bytes");
        any.most_bytes = bytes_of(fields, "most_bytes");
        if (any.most_bytes != 0 && any.most_bytes < any.least_bytes)
            fields.add(fields.line(), "wrong-value", "most_bytes: less than least_bytes");
        const auto removable = fields.flag("removable");
        if (toml.find("removable") == nullptr)
            fields.add(fields.line(), "missing", "removable is missing");
        any.removable = removable.value_or(false);
        fields.refuse_others();
        order_.any = any;
    }

    static std::uint64_t bytes_of(TomlFields& fields, std::string_view name) {
        return static_cast<std::uint64_t>(
            fields.number(name, {1, json_integer_max}, Need::required).value_or(0));
    }

    std::vector<ProfileFlaw>& flaws_;
    DisposalOrder order_;
};

bool is(const OrderedDrive& ordered, const Drive& drive) {
    // What a bridge says of itself names no drive.
    return drive.identity_source == IdentitySource::drive && drive.serial == ordered.serial &&
           (ordered.model.empty() || drive.model == ordered.model);
}

bool is_like(const OrderedDrives& any, const Drive& drive) {
    return drive.kind == any.kind && drive.removable == any.removable &&
           drive.size_bytes >= any.least_bytes && drive.size_bytes <= any.most_bytes;
}

} // namespace

const std::vector<std::string>& options_of_orders() {
    static const std::vector<std::string> options{
        "--policy",       "--classification", "--disposition", "--destination", "--scheme",
        "--verification", "--marking",        "--operator",    "--witness",     "--organisation",
        "--contractor",   "--site",           "--country",     "--authority",   "--hold-clearance"};
    return options;
}

Result<DisposalOrder> parse_disposal_order(std::string_view text) {
    auto file = parse_toml(text);
    if (!file) return std::move(file).error();
    std::vector<ProfileFlaw> flaws;
    DisposalOrder order = OrderReader(flaws).read(*file);
    if (flaws.empty()) return order;
    const auto first = std::ranges::min_element(flaws, {}, &ProfileFlaw::line);
    return Error{Fault::invalid, "line " + std::to_string(first->line) + ": " + first->text};
}

std::optional<Cover> cover_of(const DisposalOrder& order, const Drive& drive) {
    for (std::size_t place = 0; place < order.drives.size(); ++place)
        if (is(order.drives[place], drive)) return Cover{place};
    if (order.any && is_like(*order.any, drive)) return Cover{std::nullopt};
    return std::nullopt;
}

} // namespace quietus
