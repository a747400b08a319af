"""Scenarios about drives that erased themselves: what holds, what did not end well, and lies that are signed."""
from documents import CAPACITY, changed, on_a_drive, certificate, timing, whole
from own_erasure import (AT_WORK, before_it_ended, began_unseen, blocks_at, by_a_sas_drive, by_the_drive, by_two_units,
                         clear, refused, remapped, sampled, told, unproven)
from world import STATION, vector

SIGNERS = [STATION]
HIDDEN = CAPACITY - 8 * 512
SHORT = [{"offset": 512, "length": CAPACITY - 512}]


def sound():
    vector("valid-own-erasure", payload=by_the_drive(SIGNERS))
    vector("valid-own-erasure-crypto", payload=by_the_drive(SIGNERS, "ata-sanitize-crypto-scramble"))
    vector("valid-own-erasure-security", payload=by_the_drive(SIGNERS, "ata-security-erase-enhanced"))
    vector("valid-own-erasure-clear", payload=clear(by_the_drive(SIGNERS, "ata-security-erase")))
    vector("valid-own-erasure-remapped", payload=remapped(SIGNERS))
    # Of a hard disk drive nobody has said what a block erase comes to.
    vector("valid-own-erasure-of-blocks", payload=clear(by_the_drive(SIGNERS, "ata-sanitize-block-erase")))
    vector("valid-own-erasure-hidden", payload=by_the_drive(SIGNERS, found=HIDDEN))
    vector("valid-own-erasure-sampled", payload=sampled(SIGNERS))
    vector("valid-own-erasure-sampled-crypto", payload=sampled(SIGNERS, "ata-sanitize-crypto-scramble"))
    unknown = by_the_drive(SIGNERS)
    del unknown["method"]["firmware"]["health_after"]["reallocated"]
    vector("valid-own-erasure-health-unknown", payload=clear(unknown, "health-unknown"))
    flags = {"passes": 2, "invert_between": True, "definitive_end": True, "may_leave_failed": True,
             "zoned_no_reset": True}
    vector("valid-own-erasure-options", payload=told(by_the_drive(SIGNERS), **flags))
    vector("valid-own-erasure-unrestricted", payload=told(by_the_drive(SIGNERS, "ata-sanitize-crypto-scramble"),
                                                          may_leave_failed=True))
    vector("valid-own-erasure-began-unseen", payload=began_unseen(SIGNERS))
    vector("valid-own-erasure-began-unseen-crypto", payload=began_unseen(SIGNERS, "ata-sanitize-crypto-scramble"))


def that_ended_otherwise():
    vector("own-erasure-under-way", kind="attempt",
           payload=before_it_ended(SIGNERS, "under-way", "interrupted", "firmware-under-way"))
    vector("own-erasure-failed", kind="attempt",
           payload=before_it_ended(SIGNERS, "failed", "failed", "firmware-failed"))
    vector("own-erasure-indeterminate", kind="attempt",
           payload=before_it_ended(SIGNERS, "indeterminate", "indeterminate", "firmware-indeterminate"))
    vector("own-erasure-refused", kind="attempt", payload=refused(SIGNERS))
    left = by_the_drive(SIGNERS)
    canaries = left["method"]["firmware"]["canaries"]
    canaries.update({"gone": [canaries["written"][0], *canaries["written"][2:]], "left": blocks_at(100)})
    left = unproven(left, "failed", "canary-left", proven=CAPACITY, placed=100)
    vector("own-erasure-canary-left", payload=left, kind="attempt")
    vector("own-erasure-canary-kept-quiet", "E_SEM_RESULT", kind="attempt",
           payload=changed(left, "findings", None))
    aliased = refused(SIGNERS)
    evidence = aliased["method"]["firmware"]
    whole_one = by_the_drive(SIGNERS)["method"]["firmware"]
    evidence.update({"probe": whole_one["probe"], "identity_before": whole_one["identity_before"], "canaries": {
        "written": blocks_at(0, 101, CAPACITY // 512 - 1), "not_stored": blocks_at(100), "elsewhere": blocks_at(100),
        "hidden_from": 0, "checked": False}})
    aliased.update({"verdict": "failed", "findings": [*aliased["findings"], {
        "code": "address-aliasing", "text": "canaries", "first_block": 100, "blocks": 1}]})
    vector("own-erasure-aliased", payload=aliased, kind="attempt")
    vector("own-erasure-aliased-kept-quiet", "E_SEM_RESULT", kind="attempt",
           payload=changed(aliased, "findings", aliased["findings"][:1]))
    several = by_the_drive(SIGNERS)
    canaries = several["method"]["firmware"]["canaries"]
    canaries.update({"gone": canaries["written"][2:], "left": blocks_at(0, 100)})
    several = unproven(several, "failed", "canary-left", proven=CAPACITY)
    vector("own-erasure-canaries-left", payload=several, kind="attempt")
    one_each = changed(several, "findings", [{"code": "canary-left", "text": "canary-left", "first_block": at, "blocks": 1}
                                             for at in (0, 100)])
    vector("own-erasure-canaries-left-one-by-one", "E_SEM_RESULT", kind="attempt", payload=one_each)
    wrong = by_the_drive(SIGNERS)
    wrong["method"]["firmware"]["read_back"].update({"matched": SHORT, "mismatched": blocks_at(0)})
    wrong = unproven(wrong, "failed", "mismatch", placed=0)
    wrong["findings"].append({"code": "incomplete-read-back", "text": "a block is missing"})
    wrong["coverage"] = {"bytes_proven": CAPACITY - 512, "unproven": blocks_at(0)}
    vector("own-erasure-mismatch", payload=wrong, kind="attempt")
    vector("own-erasure-refused-after-canaries", "E_SEM_RESULT", kind="attempt",
           payload=changed(before_it_ended(SIGNERS, "refused", "failed", "firmware-refused"), "verdict", "refused"))


def lies():
    def vector_of(name, codes, *changes, record=None):
        record = record or by_the_drive(SIGNERS)
        for path, value in changes:
            record = changed(record, path, value)
        vector("own-erasure-" + name, codes, payload=record)

    purge = [("level", "purge"), ("level_basis", "drive_reported"), ("grade", "E4"),
             ("limits", ["level-reported-by-drive", "technique-not-proven-on-hardware"])]
    vector_of("level-raised", "E_SEM_RESULT", *purge, record=remapped(SIGNERS))
    vector_of("level-raised-of-a-sample", "E_SEM_RESULT", *purge, ("method.level", "purge"), record=sampled(SIGNERS))
    vector_of("sample-as-a-full-read-back", "E_SEM_RESULT", ("grade", "E3"), record=sampled(SIGNERS))
    vector_of("sample-smaller-than-asked", "E_SEM_RESULT", ("verification.percent", 11), record=sampled(SIGNERS))
    vector_of("sample-short", "E_SEM_RESULT", ("method.firmware.read_back.sample.bytes_matched", 65536),
              record=sampled(SIGNERS))
    vector_of("sample-beyond", "E_SEM_RESULT E_SEM_TOTALS",
              ("method.firmware.read_back.sample.bytes_matched", CAPACITY + 1), record=sampled(SIGNERS))
    vector_of("sample-of-fewer-strata", "E_SEM_RESULT E_SEM_TOTALS",
              ("method.firmware.read_back.sample.strata", 1), record=sampled(SIGNERS))
    vector_of("sample-beside-all", "E_SEM_RESULT", ("method.firmware.read_back.matched", whole(CAPACITY)),
              record=sampled(SIGNERS))
    vector_of("sample-without-seed", "E_SCHEMA", ("method.firmware.read_back.sample.seed", None),
              record=sampled(SIGNERS))
    vector_of("sample-with-another-seed", "E_SCHEMA", ("method.firmware.read_back.sample.seed", "no hexadecimal"),
              record=sampled(SIGNERS))
    vector_of("sample-without-statement", "E_SEM_TOTALS", ("verification.statements", None), record=sampled(SIGNERS))
    vector_of("sample-limit-left-out", "E_SEM_RESULT",
              ("limits", ["spare-blocks-not-reached", "technique-not-proven-on-hardware"]), record=sampled(SIGNERS))
    vector_of("level-raised-of-the-technique", "E_SEM_RESULT", *purge,
              record=clear(by_the_drive(SIGNERS, "ata-security-erase")))
    vector_of("basis-changed", "E_SEM_RESULT", ("level_basis", "host_read_back"))
    vector_of("grade-changed", "E_SEM_RESULT", ("grade", "E3"))
    vector_of("without-evidence", "E_SEM_CAPACITY E_SEM_RESULT", ("method.firmware", None),
              ("drive.native_capacity_bytes", "unknown"))
    vector_of("without-read-back", "E_SEM_COVERAGE E_SEM_RESULT", ("method.firmware.read_back", None))
    vector_of("without-canaries", "E_SEM_RESULT", ("method.firmware.canaries", None))
    vector_of("without-identity", "E_SEM_CAPACITY E_SEM_RESULT", ("method.firmware.identity_after", None))
    vector_of("without-operation", "E_SEM_RESULT", ("method.firmware.sanitize", None))
    vector_of("without-options", "E_SCHEMA", ("method.options", None))
    vector_of("options-changed", "E_SEM_RESULT", ("method.options.pattern", 0))
    vector_of("other-technique", "E_SEM_RESULT", ("method.technique", "ata-sanitize-crypto-scramble"))
    vector_of("as-an-overwrite", "E_SCHEMA", ("method.technique", "overwrite"))
    vector_of("transcript-malformed", "E_SCHEMA", ("method.firmware.transcript_sha256", "ab"))
    vector_of("state-unknown-word", "E_SCHEMA", ("method.firmware.sanitize.after", "sanitized"))
    vector_of("member-missing", "E_SCHEMA", ("method.firmware.hidden.state", None))
    vector_of("password", "E_SCHEMA_MEMBER", ("method.firmware.password", "secret"))
    vector_of("no-transition", "E_SEM_RESULT", ("method.firmware.sanitize.seen_in_progress", False),
              ("method.firmware.sanitize.before", "completed"))
    vector_of("began-unseen-raised", "E_SEM_RESULT", *purge, record=began_unseen(SIGNERS))
    vector_of("began-unseen-beside-an-old-mark", "E_SEM_RESULT", ("method.firmware.sanitize.before", "completed"),
              record=began_unseen(SIGNERS, "ata-sanitize-crypto-scramble"))
    vector_of("failure-mode-of-security", "E_SEM_RESULT",
              record=told(by_the_drive(SIGNERS, "ata-security-erase-enhanced"), may_leave_failed=True))
    vector_of("zones-of-security", "E_SEM_RESULT",
              record=told(by_the_drive(SIGNERS, "ata-security-erase-enhanced"), zoned_no_reset=True))
    vector_of("definitive-ending-of-blocks", "E_SEM_RESULT",
              record=told(clear(by_the_drive(SIGNERS, "ata-sanitize-block-erase")), definitive_end=True))
    vector_of("another-drive", "E_SEM_RESULT", ("method.firmware.identity_after.serial", "EX7654321"))
    vector_of("another-drive-before", "E_SEM_RESULT", ("drive.serial", "EX7654321"))
    vector_of("hidden-again", "E_SEM_CAPACITY E_SEM_RESULT", ("method.firmware.hidden.after.accessible", HIDDEN // 512))
    vector_of("border-without-canary", "E_SEM_RESULT", ("method.firmware.canaries.hidden_from", 0),
              record=by_the_drive(SIGNERS, found=HIDDEN))
    vector_of("read-back-of-another-pattern", "E_SEM_RESULT", ("method.firmware.read_back.bytes", "00000000"))
    vector_of("read-back-short", "E_SEM_COVERAGE E_SEM_RESULT", ("method.firmware.read_back.matched", SHORT))
    vector_of("extents-beyond", "E_SEM_COVERAGE", ("method.firmware.read_back.matched", whole(CAPACITY + 512)))
    vector_of("pass-total", "E_SEM_TOTALS", ("method.firmware.host_pass.bytes_written", CAPACITY - 1),
              record=by_the_drive(SIGNERS, "ata-sanitize-crypto-scramble"))
    vector_of("password-left", "E_SEM_RESULT", ("method.firmware.security.password_left", True),
              record=by_the_drive(SIGNERS, "ata-security-erase-enhanced"))
    vector_of("times-reversed", "E_SEM_TIME_ORDER",
              ("method.firmware.sanitize.timing.ended_at", "2025-01-15T08:51:30Z"))
    overwritten = changed(on_a_drive(certificate(SIGNERS)), "method.firmware",
                          by_the_drive(SIGNERS)["method"]["firmware"])
    vector_of("beside-an-overwrite", "E_SEM_RESULT E_SEM_TIME_ORDER", record=overwritten)


def of_sas_drives():
    vector("valid-own-erasure-scsi", payload=by_a_sas_drive(SIGNERS))
    vector("valid-own-erasure-scsi-crypto", payload=by_a_sas_drive(SIGNERS, "scsi-sanitize-crypto-erase"))
    vector("valid-own-erasure-scsi-hidden", payload=by_a_sas_drive(SIGNERS, found=HIDDEN))
    vector("valid-own-erasure-scsi-format", payload=clear(by_a_sas_drive(SIGNERS, "scsi-format-unit")))
    unseen = by_a_sas_drive(SIGNERS, "scsi-sanitize-crypto-erase")
    unseen["method"]["firmware"]["scsi"][0].update({
        "seen_in_progress": False, "ordered_again": True, "ended_with_command": True})
    vector("valid-own-erasure-scsi-ordered-again", payload=unseen)
    unread = by_a_sas_drive(SIGNERS, "scsi-sanitize-crypto-erase")
    canaries = unread["method"]["firmware"]["canaries"]
    canaries["unreadable"] = canaries.pop("gone")
    vector("own-erasure-scsi-unread-as-purge", "E_SEM_RESULT", payload=unread)
    vector("valid-own-erasure-scsi-unread", payload=clear(changed(unread, "level", "clear")))


def lies_of_sas_drives():
    def lie(name, codes, *changes, technique="scsi-sanitize-overwrite"):
        record = by_a_sas_drive(SIGNERS, technique)
        for path, value in changes:
            record = changed(record, path, value)
        vector("own-erasure-scsi-" + name, codes, payload=record)

    of_a_sata_drive = by_the_drive(SIGNERS)["method"]["firmware"]
    at = "method.firmware.scsi.0."
    lie("never-at-work", "E_SEM_RESULT", (at + "seen_in_progress", False))
    lie("ordered-again", "E_SEM_RESULT", (at + "ordered_again", True), (at + "ended_with_command", True))
    lie("still-at-work", "E_SEM_RESULT", (at + "after", "sanitizing"))
    lie("other-order", "E_SEM_RESULT", ("method.firmware.read_back.bytes", "d4c3b2a1"))
    lie("many-passes", "E_SEM_RESULT", ("method.options.passes", 32), ("method.firmware.options.passes", 32))
    lie("definitive-end", "E_SEM_RESULT", ("method.options.definitive_end", True),
        ("method.firmware.options.definitive_end", True))
    lie("beside-registers", "E_SEM_RESULT", ("method.firmware.pass_through", of_a_sata_drive["pass_through"]))
    lie("two-operations", "E_SEM_RESULT", ("method.firmware.sanitize", of_a_sata_drive["sanitize"]))
    lie("sense-malformed", "E_SCHEMA", (at + "sense_after", "no sense"))
    lie("condition-unknown-word", "E_SCHEMA", (at + "before", "bored"))
    lie("format-as-purge", "E_SEM_RESULT", technique="scsi-format-unit")
    lie("fewer-blocks", "E_SEM_RESULT", (at + "blocks", 2047))
    lie("ended-after-the-read-back", "E_SEM_TIME_ORDER", (at + "timing", timing(70, 5)))


def of_two_units():
    vector("valid-own-erasure-scsi-two-units", payload=by_two_units(SIGNERS))
    vector("valid-own-erasure-scsi-two-units-crypto", payload=by_two_units(SIGNERS, "scsi-sanitize-crypto-erase"))
    by_the_first = by_two_units(SIGNERS)
    by_the_first["method"]["firmware"]["scsi"][1].update({"accepted": False, "sense_begun": AT_WORK})
    vector("valid-own-erasure-scsi-two-units-begun-as-one", payload=by_the_first)

    def lie(name, codes, *changes):
        record = by_two_units(SIGNERS)
        for path, value in changes:
            record = changed(record, path, value)
        vector("own-erasure-scsi-two-units-" + name, codes, payload=record)

    first, second = by_two_units(SIGNERS)["method"]["firmware"]["scsi"]
    at = "method.firmware.scsi"
    lie("one-never-at-work", "E_SEM_RESULT", (at + ".1.seen_in_progress", False))
    lie("one-failed", "E_SEM_RESULT", (at + ".1.outcome", "failed"), (at + ".1.after", "sanitize-failed"))
    lie("one-not-there", "E_SEM_RESULT", (at, [first]))
    lie("one-twice", "E_SEM_RESULT", (at, [first, first]))
    lie("one-without-blocks", "E_SEM_RESULT", (at, [first, second, changed(second, "blocks", 0)]))
    lie("more-blocks-than-there-are", "E_SEM_RESULT", (at + ".1.blocks", 2**53 - 1))
    lie("no-canaries-between", "E_SEM_RESULT",
        ("method.firmware.canaries", by_a_sas_drive(SIGNERS)["method"]["firmware"]["canaries"]))
    lie("one-ended-after-the-read-back", "E_SEM_TIME_ORDER", (at + ".0.timing", timing(20, 70)))
    lie("as-one-object", "E_SCHEMA", (at, first))


def define():
    sound()
    of_sas_drives()
    lies_of_sas_drives()
    of_two_units()
    that_ended_otherwise()
    lies()
