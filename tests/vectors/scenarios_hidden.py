"""Scenarios about overwrites of drives that had hidden a part of themselves."""
from documents import CAPACITY, changed, certificate, on_a_drive, read_back, step, whole, write_pass, digest
from own_erasure import areas
from world import STATION, vector

SIGNERS = [STATION]
FOUND = CAPACITY - 512  # all but one block


def lifted(native=CAPACITY, found=FOUND):
    """All of it was put within reach, written, and read back."""
    record = on_a_drive(certificate(SIGNERS))
    record["drive"].update({"kind": "ata", "capacity_bytes": found, "native_capacity_bytes": native})
    record["method"].update({
        "not_reached": record["limits"],
        "steps": [step("lift-hidden-areas"), step("address-probe"), step("write", "random_stream")],
        "hidden": {"state": "lifted", "text": "", "before": areas(found, native), "lifted": areas(native, native),
                   "after": areas(native, native)},
        "passes": [write_pass(3, "random_stream", seed=digest("the seed of this pass"), capacity=native)]})
    record["method"]["probe"]["step"] = 2
    record["verification"]["read_backs"] = [read_back(4, 3, capacity=native)]
    record["coverage"] = {"bytes_proven": native}
    return record


def not_begun(state, verdict, code):
    record = lifted()
    method = record["method"]
    method["hidden"].update({"state": state, "text": "the drive takes it once in a power cycle"})
    del method["hidden"]["lifted"], method["hidden"]["after"], method["probe"], method["passes"]
    del record["verification"]["read_backs"]
    record.update({
        "type": "quietus.attempt", "title": "THIS DRIVE IS NOT PROVEN ERASED", "verdict": verdict, "level": "none",
        "grade": "", "id": "QTS-EXAMPLE-00000002", "findings": [{"code": code, "text": method["hidden"]["text"]}],
        "coverage": {"bytes_proven": 0, "unproven": whole(FOUND)},
        "limits": sorted({*record["limits"], "addressing-sampled"}),
        "log": {**record["log"], "intent_index": 4}})
    record["station"]["sequence"] = 2
    return record


def define():
    vector("valid-hidden-lifted", payload=lifted())
    power = not_begun("power-cycle-needed", "refused", "power-cycle-needed")
    vector("hidden-power-cycle-needed", payload=power, kind="attempt")
    vector("hidden-refused", payload=not_begun("refused", "refused", "hidden-area"), kind="attempt")
    vector("hidden-unknown", payload=not_begun("unknown", "indeterminate", "native-capacity-unknown"), kind="attempt")
    vector("hidden-kept-quiet", "E_SEM_RESULT", payload=changed(power, "findings", None), kind="attempt")

    def lie(name, codes, *changes):
        record = lifted()
        for path, value in changes:
            record = changed(record, path, value)
        vector("hidden-" + name, codes, payload=record)

    lie("again", "E_SEM_RESULT", ("method.hidden.after.accessible", FOUND // 512))
    lie("after-missing", "E_SEM_RESULT", ("method.hidden.after", None))
    lie("after-unreadable", "E_SEM_RESULT", ("method.hidden.after.unreadable", ["READ NATIVE MAX ADDRESS: aborted"]))
    lie("more-than-lifted", "E_SEM_CAPACITY E_SEM_RESULT", ("drive.native_capacity_bytes", 2 * CAPACITY))
    lie("another-capacity-before", "E_SEM_RESULT", ("drive.capacity_bytes", CAPACITY // 2))
    lie("never-lifted", "E_SEM_COVERAGE", ("method.hidden.lifted", None))
    lie("without-record", "E_SEM_COVERAGE", ("method.hidden", None))
    lie("step-too-late", "E_SEM_RESULT",
        ("method.steps", [step("address-probe"), step("lift-hidden-areas"), step("write", "random_stream")]))
    lie("step-with-data", "E_SEM_RESULT", ("method.steps.0.data", "random_stream"))
    lie("not-planned", "E_SEM_RESULT", ("method.steps", [step("address-probe"), step("write", "random_stream")]))
    lie("state-unknown-word", "E_SCHEMA", ("method.hidden.state", "gone"))
