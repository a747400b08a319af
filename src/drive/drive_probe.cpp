#include "drive_probe.hpp"

#include "path_asker.hpp"
#include "probe_process.hpp"
#include "probe_words.hpp"

#include "quietus/confine/run_children.hpp"
#include "quietus/core/descriptor.hpp"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <utility>

namespace quietus {
namespace {

// "written" or "free", or why it cannot be told. A read lease is granted only on a file that nobody
// has open for writing (fcntl(2)); it ends with the descriptor.
std::string writers_of(const std::string& path) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!file.open()) return system_error(Fault::io, path).message;
    if (::fcntl(file.get(), F_SETLEASE, F_RDLCK) == 0) return "free";
    return errno == EAGAIN ? "written" : system_error(Fault::io, path).message;
}

// In which language it can be told to erase itself. Behind a translator or a bridge a drive has
// none of its own but ATA.
CommandLanguage own_language(DriveKind kind, const DriveIdentity& identity) {
    if (identity.takes_ata_commands) return CommandLanguage::ata;
    if (kind == DriveKind::nvme) return CommandLanguage::nvme;
    return identity.takes_scsi_commands ? CommandLanguage::scsi : CommandLanguage::none;
}

class MachineProbe : public DriveProbe {
  public:
    std::vector<ProbeReport> ask(const std::vector<ProbeQuestion>& questions) override {
        std::vector<ChildWork> works;
        std::ranges::transform(questions, std::back_inserter(works), node_probe);
        std::vector<ProbeReport> reports;
        std::ranges::transform(run_children(works), std::back_inserter(reports), report_of);
        ask_for_facts(questions, reports);
        return reports;
    }

    Result<Contents> contents(const std::string& path) override {
        ProbeReport report = report_of(run_children({file_probe(path)}).front());
        if (report.contents) return std::move(*report.contents);
        if (!report.unread.empty()) return Error{Fault::io, report.unread};
        return Error{Fault::io, report.problems.empty() ? path : report.problems.back()};
    }

    Result<bool> has_writers(const std::string& path) override {
        const auto result = run_children({[&](const ChildChannel& channel) {
                                channel.send(writers_of(path));
                            }}).front();
        if (result.end != ChildEnd::answered) return Error{Fault::io, path + ": " + result.why};
        if (result.bytes == "written" || result.bytes == "free") return result.bytes == "written";
        return Error{Fault::io, result.bytes};
    }

    std::optional<FilePlace> place(const std::string& path) override { return paths_.place(path); }

  private:
    // After who they are and what they hold, so that none has to wake up for it, and one that falls
    // silent over it is known all the same.
    static void ask_for_facts(const std::vector<ProbeQuestion>& questions,
                              std::vector<ProbeReport>& reports) {
        std::vector<ChildWork> works;
        std::vector<ProbeReport*> asked;
        for (std::size_t index = 0; index < questions.size(); ++index) {
            const bool answers = reports[index].outcome == ProbeOutcome::answered ||
                                 reports[index].outcome == ProbeOutcome::partly;
            const CommandLanguage language =
                own_language(questions[index].kind, reports[index].identity);
            if (!answers || language == CommandLanguage::none) continue;
            works.push_back(facts_probe(questions[index], language));
            asked.push_back(&reports[index]);
        }
        const auto results = run_children(works);
        for (std::size_t index = 0; index < results.size(); ++index)
            add_facts(report_of(results[index]), *asked[index]);
    }

    PathAsker paths_;
};

} // namespace

std::unique_ptr<DriveProbe> make_drive_probe() {
    return std::make_unique<MachineProbe>();
}

} // namespace quietus
