#include "quietus/app/status.hpp"

#include "quietus/app/issue.hpp"
#include "quietus/app/resume.hpp"
#include "quietus/certificate/certificate.hpp"
#include "quietus/core/json_fields.hpp"
#include "quietus/signing/grounds.hpp"

#include <unistd.h>

#include <cstddef>
#include <fstream>
#include <map>

namespace quietus {
namespace {

// The first line alone: a journal may be long, and a job that runs is not waited for.
void name_drive(JobStatus& status, const Places& places) {
    std::ifstream file(places.job(status.job) + "/journal.jsonl");
    std::string line;
    std::getline(file, line);
    const auto json = parse_json(line);
    const auto committed = json ? from_json<Committed>(*json) : Result<Committed>(json.error());
    if (!committed || committed->job != status.job) return;
    status.node = committed->drive.node;
    status.serial = committed->drive.serial;
}

bool is_running(const std::string& job, const Places& places) {
    const auto journal = FileJournal::reopen(places.job(job));
    return !journal && journal.error().fault == Fault::refused;
}

JobState state_of(std::string_view verdict) {
    if (verdict == to_text(Verdict::interrupted)) return JobState::interrupted;
    if (verdict == to_text(Verdict::indeterminate) || verdict.empty())
        return JobState::indeterminate;
    return JobState::finished;
}

// Where it would be; a document that was moved or saved elsewhere is not looked for.
std::string path_of(const DocumentFacts& document, const Places& places) {
    const auto type = from_text<DocumentType>(document.type);
    if (!type) return {};
    const std::string path =
        places.certificates + "/" + document.job + std::string(suffix_of(*type)) + ".json";
    return ::access(path.c_str(), F_OK) == 0 ? path : std::string{};
}

// Persons stated it; nothing ran that could have had a verdict.
bool is_statement(std::string_view type) {
    return type == to_text(DocumentType::destruction);
}

void take(JobStatus& status, const LoggedJob& logged, const Places& places) {
    if (logged.result) status.verdict = logged.result->verdict;
    if (logged.document) status.document = path_of(*logged.document, places);
    const bool stated = logged.document && is_statement(logged.document->type);
    status.state = stated ? JobState::finished : state_of(status.verdict);
}

// Somebody else may be at work on it, or may have brought it to its end just now.
void settle(JobStatus& status, const LoggedJob& logged, const Site& site) {
    auto issued = certify_job(status.job, site);
    if (issued) {
        const bool stated = is_statement(to_text(issued->type));
        if (!stated) status.verdict = to_text(issued->verdict);
        status.state = stated ? JobState::finished : state_of(status.verdict);
        status.document = issued->path;
        return;
    }
    if (is_running(status.job, site.places)) return;
    const auto now = site.log.find(status.job);
    const bool known = now && now->has_value();
    take(status, known ? **now : logged, site.places);
    if (!known || !(*now)->document) status.error = std::move(issued).error();
}

} // namespace

Result<std::vector<JobStatus>> station_status(const Site& site) {
    auto jobs = site.log.jobs();
    if (!jobs) return std::move(jobs).error().during("status");
    std::vector<JobStatus> all;
    std::map<std::string, std::size_t> places;
    for (const LoggedJob& logged : *jobs) {
        JobStatus& status = all.emplace_back();
        status.job = logged.intent.job;
        if (logged.document)
            take(status, logged, site.places);
        else
            settle(status, logged, site);
        name_drive(status, site.places);
        places.emplace(status.job, all.size() - 1);
        status.resumed_from = predecessor_of(status.job, site);
        const auto before = places.find(status.resumed_from);
        if (before != places.end()) all[before->second].resumed_as = status.job;
    }
    // Drives are looked at only for jobs that left one to itself.
    OneLook look(site.host, site.places.detect_request(false));
    for (JobStatus& status : all)
        if (status.state == JobState::interrupted && status.resumed_as.empty())
            status.operation = operation_of(status.job, site, look);
    return all;
}

} // namespace quietus
