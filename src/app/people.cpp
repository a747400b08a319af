#include "quietus/app/people.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/core/clock.hpp"
#include "quietus/core/toml.hpp"

#include <algorithm>
#include <array>

namespace quietus {
namespace {

Error wrong(const Toml& value, const std::string& what) {
    return Error{Fault::invalid, "line " + std::to_string(value.line()) + ": " + what};
}

/// One [[person]] as it is read: every key once, every value of its form.
class PersonReader {
  public:
    /// Of a table.
    explicit PersonReader(const Toml& table) : table_(table) {}

    Result<Person> read() {
        Person person;
        for (const auto& [key, value] : *table_.as<Toml::Table>())
            if (auto status = take(key, value, person); !status) return std::move(status).error();
        for (const std::string_view needed :
             {"id", "role", "certificate", "certificate_sha256", "added_at"})
            if (table_.find(needed) == nullptr)
                return wrong(table_, std::string(needed) + " is missing");
        return person;
    }

  private:
    static Status take(std::string_view key, const Toml& value, Person& person) {
        const auto* text = value.as<std::string>();
        if (text == nullptr) return wrong(value, escaped(key) + ": not a string");
        const std::string& given = *text;
        if (!put(key, given, person))
            return wrong(value, is_known(key) ? escaped(key) + ": \"" + escaped(given) +
                                                    "\" is not of the required form"
                                              : "unknown key \"" + escaped(key) + "\"");
        return {};
    }

    static bool is_known(std::string_view key) {
        constexpr std::array<std::string_view, 6> keys{
            "id", "role", "certificate", "certificate_sha256", "added_at", "replaced_at"};
        return std::ranges::find(keys, key) != keys.end();
    }

    static bool put(std::string_view key, const std::string& given, Person& person) {
        if (key == "id") return is_id(person.id = given);
        if (key == "role") return put_role(given, person);
        if (key == "certificate") return is_beneath(person.certificate = given);
        if (key == "certificate_sha256") {
            person.certificate_sha256 = given;
            return given.size() == 64 && is_hex(given);
        }
        if (key == "added_at") return from_rfc3339(person.added_at = given).has_value();
        if (key == "replaced_at") return from_rfc3339(*(person.replaced_at = given)).has_value();
        return false;
    }

    static bool put_role(const std::string& given, Person& person) {
        const auto role = from_text<Role>(given);
        if (role) person.role = *role;
        return role && is_personal(*role);
    }

    static bool is_id(std::string_view id) {
        return !id.empty() && id.size() <= 64 && escaped(id) == id; // X.520: ub-common-name
    }

    // people/NAME: nothing that leads out of STATE.
    static bool is_beneath(std::string_view path) {
        constexpr std::string_view folder = "people/";
        return path.starts_with(folder) && path.size() > folder.size() &&
               path.find('/', folder.size()) == path.npos && path[folder.size()] != '.' &&
               escaped(path) == path;
    }

    const Toml& table_;
};

Status refuse_doubles(const std::vector<Person>& people) {
    for (const Person& each : people)
        if (!each.replaced_at && find_person(people, each.id, each.role) != &each)
            return Error{Fault::invalid, escaped(each.id) + " is named twice as " +
                                             std::string(to_text(each.role))};
    return {};
}

Result<std::vector<Person>> people_in(const Toml::Table& file) {
    std::vector<Person> people;
    for (const auto& [key, value] : file) {
        const auto* persons = value.as<Toml::Array>();
        if (key != "person") return wrong(value, "unknown key \"" + escaped(key) + "\"");
        if (persons == nullptr) return wrong(value, "person: not written as [[person]]");
        for (const Toml& each : *persons) {
            if (each.as<Toml::Table>() == nullptr)
                return wrong(each, "person: not written as [[person]]");
            auto person = PersonReader(each).read();
            if (!person) return std::move(person).error();
            people.push_back(std::move(*person));
        }
    }
    if (auto status = refuse_doubles(people); !status) return std::move(status).error();
    return people;
}

// TOML 1.0, basic strings. Nothing that needs another escape gets past the checks of an entry.
std::string quoted(std::string_view text) {
    std::string whole = "\"";
    for (const char each : text) {
        if (each == '"' || each == '\\') whole += '\\';
        whole += each;
    }
    return whole + "\"";
}

std::string entry(std::string_view key, std::string_view value) {
    return std::string(key) + " = " + quoted(value) + "\n";
}

} // namespace

bool is_personal(Role role) {
    switch (role) {
    case Role::op:
    case Role::witness:
    case Role::validator:
    case Role::approver:
        return true;
    case Role::station:
    case Role::policy_owner:
    case Role::register_role:
    case Role::trust_bundle:
    case Role::rehearsal:
        return false;
    }
    return false;
}

Result<std::vector<Person>> parse_people(std::string_view toml) {
    auto file = parse_toml(toml);
    if (!file) return std::move(file).error();
    return people_in(*file->as<Toml::Table>());
}

std::string people_text(const std::vector<Person>& people) {
    std::string text = "# Whose signatures the documents of this station can require. Written by\n"
                       "# `quietus key import --person ID`; entries that were replaced stay.\n";
    for (const Person& each : people) {
        text += "\n[[person]]\n" + entry("id", each.id) + entry("role", to_text(each.role)) +
                entry("certificate", each.certificate) +
                entry("certificate_sha256", each.certificate_sha256) +
                entry("added_at", each.added_at);
        if (each.replaced_at) text += entry("replaced_at", *each.replaced_at);
    }
    return text;
}

const Person* find_person(const std::vector<Person>& people, std::string_view id, Role role) {
    const auto found = std::ranges::find_if(people, [&](const Person& each) {
        return !each.replaced_at && each.id == id && each.role == role;
    });
    return found == people.end() ? nullptr : &*found;
}

} // namespace quietus
