#include "quietus/app/confirmation.hpp"

#include "quietus/app/people.hpp"
#include "quietus/certificate/confirmation.hpp"
#include "quietus/core/bytes.hpp"
#include "quietus/core/ensure.hpp"
#include "quietus/crypto/cms.hpp"

#include <utility>

namespace quietus {
namespace {

// What an auditor would see must hold before it becomes part of a document.
Status check_own(const std::string& statement, const Bytes& p7s) {
    const auto check =
        check_signature(as_text(p7s), statement, DocumentType::confirmation, TrustAnchors::none());
    for (const CheckFinding& finding : check.findings)
        if (finding.code.starts_with("E_"))
            return Error{Fault::io,
                         "the signature does not hold: " + finding.code + ": " + finding.text};
    return {};
}

Result<SignedConfirmation> sign_one(const PersonalKey& key, const std::string& statement,
                                    std::int64_t now) {
    auto p7s = key.sign(statement, DocumentType::confirmation, now);
    if (!p7s) return std::move(p7s).error();
    if (auto status = check_own(statement, *p7s); !status) return std::move(status).error();
    return bear(statement, *p7s);
}

Confirmation confirmation_of(const ConfirmedPlan& plan, const ConfirmationDesk& desk) {
    Confirmation confirmation;
    confirmation.op = desk.op;
    confirmation.station = desk.station;
    confirmation.plan_sha256 = plan_sha256(plan.plan());
    confirmation.drive_sha256 = identity_digest(plan.drive());
    confirmation.attachment_sha256 = identity_sha256(plan.drive());
    confirmation.confirmed_at = to_rfc3339(desk.now);
    return confirmation;
}

} // namespace

KeyedOperator::KeyedOperator(std::unique_ptr<Operator> person, PersonalKey key)
    : person_(std::move(person)), key_(std::move(key)) {}

Status KeyedOperator::agree(const Proposal& proposal) {
    return person_->agree(proposal);
}

Result<std::vector<SignedConfirmation>>
KeyedOperator::sign(const std::vector<std::string>& statements, std::int64_t now) {
    QUIETUS_ENSURE(key_.has_value());
    const PersonalKey key = std::move(*key_);
    key_.reset();
    std::vector<SignedConfirmation> all;
    for (const std::string& statement : statements) {
        auto one = sign_one(key, statement, now);
        if (!one) return std::move(one).error();
        all.push_back(std::move(*one));
    }
    return all;
}

Status KeyedOperator::use_up() {
    return person_->use_up();
}

Result<PersonalKey> load_operator_key(const std::string& state, const std::string& id,
                                      const std::string& key, const AskPassphrase& ask) {
    auto people = read_people(state);
    if (!people) return std::move(people).error();
    const Person* person = find_person(*people, id, Role::op);
    if (person == nullptr)
        return Error{Fault::usage,
                     "this station knows no certificate of the operator \"" + escaped(id) + "\"",
                     "quietus key import --person " + escaped(id) + " --certificate FILE"};
    auto chain = read_chain(state, *person);
    if (!chain) return std::move(chain).error();
    auto loaded = load_private_key(key, ask);
    if (!loaded) return std::move(loaded).error();
    auto made = PersonalKey::make(std::move(*loaded), *chain);
    if (!made) return std::move(made).error().during(key);
    return made;
}

Result<std::vector<SignedConfirmation>> sign_confirmations(const std::vector<ConfirmedPlan>& plans,
                                                           const ConfirmationDesk& desk,
                                                           Operator& person) {
    std::vector<std::string> statements;
    for (const ConfirmedPlan& plan : plans) {
        auto text = confirmation_text(confirmation_of(plan, desk));
        if (!text) return std::move(text).error();
        statements.push_back(std::move(*text));
    }
    auto all = person.sign(statements, desk.now);
    if (!all && all.error().fault == Fault::evidence) all.error().fault = Fault::io;
    return all;
}

} // namespace quietus
