"""Payloads of drives that erased themselves, which the scenarios change."""
from documents import (CAPACITY, certificate, digest, on_a_drive, step, timing, whole, write_pass)

BLOCK = 512
COMPLETED = "400040" + "8000" + "00000000ffff"  # STATUS, ERROR, DEVICE, COUNT, LBA: done, and well
IDLE = "400040" + "0000" + "00000000ffff"
NO_SENSE = "70" + "00" * 17  # in fixed format
AT_WORK = "700002" + "00" * 4 + "0a" + "00" * 4 + "041b" + "00" * 4  # SANITIZE in progress
STEPS = [step("address-probe"), step("canaries"), step("firmware")]


def blocks_at(*numbers):
    return [{"offset": number * BLOCK, "length": BLOCK} for number in numbers]


def options(**changes):
    return {"pattern": 0, "passes": 1, "invert_between": False, "definitive_end": False, "may_leave_failed": False,
            "zoned_no_reset": False, **changes}


def identity(capacity):
    return {"model": "Example HDD", "serial": "EX1234567", "sectors": capacity // BLOCK, "logical_bytes": BLOCK,
            "security_word": 0x21, "sha256": digest("the IDENTIFY DEVICE data")}


def areas(accessible, native):
    return {"accessible": accessible // BLOCK, "accessible_max": native // BLOCK}


def health(reallocated=0):
    return {"reallocated": reallocated, "pending": 0, "power_on_hours": 1234, "text": ""}


def sanitize():
    return {"phase": "ended", "before": "idle", "registers_before": IDLE, "registers_after": COMPLETED,
            "accepted": True, "seen_in_progress": True, "progress": 65000, "went_backwards": False, "asked": 20,
            "unanswered": 0, "after": "completed", "outcome": "succeeded", "text": "", "timing": timing(20, 5)}


def security(enhanced):
    return {"phase": "ended", "enhanced": enhanced, "word_before": 0x21, "word_after": 0x21, "announced_minutes": 2,
            "timeout_seconds": 7200, "password_proven": True, "command_succeeded": True, "end_unseen": False,
            "password_left": False, "outcome": "succeeded", "text": "", "timing": timing(20, 5)}


def scsi(capacity):
    """A SANITIZE or FORMAT UNIT of one logical unit, that was seen at work."""
    return {"blocks": capacity // BLOCK, "phase": "ended", "before": "idle", "sense_before": NO_SENSE, "sense_begun": "", "sense_after": NO_SENSE,
            "accepted": True, "seen_in_progress": True, "ordered_again": False, "ended_with_command": False,
            "progress": 65000, "went_backwards": False, "asked": 20, "unanswered": 0, "attentions": 0, "resets": 0,
            "after": "idle", "outcome": "succeeded", "text": "", "timing": timing(20, 5)}


def canaries(capacity, hidden_from=0, unit_from=0):
    last = capacity // BLOCK - 1
    border = (hidden_from or unit_from) // BLOCK
    written = blocks_at(0, 100, *([border - 1, border] if border else []), last)
    return {"written": written, "gone": written, "hidden_from": hidden_from, "checked": True}


def by_the_drive(signers, technique="ata-sanitize-overwrite", found=CAPACITY, capacity=CAPACITY):
    """A hard disk drive that erased itself; `found`: what of `capacity` it addressed before."""
    record = on_a_drive(certificate(signers))
    hidden_from = found if found != capacity else 0
    sanitizes = "sanitize" in technique
    told = options(pattern=0xA5A5A5A5) if technique == "ata-sanitize-overwrite" else options()
    evidence = {
        "method": technique, "options": told,
        "pass_through": {"echoes": 16, "trusted": True, "addresses_seen": True, "power_mode": "ff", "text": ""},
        "identity_before": identity(capacity), "identity_after": identity(capacity),
        "hidden": {"state": "lifted" if hidden_from else "none", "text": "", "before": areas(found, capacity),
                   "after": areas(capacity, capacity)},
        "health_before": health(), "health_after": health(),
        "probe": {"step": 1, "stamps": 71, "flushed": True, "completed": True, "timing": timing(10)},
        "canaries": canaries(capacity, hidden_from), "was_reset": True,
        "transcript_sha256": digest("the transcript of this job"), "page_cache": False, "stopped": "none",
        "stop_text": "", "sanitize" if sanitizes else "security": sanitize() if sanitizes else security(
            technique.endswith("enhanced")),
        "read_back": {"expectation": "pattern", "bytes": "a5a5a5a5", "matched": whole(capacity), "completed": True,
                      "timing": timing(50)}}
    if hidden_from:
        evidence["hidden"]["lifted"] = areas(capacity, capacity)
    steps = list(STEPS)
    if technique == "ata-sanitize-block-erase":
        evidence["read_back"].update({"expectation": "zeros-or-ones", "bytes": ""})
    elif technique != "ata-sanitize-overwrite":
        steps.append(step("write", "random_stream"))
        evidence["read_back"].update({"expectation": "host-pass", "bytes": ""})
        evidence["host_pass"] = write_pass(4, "random_stream", seed=digest("the seed of this pass"),
                                           capacity=capacity)
    record["drive"].update({"kind": "ata", "capacity_bytes": found, "native_capacity_bytes": capacity})
    record["method"].update({
        "technique": technique, "scheme": "", "scheme_title": "", "scheme_status": "", "level": "purge",
        "not_reached": ["level-reported-by-drive", "technique-not-proven-on-hardware"], "steps": steps,
        "options": told, "firmware": evidence})
    del record["method"]["probe"], record["method"]["passes"], record["verification"]["read_backs"]
    record["coverage"] = {"bytes_proven": capacity}
    record.update({"level": "purge", "level_basis": "drive_reported", "grade": "E4",
                   "limits": ["level-reported-by-drive", "technique-not-proven-on-hardware"]})
    return record


def by_a_sas_drive(signers, technique="scsi-sanitize-overwrite", found=CAPACITY, capacity=CAPACITY):
    """The same of one that takes SCSI commands: no registers, no mark of success, and a pattern in one order."""
    alike = {"scsi-format-unit": "ata-security-erase", "scsi-sanitize-crypto-erase": "ata-sanitize-crypto-scramble"}
    record = by_the_drive(signers, alike.get(technique, technique.replace("scsi-", "ata-")), found, capacity)
    evidence = record["method"]["firmware"]
    for name in ("pass_through", "sanitize", "security"):
        evidence.pop(name, None)
    evidence.update({"method": technique, "scsi": [scsi(capacity)]})
    for name in ("identity_before", "identity_after"):
        evidence[name].update({"security_word": 0, "sha256": digest("INQUIRY and what follows")})
    for moment in ("before", "lifted", "after"):
        evidence["hidden"].get(moment, {}).pop("accessible_max", None)
    record["drive"].update({"kind": "scsi", "native_capacity_bytes": "unknown"})
    record["method"]["technique"] = technique
    if technique == "scsi-sanitize-overwrite":
        told = options(pattern=0xA1B2C3D4, passes=31, invert_between=True)
        evidence["options"] = record["method"]["options"] = told
        evidence["read_back"]["bytes"] = "a1b2c3d4"
    return record


def by_two_units(signers, technique="scsi-sanitize-overwrite", first=CAPACITY // 4):
    """Of a SAS drive of two logical units, side by side; the second was at work a little longer."""
    record = by_a_sas_drive(signers, technique)
    evidence = record["method"]["firmware"]
    evidence["scsi"] = [scsi(first), scsi(CAPACITY - first)]
    evidence["scsi"][1]["timing"] = timing(21, 9)
    evidence["canaries"] = canaries(CAPACITY, unit_from=first)
    return record


def clear(record, *limits):
    """The same where the drive's own word is not enough, or not given."""
    record.update({"level": "clear", "level_basis": "host_read_back", "grade": "E3",
                   "limits": sorted({*limits, "spare-blocks-not-reached", "technique-not-proven-on-hardware"})})
    return record


def remapped(signers):
    record = by_the_drive(signers)
    record["method"]["firmware"].update({"health_before": health(3), "health_after": health(3)})
    return clear(record, "remapped-blocks-may-hold-data")


def told(record, **flags):
    """The same with other options, in the plan and in the command."""
    for options_of in (record["method"], record["method"]["firmware"]):
        options_of["options"] = {**options_of["options"], **flags}
    return record


def began_unseen(signers, technique="ata-sanitize-overwrite"):
    """Killed as it began: nobody heard that the drive took it, or saw it at work; its mark of success has come since."""
    record = by_the_drive(signers, technique)
    record["method"]["firmware"]["sanitize"].update({"accepted": False, "seen_in_progress": False, "progress": 0})
    return clear(record)


STATEMENT = ("one block drawn uniformly from each of {0} equal strata, none wrong: with 95 % confidence at most 3/{0} "
             "of the blocks differ; this says nothing about a small chosen region")


def sampled(signers, technique="ata-sanitize-overwrite"):
    """A tenth of it was read back, and no more than the first and the last besides."""
    record = by_the_drive(signers, technique)
    blocks = -(-CAPACITY // 65536)
    strata = -(-blocks * 10 // 100)
    read_back = record["method"]["firmware"]["read_back"]
    del read_back["matched"]
    read_back["sample"] = {"percent": 10, "seed": digest("the seed of this sample"), "strata": strata,
                           "block_bytes": 65536, "bytes_matched": min(strata + 2, blocks) * 65536}
    record["verification"].update({"mode": "sample", "percent": 10, "statements": [STATEMENT.format(strata)]})
    record["method"].update({"level": "clear", "not_reached": [
        "addressing-sampled", "spare-blocks-not-reached", "technique-not-proven-on-hardware"]})
    clear(record, "addressing-sampled")["grade"] = "E2"
    return record


def unproven(record, verdict, code, text="", proven=0, placed=None):
    """An attempt record of it, with one finding."""
    capacity = record["coverage"]["bytes_proven"]
    finding = {"code": code, "text": text or code}
    clear(record)
    if placed is not None:
        finding.update({"first_block": placed, "blocks": 1})
    record.update({
        "type": "quietus.attempt", "title": "THIS DRIVE IS NOT PROVEN ERASED", "verdict": verdict, "level": "none",
        "grade": "", "findings": [finding], "id": "QTS-EXAMPLE-00000002", "log": {**record["log"], "intent_index": 4},
        "coverage": {"bytes_proven": capacity} if proven else {
            "bytes_proven": 0, "unproven": whole(capacity)}})
    record["station"]["sequence"] = 2
    return record


def before_it_ended(signers, outcome, verdict, code):
    """The drive's operation was left running, or has failed."""
    record = by_the_drive(signers)
    evidence = record["method"]["firmware"]
    for name in ("identity_after", "health_after", "read_back"):
        del evidence[name]
    del evidence["hidden"]["after"], evidence["canaries"]["gone"]
    evidence["canaries"]["checked"] = evidence["was_reset"] = False
    evidence["sanitize"].update({
        "outcome": outcome, "phase": "running" if outcome == "under-way" else "ended", "text": code,
        "after": "in-progress" if outcome == "under-way" else "failed"})
    return unproven(record, verdict, code)


def refused(signers):
    """Nothing was begun."""
    record = before_it_ended(signers, "refused", "refused", "firmware-refused")
    evidence = record["method"]["firmware"]
    for name in ("sanitize", "canaries", "probe", "identity_before"):
        del evidence[name]
    evidence["stop_text"] = "sanitize is frozen until a power cycle"
    return record
