#include "list_columns.hpp"

#include "people_text.hpp"

#include "quietus/app/offers.hpp"
#include "quietus/core/bytes.hpp"

#include <algorithm>
#include <cctype>
#include <iterator>

namespace quietus::cli {
namespace {

constexpr std::size_t default_count = 7;

void add_once(std::vector<std::string>& words, std::string word) {
    if (std::ranges::find(words, word) == words.end()) words.push_back(std::move(word));
}

std::string or_dash(const std::string& text) {
    return text.empty() ? "-" : text;
}

std::string holds(const Drive& drive) {
    std::vector<std::string> types;
    for (const Content& content : drive.contents)
        add_once(types, content.type);
    return first_words(types, 2, "-");
}

std::string uses(const Drive& drive) {
    std::vector<std::string> users;
    for (const InUse& use : drive.in_use)
        add_once(users, use.by + " " + use.where);
    return first_words(users, 1, "-");
}

std::string techniques(const Drive& drive) {
    std::vector<std::string> names;
    for (const OfferedTechnique& offer : offers(drive))
        if (offer.available) add_once(names, std::string(to_text(offer.technique)));
    return first_words(names, 2, "-");
}

// The gravest first, as detection ordered them; before all that it could not be asked.
std::string state(const Drive& drive) {
    std::vector<std::string> names;
    if (drive.probe == ProbeOutcome::not_answering) names.emplace_back(to_text(drive.probe));
    for (const Guard& guard : drive.guards)
        add_once(names, std::string(to_text(guard.interlock)));
    return first_words(names, 1, "free");
}

std::string other_parts(const Drive& drive) {
    std::vector<std::string> kinds;
    for (const Part& part : drive.parts)
        if (part.kind != PartKind::partition) kinds.emplace_back(to_text(part.kind));
    return first_words(kinds, 1, "-");
}

std::string rotation(const Drive& drive) {
    if (!drive.rotation_rpm) return "-";
    return *drive.rotation_rpm == 0 ? "none" : std::to_string(*drive.rotation_rpm);
}

template <auto Member>
std::string word(const Drive& drive) {
    return std::string(to_text(drive.*Member));
}

template <auto Member>
std::string text(const Drive& drive) {
    return or_dash(drive.*Member);
}

std::string capitals(std::string_view name) {
    std::string heading;
    for (const char each : name)
        heading += static_cast<char>(std::toupper(static_cast<unsigned char>(each)));
    return heading;
}

std::string names_of_all() {
    std::vector<std::string> names;
    for (const Column& column : all_columns())
        names.emplace_back(column.name);
    return joined(names, "");
}

std::vector<std::string_view> split(std::string_view names) {
    std::vector<std::string_view> words;
    for (std::size_t comma = 0; comma != std::string_view::npos;) {
        comma = names.find(',');
        words.push_back(names.substr(0, comma));
        if (comma != std::string_view::npos) names.remove_prefix(comma + 1);
    }
    return words;
}

} // namespace

const std::vector<Column>& all_columns() {
    static const std::vector<Column> columns{
        {"node", [](const Drive& drive) { return drive.node; }},
        {"size", [](const Drive& drive) { return short_size(drive.size_bytes); }},
        {"kind", word<&Drive::kind>},
        {"model", text<&Drive::model>, 8},
        {"serial", text<&Drive::serial>, 20, true},
        {"holds", holds, 6},
        {"state", state, 10},
        {"uses", uses, 8},
        {"offers", techniques},
        {"medium", word<&Drive::medium>},
        {"backing", word<&Drive::backing>},
        {"identity", word<&Drive::identity_source>},
        {"wwn", text<&Drive::wwn>, 20, true},
        {"firmware", text<&Drive::firmware>},
        {"rotation", rotation},
        {"zoned", word<&Drive::zoned>},
        {"port", text<&Drive::port>},
        {"bridge", text<&Drive::bridge>, 8},
        {"fabric", text<&Drive::fabric>},
        {"parts", other_parts},
        {"probe", word<&Drive::probe>},
        {"bytes", [](const Drive& drive) { return std::to_string(drive.size_bytes); }},
        {"diskseq", [](const Drive& drive) { return std::to_string(drive.diskseq); }}};
    return columns;
}

std::vector<Column> default_columns() {
    const auto& all = all_columns();
    return {all.begin(), all.begin() + default_count};
}

Result<std::vector<Column>> chosen_columns(std::string_view names) {
    std::vector<Column> chosen;
    for (const std::string_view name : split(names)) {
        const auto found = std::ranges::find(all_columns(), name, &Column::name);
        if (found == all_columns().end())
            return Error{Fault::usage, "--columns: no column \"" + escaped(name) +
                                           "\"; there are " + names_of_all()};
        if (std::ranges::find(chosen, name, &Column::name) != chosen.end())
            return Error{Fault::usage, "--columns: " + std::string(name) + " is there twice"};
        chosen.push_back(*found);
    }
    return chosen;
}

std::string list_text_of(const std::vector<Drive>& drives, const std::vector<Column>& columns,
                         std::size_t width) {
    std::vector<std::vector<std::string>> rows(1);
    TableFit fit{width, {}, {}};
    for (const Column& column : columns) {
        rows.front().push_back(capitals(column.name));
        fit.least.push_back(column.least);
        fit.folds.push_back(column.folds);
    }
    for (const Drive& drive : drives) {
        std::vector<std::string> row;
        std::ranges::transform(columns, std::back_inserter(row),
                               [&](const Column& column) { return column.cell(drive); });
        rows.push_back(std::move(row));
    }
    return table(rows, fit);
}

} // namespace quietus::cli
