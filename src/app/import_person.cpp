#include "quietus/app/people.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/core/file.hpp"
#include "quietus/core/replace_file.hpp"
#include "quietus/crypto/cms_signer.hpp"
#include "quietus/crypto/signer_chain.hpp"

#include <unistd.h>

#include <algorithm>

namespace quietus {
namespace {

std::string in_words(const SignerIdentity& identity) {
    return std::string(to_text(identity.role)) + " " + escaped(identity.name);
}

Status check_holder(const PersonImport& import, const SignerIdentity& identity) {
    if (!is_personal(identity.role) || identity.name != import.id)
        return Error{Fault::refused, "the certificate is of the " + in_words(identity) +
                                         ", not of the person " + escaped(import.id)};
    return {};
}

Status check_path(const PersonImport& import, const std::string& chain, std::int64_t now) {
    for (const CheckFinding& finding : check_signer_chain(chain, import.trust, now))
        if (!finding.code.starts_with("W_"))
            return Error{Fault::invalid, finding.code + ": " + finding.text,
                         "the file of --trust must hold the root, and the revocation lists of "
                         "all CAs"};
    return {};
}

// The entry that holds so far, marked as replaced where that is wanted.
Status make_way(const PersonImport& import, const Person& added, std::vector<Person>& people) {
    const Person* present = find_person(people, added.id, added.role);
    if (present == nullptr) return {};
    if (present->certificate_sha256 == added.certificate_sha256)
        return Error{Fault::refused, "this certificate is known already"};
    if (!import.replace)
        return Error{Fault::refused,
                     "the " + std::string(to_text(added.role)) + " " + escaped(added.id) +
                         " is known with the certificate " + present->certificate_sha256,
                     "with --replace it stays on file, and the new one holds from now on"};
    people[static_cast<std::size_t>(present - people.data())].replaced_at = added.added_at;
    return {};
}

// A certificate that came back after it had been replaced is on file.
Status save_chain(const std::string& state, const Person& person, const std::string& chain) {
    const std::string path = state + "/" + person.certificate;
    if (auto status = make_directories(state + "/people"); !status) return status;
    if (::access(path.c_str(), F_OK) != 0) return save_new_file(path, chain);
    auto present = read_chain(state, person);
    return present ? Status{} : Status(std::move(present).error());
}

Status save_list(const std::string& state, const std::string& before,
                 const std::vector<Person>& people) {
    const std::string path = state + "/people.toml";
    const std::string text = people_text(people);
    if (before.empty()) return save_new_file(path, text);
    return replace_file(path, {before, text});
}

// The text that the list was read from: replaced only if it still is the same.
Result<std::string> list_text(const std::string& state) {
    const std::string path = state + "/people.toml";
    if (::access(path.c_str(), F_OK) != 0) return std::string{};
    return read_regular_file(path, people_list_max);
}

} // namespace

Result<Person> import_person(const std::string& state, const PersonImport& import, Clock& clock) {
    auto chain = without_roots(import.chain);
    if (!chain) return std::move(chain).error().during("certificate");
    auto identity = read_signer_identity(*chain);
    if (!identity) return std::move(identity).error().during("certificate");
    const std::int64_t now = clock.utc_seconds();
    if (auto status = check_holder(import, *identity); !status) return std::move(status).error();
    if (auto status = check_path(import, *chain, now); !status) return std::move(status).error();
    auto before = list_text(state);
    if (!before) return std::move(before).error();
    auto people = read_people(state);
    if (!people) return std::move(people).error();
    const Person added{identity->name, identity->role,
                       "people/" + std::string(to_text(identity->role)) + "-" +
                           identity->certificate_sha256.substr(0, 16) + ".pem",
                       identity->certificate_sha256, to_rfc3339(now)};
    if (auto status = make_way(import, added, *people); !status) return std::move(status).error();
    people->push_back(added);
    if (auto status = save_chain(state, added, *chain); !status) return std::move(status).error();
    if (auto status = save_list(state, *before, *people); !status) return std::move(status).error();
    return added;
}

} // namespace quietus
