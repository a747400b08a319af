#include "audit_words.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/core/json_fields.hpp"

#include <algorithm>
#include <sstream>

namespace quietus::audit {
namespace {

struct FindingWords {
    std::string code;
    std::string text;

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("code", self.code);
        visit("text", self.text);
    }
};

struct SignerWords {
    Role role = Role::station;
    std::string name_hex; ///< may be anything, and is to be escaped once only
    std::string certificate_sha256;
    std::int64_t signed_at = 0;
    bool self_issued = false;

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("role", self.role);
        visit("name_hex", self.name_hex);
        visit("certificate_sha256", self.certificate_sha256);
        visit("signed_at", self.signed_at);
        visit("self_issued", self.self_issued);
    }
};

struct TraceWords {
    DocumentTrace trace;

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("station", self.trace.station);
        visit("number", self.trace.number);
        visit("payload_sha384", self.trace.payload_sha384);
        visit("previous_sha384", self.trace.previous_sha384);
        visit("serial", self.trace.serial);
        visit("level", self.trace.level);
        visit("intent_index", self.trace.intent_index);
        visit("tool_version", self.trace.tool_version);
        visit("tool_commit", self.trace.tool_commit);
    }
};

struct ReportWords {
    std::string id;
    DocumentType type = DocumentType::certificate;
    DocumentVerdict verdict = DocumentVerdict::invalid;
    std::vector<FindingWords> findings;
    std::vector<SignerWords> signers;
    std::optional<TraceWords> trace;
    std::optional<StatedValidation> validation;

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("id", self.id);
        visit("type", self.type);
        visit("verdict", self.verdict);
        visit("findings", self.findings);
        visit("signers", self.signers);
        visit("trace", self.trace);
        visit("validation", self.validation);
    }
};

void append(std::string& question, std::string_view part) {
    for (unsigned shift = 0; shift < 32; shift += 8)
        question += static_cast<char>(part.size() >> shift & 0xFFU);
    question += part;
}

bool is_printable(const std::string& text) {
    return std::ranges::none_of(text, [](unsigned char each) { return each < 0x20; });
}

Error no_answer() {
    return {Fault::invalid, "no answer that can be read"};
}

} // namespace

std::string question_of(const DocumentFiles& files) {
    const ValidationFiles statement = files.validation.value_or(ValidationFiles{});
    std::string objections;
    for (const CheckFinding& each : statement.findings)
        objections += each.code + " " + each.text + "\n";
    std::string question;
    for (const std::string_view part :
         {std::string_view(files.name), to_text(files.type), std::string_view(files.payload),
          std::string_view(files.p7s), std::string_view(files.validation ? "1" : ""),
          std::string_view(statement.payload), std::string_view(statement.p7s),
          std::string_view(objections)})
        append(question, part);
    return question;
}

DocumentFiles document_of(std::vector<std::string> parts) {
    DocumentFiles files{std::move(parts[0]),
                        from_text<DocumentType>(parts[1]).value_or(DocumentType::certificate),
                        std::move(parts[2]), std::move(parts[3])};
    if (parts[4].empty()) return files;
    files.validation = ValidationFiles{std::move(parts[5]), std::move(parts[6])};
    std::istringstream objections(parts[7]);
    for (std::string line; std::getline(objections, line);) {
        const auto end = std::min(line.find(' '), line.size());
        files.validation->findings.push_back(
            {line.substr(0, end), line.substr(std::min(end + 1, line.size()))});
    }
    return files;
}

std::uint32_t length_of(std::string_view octets) {
    std::uint32_t length = 0;
    for (std::size_t i = octets.size(); i-- > 0;)
        length = length << 8U | static_cast<unsigned char>(octets[i]);
    return length;
}

std::string answer_of(const DocumentReport& report) {
    ReportWords words{report.id, report.type, report.verdict, {}, {}, {}, {}};
    for (const CheckFinding& each : report.findings)
        words.findings.push_back({each.code, each.text});
    for (const CheckedSigner& each : report.signers)
        words.signers.push_back({each.role, to_hex(as_bytes(each.name)), each.certificate_sha256,
                                 each.signed_at, each.self_issued_root});
    if (report.trace) words.trace = TraceWords{*report.trace};
    words.validation = report.validation;
    return to_line(to_json(words)) + "\n";
}

Result<DocumentReport> report_of(std::string_view answer) {
    const auto json = parse_json(answer, answer_limit);
    if (!json) return no_answer();
    auto words = from_json<ReportWords>(*json);
    if (!words) return no_answer();
    DocumentReport report{{}, std::move(words->id), words->type, words->verdict, {}, {}, {}};
    for (FindingWords& each : words->findings) {
        if (each.code.empty() || !is_printable(each.code + each.text)) return no_answer();
        report.findings.push_back({std::move(each.code), std::move(each.text)});
    }
    for (SignerWords& each : words->signers) {
        const auto name = from_hex(each.name_hex);
        if (!name) return no_answer();
        report.signers.push_back({each.role, std::string(as_text(*name)),
                                  std::move(each.certificate_sha256), each.signed_at,
                                  each.self_issued});
    }
    if (words->trace) report.trace = std::move(words->trace->trace);
    report.validation = std::move(words->validation);
    return report;
}

} // namespace quietus::audit
