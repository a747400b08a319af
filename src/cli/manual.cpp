#include "manual.hpp"

namespace quietus::cli {

const std::string_view program_text =
    R"(quietus erases whole drives, reads them back past the host's caches, and issues a signed document that an auditor can check years later, offline, with quietus-audit or with plain openssl.

A verdict starts as failed and is raised only by proof. Only a drive that is proven erased gets a certificate of erasure; everything else that was started gets an attempt record, which says in its title that the drive is not proven erased.

No technique has been proven on real hardware by the makers of this version. A SATA drive is asked how many blocks it really has. Of any other physical drive (SAS, NVMe, eMMC, most USB bridges) the native capacity is unknown to an overwrite, whose verdict is indeterminate; where a SAS drive erases itself a capacity that was shortened is given back to it first, and of an NVMe drive that does all namespaces and what is in none of them are accounted for. Images, loop devices and virtual disks get verdicts at level none, because the storage beneath them is unknown to the host.)";

const std::string_view list_text =
    R"(One row a drive: node, size, kind, model, serial, what libblkid finds on it, and the gravest interlock that holds with the number of others, or "free"; quietus inspect names them all. A drive is the whole unit: further namespaces, logical units and paths have no rows of their own. Where every one of them has a node, and the drive itself lists no others, its size is theirs together and their blocks, one behind the other, are its blocks; else it has the size of its first node, and nothing erases it. A drive that does not answer within five seconds is listed from what the kernel knows, and delays no other. Nothing is written to any drive.

On a screen, long models and contents are shortened to its width with an ellipsis; serial numbers and world-wide names never, which go on in the next line. --columns chooses among: node, size, kind, model, serial, holds (what libblkid finds), state (interlocks), uses (who uses it), offers (techniques), medium, backing (what stands behind the blocks), identity (who tells the serial), wwn, firmware, rotation (rpm), zoned, port (where it is plugged in), bridge, fabric, parts (other than partitions), probe (what came of asking the drive), bytes, diskseq.)";

const std::string_view inspect_text =
    R"(Identity and where it comes from, what stands behind the blocks and the evidence for it, geometry, where the drive and the kernel tell different things, every part of the unit and the nodes that it is made up of, contents by offset (partitions that the kernel shows no node for included), the headers of LUKS volumes, both copies, with the slots that hold keys and where keys end and data begin, who uses it, what a SATA, SAS or NVMe drive tells of hidden areas, of the commands by which it erases itself and the state they are in, of its other ports, units, namespaces and reservations, of its locks and keys (TCG Level 0 Discovery: whether it encrypts, by which rules, and what a revert would do to what is on it), and of its health, the interlocks with what would release them, every technique with its level, what that rests on, whether it is available and why not, and the digests of the drive's own replies; with --json the replies too.

With --json, members: of a drive that is made up of several nodes each with node, size_bytes, device_number and diskseq, in the order of their blocks; luks: of each header offset_bytes, version, second (the copy), uuid, cipher, key_bits, key_slots, keys_end, data_offset (0: elsewhere) and room_bytes (to the end of the partition or drive that it lies in; 0: not known) from the beginning of the volume, and text (what cannot be read or is unusual). Of a drive that takes ATA commands, else null: hidden_areas with accessible, protected_area (HPA), accessible_max (AMA) and overlay (DCO), in logical blocks; ata_erasure with the operations of SANITIZE DEVICE, sanitize (unknown, idle, frozen, in-progress, failed, completed), sanitize_progress (of 65536), security_word (word 128 of IDENTIFY DEVICE), the announced minutes, and definitive_end (whether --definitive-ending can be had); of a drive that takes SCSI commands, else null: scsi_erasure with overwrite, block_erase, crypto_erase, format (yes, no, unknown), how that is known (learned_by), and condition (idle, sanitizing, formatting, sanitize-failed, format-failed and others); scsi_unit with its blocks, protection information, units, ports, registered_hosts and reserved_by; of one that takes NVMe commands, else null: nvme_erasure with the operations of Sanitize and Format NVM and the state they are in, nvme_scope with its namespaces and their sums; tcg, of a drive that answers Level 0 Discovery, else null: subsystems (enterprise, opal-1, opal-2, opalite, pyrite-1, pyrite-2, ruby, key-per-io), locking, locking_enabled, locked, media_encryption, removal, sid_blocked and others; health with reallocated, pending and power_on_hours. What is not told is left out. Each of techniques has name, level, basis (host_read_back or drive_reported), available and reason.)";

const std::string_view plan_text =
    R"(Policy decides what has to be done: --classification says what the drive held and --disposition where it goes, and neither has a default. The rule that answers, its source, and everything else that was considered are shown with the plan. With --technique the operator decides instead, no policy is applied, and the document says so.

The techniques whose names begin with ata- have a SATA drive erase itself, those with scsi- a SAS drive. Then keyed blocks are put all over the drive first, which must be gone afterwards, all of it is read back, and where nobody knows what it must return it is overwritten once by the host. What so is proven is clear; purge, which reaches blocks that have no address, stands on the drive's own word (level_basis drive_reported). ata-sanitize-overwrite and scsi-sanitize-overwrite write --pattern, --passes times, with --invert inverted from pass to pass; the octets of a SAS drive come in the order in which they are given. A SAS drive of several logical units is one drive: each of them is told, each has to be seen at work and to end, and where one is not within reach the drive is refused. scsi-format-unit comes to clear, and a loss of power leaves the drive without a format.

Whether the last of inverted passes of a SATA drive leaves the pattern or its complement is the drive's affair, unless it knows --definitive-ending. A sanitize that fails leaves a drive that takes next to no command; what ends that is another that succeeds, or, with --allow-unrestricted-exit, a word of quietus recover, whatever is left on the drive then. The verdict on the one that failed is failed either way. The zones of a zoned SATA or SAS drive are reset by it, so that they may return anything, unless --zoned-no-reset keeps them full. All of these options are part of what the code confirms, and stand on the document.

Those that begin with nvme- have an NVMe drive erase itself, all of it: of several namespaces each is read back by its own node; one that is not attached, or that could not be read back here, is in the way of them, and so is write protection. Sanitize is told so that a failure stays one. Where the drive has a Media Verification state what it left on the medium is read in that, to the end; else it is told to deallocate nothing, where it takes that and does not write all once more; otherwise the document says medium-not-read. Format NVM keeps the format of each namespace, lasts as long as it does, and comes to clear; with nvme-format-crypto-erase to purge where a rule of the policy accepts what the vendor claims of it and namespaces have all of the drive. A drive that has lost blocks, or warns of its spare blocks, its reliability or of taking no more writes, is cleared and not purged. Of a refusal the drive is asked whether the computer's firmware has blocked it (TCG Block SID).

luks-erase is quick: it destroys the keys of LUKS volumes and leaves their ciphertext. Everything else of the drive is overwritten with a random stream and read back in full: both headers of each volume, all its key slots, the partition table and its copy, gaps, other partitions. Before the first write the headers must still be those that were planned for; when all was read back they are looked for once more wherever one may be. What that shows is that nothing on the drive opens the volumes any more. What it cannot show: that nobody has a copy of a header elsewhere, of a key in escrow, or, on flash, of a key slot in a spare block; that nothing stood in the clear where the ciphertext stands now, from before the volume was made; that cipher and passphrase were good enough. So the level is none, and clear where a rule of the policy accepts it (vendor_claim). The document lists what was left in coverage.unproven, as of nothing there anything is proven. It is not on offer where anything is unclear: a detached header, one that cannot be read whole, two that disagree, a volume that is being re-encrypted or has check values, a cipher that encrypts nothing, partitions that overlap, something else that is recognised within a volume. --technique overwrite is possible then.

Shows the steps, what cannot be reached, an estimate of the time, and a confirmation code. The code names this boot, this drive, what it holds now, and exactly these steps; it works once, for 60 minutes.

A drive that an interlock refuses ends with status 3, one that nothing can erase, or for which policy denies it or leaves it to a person, with status 4 and without a code.)";

const std::string_view erase_text =
    R"(Nothing is written to any drive until all of them have passed interlocks, confirmation and the check that evidence can be saved. Then the intent is logged, stamped blocks show whether addresses lead to places of their own, every pass is written and flushed, and the result is read back. As many drives as --jobs says are erased at once, each by a process of its own; one that fails or hangs delays no other. Further runs with other drives may be begun meanwhile. A drive that gets warmer than the configuration allows, see quietus.toml(5), is paused until it has cooled down.

With --confirm the codes are those of quietus plan, given with the same options. Without it, on a terminal, the plan is shown and you are asked for the last four characters of the serial, to be read from the drive's label, or, where there is no label to read, for a code. Without a terminal and without a code the answer is no (3).

With --key, the private key of the operator whom --operator names and whose certificate the station knows (key import --person), the operator signs the digest of each plan before anything is written. The document bears that confirmation, which an auditor checks with it. The key is forgotten before the erase starts.

With --json every line is one event: planned, committed, started, progress, step_finished, finding, certified, and last result. Progress has temperature_celsius, null where the kernel tells none, and paused.

On a terminal every drive has a line; elsewhere a line is printed now and then. After several drives a table sums up what became of each.)";

const std::string_view resume_text =
    R"(Goes on with a job that was interrupted: by a signal, a crash, or a power cut. What counts is what is known to be on the medium: steps that came to their end, and of the pass that was under way what its last checkpoint says, which is written into the journal after a flush and never before. The pass goes on with the same data; the key of a random one is kept in the folder of the job, readable for its owner alone, until the job has come to its end. Without it the pass is begun anew, and the document says so.

The run has a number of its own, and its document names the job that it goes on with, that one's journal, when it went on, and from which block. The final state is always read back in full.

Before anything is written the drive must be the one of the job by kind, model, serial number and capacity, no interlock may hold, and the beginning and the end of what was written last are read and must be what the pass has put there; otherwise it is refused (3), and erased anew with quietus erase. Where there is no such content, or it would not tell this drive from others, you are asked to agree as by quietus erase. Interlocks that were set aside when the job was begun stay so; --override sets one more aside, and the document names it. Blocks that the interrupted run has lifted, and of which the kernel has not heard yet, are no obstacle: it is told to read the size again, and nothing is written unless it does.

A drive that was let go of while it erased itself by SANITIZE or FORMAT UNIT is waited for where it is now; when it has ended, all that proves it is done as in the run that began it. A SECURITY ERASE UNIT that was interrupted has ended, and is begun anew.

A job that was gone on with is over: the next one to go on with is the one with the later number.)";

const std::string_view certify_text =
    R"(Issues what is missing, from the job's journal: after a full disk, a missing key, or a crash. A job that never came to its verdict is closed as interrupted. The journal must be the one whose digest the log holds. The exit status is that of the verdict: 0 for a certificate of erasure only.)";

const std::string_view destroy_text =
    R"(Makes a statement of physical destruction, ID.qds.json: that this drive was destroyed, when, how, with which machine, what was left, and who did and saw it. It is never called erased, no certificate, and proves nothing by itself: it stands on the word of two persons. --operator and --witness must be known to this station by their certificates (key import --person), and each signs it with quietus sign, from their own key; until both have, quietus-audit calls it indeterminate. The station gives it a number, announces it in its log, and signs that this was stated here.

The drive is one that is attached still, or any that --serial names; then --medium says what it was. Policy says whether the way it was destroyed is enough for what it held: the statement says so, and why not (1).

A drive that failed to be erased where the rule then asks for its destruction stays on the list of quietus status until a statement that both have signed names its job. Jobs of the same serial are named without being asked for; --job names others. A drive on hold is refused (3).)";

const std::string_view sign_text =
    R"(For the operator or the witness of a document, or of a statement of destruction, that requires their signature: adds it, on whatever machine and whenever it suits them, beside those that are there. DOCUMENT is any file of the document. The document is checked as quietus-audit does before the signature is made and again with it; its .p7s is then replaced in one step, with every older signature in it as it was. A witness signs for the station's signature as well.

Refused are a document that does not verify or whose signatures cannot be checked, a key that the document does not require, a second signature with the same key, and a key outside its usage period. Nothing is changed then.)";

const std::string_view validate_text =
    R"(Another person than those who did the work accepts or rejects what a certificate proves, against the sensitivity of what the drive held. Some rules ask for it: until somebody accepts, such a certificate is verified and not validated. The statement, ID.qdc.validation.json, is signed with the validator's own key (ID.qdc.validation.p7s), lies beside the certificate, and has an entry of type validation in this station's log.

The validator is a person of STATE/people.toml in that role (key import), whose key is in the files of --key and --certificate, as for sign. The certificate is checked first, as quietus-audit does, with the files of --trust: it has to hold, and everybody who has to sign it has to have signed. Refused is a validator who is its operator or its witness, by key, name, number or mail address.

What is accepted is accepted for the classification that the certificate has; where no policy was applied --classification says what it was. A rejection needs its --reason, and from then on quietus-audit ends with 9 and not with 0: who waits for 0 releases no drive whose result was rejected. A statement stands. There is one about a certificate; a drive that is erased again has another certificate.

After a crash the same words, by the same person, bring to its end what was begun.

With --json: {"document", "file", "decision", "validator", "certificate_sha256", "log_index"}.)";

const std::string_view recheck_text =
    R"(Says whether this is the drive of a certificate, and whether it still reads as its last pass left it. The seed of a final random pass is in the certificate on purpose, so that any station can ask, years later; it needs a key of its own to sign the answer.

The certificate is checked first, as quietus-audit does, with the files of --trust and no others. When it does not hold, its findings are printed and the drive is not read: 1 when it is invalid, 6 when it is not decided, 3 when it is an attempt record. Then the drive is compared with it: the size, and where both have one that the drive itself tells, the serial, model and world-wide name. What a bridge tells proves nothing; without a serial the answer says that identity is not established by one.

Then the drive is read, past the host's caches, all of it unless --verification says otherwise. Of one whose volumes were erased by luks-erase all but the ciphertext that was left is read, and never a sample. It is opened for nothing but reading, so none of the interlocks refuses it but a lock by another process; who uses it meanwhile is told. The verdict is same (0), all that was read is as the certificate says; different (1), with the extents that are not, to the block; another-drive (1); or not-established (6), when some of it cannot be read, or when what the last pass wrote does not follow from the certificate. Stopped by a signal it is not established (7).

The verdict goes into this station's log, as an entry of type validation, whatever it is. How far the reading is goes to stderr, with --json too.

With --json: "exit_status", "certificate" (with "file", "id", "verdict" and "findings") and, when that holds, "drive", with "node", "serial", "size_bytes", "identified", "verdict", "reason", "verification", "bytes_read", "bytes_matched", "mismatched", "unreadable", "in_use", "page_cache" and "log_index".)";

const std::string_view recover_text =
    R"(Looks for what an erasure by the drive's own firmware leaves behind when it does not come to its end, and undoes it. It needs nothing that was saved, and works on any station. Every interlock is judged first.

A temporary password: SECURITY ERASE UNIT needs one to be set. quietus sets one that follows from model and serial number of the drive alone, so that it can be worked out again here. Refused (3) is a password that is none of ours, a drive whose security is frozen, and one that has had too many wrong passwords; the last two end with a power cycle (being frozen also with a hardware reset, over which SATA drives mostly keep it).

The state of a failed SANITIZE, in which a drive takes next to no other command: it is ended by the command for it, and where the drive does not allow that by an operation that succeeds, a new media key before a block erase before an overwrite, which is waited for. Stopped by a signal meanwhile it lets go of the drive, which goes on by itself (7).

The state of a failed FORMAT UNIT, in which no block of a SAS drive can be read or written: the drive is formatted again, in the format that it says it has; where it says none, with blocks of the size that they had, and without protection information.

What is on the drive then is not known: it has to be erased once more. So no document comes of this, and nothing stands in the log. Where there is nothing to undo it says so (0). A drive that is at it still is refused (3): quietus resume takes its job up. A drive that takes none of ATA, SCSI and NVMe commands here is 4.

With --json: {"drive", "undone", "carried_out_again", "let_go"}; undone has temporary-password, failed-sanitize and failed-format, as far as they were there and are gone.)";

const std::string_view status_text =
    R"(One line for every job: its state, its verdict, the drive, and its document where that is in the directory of documents. The state is running while some process is at work on it, else finished, interrupted or indeterminate. Of a job that was gone on with (resume) it names the job that did, and of that one the job before.

What a crash or a power cut left is brought to its end first: a job without a result gets one, interrupted, or indeterminate where its journal can no longer be read (which is kept beside the new one), and its document. So every intent of the log has one result and one document after this, but for those of jobs that run. What cannot be brought to its end is named, and the exit status is 5; otherwise it is 0, whatever the verdicts are.

Of an interrupted job that left a drive to its own firmware it shows whether the drive goes on and how far it is: the drive is found by its serial number wherever it is attached now, also after a restart of the machine.

With --json: {"jobs":[{"job","node","serial","state","verdict","document","resumed_from","resumed_as","operation"}]}; null where there is nothing to say. operation has node (null: not attached), state (as sanitize of inspect), progress (of 65536, while it is in-progress) and reason (why nothing is known).)";

const std::string_view key_init_text =
    R"(Makes a root, an issuing CA and the station's signing key (ECDSA P-384), an empty revocation list, and the key of the log (Ed25519). The CA keys are destroyed unless --keep-ca is given. Such a hierarchy is self-issued: nobody else can revoke it, and a checker trusts it only when given root.pem.

With --person it makes a hierarchy of the same kind for an operator or a witness, for practice or where there is no department: person.key, person.pem and root.pem in the directory of --out, which the person takes away. Documents signed with it are checked with both roots.)";

const std::string_view key_show_text =
    R"(Where the root certificate is, the station's id, and until when its key may sign; then the persons of STATE/people.toml, each with its role and certificate.)";

const std::string_view key_request_text =
    R"(Makes a key and a certification request (PKCS #10) for it. The station's key waits in STATE/keys-requested until its certificate is imported; a key that is in use goes on being used until then. A person's key, with --person, goes into the directory of --out as person.key, with person.csr. What a CA has to put into the certificate, and how to be such a CA with openssl, is in certificates/ca/README.md of the source.)";

const std::string_view key_import_text =
    R"(Checks a certificate as quietus-audit will, path, constraints on names and revocation included, and takes it into use. The station's must be of the key that it was asked for with, or of the one in use, and a trial signature must verify. The log keeps its key. Without --certificate the one in use is kept and gets the roots and revocation lists of --trust.

With --person the certificate is entered in STATE/people.toml: when that person is named by --operator or --witness of erase, the document requires their signature, see sign. Somebody who is not entered there is stated on the document, not signed.

Nothing is replaced without --replace, and what is replaced then is kept beside the new: keys as STATE/keys-until-TIME, certificates in STATE/people.)";

const std::string_view policy_list_text =
    R"(The profiles that may be named by --policy, and the overwrite schemes of the catalogue with their status, how near our knowledge of each is to its authority's text, and the most that it may claim. With --json: {"profiles": [{"id", "title", "version", "signed_by"}], "schemes": [{"id", "title", "status", "confidence", "max_claim"}]}; signed_by is null for a profile that is shipped.)";

const std::string_view policy_show_text =
    R"(Prints the exact text of a profile, whose SHA-256 is what documents name it by.)";

const std::string_view policy_explain_text =
    R"(Says what a profile answers for what a drive held, the kind of medium that it is, and where it goes: the decision, the rule and its source, and everything else that was considered with the reason why it is not the answer. With --drive it is the drive's own medium, and only the techniques that this drive and this program offer count; without it, all that exist on such a medium. Nothing is planned, and the exit status is 0 whatever the answer is.

A marking may be followed by its caveats. One that counts as either of two today, such as CONFIDENTIAL, is denied everything until somebody decides: --classification CONFIDENTIAL=OFFICIAL-SENSITIVE.

With --json: {"decision", "rule": {"profile", "id", "source"}, "level", "techniques": [], "verification": {"mode", "percent"}, "people": [], "reasons": [], "alternatives": []}.)";

const std::string_view policy_lint_text =
    R"(Says all that is wrong or doubtful in a profile, one line each: file, line, code and a sentence. Besides what keeps a text from being a profile: gap, unreachable, claim, never, forbidden-claim and weaker, which quietus-policy(7) explains. 0 when there is nothing, 1 when there is.)";

const std::string_view policy_sign_text =
    R"(Makes FILE.p7s, a detached signature (CMS) over the text of a profile, with the key of a policy owner. Refused when policy lint finds anything in it, when the certificate is of another role, and when FILE.p7s exists. With the key of an approver it is a disposal order that is signed. Put both files and the owner's root, FILE.pem, into /etc/quietus/trust of every station that is to judge by the profile; name it ID.toml there.

A station refuses a profile (3) that is not signed, was altered after it was signed, is signed by nobody whose root it has, is not in force, or is older than one of the same id that it has erased by before.)";

const std::string_view selftest_text =
    R"(Known answers of the generator and the digests, then the whole way from an image with a secret on it to a certificate that checks. The image is made in TMPDIR, or /var/tmp.)";

namespace {

constexpr std::string_view naming =
    R"(/dev/sdb, /dev/disk/by-id/...	a node of a whole drive; a symbolic link is followed and the real node shown. Any node of a unit names the whole of it: a second namespace or path, /dev/nvme0, a boot area, a multipath map. A partition is refused with the name of its drive (2)
serial:TEXT	the drive with exactly this serial number, spelled as list shows it
wwn:TEXT	the drive with exactly this world-wide name
image:PATH	a disk image: a regular file, writable, without other hard links. It is kept, with its size; what was in it is not)";

constexpr std::string_view interlocks =
    R"(A drive is refused (3) while one of these holds. Every message names the interlock, who uses the drive, and the commands that would end it, in the order in which they have to be run: an inner mount before an outer one, that before the mapped device beneath it, that before its array. quietus never unmounts, detaches or stops anything by itself. quietus inspect shows all that hold; list shows the gravest.

An interlock that is found on any part of a drive, on a partition or on anything stacked above it, holds for the whole drive. Names are compared whole: what is said of sdab says nothing of sda.

Never overridable:

system	The running system stands on it. Found from the mount at /, down through overlays, loop devices and whatever else is stacked to every drive beneath; and from root= on the kernel's command line and the line for / in /etc/fstab where no mount shows which drive they mean. No command releases it: start the machine from something else.
boot	The machine starts from it. Found by what is mounted at /boot, /boot/efi, /boot/firmware or /efi; by the lines for these in /etc/fstab when they are not mounted; and by the partition that the boot loader (LoaderDevicePartUUID) or the firmware (BootCurrent) has noted in its EFI variables. Released by umount; where it is only named, by starting the machine from another drive.
live	The live system was started from it. Found by the places where live systems mount their medium, read-only or not; and, when it was copied to memory and let go, by the words of the kernel's command line that name it by label, UUID or node (root=live:, live-media=, archisolabel=, fromiso=, findiso= and their like). Of several drives with that name all are refused, unless a mount shows which one is meant: a foreign drive that carries the label can refuse itself and cannot release another. A medium that was copied to memory and that nothing names is not recognised: pull it out. Released by starting the machine from another drive.
state-on-drive	The state directory is on it, or the directory of --certificates, or the file of --log; through links, bind mounts, overlays and loop devices too. Released by choosing other places.
mounted	A file system on it is mounted, by whatever way and in whatever mount namespace. All drives of a btrfs, bcachefs or ZFS are found, and the drive of an XFS log. Released by umount, for another namespace by way of nsenter(1).
swap	It has swap space in use, in a partition, in a file, or for zram to write back to; or the machine hibernates to it, which is found in /sys/power/resume and in resume= on the kernel's command line. Released by swapoff; by echo 0:0 > /sys/power/resume; or by a restart with noresume.
holder	Something that was made from it is active: a mapping of device mapper (dm-crypt, LVM, multipath, firmware RAID), an md array, a bcache or its cache set, an imported ZFS pool, DRBD, zram with a place to write back to, a loop device on the node, or an export to other machines (NVMe or SCSI target, USB gadget). Found in sysfs and configfs; pools by their name in the labels of their drives. Released by the command of whoever made it: cryptsetup close, lvchange, vgchange, multipath -f, dmsetup remove, mdadm --stop, zpool export, losetup --detach. A pool or array that is not active holds nothing.
open-elsewhere	Another process has it open for writing or mapped in memory, by its node, by the node of a partition, or by a node that takes commands past both (/dev/sg, /dev/bsg, the controller of an NVMe drive); or has a lock on the node; or somebody whom nothing else explains holds it exclusively. For an image also: a loop device. Released by ending that process or detaching the loop device; fuser -v NODE shows who an unnamed one is. Descriptors are looked for in every thread of every process that /proc shows; one that is on its way through a socket at that moment, or that was handed to io_uring and closed, is seen only when it holds the drive exclusively.
unknown-holder	Whether it is in use could not be established, and what cannot be ruled out is refused. Causes: open files of a process that may not be looked at (run as root), a table that is not understood, a drive that does not answer, has no medium or has no size, an image with other hard links, a file system of an unknown kind. A file system, swap space or pool whose drives cannot be found refuses only drives that somebody holds exclusively or that do not tell: the kernel claims every drive beneath such a thing, so that a drive which can be claimed is beneath none. Released by ending what the message names.
identity-changed	Another drive stands under the node than the one that was looked at, or its size has changed. Found when the drive is opened. Released by a new plan.
read-only	It cannot be written to: the kernel has it set read-only, or the image's permissions do not allow it. Released by blockdev --setrw, for a loop device by attaching it again without --read-only; a switch on the medium itself has to be moved by hand.
on-hold	Somebody asked that nothing on it be destroyed (STATE/assets.toml), for a legal or other hold. Released by whoever laid the hold: cleared_by in the file names who lifted it, and goes onto the document.

Overridable, one at a time, with --override NAME; the document says so:

weak-identity	It tells no serial number, or only that of a USB bridge or stick, or the same one as another drive that is attached, which is named. Which drive was erased can then not be told from the document alone. Released by attaching it without the bridge, or without the other drive.
not-expected	Drives were listed as expected here (STATE/assets.toml), and it is not among them. Released by listing it.
clock	The clock of this machine is behind what is known to be past: the commit that the program was built from, the last entry of the station's log, or the beginning of this run, from which another clock counts on. Documents and log would bear a wrong time. The message says what it was compared with. It holds for every drive. A code of quietus plan is refused as well when the clock was set back by more than a minute since it was given. Released by setting the clock, with date(1) as the message shows, timedatectl set-ntp true, or chronyc makestep. A clock that is behind the beginning of the validity of the station's key is refused even so: nobody would accept what is signed then.
fabrics	It is reached over a network (NVMe over TCP, RDMA or Fibre Channel, iSCSI, Fibre Channel): others may be using it, whom this machine cannot see.
usb-firmware	The plan is that it erases itself, and it is behind a USB bridge. Bridges have been seen to drop what a command says, to mix it up, and to cut off one that takes long. Released by plugging it into a SATA port. With the override the way there is tested before anything is begun: commands whose answers are known must come back as they were sent, or the run ends without having written.
hidden-area-unchecked	It tells of more blocks than the kernel shows, which cannot be reached where it is plugged in now: a bridge or an old controller hides its end. Or it is behind a USB bridge that does not let it be asked how many blocks it has, as is so of every stick. Released by plugging it in elsewhere. An erase that goes on even so cannot end erased: the part that was not reached is a finding, and where nobody knows whether there is one the verdict is indeterminate.)";

constexpr std::string_view orders =
    R"(A disposal order says what options would say, and for which drives. It is a TOML file; texts have at most 500 octets, no control characters and no backslashes, and members that are not listed here are refused.

  [order]
  id = "D-2026-0117"
  station = "BENCH7"
  valid_from = "2026-11-30T00:00:00Z"
  valid_until = "2026-12-04T00:00:00Z"
  classification = "OFFICIAL"
  disposition = "release"
  authority = "Owner of the case files"
  hold_clearance = "no hold: Legal, FOI team, 2026-11-27"

  [[drive]]
  serial = "EX1234567"
  asset_tag = "A-4711"

  [any]
  at_most = 10
  kind = "usb"
  removable = true
  least_bytes = 1000000000
  most_bytes = 70000000000

An order has:

id	the approver's own name for it, which stands on every document
station	the one that may follow it
valid_from, valid_until	times in UTC
classification, disposition	as the options of plan; these have to be there
destination, policy (an id), scheme, verification, marking, operator, witness, organisation, contractor, site, country, authority, hold_clearance	as the options
references	a list
owner_accepts	true: the owner of the information accepts the fallbacks that rules make depend on that; it counts in an order that is signed

It covers each [[drive]] (serial, as the drive itself tells it; model, asset_tag if they are there) and so many of [any]: of that kind, removable or not, of a size within the bounds. A drive that it does not cover is refused (3), and so is everything when it is for another station, expired or not valid yet.

Signed by an approver (quietus policy sign FILE makes FILE.p7s) whose root is in /etc/quietus/trust, it stands for the confirmation codes: once for each drive that is listed, and for as many others as it allows. An option that says otherwise is refused then. The approver is neither the operator nor the witness. Not signed, it saves typing, options come before it, and codes are needed as without it. The document names the order, its approver and every value that came from it; the order is saved beside the documents, and quietus-audit(1) asks it again.)";

constexpr std::string_view assets =
    R"(STATE/assets.toml says what the asset register knows of drives at this station. It belongs to root or to whoever runs quietus, and nobody else may write to it. Serials are spelled as list shows them.

  [[expected]]
  serial = "EX1234567"
  asset_tag = "A-4711"

  [[hold]]
  serial = "EX7654321"
  reason = "inquiry 12, Legal, until released in writing"

An expected drive gets its tag onto the document, unless an option or an order says another. As soon as any drive is expected, others are not-expected. A drive with a hold is on-hold, whatever else is said of it, until the entry has a line cleared_by = "name, on whose authority"; then that stands on the document as who cleared it of legal holds, unless an option or an order says another.)";

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

storage-beneath-unknown	a virtual disk, a RAID volume or a logical unit of an array: what its blocks are kept on is not known to the host
native-capacity-unknown	areas may be hidden from the host
protected-area-not-reached	memory that only the holder of its key can write: the RPMB of an eMMC, UFS or NVMe drive, the protected area of an SD card
spare-blocks-not-reached	memory that no address leads to: blocks that the drive took out of use, flash that it keeps in reserve, and the flash cache of a hybrid drive, in which copies of what was written before may remain
medium-not-read	an NVMe drive has deallocated all, and what was read back stands for that: nobody has seen what is left on the medium
beside-namespaces-not-reached	an NVMe drive has memory that no namespace leads to: a Replay Protected Memory Block, boot partitions, or memory of the computer that it uses
remapped-blocks-may-hold-data	by its own count, before or when all was done, the drive has taken blocks out of use, or is about to: what they held may still be there
health-unknown	the drive was asked, before or when all was done, how many blocks it has taken out of use, and did not tell
level-reported-by-drive	purge, because the drive says so: what can be read was read back, and what has no address nobody can look at
ciphertext-left	the encrypted content of LUKS volumes was left, and their keys were destroyed: it is as safe as its cipher, and its key while there was one
earlier-data-not-excluded	where that stands other data may have stood before, in the clear; they were not overwritten by this
key-copies-not-excluded	somebody may have a backup of a header or a key in escrow; older copies of a key slot may lie in spare blocks
level-by-vendor-claim	purge by some vendors' way of this technique alone, or clear by the destruction of keys, as is claimed of it, and the rule of the policy accepts that
technique-not-proven-on-hardware	nobody has reported this technique from a real drive
addressing-sampled	that two addresses lead to one block was excluded for halves, quarters and powers of two alone; all other kinds only by a full read-back of a pass whose data depends on the position
page-cache	the odd tail of an image went through the host's cache
interrupted-and-resumed	the erasure was interrupted, and gone on with later; between the two the drive was out of quietus' hands)";

constexpr std::string_view hardware_reports =
    R"(Until somebody reports a technique from a real drive, documents say technique-not-proven-on-hardware. hardware_reports.toml of the source lists those reports and says what one has. No verb adds to it yet: one is made by hand, of a job that has erased a drive by its own firmware.

What the drive is, once before and once after: quietus inspect --json DRIVE. What was sent to it and what it answered stands in the lines transcript of STATE/jobs/JOB/journal.jsonl, commands, status, sense data and times, without any content of the drive but what it tells of itself:

  jq -r 'select(.event == "transcript") | .lines[]' journal.jsonl > transcript.txt
  sha256sum transcript.txt

The digest is the one on the document. The replies to IDENTIFY DEVICE, which tell the serial number, are taken out only after that.)";

constexpr std::string_view exit_statuses =
    R"(0	all that was asked is done and proven
1	at least one drive failed, or a file of the state directory does not hold
2	usage, or no such drive; nothing was touched
3	refused by an interlock, by the operator, or for a wrong code
4	unsupported: nothing that this drive offers satisfies the request
5	evidence could not be saved; quietus certify JOB finishes it
6	the verdict is indeterminate or unverified
7	interrupted; quietus resume JOB goes on
8	system, drive or preflight error before anything was written
70	internal error

Of several drives the first of 70, 1, 6, 5, 7, 8, 4, 3 that any of them earned.)";

constexpr std::string_view signals =
    R"(SIGINT, SIGTERM, SIGHUP	end the running step of erase as soon as what is in flight has come back, flush, and issue an attempt record (7). A drive that erases itself by SANITIZE is let go of, and goes on: quietus status shows how far it is, quietus resume takes it up. A SECURITY ERASE UNIT cannot be let go of: its end is waited for
SIGUSR1	print one line of progress)";

constexpr std::string_view environment =
    R"(XDG_STATE_HOME	where STATE is, for users other than root
NO_COLOR	when not empty, no colour unless --color always
COLUMNS, LINES	width and height of the screen: of the progress bars, which there are two less of than lines (22 lines when it is unset), and of list, which is not shortened where it is unset and the output is no terminal
TMPDIR	where selftest makes its scratch image)";

constexpr std::string_view files =
    R"(STATE is /var/lib/quietus for root, else $XDG_STATE_HOME/quietus or ~/.local/state/quietus.

/etc/quietus/quietus.toml	the configuration: values of options where the command line gives none; see quietus.toml(5)
STATE/keys	station.key, station.pem, station.json; root.pem, all that an auditor needs to trust this station and its log; root.crl; log.key, log.pub; checkpoint, the last one of the log: a log that does not contain it, since an older copy was put back, is not appended to
STATE/keys-requested	the key for which a certificate was asked, and the request
STATE/keys-until-TIME	keys that were replaced; old documents are checked with their root.pem
STATE/policies	texts of the profiles that decided here, and the latest version of each
/etc/quietus/trust	profiles of departments (ID.toml, ID.toml.p7s) and roots of their owners (*.pem)
STATE/assets.toml	which drives are expected here, and which are on hold
STATE/orders	disposal orders that were followed, and what they were used for
STATE/people.toml, STATE/people	persons whose signatures documents can require, and their certificates
STATE/log	the log, a directory of tiles with a signed checkpoint: intent, result and document of every job; see quietus-register(5)
STATE/jobs/JOB/journal.jsonl	what happened in a job; STATE/jobs.lock, held while one begins
STATE/jobs/JOB/keys.json	what its random passes write, while it may have to be gone on with (mode 600)
STATE/plans	plans that wait for their code
STATE/certificates	ID.qdc.json and ID.qdc.p7s, a certificate of erasure and its signature; ID.qar.json and ID.qar.p7s, an attempt record; ID.qds.json and ID.qds.p7s, a statement of destruction)";

ManualSection section(const char* title, std::string_view text) {
    return {title, std::string(text)};
}

} // namespace

std::vector<ManualSection> manual_sections() {
    return {section("NAMING A DRIVE", naming),
            section("INTERLOCKS", interlocks),
            section("DISPOSAL ORDERS", orders),
            section("ASSETS", assets),
            section("VERDICTS", verdicts),
            section("LIMITS", limits),
            section("HARDWARE REPORTS", hardware_reports),
            section("EXIT STATUS", exit_statuses),
            section("SIGNALS", signals),
            section("ENVIRONMENT", environment),
            section("FILES", files),
            section("SEE ALSO",
                    "quietus-audit(1), quietus.toml(5), quietus-certificate(5), "
                    "quietus-register(5), quietus-policy(7), openssl-cms(1), lsblk(8)")};
}

} // namespace quietus::cli
