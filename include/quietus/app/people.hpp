// People: whose certificates a station knows, so that a document can require their signatures.
//
// STATE/people.toml, read strictly and written whole; the certificates lie beside it in
// STATE/people. A certificate that was replaced stays on file and in the list, with the time.
#pragma once

#include "quietus/certificate/certificate.hpp"
#include "quietus/core/clock.hpp"
#include "quietus/core/result.hpp"
#include "quietus/crypto/cms.hpp"
#include "quietus/crypto/signer.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quietus {

/// The largest list that is read, in bytes.
inline constexpr std::size_t people_list_max = std::size_t{1} << 20U;

struct Person {
    std::string id; ///< the common name of the certificate
    Role role = Role::op;
    std::string certificate;        ///< file with the chain, as a path beneath STATE
    std::string certificate_sha256; ///< of the DER, hexadecimal
    std::string added_at;           ///< RFC 3339
    std::optional<std::string> replaced_at = {};

    friend bool operator==(const Person&, const Person&) = default;
};

/// Whether persons may hold the role: operator, witness, validator, approver.
[[nodiscard]] bool is_personal(Role role);

/// The list in the file's text. Fault::invalid with the line: not TOML, a key missing or unknown,
/// a value of another form, or one person twice in one role.
[[nodiscard]] Result<std::vector<Person>> parse_people(std::string_view toml);
/// The file's text; parse_people gives the same list back.
[[nodiscard]] std::string people_text(const std::vector<Person>& people);

/// The list of the station with this state directory; empty when there is no file. Fault::invalid;
/// Fault::refused when others may write to it, for they could say who has to sign; Fault::io.
[[nodiscard]] Result<std::vector<Person>> read_people(const std::string& state);

struct PersonImport {
    std::string id;
    std::string_view chain; ///< PEM: the person's certificate, then its issuing CAs
    const TrustAnchors& trust;
    bool replace = false; ///< another certificate of the same person in the same role
};

/// Puts a person's certificate into the list of the station with this state directory. Its common
/// name must be the id, its role a personal one, its path to `trust` must hold now.
/// Fault::refused when it is of somebody else, or the person is known already; Fault::invalid with
/// the auditor's code; Fault::evidence. Nothing that is on file is changed or removed but for the
/// mark that an entry was replaced.
[[nodiscard]] Result<Person> import_person(const std::string& state, const PersonImport& import,
                                           Clock& clock);

/// The entry that holds now; null when the id is not known in this role.
[[nodiscard]] const Person* find_person(const std::vector<Person>& people, std::string_view id,
                                        Role role);

/// The chain of a person, which must be the one that was imported. Fault::invalid, Fault::io.
[[nodiscard]] Result<std::string> read_chain(const std::string& state, const Person& person);

/// Fills `statements.signers` from the ids of operator and witness: whoever is known must sign, all
/// others are stated and no more. Fault::usage when they are one person; Fault::io when a known
/// certificate cannot be read or its key may no longer sign at `now`.
[[nodiscard]] Status require_signatures(const std::string& state, std::int64_t now,
                                        Statements& statements);

} // namespace quietus
