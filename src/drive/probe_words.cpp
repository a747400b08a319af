#include "probe_words.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/core/json_fields.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

namespace quietus {
namespace {

// What libblkid found is octets and need not be text that JSON can carry.
struct SentFinding {
    std::string type_hex;
    std::string label_hex;
    std::string uuid_hex;
    std::string usage;
    std::uint64_t offset_bytes = 0;

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("type_hex", self.type_hex);
        visit("label_hex", self.label_hex);
        visit("uuid_hex", self.uuid_hex);
        visit("usage", self.usage);
        visit("offset_bytes", self.offset_bytes);
    }
};

struct SentPartition {
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
    std::string uuid_hex;
    std::string name_hex;

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("offset", self.offset);
        visit("length", self.length);
        visit("uuid_hex", self.uuid_hex);
        visit("name_hex", self.name_hex);
    }
};

struct SentContents {
    std::vector<SentFinding> found;
    std::vector<SentPartition> partitions;
    std::vector<LuksHeader> luks;

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("found", self.found);
        visit("partitions", self.partitions);
        visit("luks", self.luks);
    }
};

struct SentNews {
    std::optional<bool> claimed;
    std::optional<DriveIdentity> identity;
    std::optional<ata::Facts> ata;
    std::optional<scsi::Facts> scsi;
    std::optional<nvme::Facts> nvme;
    std::optional<SentContents> contents;
    std::vector<std::string> problems;
    std::string unread;
    bool last = false;

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("claimed", self.claimed);
        visit("identity", self.identity);
        visit("ata", self.ata);
        visit("scsi", self.scsi);
        visit("nvme", self.nvme);
        visit("contents", self.contents);
        visit("problems", self.problems);
        visit("unread", self.unread);
        visit("last", self.last);
    }
};

std::string hex_of(const std::string& octets) {
    return to_hex(as_bytes(octets));
}

SentContents packed(const Contents& contents) {
    SentContents sent;
    for (const Content& each : contents.found)
        sent.found.push_back({hex_of(each.type), hex_of(each.label), hex_of(each.uuid), each.usage,
                              each.offset_bytes});
    for (const TableEntry& each : contents.partitions)
        sent.partitions.push_back({each.offset, each.length, hex_of(each.uuid), hex_of(each.name)});
    sent.luks = contents.luks;
    return sent;
}

Result<std::string> octets_of(const std::string& hex) {
    auto bytes = from_hex(hex);
    if (!bytes) return std::move(bytes).error();
    return std::string(as_text(*bytes));
}

Result<Content> unpacked(const SentFinding& sent) {
    auto type = octets_of(sent.type_hex);
    auto label = octets_of(sent.label_hex);
    auto uuid = octets_of(sent.uuid_hex);
    for (auto* each : {&type, &label, &uuid})
        if (!*each) return each->error();
    Content content;
    content.type = std::move(*type);
    content.label = std::move(*label);
    content.uuid = std::move(*uuid);
    content.usage = sent.usage;
    content.offset_bytes = sent.offset_bytes;
    return content;
}

Result<Contents> unpacked(const SentContents& sent) {
    Contents contents;
    for (const SentFinding& each : sent.found) {
        auto content = unpacked(each);
        if (!content) return std::move(content).error();
        contents.found.push_back(std::move(*content));
    }
    for (const SentPartition& each : sent.partitions) {
        auto uuid = octets_of(each.uuid_hex);
        auto name = octets_of(each.name_hex);
        if (!uuid || !name) return uuid ? name.error() : uuid.error();
        contents.partitions.push_back(
            {each.offset, each.length, std::move(*uuid), std::move(*name)});
    }
    contents.luks = sent.luks;
    return contents;
}

// Adds one line to the report; whether it was the last one.
Result<bool> add_line(std::string_view line, ProbeReport& report) {
    auto json = parse_json(line);
    if (!json) return std::move(json).error();
    auto sent = from_json<SentNews>(*json);
    if (!sent) return std::move(sent).error();
    if (sent->claimed) report.claimed = sent->claimed;
    if (sent->identity) report.identity = std::move(*sent->identity);
    if (sent->ata) report.ata = std::move(*sent->ata);
    if (sent->scsi) report.scsi = std::move(*sent->scsi);
    if (sent->nvme) report.nvme = std::move(*sent->nvme);
    if (sent->contents) {
        auto contents = unpacked(*sent->contents);
        if (!contents) return std::move(contents).error();
        report.contents = std::move(*contents);
    }
    std::ranges::move(sent->problems, std::back_inserter(report.problems));
    if (!sent->unread.empty()) report.unread = std::move(sent->unread);
    return sent->last;
}

// Of a probe that was cut short the line that it was about to say is left out.
Result<bool> add_lines(std::string_view bytes, ProbeReport& report) {
    bool last = false;
    for (auto end = bytes.find('\n'); end != std::string_view::npos; end = bytes.find('\n')) {
        if (last) return Error{Fault::invalid, "more after its end"};
        auto outcome = add_line(bytes.substr(0, end), report);
        if (!outcome) return outcome;
        last = *outcome;
        bytes.remove_prefix(end + 1);
    }
    if (last && !bytes.empty()) return Error{Fault::invalid, "more after its end"};
    return last;
}

ProbeReport without_answer(std::string problem) {
    ProbeReport report;
    report.outcome = ProbeOutcome::not_answering;
    report.problems.push_back(std::move(problem));
    return report;
}

} // namespace

std::string to_line(const ProbeNews& news) {
    SentNews sent{news.claimed, news.identity, news.ata,    news.scsi, news.nvme,
                  {},           news.problems, news.unread, news.last};
    if (news.contents) sent.contents = packed(*news.contents);
    return to_line(to_json(sent)) + "\n";
}

ProbeReport report_of(const ChildResult& result) {
    ProbeReport report;
    const auto whole = add_lines(result.bytes, report);
    if (!whole)
        return without_answer("its probe is not to be understood: " + whole.error().message);
    if (result.end == ChildEnd::answered) {
        if (!*whole) return without_answer("its probe ended too early");
        const bool whole_answer = report.problems.empty() && report.unread.empty();
        report.outcome = whole_answer ? ProbeOutcome::answered : ProbeOutcome::partly;
        return report;
    }
    const bool hangs = result.end == ChildEnd::deadline;
    report.outcome = ProbeOutcome::not_answering;
    report.problems.push_back(hangs ? result.why : "its probe failed: " + result.why);
    return report;
}

void add_facts(ProbeReport told, ProbeReport& report) {
    report.ata = std::move(told.ata);
    report.scsi = std::move(told.scsi);
    report.nvme = std::move(told.nvme);
    for (const std::string& problem : told.problems)
        report.identity.findings.push_back("it was not learned what it hides and how it fares: " +
                                           problem);
}

} // namespace quietus
