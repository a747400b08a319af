#include "commands.hpp"
#include "passphrases.hpp"

#include "quietus/app/station.hpp"
#include "quietus/core/bytes.hpp"

namespace quietus::cli {
namespace {

Outcome show(const Call& call, const Json& json, const std::string& text) {
    if (call.json)
        print_json(json);
    else
        print(text);
    return ExitStatus::success;
}

Json json_of(const StationInfo& info) {
    return Json::object({{"root", info.root},
                         {"station", info.station},
                         {"expires", info.expires},
                         {"log", info.log}});
}

std::string in_words(const StationInfo& info) {
    return "station " + info.station + "\nroot    " + escaped(info.root) + "\nexpires " +
           info.expires + "\nlog     " + info.log + "\n";
}

Outcome show(const Call& call, const StationInfo& info) {
    return show(call, json_of(info), in_words(info));
}

Json json_of(const std::vector<Person>& people) {
    Json::Array array;
    for (const Person& each : people) {
        Json person = Json::object({{"person", each.id},
                                    {"role", to_text(each.role)},
                                    {"certificate", each.certificate},
                                    {"certificate_sha256", each.certificate_sha256},
                                    {"added_at", each.added_at}});
        if (each.replaced_at) person["replaced_at"] = *each.replaced_at;
        array.push_back(std::move(person));
    }
    return array;
}

std::string in_words(const std::vector<Person>& people) {
    std::string text;
    for (const Person& each : people)
        text += "person  " + escaped(each.id) + ", " + std::string(to_text(each.role)) +
                ", certificate " + each.certificate_sha256 + ", since " + each.added_at +
                (each.replaced_at ? ", replaced " + *each.replaced_at : "") + "\n";
    return text;
}

Outcome show(const Call& call, const Person& person) {
    return show(call,
                Json::object({{"person", person.id},
                              {"role", to_text(person.role)},
                              {"certificate_sha256", person.certificate_sha256}}),
                "person      " + escaped(person.id) + "\nrole        " +
                    std::string(to_text(person.role)) + "\ncertificate " +
                    person.certificate_sha256 + "\n");
}

// What was made, by the names of its files.
Outcome show(const Call& call, const std::vector<std::pair<std::string, std::string>>& files) {
    Json::Object members;
    std::string text;
    for (const auto& [what, path] : files) {
        members[what] = path;
        text +=
            what + std::string(what.size() < 12 ? 12 - what.size() : 1, ' ') + escaped(path) + "\n";
    }
    return show(call, Json(members), text);
}

void warn_self_issued(const Call& call) {
    if (!call.quiet)
        say(call.premises.program().name +
            ": this hierarchy is SELF-ISSUED: nobody but you vouches for it and it cannot "
            "be\n"
            "revoked by anybody else. Give root.pem to whoever is to check your documents, by a "
            "way\n"
            "they can trust.\n");
}

// What only one of station and person can be given is a mistake with the other.
Status refuse(const Invocation& invocation, std::initializer_list<const char*> options,
              const std::string& with) {
    for (const char* option : options)
        if (invocation.has(option))
            return Error{Fault::usage, std::string(option) + ": not " + with};
    return {};
}

Result<PersonalKeyOrder> personal_order(const Call& call) {
    const Invocation& invocation = call.invocation;
    if (auto status = refuse_persons(call); !status) return std::move(status).error();
    if (auto status = refuse(invocation, {"--station", "--keep-ca", "--replace"}, "with --person");
        !status)
        return std::move(status).error();
    const auto role = from_text<Role>(invocation.value("--role").value_or("operator"));
    const auto directory = invocation.value("--out");
    if (!directory) return Error{Fault::usage, "--out is missing"};
    auto passphrase = new_passphrase(invocation);
    if (!passphrase) return std::move(passphrase).error();
    return PersonalKeyOrder{*directory, *invocation.value("--person"), *role,
                            std::move(*passphrase),
                            invocation.value("--subject").value_or(std::string{})};
}

Outcome init_person(const Call& call) {
    auto order = personal_order(call);
    if (!order) return std::move(order).error().during("key init");
    SystemClock clock;
    if (auto status = init_person_key(*order, clock); !status)
        return std::move(status).error().during("key init");
    warn_self_issued(call);
    return show(call, {{"key", order->directory + "/person.key"},
                       {"certificate", order->directory + "/person.pem"},
                       {"root", order->directory + "/root.pem"}});
}

Outcome request_person(const Call& call) {
    auto order = personal_order(call);
    if (!order) return std::move(order).error().during("key request");
    if (auto status = request_person_key(*order); !status)
        return std::move(status).error().during("key request");
    return show(call, {{"key", order->directory + "/person.key"},
                       {"request", order->directory + "/person.csr"}});
}

} // namespace

Outcome command_key_init(const Call& call) {
    if (call.invocation.has("--person")) return init_person(call);
    if (auto status = refuse(call.invocation, {"--role", "--out", "--passout"}, "without --person");
        !status)
        return std::move(status).error().during("key init");
    auto made = init_station(call.places, call.invocation.value("--station"),
                             call.invocation.value("--keep-ca"));
    if (!made) return std::move(made).error();
    warn_self_issued(call);
    return show(call, *made);
}

Outcome command_key_show(const Call& call) {
    auto info = show_station(call.places);
    if (!info) return std::move(info).error();
    const auto people = read_people(call.places.state);
    if (!people) return Error(people.error()).during("key show");
    Json json = json_of(*info);
    json["people"] = json_of(*people);
    return show(call, json, in_words(*info) + in_words(*people));
}

Outcome command_key_request(const Call& call) {
    const Invocation& invocation = call.invocation;
    if (invocation.has("--person")) return request_person(call);
    if (auto status = refuse(invocation, {"--role", "--out", "--passout"}, "without --person");
        !status)
        return std::move(status).error().during("key request");
    auto path = request_station(call.places, {invocation.value("--station"),
                                              invocation.value("--subject").value_or(""),
                                              invocation.has("--replace")});
    if (!path) return std::move(path).error();
    return show(call, {{"request", *path}});
}

Outcome command_key_import(const Call& call) {
    const Invocation& invocation = call.invocation;
    const Issued issued{invocation.value("--certificate").value_or(std::string{}),
                        invocation.all("--trust"), invocation.has("--replace")};
    if (const auto id = invocation.value("--person")) {
        if (issued.certificate.empty())
            return Error{Fault::usage, "key import: --certificate is missing"};
        if (auto status = refuse_persons(call); !status)
            return std::move(status).error().during("key import");
        auto person = import_known_person(call.places, *id, issued);
        if (!person) return std::move(person).error();
        return show(call, *person);
    }
    auto info = import_station(call.places, issued);
    if (!info) return std::move(info).error();
    return show(call, *info);
}

} // namespace quietus::cli
