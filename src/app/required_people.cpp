#include "quietus/app/people.hpp"

#include "writers.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/core/clock.hpp"
#include "quietus/core/file.hpp"
#include "quietus/crypto/cms_signer.hpp"

#include <sys/stat.h>

#include <cerrno>

namespace quietus {
namespace {

constexpr std::size_t chain_max = std::size_t{64} << 10U;

Result<SignerIdentity> identity_of(const std::string& state, const Person& person) {
    auto chain = read_chain(state, person);
    if (!chain) return std::move(chain).error();
    auto identity = read_signer_identity(*chain);
    if (!identity) return std::move(identity).error().during(person.certificate);
    return identity;
}

Status require_one(const std::string& state, const Person& person, std::int64_t now,
                   Statements& statements) {
    auto identity = identity_of(state, person);
    if (!identity) return std::move(identity).error();
    if (now > identity->usable_until)
        return Error{Fault::io,
                     "the key of " + escaped(person.id) + " could sign only until " +
                         to_rfc3339(identity->usable_until),
                     "quietus key import --person ID --replace, with a new certificate"};
    statements.signers.push_back({person.role, person.certificate_sha256});
    return {};
}

} // namespace

Result<std::vector<Person>> read_people(const std::string& state) {
    const std::string path = state + "/people.toml";
    struct stat facts {};
    if (::stat(path.c_str(), &facts) != 0) {
        if (errno == ENOENT) return std::vector<Person>{};
        return system_error(Fault::io, path);
    }
    // Whoever may write it may leave out who has to sign.
    if (auto status = check_writers(path, facts); !status) return std::move(status).error();
    auto text = read_regular_file(path, people_list_max);
    if (!text) return std::move(text).error();
    auto people = parse_people(*text);
    if (!people) return std::move(people).error().during(path);
    return people;
}

Result<std::string> read_chain(const std::string& state, const Person& person) {
    const std::string path = state + "/" + person.certificate;
    auto chain = read_regular_file(path, chain_max);
    if (!chain) return chain;
    auto identity = read_signer_identity(*chain);
    if (!identity) return std::move(identity).error().during(path);
    if (identity->certificate_sha256 != person.certificate_sha256 || identity->name != person.id ||
        identity->role != person.role)
        return Error{Fault::invalid, path + ": not the certificate that people.toml names"};
    return chain;
}

Status require_signatures(const std::string& state, std::int64_t now, Statements& statements) {
    if (!statements.op.empty() && statements.op == statements.witness)
        return Error{Fault::usage, "--witness: \"" + escaped(statements.witness) +
                                       "\" is the operator; nobody witnesses their own work"};
    auto people = read_people(state);
    if (!people) return std::move(people).error();
    statements.signers.clear();
    if (const Person* op = find_person(*people, statements.op, Role::op))
        if (auto status = require_one(state, *op, now, statements); !status) return status;
    if (const Person* witness = find_person(*people, statements.witness, Role::witness))
        if (auto status = require_one(state, *witness, now, statements); !status) return status;
    return {};
}

} // namespace quietus
