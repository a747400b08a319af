#include "quietus/app/configuration.hpp"

#include "writers.hpp"

#include "quietus/app/quantities.hpp"
#include "quietus/core/bytes.hpp"
#include "quietus/core/enum_text.hpp"
#include "quietus/core/file.hpp"
#include "quietus/core/json.hpp"
#include "quietus/core/listed.hpp"
#include "quietus/core/nearest.hpp"
#include "quietus/core/toml.hpp"
#include "quietus/policy/make_plan.hpp"
#include "quietus/policy/profile.hpp"
#include "quietus/policy/schemes.hpp"
#include "quietus/record/job_id.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <set>
#include <utility>

namespace quietus {
namespace {

using Form = ConfiguredForm;

std::string path_of(const ConfigurationKey& key) {
    return std::string(key.table) + "." + std::string(key.name);
}

std::vector<std::string> table_names() {
    std::set<std::string> names;
    for (const ConfigurationKey& each : configuration_keys())
        names.emplace(each.table);
    return {names.begin(), names.end()};
}

std::vector<std::string> keys_of(std::string_view table) {
    std::vector<std::string> names;
    for (const ConfigurationKey& each : configuration_keys())
        if (each.table == table) names.emplace_back(each.name);
    return names;
}

const ConfigurationKey* find_key(std::string_view table, std::string_view name) {
    for (const ConfigurationKey& each : configuration_keys())
        if (each.table == table && each.name == name) return &each;
    return nullptr;
}

// Where a key that is known stands, when it does not stand here.
std::string elsewhere(std::string_view name) {
    for (const ConfigurationKey& each : configuration_keys())
        if (each.name == name) return "it belongs under [" + std::string(each.table) + "]";
    return {};
}

// What goes onto a document must fit its format before a drive is touched.
bool fits_document(const std::string& text) {
    return !text.empty() && to_canonical(Json(text)).has_value();
}

bool is_printable(const std::string& text) {
    return !text.empty() && text.size() <= 4096 && escaped(text) == text;
}

bool is_absolute(const std::string& path) {
    return path.starts_with('/') && is_printable(path);
}

/// What is asked of one text, and how that is called.
struct Demand {
    bool holds = false;
    std::string otherwise;
};

Demand demand_of(Form form, const std::string& text) {
    switch (form) {
    case Form::text:
    case Form::texts:
        return {fits_document(text), "a text that a document may bear"};
    case Form::name:
        return {is_printable(text), "a name"};
    case Form::file:
    case Form::files:
    case Form::directory:
        return {is_absolute(text), "an absolute path"};
    case Form::rate:
        return {parse_rate(text).has_value(), "a number of bytes a second, such as \"500M\""};
    case Form::station_id:
        return {is_station_id(text), "a station id, 4 to 13 of A-Z and 0-9"};
    case Form::scheme:
        return {find_scheme(text).has_value(), "a scheme of the catalogue"};
    case Form::verification:
        return {parse_verification(text).has_value(), "full, sample:PERCENT or none"};
    case Form::disposition:
        return {from_text<Disposition>(text).has_value(), "a disposition"};
    case Form::flag:
    case Form::seconds:
    case Form::jobs:
    case Form::celsius:
        break;
    }
    return {false, "a text"};
}

std::vector<std::string> choices_of(Form form) {
    std::vector<std::string> all;
    if (form == Form::disposition)
        all.assign(enum_texts<Disposition>.begin(), enum_texts<Disposition>.end());
    if (form == Form::scheme)
        std::ranges::transform(schemes(), std::back_inserter(all), &Scheme::id);
    return all;
}

// What somebody may have meant, or all that there is to choose from when that is short.
std::string advice(Form form, const std::string& given) {
    const auto choices = choices_of(form);
    const std::string meant = did_you_mean(given, choices);
    if (!meant.empty() || choices.empty()) return meant;
    return choices.size() > 10 ? std::string{} : "one of: " + listed(choices);
}

/// Reads the tree; of all that is wrong the first in the order of the file is told.
class ConfigurationReader {
  public:
    explicit ConfigurationReader(const std::string& file) { read_.file = file; }

    Result<Configuration> read(const Toml& root) {
        for (const auto& [name, value] : *root.as<Toml::Table>())
            take_table(name, value);
        check_lock();
        check_rates();
        check_cooling();
        if (problem_) return Error(std::move(*problem_)).during(read_.file);
        // In the order of the manual, whatever that of the file is.
        std::ranges::sort(read_.options, {}, &ConfiguredOption::key);
        return std::move(read_);
    }

  private:
    void fail(std::uint32_t line, const std::string& what, std::string hint = {}) {
        if (problem_ && problem_line_ <= line) return;
        problem_line_ = line;
        problem_ =
            Error{Fault::usage, "line " + std::to_string(line) + ": " + what, std::move(hint)};
    }
    void wrong(const ConfigurationKey& key, const Toml& value, const std::string& demand) {
        fail(value.line(), path_of(key) + ": not " + demand);
    }

    void take_table(const std::string& name, const Toml& value) {
        const auto* members = value.as<Toml::Table>();
        const auto known = table_names();
        if (std::ranges::count(known, name) == 0) {
            std::string hint = members == nullptr ? elsewhere(name) : did_you_mean(name, known);
            if (hint.empty()) hint = "the tables are " + listed(known);
            const char* what = members == nullptr ? "unknown key \"" : "unknown table \"";
            return fail(value.line(), what + escaped(name) + "\"", std::move(hint));
        }
        if (members == nullptr) return fail(value.line(), name + ": not a table, [" + name + "]");
        for (const auto& [member, given] : *members)
            take_member(name, member, given);
    }

    void take_member(const std::string& table, const std::string& name, const Toml& value) {
        if (const ConfigurationKey* key = find_key(table, name)) return take(*key, value);
        std::string hint = elsewhere(name);
        if (hint.empty()) hint = did_you_mean(name, keys_of(table));
        if (hint.empty()) hint = "its keys are " + listed(keys_of(table));
        fail(value.line(), table + ": unknown key \"" + escaped(name) + "\"", std::move(hint));
    }

    void take(const ConfigurationKey& key, const Toml& value) {
        switch (key.form) {
        case Form::flag:
            return take_flag(key, value);
        case Form::seconds:
            return take_number(key, value, stall_seconds);
        case Form::jobs:
            return take_number(key, value, jobs_at_once);
        case Form::celsius:
            return take_celsius(key, value);
        case Form::texts:
        case Form::files:
            return take_list(key, value);
        case Form::rate:
            if (const auto* number = value.as<std::int64_t>())
                return take_text(key, value, std::to_string(*number));
            [[fallthrough]];
        case Form::text:
        case Form::name:
        case Form::file:
        case Form::directory:
        case Form::station_id:
        case Form::scheme:
        case Form::verification:
        case Form::disposition:
            if (const auto* text = value.as<std::string>()) return take_text(key, value, *text);
            return wrong(key, value, demand_of(key.form, "").otherwise);
        }
    }

    void take_flag(const ConfigurationKey& key, const Toml& value) {
        const auto* flag = value.as<bool>();
        if (flag == nullptr) return wrong(key, value, "true or false");
        if (key.name == "journal") read_.system_journal = *flag;
        if (*flag && key.name == "locked") read_.locked_at = value.line();
    }

    void take_number(const ConfigurationKey& key, const Toml& value, WholeRange range) {
        const auto* number = value.as<std::int64_t>();
        if (number == nullptr || *number < 0 || !parse_whole(std::to_string(*number), range))
            return wrong(key, value,
                         "a whole number from " + std::to_string(range.least) + " to " +
                             std::to_string(range.most));
        put(key, value, {std::to_string(*number)});
    }

    void take_celsius(const ConfigurationKey& key, const Toml& value) {
        constexpr std::int64_t most = 150;
        const auto* degrees = value.as<std::int64_t>();
        if (degrees == nullptr || *degrees < 1 || *degrees > most)
            return wrong(key, value, "whole degrees from 1 to " + std::to_string(most));
        temperature_at_ = std::max(temperature_at_, value.line());
        const bool pause = key.name == "pause";
        (pause ? read_.cooling.pause_above : read_.cooling.resume_below) =
            static_cast<std::int32_t>(*degrees);
    }

    void take_text(const ConfigurationKey& key, const Toml& value, const std::string& text) {
        const Demand demand = demand_of(key.form, text);
        if (demand.holds) return put(key, value, {text});
        fail(value.line(), path_of(key) + ": \"" + escaped(text) + "\" is not " + demand.otherwise,
             advice(key.form, text));
    }

    void take_list(const ConfigurationKey& key, const Toml& value) {
        const auto* list = value.as<Toml::Array>();
        const std::string demand = "a list, each of it " + demand_of(key.form, "").otherwise;
        if (list == nullptr || list->empty()) return wrong(key, value, demand);
        std::vector<std::string> values;
        for (const Toml& each : *list) {
            const auto* text = each.as<std::string>();
            if (text == nullptr || !demand_of(key.form, *text).holds)
                return wrong(key, each, demand);
            values.push_back(*text);
        }
        put(key, value, std::move(values));
    }

    void put(const ConfigurationKey& key, const Toml& value, std::vector<std::string> values) {
        read_.options.push_back({&key, std::move(values), value.line()});
    }

    void check_lock() {
        for (const ConfiguredOption& each : read_.options)
            if (each.key->by == ConfiguredBy::locked_station && !read_.locked_at)
                fail(each.line, path_of(*each.key) + ": only a locked station may supply it",
                     "locked = true under [station] locks it; else it is asked of the operator");
    }

    void check_rates() {
        const auto limit = rate("--limit-rate");
        const auto floor = rate("--minimum-rate");
        if (limit.first != 0 && floor.first > limit.first)
            fail(std::max(limit.second, floor.second),
                 "defaults.minimum-rate: more than defaults.limit-rate allows");
    }

    void check_cooling() {
        const Cooling& cooling = read_.cooling;
        if (cooling.pause_above != 0 && cooling.resume_below == 0)
            fail(temperature_at_, "temperature.resume is missing");
        else if (cooling.pause_above == 0 && cooling.resume_below != 0)
            fail(temperature_at_, "temperature.pause is missing");
        else if (cooling.resume_below > cooling.pause_above)
            fail(temperature_at_, "temperature.resume: above temperature.pause");
    }

    /// With its line; 0 when it is not there.
    [[nodiscard]] std::pair<std::uint64_t, std::uint32_t> rate(std::string_view option) const {
        for (const ConfiguredOption& each : read_.options)
            if (each.key->option == option)
                return {parse_rate(each.values.front()).value_or(0), each.line};
        return {0, 1};
    }

    Configuration read_;
    std::optional<Error> problem_;
    std::uint32_t problem_line_ = 0;
    std::uint32_t temperature_at_ = 1;
};

// Whatever was named instead of a configuration, it is not a file of evidence that does not hold.
Error as_bad_choice(Error error) {
    if (error.fault == Fault::invalid) error.fault = Fault::usage;
    return error;
}

} // namespace

Result<Configuration> parse_configuration(std::string_view text, const std::string& file) {
    auto root = parse_toml(text, configuration_max);
    if (!root) return Error{Fault::usage, file + ": " + root.error().message};
    return ConfigurationReader(file).read(*root);
}

Result<Configuration> read_configuration(const std::string& file) {
    struct stat facts {};
    if (::stat(file.c_str(), &facts) != 0) return system_error(Fault::io, file);
    // Whoever may write it decides what is erased, and by whose keys that is certified.
    if (S_ISREG(facts.st_mode))
        if (auto status = check_writers(file, facts); !status) return std::move(status).error();
    auto text = read_regular_file(file, configuration_max);
    if (!text) return as_bad_choice(std::move(text).error());
    return parse_configuration(*text, file);
}

Result<Configuration> read_configuration_if_there(const std::string& file) {
    struct stat facts {};
    // A link that leads nowhere is there.
    if (::lstat(file.c_str(), &facts) != 0 && (errno == ENOENT || errno == ENOTDIR))
        return Configuration{};
    return read_configuration(file);
}

std::string place_in(const Configuration& configuration, std::uint32_t line) {
    return configuration.file + ", line " + std::to_string(line);
}

} // namespace quietus
