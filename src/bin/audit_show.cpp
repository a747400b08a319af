#include "audit.hpp"
#include "audit_own_erasure.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/record/rehearsal.hpp"
#include "quietus/record/technique.hpp"

#include <ostream>

namespace quietus::audit {
namespace {

// Prints members as lines. Names and texts are whatever the file holds: escaped, every one. Depth
// is bounded by the reader.
class Outline {
  public:
    /// Each line begins with the margin.
    Outline(std::ostream& out, std::string margin) : out_(out), margin_(std::move(margin)) {}

    void print(const Json& value, const std::string& name, int depth) {
        const std::string margin(static_cast<std::size_t>(depth) * 2, ' ');
        out_ << margin_ << margin << spelled(name) << ':';
        if (is_extent(value)) {
            out_ << " offset " << to_line(*value.find("offset")) << ", length "
                 << to_line(*value.find("length")) << '\n';
        } else if (const auto* object = value.as<Json::Object>()) {
            out_ << '\n';
            for (const auto& [member, inner] : *object)
                print(inner, member, depth + 1);
        } else if (const auto* array = value.as<Json::Array>()) {
            out_ << (array->empty() ? " none\n" : "\n");
            for (std::size_t i = 0; i < array->size(); ++i)
                print((*array)[i], std::to_string(i + 1), depth + 1);
        } else {
            out_ << ' ' << plain(value) << '\n';
        }
    }

  private:
    // Of which there may be many thousands: one line each.
    static bool is_extent(const Json& value) {
        const auto* object = value.as<Json::Object>();
        if (object == nullptr || object->size() != 2) return false;
        const Json* offset = value.find("offset");
        const Json* length = value.find("length");
        return offset != nullptr && length != nullptr && offset->as<std::int64_t>() != nullptr &&
               length->as<std::int64_t>() != nullptr;
    }
    static std::string plain(const Json& value) {
        if (const auto* text = value.as<std::string>())
            return text->empty() ? "not stated" : escaped(*text);
        if (const auto* flag = value.as<bool>()) return *flag ? "yes" : "no";
        return to_line(value);
    }
    static std::string spelled(const std::string& member) {
        std::string words = escaped(member);
        for (char& each : words)
            if (each == '_') each = ' ';
        return words;
    }

    std::ostream& out_;
    std::string margin_;
};

// Whoever has but one line of it, or one page of a long print, must know what it is from.
std::string margin_of(const DocumentReport& report) {
    if (report.type != DocumentType::rehearsal) return {};
    return std::string(rehearsal_mark) + " | ";
}

void say_what_was_checked(const DocumentReport& report, bool trusted, std::ostream& out) {
    if (!trusted)
        out << "SIGNATURE NOT CHECKED AGAINST ANY TRUST: give --trust; what follows may come from "
               "anybody\n";
    out << "verdict of the checks: " << words_for(report) << '\n';
    for (const CheckedSigner& signer : report.signers)
        out << "  signed by " << to_text(signer.role) << ' ' << escaped(signer.name) << '\n';
    print_validation(report, out);
    print_findings(report.findings, out);
}

// What the operator signed, instead of the octets of it and of the signature.
void print_confirmation(const Json& confirmation, std::ostream& out) {
    const auto statement = parse_json(confirmation.text_of("statement"));
    Outline outline(out, {});
    if (!statement) return outline.print(confirmation, "confirmation", 0);
    outline.print(*statement, "confirmation", 0);
    out << "  signature: in the document, by the operator, over this statement\n";
}

// What people ask first.
void print_headline(const Json& payload, const std::string& margin, std::ostream& out) {
    out << margin << '\n' << margin << escaped(payload.text_of("title")) << '\n';
    for (const char* member : {"id", "document_marking", "issued_at", "verdict", "level"})
        if (const Json* value = payload.find(member)) Outline(out, margin).print(*value, member, 0);
    if (payload.text_of("level_basis") == to_text(LevelBasis::drive_reported))
        out << margin << "level: by the drive's own word; what was read back proves clear\n";
    print_own_erasure(payload, margin, out);
    out << margin << '\n';
}

} // namespace

Result<ExitStatus> show(const Invocation& invocation, const Streams& streams) {
    auto anchors = anchors_of(invocation);
    if (!anchors) return std::move(anchors).error();
    if (auto confined = confine_run(invocation); !confined) return std::move(confined).error();
    const std::string& file = invocation.operands.front();
    const DocumentReport report = check_file(file, *anchors, profiles_beside(file));
    const ExitStatus status = status_of(report.verdict);
    const auto files = read_document(file);
    const auto payload = files ? parse_json(files->payload) : Result<Json>(files.error());
    if (invocation.has("--json")) {
        const Json content = payload ? *payload : Json();
        streams.out << to_line(Json::object({{"file", escaped(file)},
                                             {"verdict", to_text(report.verdict)},
                                             {"signature_trusted", !report.id.empty()},
                                             {"document", content}}))
                    << '\n';
        return status;
    }
    if (invocation.has("--quiet")) return status;
    say_what_was_checked(report, invocation.has("--trust"), streams.out);
    if (payload && payload->as<Json::Object>() != nullptr) {
        const std::string margin = margin_of(report);
        print_headline(*payload, margin, streams.out);
        for (const auto& [member, value] : *payload->as<Json::Object>())
            if (member == "confirmation")
                print_confirmation(value, streams.out);
            else
                Outline(streams.out, margin).print(value, member, 0);
    }
    return status;
}

} // namespace quietus::audit
