#include "rehearse_table.hpp"

#include "quietus/cli/run.hpp"

#include <algorithm>
#include <utility>

namespace quietus::rehearse {
namespace {

constexpr std::string_view about =
    R"(Every verb of quietus(1) over emulated drives: for training, and to see what a document of a failing or lying drive looks like before there is one. It needs no privilege and no drive, looks at nothing of the machine, and has no code that could write to a drive.

What it makes cannot be taken for anything else. Its keys, made by key init, are of a role of their own; quietus refuses them, and it refuses all others. Its station is called REHEARSAL, or begins so, and with it every document and the log. Its documents are of a type of their own, ID.qrh.json; every text in them that can vary begins with REHEARSAL. quietus-audit(1) says of one that is genuine: no drive was erased, and ends with 9.

A rehearsal has one key: persons do not sign its documents, and sign, --person and --key are refused.)";

constexpr std::string_view scenarios =
    R"(A scenario is a TOML file with a title and any number of drives. Keys that are not listed here are refused.

  title = "A drive that vanishes half-way"

  [[drive]]
  name = "loose"
  serial = "EX3001"
  size = 33554432

  [[drive.fault]]
  kind = "vanish"
  first_block = 32768
  error = "ENODEV"

A drive has:

name	what the drive is called: its node is rehearsal:NAME
serial, model, firmware, wwn	as the drive tells them, behind the word REHEARSAL; only the serial is needed
size	in bytes: blocks, at most 256 MiB
block	512 (default) or 4096: bytes of a logical block
kind, medium, removable	as list shows them (default ata, magnetic, false)
native_size	all that the drive could be made to address, in bytes (default: size); more is a hidden area, of an NVMe drive what no namespace has
secret	the text that fills each block until the drive is erased
cached_writes	so many writes may wait for a flush (default 0: no volatile cache)
bytes_a_second	how fast it is (default: transfers take no time)
knobs	a list of the ways in which its firmware fails or lies: KNOBS below

A drive of kind ata, scsi or nvme with knobs, or with a table of that name, has firmware: it can be told to erase itself. Its serial has at most 10 octets, its model 30, of a SAS drive 6. A SATA drive can be frozen and locked besides. [drive.ata] has:

hidden_by	what hides the blocks between size and native_size: hpa (default), ama, dco or scsi (MODE SELECT to the translator before it)
sanitize	a list of crypto-scramble, block-erase and overwrite (default: all; []: no SANITIZE DEVICE)
definitive_ending	whether its overwrite knows the DEFINITIVE ENDING PATTERN bit (default true)
zoned	whether it says that it is a zoned drive, host-aware (default false)
encrypts	whether it enciphers all that it stores (default true)
security, enhanced	whether it has the Security feature set, and the enhanced erase of it (default true)
normal_minutes, enhanced_minutes	how long both erases take (default 120, 2; 0: it does not say)
user_password	what somebody has locked it with
stop_half_way	true: half-way through an operation of its firmware the program is told to stop, as by Ctrl-C
tcg	a list of the rules that its locks and keys follow: enterprise, opal-1, opal-2, opalite, pyrite-1, pyrite-2, ruby, key-per-io (default: none, and no TCG commands)
media_encryption, locking_enabled	what it then says of them (default true, false)
removal	a list of overwrite, block-erase, crypto-erase, unmap, reset-write-pointers and vendor-specific: how it erases when it is reverted (default: it does not say)

[drive.scsi], of a SAS drive, whose hidden blocks MODE SELECT has cut off, has encrypts, stop_half_way, tcg and what goes with it as above, and:

sanitize	a list of crypto-erase, block-erase and overwrite (default: all; []: no SANITIZE)
units	how many logical units it has, of equal parts of its size (default 1, at most 8); a drive of several hides no blocks
exit_failure	whether it knows EXIT FAILURE MODE and AUSE (default true)
format, format_minutes	whether it has FORMAT UNIT, and how long that takes (default true, 20)
descriptor_sense	whether its sense data are descriptors (default false: the fixed format)
reserved	whether another host has reserved it (default false)

[drive.nvme], of an NVMe drive, has these too, and:

sanitize	as of a SAS drive
namespaces	how many it has, of equal parts of its size (default 1, at most 64)
verification	whether it can show its medium before it deallocates it (default true)
no_deallocate	whether it can be told to deallocate nothing (default true)
format, crypto_format	whether it has Format NVM, and the cryptographic erase of it (default true)
format_minutes	how long that takes (default 2)

A [[drive.guard]] is an interlock that holds: interlock and reason, and perhaps release, the command that would end it.

A [[drive.fault]] is of one kind. A command meets it that is of its kind and touches its blocks: first_block (default 0), blocks (default: to the end). after: so many such commands are done honestly first (default 0); times: then it strikes so often (default: always). amount: see below. error: of those that fail (default EIO). delay_ms: how long a slow command takes. Faults begin anew with each run of the program; what was written lasts, in STATE/drives.)";

constexpr std::string_view faults =
    R"(write-error	the blocks before the first bad one are stored, then the command fails
read-error	the command fails
flush-error	what is in the cache stays there, and the command fails
write-slow, read-slow	done as asked, after delay_ms
write-hang, read-hang, flush-hang	never comes back
write-dropped	acknowledged and not stored
write-misplaced	acknowledged and stored amount bytes further on
write-torn	acknowledged, and only the first amount bytes are stored
write-stop	done as asked, and the program is told to stop, as by Ctrl-C: resume goes on
read-flicker	every other read has one bit of each block wrong
read-lazy	success without a byte moved
power-cut	what was not flushed is forgotten
vanish	from here on every command fails, and the size is 0
offline	from here on every command fails
shrink, grow	from here on the size is amount bytes
read-only	from here on writes fail
replaced	from here on another drive answers
alias	only the first amount bytes exist; the other addresses wrap round onto them)";

constexpr std::string_view knobs =
    R"(What a drive with firmware does wrong, and says nothing of. An operation is a sanitize operation, SECURITY ERASE UNIT, FORMAT UNIT or Format NVM. What is told of ATA alone, and of the way to the drive, only SATA drives can have. Of what an operation does:

done-but-nothing	it runs, ends well and changes nothing
addressable-only	it reaches the blocks that have an address now, and nothing else
hidden-area-left	it reaches all but the hidden blocks
crypto-keeps-key	CRYPTO SCRAMBLE EXT, or a cryptographic erase, leaves the media key as it is
zeros-without-erasing	blocks read as zeros, and what they held stays where it was
one-block-stays	the block in the middle keeps its content
last-block-spared	the last block does
stale-completed-bit	it has "completed without error" set from the beginning, and a new operation never runs (not of SAS drives)
stuck-at-99	it never gets beyond 99 %
progress-backwards	half-way the progress falls back; it ends well
fails-at-end	it fails when the last eighth of the blocks is left
fails-then-says-ok	the same, and later it says that all went well
timeout-while-running	no command is answered while it runs, and ERASE UNIT takes three times as long as announced
reset-in-middle, power-loss	half-way the link is reset, or the power goes and comes back
identity-changes	half-way another serial number answers
password-left	SECURITY ERASE UNIT leaves security enabled
idle-without-start	a SAS or NVMe drive takes the command, and nothing ever runs
format-nothing-done	FORMAT UNIT or Format NVM runs, ends well and changes nothing
log-of-another-operation	an NVMe drive takes Sanitize and does nothing; its log tells of a success of long ago
lun-left	a SAS drive of several logical units leaves all but the first as they are
one-namespace-left	an NVMe drive of several leaves one of them as it is
gde-never-set	an NVMe drive erases, and never says that no data is left

Of the way to the drive:

no-return-descriptor	the registers of a command never come back
fixed-sense, fixed-sense-shifted	they come in a fixed format: as SAT has it, or, of failures, as Linux before 6.10
sense-cut-to-18	no more than 18 octets of sense data come back, of a SAS drive too
count-zeroed	COUNT is 0 in every command without data that gets there
lba-swapped	the octets of LBA come back in reverse order
log-unreadable	no log can be read, and no SMART data; of SAS and NVMe drives too

Of the drive as it is:

frozen	security and sanitize are frozen whenever the power comes; an NVMe drive is blocked (TCG Block SID)
drops-writes	writes are acknowledged and not stored
aliases	the second half of the blocks is the first half again
reads-differ-twice	every other read has one bit of each block wrong)";

constexpr std::string_view files =
    R"(STATE is /var/lib/quietus-rehearse for root, else $XDG_STATE_HOME/quietus-rehearse or ~/.local/state/quietus-rehearse; in it is what quietus(1) lists, and:

STATE/drives/SERIAL.medium	what a drive of a scenario holds since it was written to; without the file it holds its secret. Beside it, of a drive with firmware, SERIAL.firmware: what that knows; and SERIAL.unmapped and SERIAL.unmapped-2: blocks that still hold its secret and that no address leads to any more. Between two runs such a drive stays powered, and no time passes for it
STATE/certificates	ID.qrh.json and ID.qrh.p7s
/etc/quietus-rehearse/quietus-rehearse.toml	the configuration, as quietus.toml(5) has it
/usr/share/quietus/scenarios	honest, bad-blocks, vanishing, lying, fake-capacity, stalled, failing-flush, in-use, interrupted, firmware, sas, nvme: scenarios to begin with)";

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
    return text;
}

// An example of `quietus`, as it would be typed here.
std::string example_of(const Verb& verb) {
    std::string text = replaced(verb.example, "/dev/sdb", "rehearsal:one");
    text = replaced(std::move(text), "BENCH7", "REHEARSAL");
    text = replaced(std::move(text), ".qdc.", ".qrh.");
    const bool drives = text.find("rehearsal:one") != std::string::npos || verb.name == "list";
    return replaced(std::move(text), "quietus ",
                    drives ? "quietus-rehearse --scenario honest.toml " : "quietus-rehearse ");
}

std::vector<Verb> verbs() {
    std::vector<Verb> all = quietus_program().verbs;
    for (Verb& each : all)
        each.example = example_of(each);
    all.push_back(
        {"reveal",
         "DRIVE...",
         "look behind a drive: is its secret left anywhere?",
         "Counts the blocks of an emulated drive in which its secret is left, wherever they "
         "are and whatever the drive has answered, which nobody could do with a real one. "
         "The exit status is 1 when there are any. Beside that an erased verdict stands only of "
         "a drive that hides it from every command (knobs addressable-only and "
         "zeros-without-erasing): then the level is clear, or purge by the drive's own word.",
         {},
         "quietus-rehearse --scenario lying.toml reveal rehearsal:liar"});
    return all;
}

std::vector<Option> common() {
    std::vector<Option> all = quietus_program().common;
    for (Option& each : all)
        each.help = replaced(each.help, "quietus", "quietus-rehearse");
    all.push_back({"--scenario", "", "FILE", "the emulated drives of this exercise"});
    return all;
}

// What is the same for real drives is said there.
std::vector<ManualSection> sections() {
    std::vector<ManualSection> all{{"SCENARIOS", std::string(scenarios)},
                                   {"FAULTS", std::string(faults)},
                                   {"KNOBS", std::string(knobs)}};
    for (const ManualSection& each : quietus_program().sections)
        if (each.title == "EXIT STATUS" || each.title == "VERDICTS" || each.title == "SIGNALS")
            all.push_back(
                {each.title, replaced(each.text, "quietus certify", "quietus-rehearse certify")});
    all.push_back({"FILES", std::string(files)});
    all.push_back(
        {"SEE ALSO", "quietus(1), quietus-audit(1), quietus.toml(5), quietus-certificate(5)"});
    return all;
}

} // namespace

const Program& program() {
    static const Program the_program{"quietus-rehearse",
                                     "rehearse the erasure of drives on emulated ones",
                                     std::string(about),
                                     common(),
                                     verbs(),
                                     sections()};
    return the_program;
}

} // namespace quietus::rehearse
