"""Payloads: a sound certificate and a sound attempt record, which the scenarios change."""
import copy
import hashlib
import json

CAPACITY = 1048576
LEVEL_SOURCE = ("per the shipped technique table, derived from published implementations; "
                "the text of IEEE 2883 was not consulted")
NO_READ_BACK = {"mode": "none", "percent": 0}
FULL = {"mode": "full", "percent": 100}


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


def timing(second, length=1):
    return {"started_at": f"2025-01-15T08:5{second // 60}:{second % 60:02}Z",
            "ended_at": f"2025-01-15T08:5{(second + length) // 60}:{(second + length) % 60:02}Z",
            "milliseconds": 1000 * length}


def step(kind, data="none", octets="", of=0, verification=None):
    return {"kind": kind, "data": data, "bytes": octets, "of": of, "verification": verification or NO_READ_BACK}


def whole(capacity=CAPACITY):
    return [{"offset": 0, "length": capacity}]


def write_pass(number, data, octets="", seed=None, capacity=CAPACITY):
    record = {"step": number, "data": data, "bytes": octets, "bytes_written": capacity, "flushed": True,
              "completed": True, "written": whole(capacity), "timing": timing(10 * number)}
    if seed:
        record["seed"] = seed
    return record


def read_back(number, of_step, verification=None, capacity=CAPACITY):
    return {"step": number, "of_step": of_step, "verification": verification or FULL, "strata": 0,
            "sample_block_bytes": 0, "bytes_read": capacity, "bytes_matched": capacity,
            "matched": whole(capacity), "completed": True, "timing": timing(10 * number)}


def certificate(signers, number=1, station="EXAMPLE"):
    """A disk image, overwritten with one random stream and read back."""
    return {
        "type": "quietus.certificate", "schema": 1, "title": "CERTIFICATE OF ERASURE",
        "id": f"QTS-{station}-{number:08}", "issued_at": "2025-01-15T09:00:00Z",
        "retain_until": "2040-01-16T09:00:00Z", "document_marking": "OFFICIAL",
        "drive": {
            "kind": "image", "medium": "virtual", "host_name": "scratch.img", "model": "", "serial": "",
            "serial_raw_hex": "", "identity_source": "none", "wwn": "", "firmware": "",
            "capacity_bytes": CAPACITY, "native_capacity_bytes": CAPACITY, "logical_block_bytes": 512,
            "physical_block_bytes": 512, "removable": False, "provenance": "machine"},
        "statements": {
            "basis": "stated, not signed", "operator": "jd17", "witness": "", "organisation": "Example Department",
            "contractor": "", "site": "Bench 1", "country": "GB", "authority": "", "hold_clearance": "",
            "references": ["EX-1"], "asset_tag": ""},
        "policy": {"statement": "no policy was applied", "applied": False, "profile": "", "rule": "", "source": ""},
        "method": {
            "technique": "overwrite", "technique_table": 1, "scheme": "generic.random",
            "scheme_title": "Random stream", "scheme_status": "current", "level": "none",
            "level_source": LEVEL_SOURCE, "not_reached": ["storage-beneath-unknown"], "page_cache": False,
            "stopped": "none", "stop_text": "",
            "steps": [step("address-probe"), step("write", "random_stream")],
            "probe": {"step": 1, "stamps": 71, "flushed": True, "completed": True, "timing": timing(10)},
            "passes": [write_pass(2, "random_stream", seed=digest("the seed of this pass"))]},
        "verification": {"mode": "full", "percent": 100, "read_backs": [read_back(3, 2)]},
        "coverage": {"bytes_proven": CAPACITY},
        "verdict": "erased", "level": "none", "level_basis": "host_read_back", "grade": "E3",
        "limits": ["storage-beneath-unknown"], "timing": timing(5, 100),
        "tool": {"version": "quietus 0.1.0", "commit": "", "openssl": "3.0.22", "libblkid": "2.38.1",
                 "kernel": "Linux"},
        "station": {"id": station, "sequence": number, "previous_sha384": ""},
        "time_source": "system clock, not proven",
        "log": {"intent_index": 3 * number - 2, "salt": digest("the salt of this job")},
        "journal_sha256": digest("the journal of this job"),
        "signers_required": [{"role": each.role, "certificate_sha256": each.sha256()} for each in signers]}


def attempt(signers, number=2):
    """The same without its read-back: nothing is proven."""
    record = certificate(signers, number)
    record.update({
        "type": "quietus.attempt", "title": "THIS DRIVE IS NOT PROVEN ERASED", "verdict": "unverified",
        "grade": "", "limits": ["addressing-sampled", "storage-beneath-unknown"],
        "coverage": {"bytes_proven": 0, "unproven": whole()},
        "findings": [{"code": "not-read-back", "text": "the plan asks for no read-back"}],
        "verification": {"mode": "none", "percent": 0}})
    return record


def marked(record):
    """A copy with the word wherever a rehearsal must have it."""
    result = copy.deepcopy(record)
    places = [(result, ["document_marking"]), (result["method"], ["stop_text"]), (result["tool"], list(result["tool"])),
              (result["drive"], ["host_name", "model", "serial", "wwn", "firmware"]),
              (result["statements"], [name for name, value in result["statements"].items()
                                      if isinstance(value, str) and name != "basis"]),
              *((each, ["text"]) for each in result.get("findings", ()))]
    for facts, names in places:
        for name in names:
            facts[name] = facts[name] and f"REHEARSAL {facts[name]}"
    result["statements"]["references"] = [f"REHEARSAL {each}" for each in result["statements"]["references"]]
    return result


def rehearsal(signers, number=3, station="REHEARSAL"):
    """An exercise in which an emulated drive was erased."""
    record = marked(on_a_drive(certificate(signers, number, station)))
    record.update({"type": "quietus.rehearsal", "title": "REHEARSAL: NO DRIVE WAS ERASED"})
    record["drive"]["provenance"] = "rehearsal"
    return record


def rehearsal_of_an_attempt(signers):
    record = marked(attempt(signers))
    whole_one = rehearsal(signers)
    for name in ("type", "title", "id", "station", "log"):
        record[name] = whole_one[name]
    record["drive"]["provenance"] = "rehearsal"
    return record


def on_a_drive(record):
    """The drive as one that can be held in a hand."""
    record["drive"].update({
        "kind": "usb", "medium": "magnetic", "host_name": "sdb", "model": "Example HDD", "serial": "EX1234567",
        "serial_raw_hex": b"EX1234567".hex(), "identity_source": "drive", "firmware": "A1"})
    record["method"]["level"] = record["level"] = "clear"
    record["limits"] = ["spare-blocks-not-reached", "technique-not-proven-on-hardware"]
    return record


def sampled(record, percent=10):
    blocks = (CAPACITY + 65535) // 65536
    strata = (blocks * percent + 99) // 100
    verification = {"mode": "sample", "percent": percent}
    sample = read_back(3, 2, verification)
    sample.update({"strata": strata, "sample_block_bytes": 65536, "sample_seed": digest("the draw"),
                   "bytes_read": strata * 65536, "bytes_matched": strata * 65536})
    del sample["matched"]
    statement = (f"one block drawn uniformly from each of {strata} equal strata, none wrong: with 95 % confidence "
                 f"at most 3/{strata} of the blocks differ; this says nothing about a small chosen region")
    record["verification"] = {**verification, "read_backs": [sample], "statements": [statement]}
    record["grade"] = "E2"
    record["limits"] = sorted({*record["limits"], "addressing-sampled"})
    return record


def three_passes(record):
    """A fixed pattern, its complement, a random octet: each read back."""
    record["method"].update({
        "steps": [step("address-probe"), step("write", "fixed", "55"), step("verify", of=2, verification=FULL),
                  step("write", "complement", of=2), step("verify", of=4, verification=FULL),
                  step("write", "random_char")],
        "passes": [write_pass(2, "fixed", "55"), write_pass(4, "complement", "aa"),
                   write_pass(6, "random_char", "3c")]})
    record["verification"]["read_backs"] = [read_back(3, 2), read_back(5, 4), read_back(7, 6)]
    record["limits"] = sorted({*record["limits"], "addressing-sampled"})
    return record


def resumed(record, number=4):
    """A sample was asked for; the pass was interrupted half-way, and gone on with under another number."""
    station = record["station"]["id"]
    record.update({"id": f"QTS-{station}-{number:08}"})
    record["station"]["sequence"] = number
    record["method"]["resumed"] = [{
        "job": f"QTS-{station}-{number - 1:08}", "journal_sha256": digest("the journal of the interrupted job"),
        "resumed_at": "2025-01-15T08:50:25Z", "step": 2, "first_block": 1024, "carried_bytes": CAPACITY // 2,
        "compared_bytes": CAPACITY // 2, "key_lost": False}]
    record["method"]["passes"][0]["timing"] = timing(20, 8)
    record["verification"].update({"mode": "sample", "percent": 10})
    record["limits"] = sorted({*record["limits"], "interrupted-and-resumed"})
    return record


def changed(record, path, value):
    """A copy with one member replaced, or removed when `value` is None."""
    result = copy.deepcopy(record)
    *parents, last = [int(name) if name.isdigit() else name for name in path.split(".")]
    at = result
    for name in parents:
        at = at[name]
    if value is None:
        del at[last]
    else:
        at[last] = value
    return result
