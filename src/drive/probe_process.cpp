#include "probe_process.hpp"

#include "ask_drive.hpp"
#include "ask_facts.hpp"
#include "contents.hpp"
#include "probe_words.hpp"

#include "quietus/confine/confinement.hpp"
#include "quietus/core/descriptor.hpp"
#include "quietus/transport/linux/command_ports.hpp"
#include "quietus/transport/linux/open_block.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <optional>
#include <utility>

namespace quietus {
namespace {

constexpr int open_flags = O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY;

// The kinds that have commands, and what the kernel wants for them.
std::optional<Privilege> privilege_for(DriveKind kind) {
    switch (kind) {
    case DriveKind::ata:
    case DriveKind::scsi:
    case DriveKind::usb:
    case DriveKind::mmc:
        return Privilege::raw_io;
    case DriveKind::nvme:
        return Privilege::administrate;
    case DriveKind::virtio:
    case DriveKind::loop:
    case DriveKind::nbd:
    case DriveKind::image:
    case DriveKind::ram:
    case DriveKind::rom:
    case DriveKind::zram:
    case DriveKind::unknown:
        return std::nullopt;
    }
    return std::nullopt;
}

class Prober {
  public:
    explicit Prober(const ChildChannel& channel) : channel_(channel) {}

    void ask_node(const ProbeQuestion& question) {
        if (question.held)
            tell({.claimed = false});
        else
            tell_claim(question.path);
        const Descriptor drive(::open(question.path.c_str(), open_flags | O_NOFOLLOW));
        struct stat node {};
        if (!drive.open() || ::fstat(drive.get(), &node) != 0)
            problem("it cannot be opened: " + system_error(Fault::io, question.path).message);
        else if (!S_ISBLK(node.st_mode))
            problem(question.path + " is no block device");
        else
            ask_open_node(drive.get(), question);
        end();
    }

    void ask_facts(const ProbeQuestion& question, CommandLanguage language) {
        const Descriptor drive(::open(question.path.c_str(), open_flags | O_NOFOLLOW));
        const auto privilege = privilege_for(question.kind);
        if (!drive.open())
            problem(system_error(Fault::io, question.path).message);
        else if (privilege && is_confined(commands_too(*privilege), "it was not asked"))
            tell_facts(drive.get(), language);
        end();
    }

    void ask_file(const std::string& path) {
        const Descriptor file(::open(path.c_str(), open_flags));
        struct stat facts {};
        if (!file.open() || ::fstat(file.get(), &facts) != 0)
            problem(system_error(Fault::io, path).message);
        else if (!S_ISREG(facts.st_mode))
            problem(path + ": no regular file");
        else
            tell_contents(ContentsReader::prepare(file.get()));
        end();
    }

  private:
    void tell(const ProbeNews& news) { channel_.send(to_line(news)); }
    void problem(const std::string& clause) { tell({.problems = {clause}}); }
    void end() { tell({.last = true}); }

    void tell_facts(int drive, CommandLanguage language) {
        if (language == CommandLanguage::ata)
            tell_or_problem(ask_ata_facts(*make_sg_io_port(drive)), &ProbeNews::ata);
        else if (language == CommandLanguage::scsi)
            tell_or_problem(ask_scsi_facts(*make_sg_io_port(drive)), &ProbeNews::scsi);
        else if (language == CommandLanguage::nvme)
            tell_or_problem(ask_nvme_facts(*make_nvme_admin_port(drive)), &ProbeNews::nvme);
    }

    template <typename Facts>
    void tell_or_problem(Result<Facts> facts, std::optional<Facts> ProbeNews::*where) {
        if (!facts) {
            problem(facts.error().message);
            return;
        }
        ProbeNews news;
        news.*where = std::move(*facts);
        tell(news);
    }

    void tell_claim(const std::string& path) {
        if (auto claimed = is_claimed(path))
            tell({.claimed = *claimed});
        else
            problem("it cannot be asked who holds it: " + claimed.error().message);
    }

    void ask_open_node(int drive, const ProbeQuestion& question) {
        std::optional<Result<ContentsReader>> contents;
        if (question.contents) contents.emplace(ContentsReader::prepare(drive));
        const auto privilege = privilege_for(question.kind);
        if (privilege && is_confined(commands_too(*privilege), "who it is was not asked"))
            tell({.identity = ask_open_drive(drive, question.kind)});
        if (contents) tell_contents(std::move(*contents));
    }

    void tell_contents(Result<ContentsReader> reader) {
        auto contents = Result<Contents>(Error{Fault::io, ""});
        if (reader && !is_confined(questions_only(), "what it holds was not looked at")) return;
        if (reader)
            contents = reader->read();
        else
            contents = reader.error();
        if (contents)
            tell({.contents = std::move(*contents)});
        else
            tell({.unread = contents.error().message});
    }

    // Where the kernel cannot confine us, what a stranger wrote stays unread.
    bool is_confined(const Allowance& allowance, const std::string& otherwise) {
        const Status status = confine(allowance);
        if (!status)
            problem(otherwise + ": its probe cannot be confined: " + status.error().message);
        return status.has_value();
    }

    [[nodiscard]] Allowance questions_only() const {
        const auto requests = block_node_requests();
        return {channel_.descriptor(), {requests.begin(), requests.end()}, {}};
    }

    [[nodiscard]] Allowance commands_too(Privilege privilege) const {
        Allowance allowance = questions_only();
        const auto requests = command_port_requests();
        allowance.requests.insert(allowance.requests.end(), requests.begin(), requests.end());
        allowance.privileges.push_back(privilege);
        return allowance;
    }

    const ChildChannel& channel_;
};

} // namespace

ChildWork node_probe(const ProbeQuestion& question) {
    return [question](const ChildChannel& channel) { Prober(channel).ask_node(question); };
}

ChildWork facts_probe(const ProbeQuestion& question, CommandLanguage language) {
    return [question, language](const ChildChannel& channel) {
        Prober(channel).ask_facts(question, language);
    };
}

ChildWork file_probe(const std::string& path) {
    return [path](const ChildChannel& channel) { Prober(channel).ask_file(path); };
}

} // namespace quietus
