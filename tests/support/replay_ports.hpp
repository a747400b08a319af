// Replay ports: a transcript of commands and replies that plays as ScsiPort, NvmePort and MmcPort.
//
// One line a command; hexadecimal unless said otherwise; `#` begins a comment line.
//
//     scsi 12 01 80 00 fc 00 -> 00 data 00 80 00 08 'WD-12345'
//     scsi a1 08 0e 00 01 00 00 00 00 ec 00 00 -> 02 sense 72 05 20 00 00 00 00 00
//     scsi 25 00*9 -> lost
//     scsi 85 0b 26 00*3 01 00*7 f1 00 out 00*512 -> 00
//     nvme 06 nsid 00000001 cdw 00000000 -> 0000 data 00*4096
//     nvme-id -> 1
//     mmc 8 00000000 -> 00000900 data 00*512
//
// scsi CDB [out OCTETS] -> STATUS [sense OCTETS] [data OCTETS]
// nvme OPCODE nsid NSID cdw CDW10 ... CDW15 -> STATUS [result DWORD] [data OCTETS]
//                     (dwords left out are 0; data is filled with 00 to what was asked for)
// nvme-id -> NSID     (decimal) the namespace that the node stands for
// mmc INDEX ARGUMENT -> CARD-STATUS [data OCTETS]     (INDEX decimal)
// ... -> lost         no answer came: Fault::io
//
// `out *` stands for data that a journal does not keep, passwords for one: whatever is sent.
// OCTETS are words: digits, two an octet (0080 or 00 80); OO*N, an octet N (decimal) times; 'text'.
// The same for the CDB. Data longer than what a command asked for is cut, as a host adapter does.
//
// A line answers one command, in whatever order they come; equal commands take their lines from
// first to last. A line that begins with `?` need not be asked for. `scsi * -> ...` answers, as
// often as needed, what no other line does; so do `nvme *` and `mmc *`. A command without a line
// and a line without a command fail the test.
#pragma once

#include "quietus/core/bytes.hpp"
#include "quietus/transport/mmc_port.hpp"
#include "quietus/transport/nvme_port.hpp"
#include "quietus/transport/scsi_port.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace quietus::test {

/// What came of a command: the words after the arrow, taken apart.
struct PlayedReply {
    bool lost = false;
    std::uint32_t status = 0;
    std::uint32_t result = 0;
    Bytes sense;
    Bytes data;
};

/// The lines, and who has been asked for what. Throws std::runtime_error on a line that is not as
/// described above. Complains (ADD_FAILURE) when it goes, unless told to be lenient.
class Transcript {
  public:
    explicit Transcript(const std::string& text) {
        std::istringstream lines(text);
        for (std::string line; std::getline(lines, line);)
            add(line);
    }
    Transcript(const Transcript&) = delete;
    Transcript& operator=(const Transcript&) = delete;
    ~Transcript() {
        if (lenient) return;
        for (const std::string& each : unanswered)
            ADD_FAILURE() << "no line for: " << each;
        for (const Line& line : lines_)
            if (!line.played && !line.optional) ADD_FAILURE() << "never asked for: " << line.text;
    }

    bool lenient = false;                 ///< for tests that break the conversation off
    std::optional<unsigned> lost_at = {}; ///< the command of this number (from 0) gets no answer
    unsigned asked = 0;                   ///< commands so far
    std::vector<std::string> unanswered;

    /// `command` as `key_of` spells it.
    PlayedReply play(const std::string& command) {
        const PlayedReply lost{true, 0, 0, {}, {}};
        if (asked++ == lost_at) return lost;
        for (Line& line : lines_)
            if (!line.played && is_answered(command, line)) {
                line.played = true;
                return line.reply;
            }
        const std::string any = command.substr(0, command.find(' ')) + " *";
        for (Line& line : lines_)
            if (line.command == any) return line.reply;
        unanswered.push_back(command);
        return lost;
    }

    static std::string scsi_key(const Bytes& cdb, const Bytes& out = {}) {
        return "scsi " + to_hex(cdb) + (out.empty() ? "" : " out " + to_hex(out));
    }
    static std::string nvme_key(const NvmeCommand& command) {
        std::string key = "nvme " + hex(command.opcode, 2) + " " + hex(command.nsid, 8);
        for (const std::uint32_t dword : command.cdw10_15)
            key += " " + hex(dword, 8);
        return key;
    }
    static std::string mmc_key(std::uint64_t index, std::uint64_t argument) {
        return "mmc " + std::to_string(index) + " " + hex(argument, 8);
    }

  private:
    struct Line {
        std::string text;
        std::string command;
        PlayedReply reply;
        bool optional = false;
        bool played = false;
    };
    using Words = std::vector<std::string>;

    static bool is_answered(const std::string& command, const Line& line) {
        constexpr std::string_view any_data = " out *";
        if (!line.command.ends_with(any_data)) return line.command == command;
        return command.starts_with(line.command.substr(0, line.command.size() - 1));
    }
    static std::string hex(std::uint64_t value, int digits) {
        char text[20];
        std::snprintf(text, sizeof text, "%0*lx", digits, static_cast<unsigned long>(value));
        return text;
    }
    static std::uint32_t number(const std::string& word, int base = 16) {
        return static_cast<std::uint32_t>(std::stoul(word, nullptr, base));
    }

    // Words at blanks; what stands in quotes is one word.
    static Words words_of(const std::string& line) {
        Words words;
        std::size_t at = line.find_first_not_of(' ');
        while (at < line.size()) {
            const bool quoted = line[at] == '\'';
            const std::size_t end = quoted ? line.find('\'', at + 1) + 1 : line.find(' ', at);
            words.push_back(line.substr(at, std::min(end, line.size()) - at));
            at = line.find_first_not_of(' ', std::min(end, line.size()));
        }
        return words;
    }
    static void append_octets(const std::string& word, Bytes& octets) {
        const std::size_t star = word.find('*');
        if (word.front() == '\'') {
            octets.insert(octets.end(), word.begin() + 1, word.end() - 1);
        } else if (star != std::string::npos) {
            octets.insert(octets.end(), number(word.substr(star + 1), 10),
                          static_cast<std::uint8_t>(number(word.substr(0, star))));
        } else {
            const auto plain = from_hex(word);
            if (!plain) throw std::runtime_error("transcript: not octets: " + word);
            octets.insert(octets.end(), plain->begin(), plain->end());
        }
    }

    void add(const std::string& text) {
        Words words = words_of(text);
        if (words.empty() || words[0][0] == '#') return;
        Line line{text, {}, {}, words[0] == "?", false};
        if (line.optional) words.erase(words.begin());
        const auto arrow = std::find(words.begin(), words.end(), "->");
        if (arrow == words.end() || arrow == words.begin() || arrow + 1 == words.end())
            throw std::runtime_error("transcript: no arrow: " + text);
        line.command = command_of({words.begin(), arrow});
        line.optional = line.optional || line.command == words[0] + " *";
        line.reply = reply_of({arrow + 1, words.end()}, words[0] == "nvme-id" ? 10 : 16);
        lines_.push_back(std::move(line));
    }
    static std::string command_of(const Words& words) {
        if (words[0] == "nvme-id") return "nvme-id";
        if (words.size() > 1 && words[1] == "*") return words[0] + " *";
        if (words[0] == "scsi") {
            Bytes cdb;
            Bytes out;
            Bytes* octets = &cdb;
            for (std::size_t i = 1; i < words.size(); ++i) {
                if (words[i] == "out" && i + 1 < words.size() && words[i + 1] == "*")
                    return scsi_key(cdb) + " out *";
                if (words[i] == "out")
                    octets = &out;
                else
                    append_octets(words[i], *octets);
            }
            return scsi_key(cdb, out);
        }
        if (words[0] == "mmc" && words.size() == 3)
            return mmc_key(number(words[1], 10), number(words[2]));
        if (words[0] != "nvme" || words.size() < 4 || words[2] != "nsid" || words.size() > 11)
            throw std::runtime_error("transcript: not a command: " + words[0]);
        NvmeCommand command{
            static_cast<std::uint8_t>(number(words[1])), number(words[3]), {}, 0, {}};
        for (std::size_t i = 5; i < words.size(); ++i)
            command.cdw10_15.at(i - 5) = number(words[i]);
        return nvme_key(command);
    }
    static PlayedReply reply_of(const Words& words, int status_base) {
        PlayedReply reply;
        if (words[0] == "lost") return {true, 0, 0, {}, {}};
        reply.status = number(words[0], status_base);
        Bytes* octets = nullptr;
        for (std::size_t i = 1; i < words.size(); ++i) {
            if (words[i] == "result" && i + 1 < words.size())
                reply.result = number(words[++i]);
            else if (words[i] == "sense" || words[i] == "data")
                octets = words[i] == "sense" ? &reply.sense : &reply.data;
            else if (octets != nullptr)
                append_octets(words[i], *octets);
            else
                throw std::runtime_error("transcript: not understood: " + words[i]);
        }
        return reply;
    }

    std::vector<Line> lines_;
};

[[nodiscard]] inline Error lost_answer() {
    return {Fault::io, "no answer"};
}

class ReplayScsiPort final : public ScsiPort {
  public:
    explicit ReplayScsiPort(Transcript& transcript) : transcript_(transcript) {}
    Result<ScsiReply> execute(const ScsiCommand& command) override {
        PlayedReply played = transcript_.play(Transcript::scsi_key(command.cdb, command.out));
        if (played.lost) return lost_answer();
        played.data.resize(std::min(played.data.size(), command.in_bytes));
        return ScsiReply{static_cast<std::uint8_t>(played.status), played.sense, played.data};
    }

  private:
    Transcript& transcript_;
};

class ReplayNvmePort final : public NvmePort {
  public:
    explicit ReplayNvmePort(Transcript& transcript) : transcript_(transcript) {}
    Result<NvmeReply> execute(const NvmeCommand& command) override {
        PlayedReply played = transcript_.play(Transcript::nvme_key(command));
        if (played.lost) return lost_answer();
        played.data.resize(played.status == 0 ? command.in_bytes : 0);
        return NvmeReply{static_cast<std::uint16_t>(played.status), played.result, played.data};
    }
    Result<std::uint32_t> namespace_id() override {
        const PlayedReply played = transcript_.play("nvme-id");
        if (played.lost) return lost_answer();
        return played.status;
    }

  private:
    Transcript& transcript_;
};

class ReplayMmcPort final : public MmcPort {
  public:
    explicit ReplayMmcPort(Transcript& transcript) : transcript_(transcript) {}
    Result<MmcReply> execute(const MmcCommand& command) override {
        PlayedReply played = transcript_.play(Transcript::mmc_key(command.index, command.argument));
        if (played.lost) return lost_answer();
        played.data.resize(std::min(played.data.size(), command.in_bytes));
        return MmcReply{played.status, played.data};
    }

  private:
    Transcript& transcript_;
};

} // namespace quietus::test
