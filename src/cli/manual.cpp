#include "manual.hpp"

namespace quietus::cli {

const std::string_view program_text =
    R"(quietus erases whole drives, reads them back past the host's caches, and issues a signed document that an auditor can check years later, offline, with quietus-audit or with plain openssl.

A verdict starts as failed and is raised only by proof. Only a drive that is proven erased gets a certificate of erasure; everything else that was started gets an attempt record, which says in its title that the drive is not proven erased.

No technique has been proven on real hardware by the makers of this version. On physical drives the native capacity is not yet established, so their verdict is indeterminate; images, loop devices and virtual disks get verdicts at level none, because the storage beneath them is unknown to the host.)";

const std::string_view list_text =
    R"(One row a drive: node, size, kind, model, serial, what libblkid finds on it, the techniques on offer, and the gravest interlock that holds with the number of others, or "free"; quietus inspect names them all. Nothing is written to any drive.)";

const std::string_view inspect_text =
    R"(Identity and where it comes from, geometry, contents by offset (partitions that the kernel shows no node for included), who uses it, the interlocks with what would release them, and the techniques on offer.)";

const std::string_view plan_text =
    R"(Shows the steps, what cannot be reached, an estimate of the time, and a confirmation code. The code names this boot, this drive, what it holds now, and exactly these steps; it works once, for 60 minutes.

A drive that an interlock refuses ends with status 3, one that nothing can erase with status 4.)";

const std::string_view erase_text =
    R"(Nothing is written to any drive until all of them have passed interlocks, confirmation and the check that evidence can be saved. Then the intent is logged, stamped blocks show whether addresses lead to places of their own, every pass is written and flushed, and the result is read back. Drives are erased one after another.

With --confirm the codes are those of quietus plan, given with the same options. Without it, on a terminal, the plan is shown and you are asked for the last four characters of the serial, to be read from the drive's label, or, where there is no label to read, for a code. Without a terminal and without a code the answer is no (3).

With --json every line is one event: planned, committed, started, progress, step_finished, finding, certified, and last result.)";

const std::string_view certify_text =
    R"(Issues what is missing, from the job's journal: after a full disk, a missing key, or a crash. A job that never came to its verdict is closed as interrupted. The journal must be the one whose digest the log holds. The exit status is that of the verdict: 0 for a certificate of erasure only.)";

const std::string_view key_init_text =
    R"(Makes a root, an issuing CA and the station's signing key (ECDSA P-384), an empty revocation list, and the key of the log (Ed25519). The CA keys are destroyed unless --keep-ca is given. Such a hierarchy is self-issued: nobody else can revoke it, and a checker trusts it only when given root.pem.)";

const std::string_view key_show_text =
    R"(Where the root certificate is, the station's id, and until when its key may sign.)";

const std::string_view selftest_text =
    R"(Known answers of the generator and the digests, then the whole way from an image with a secret on it to a certificate that checks. The image is made in TMPDIR, or /var/tmp.)";

namespace {

constexpr std::string_view naming =
    R"(/dev/sdb, /dev/disk/by-id/...	a node of a whole drive; a symbolic link is followed and the real node shown. A partition is refused with the name of its drive (2)
serial:TEXT	the drive with exactly this serial number
wwn:TEXT	the drive with exactly this world-wide name
image:PATH	a disk image: a regular file, writable, without other hard links. It is kept, with its size; what was in it is not)";

constexpr std::string_view interlocks =
    R"(A drive is refused (3) while one of these holds. The message names it, says why, and gives the command that ends it where there is one; quietus never unmounts or stops anything by itself.

system	the root file system is on it
boot	the boot files are on it
state-on-drive	the state directory is on it
mounted, swap, holder	it is mounted, swapped on, or beneath device mapper, md or another holder
open-elsewhere	another process has it open for writing, claimed or locked, or a loop device uses the image
unknown-holder	its state could not be established
identity-changed	another drive stands under the node than the one that was looked at
read-only	it cannot be written to
weak-identity	it has no serial number, or one that a bridge made up

Only weak-identity can be set aside, with --override weak-identity; the document then says so.)";

constexpr std::string_view verdicts =
    R"(erased	written over the whole native capacity, flushed, and read back as asked, without a fault
unverified	written and flushed, not read back
failed	something was not written, not flushed, not readable or not equal
indeterminate	the state or the native capacity could not be established
interrupted	stopped on request, or ended without a verdict
refused, unsupported, error	nothing was written

Only erased yields a certificate of erasure. Every other job that was committed yields an attempt record.)";

constexpr std::string_view limits =
    R"(What a document names as not reached or not known:

storage-beneath-unknown	virtual storage: what its blocks are kept on is not known to the host
native-capacity-unknown	areas may be hidden from the host
spare-blocks-not-reached	blocks that the drive took out of use
technique-not-proven-on-hardware	nobody has reported this technique from a real drive
addressing-sampled	that two addresses lead to one block was excluded for halves, quarters and powers of two alone; all other kinds only by a full read-back of a pass whose data depends on the position
page-cache	the odd tail of an image went through the host's cache)";

constexpr std::string_view exit_statuses =
    R"(0	all that was asked is done and proven
1	at least one drive failed, or a file of the state directory does not hold
2	usage, or no such drive; nothing was touched
3	refused by an interlock, by the operator, or for a wrong code
4	unsupported: nothing that this drive offers satisfies the request
5	evidence could not be saved; quietus certify JOB finishes it
6	the verdict is indeterminate or unverified
7	interrupted
8	system, drive or preflight error before anything was written
70	internal error

Of several drives the first of 70, 1, 6, 5, 7, 8, 4, 3 that any of them earned.)";

constexpr std::string_view signals =
    R"(SIGINT, SIGTERM, SIGHUP	end the running step of erase as soon as what is in flight has come back, flush, and issue an attempt record (7)
SIGUSR1	print one line of progress)";

constexpr std::string_view environment =
    R"(XDG_STATE_HOME	where STATE is, for users other than root
NO_COLOR	when not empty, no colour unless --color always
COLUMNS	width of the progress bar
TMPDIR	where selftest makes its scratch image)";

constexpr std::string_view files =
    R"(STATE is /var/lib/quietus for root, else $XDG_STATE_HOME/quietus or ~/.local/state/quietus.

STATE/keys	station.key, station.pem, station.json; root.pem, all that an auditor needs to trust this station; root.crl; log.key, log.pub
STATE/log/entries	the log: intent, result and document of every job
STATE/jobs/JOB/journal.jsonl	what happened in a job
STATE/plans	plans that wait for their code
STATE/certificates	ID.qdc.json and ID.qdc.p7s, a certificate of erasure and its signature; ID.qar.json and ID.qar.p7s, an attempt record)";

ManualSection section(const char* title, std::string_view text) {
    return {title, std::string(text)};
}

} // namespace

std::vector<ManualSection> manual_sections() {
    return {section("NAMING A DRIVE", naming),
            section("INTERLOCKS", interlocks),
            section("VERDICTS", verdicts),
            section("LIMITS", limits),
            section("EXIT STATUS", exit_statuses),
            section("SIGNALS", signals),
            section("ENVIRONMENT", environment),
            section("FILES", files),
            section("SEE ALSO", "quietus-audit(1), openssl-cms(1), lsblk(8)")};
}

} // namespace quietus::cli
