#include "quietus/app/validate.hpp"

#include "this_tool.hpp"

#include "quietus/app/commit.hpp"
#include "quietus/app/people.hpp"
#include "quietus/certificate/check.hpp"
#include "quietus/core/bytes.hpp"
#include "quietus/core/file.hpp"
#include "quietus/core/json.hpp"
#include "quietus/stream/digest.hpp"

#include <unistd.h>

#include <algorithm>
#include <utility>

namespace quietus {
namespace {

std::string in_words(const StatementFacts& facts) {
    return std::string(facts.accepted ? "accepted" : "rejected") + " by " +
           escaped(facts.validator);
}

// Whoever validates here is somebody whom this station was told to be a validator.
Status check_is_known(const SignerIdentity& validator, const std::string& state) {
    if (validator.role != Role::validator)
        return Error{Fault::usage, "the certificate of " + escaped(validator.name) +
                                       " is for the role " + std::string(to_text(validator.role)) +
                                       ", not validator"};
    const auto people = read_people(state);
    if (!people) return people.error();
    const Person* known = find_person(*people, validator.name, Role::validator);
    if (known != nullptr && known->certificate_sha256 == validator.certificate_sha256) return {};
    return Error{Fault::refused,
                 "this station knows no validator " + escaped(validator.name) +
                     " with the certificate " + validator.certificate_sha256,
                 "quietus key import --person ID --certificate FILE"};
}

/// One validation under way: who, of which certificate, and where its files are.
class Validating {
  public:
    Validating(const ValidateRequest& request, const Site& site, std::string station)
        : request_(request), site_(site), station_(std::move(station)),
          profiles_(profiles_beside(request.certificate)) {}

    Result<GivenValidation> run() {
        auto files = read_document(request_.certificate);
        if (!files) return std::move(files).error();
        certificate_ = std::move(*files);
        stem_ = document_stem(request_.certificate).value_or("");
        auto left = std::exchange(certificate_.validation, std::nullopt);
        if (auto status = check_certificate(); !status) return std::move(status).error();
        auto before = site_.log.statement_about(sha384_hex(certificate_.payload));
        if (!before) return std::move(before).error();
        if (left && is_torn(*left)) {
            if (::unlink((stem_ + std::string(validation_payload_suffix)).c_str()) != 0)
                return system_error(Fault::evidence, stem_);
            left.reset();
        }
        if (*before) return validated_already(**before, left.has_value());
        return left ? finish(*left) : make();
    }

  private:
    // As an auditor: a certificate that is no proof is nothing to be accepted.
    Status check_certificate() {
        if (certificate_.type != DocumentType::certificate)
            return Error{Fault::refused,
                         "not a certificate of erasure: there is nothing to be validated"};
        const DocumentReport report = check_document(certificate_, request_.trust, profiles_);
        id_ = report.id;
        return check_report(report, "it does not verify");
    }

    static Status check_report(const DocumentReport& report, const std::string& told) {
        const auto of_class = [&](char letter) {
            return std::ranges::find_if(report.findings, [letter](const CheckFinding& each) {
                return each.code.front() == letter;
            });
        };
        for (const char letter : {'E', 'I'})
            if (const auto found = of_class(letter); found != report.findings.end()) {
                const bool one_person =
                    found->code == "E_ROLE_SAME_PERSON" || found->code == "E_ROLE_SAME_KEY";
                return Error{letter == 'E' && !one_person ? Fault::invalid : Fault::refused,
                             told + ": " + found->code + ": " + found->text,
                             "the files of --trust must hold the roots of everybody who signs"};
            }
        return {};
    }

    // What a crash leaves between the first file and the second is signed by nobody.
    [[nodiscard]] bool is_torn(const ValidationFiles& left) const {
        const auto json = parse_json(left.payload);
        return left.p7s.empty() && json &&
               json->text_of("payload_sha384") == sha384_hex(certificate_.payload) &&
               ::access((stem_ + std::string(validation_signature_suffix)).c_str(), F_OK) != 0;
    }

    static Result<GivenValidation> validated_already(const StatementFacts& before, bool beside) {
        return Error{Fault::refused,
                     "it has been validated: " + in_words(before) +
                         (beside ? "" : ", whose statement is not beside it any more")}
            .with_hint("a statement stands; a drive that is erased again has a new certificate");
    }

    Result<GivenValidation> make() {
        const Tool tool = this_tool();
        const std::int64_t now = site_.clock.utc_seconds();
        auto payload =
            draft_validation({certificate_.payload, request_.decision, request_.classification,
                              request_.reason, request_.document_marking, station_, tool},
                             request_.key.identity(), now);
        if (!payload) return std::move(payload).error();
        auto p7s = request_.key.sign(*payload, DocumentType::validation, now);
        if (!p7s) return std::move(p7s).error();
        ValidationFiles statement{std::move(*payload), std::string(as_text(*p7s))};
        auto stated = check_with(statement);
        if (!stated) return std::move(stated).error();
        if (auto status = save(statement); !status) return std::move(status).error();
        return log_it(*stated);
    }

    // Its files are here and the log does not have it: a crash came between.
    Result<GivenValidation> finish(const ValidationFiles& left) {
        auto stated = check_with(left);
        if (!stated)
            return std::move(stated)
                .error()
                .during("the statement beside it")
                .with_hint("move it away");
        if (stated->decision == request_.decision &&
            stated->validator == escaped(request_.key.identity().name))
            return log_it(*stated);
        return Error{Fault::refused,
                     "it has been validated: " + std::string(to_text(stated->decision)) + " by " +
                         escaped(stated->validator)}
            .with_hint("the log does not have it yet: whoever made it says the same once more");
    }

    [[nodiscard]] Result<StatedValidation> check_with(const ValidationFiles& statement) const {
        DocumentFiles with = certificate_;
        with.validation = statement;
        DocumentReport report = check_document(with, request_.trust, profiles_);
        if (auto status = check_report(report, "with this statement it would not verify"); !status)
            return std::move(status).error();
        if (!report.validation) return Error{Fault::evidence, "the statement does not hold"};
        return std::move(*report.validation);
    }

    [[nodiscard]] Status save(const ValidationFiles& statement) const {
        const std::string path = stem_ + std::string(validation_payload_suffix);
        if (auto status = save_new_file(path, statement.payload); !status) return status;
        auto status =
            save_new_file(stem_ + std::string(validation_signature_suffix), statement.p7s);
        if (!status) ::unlink(path.c_str());
        return status;
    }

    Result<GivenValidation> log_it(const StatedValidation& stated) {
        const auto receipt = site_.log.append_statement(
            {.station = station_,
             .document = id_,
             .payload_sha384 = sha384_hex(certificate_.payload),
             .statement_sha384 = stated.statement_sha384,
             .validator = stated.validator,
             .accepted = stated.decision == ValidationDecision::accepted});
        if (!receipt)
            return Error(receipt.error())
                .during("log of the statement")
                .with_hint("it is saved; say the same once more to have it logged");
        return GivenValidation{id_, stem_ + std::string(validation_payload_suffix), stated.decision,
                               request_.key.identity(), receipt->log_index};
    }

    const ValidateRequest& request_;
    const Site& site_;
    std::string station_;
    ProfileTexts profiles_;
    DocumentFiles certificate_;
    std::string id_;
    std::string stem_;
};

} // namespace

Result<GivenValidation> validate(const ValidateRequest& request, const Site& site) {
    if (auto status = check_is_known(request.key.identity(), site.places.state); !status)
        return std::move(status).error();
    auto station = preflight(site, 0);
    if (!station) return std::move(station).error();
    auto given = Validating(request, site, station->name).run();
    if (!given) return std::move(given).error().during(escaped(request.certificate));
    return given;
}

} // namespace quietus
