"""Scenarios about payloads: sound ones, octets, form, and lies that are signed."""
from documents import (CAPACITY, FULL, attempt, canonical, certificate, changed, digest, on_a_drive, rehearsal,
                       rehearsal_of_an_attempt, resumed, sampled, three_passes, timing, whole, write_pass)
from authority import signer
from signature import Signer, signed_data
from world import ISSUING, REHEARSAL, STATION, vector


def good():
    return certificate([STATION])


def failed_attempt():
    return attempt([STATION])


def sound():
    vector("valid-certificate", payload=good())
    vector("valid-drive", payload=on_a_drive(good()))
    vector("valid-sample", payload=sampled(on_a_drive(good())))
    vector("valid-three-passes", payload=three_passes(on_a_drive(good())))
    vector("valid-unlisted-member", payload=changed(good(), "x_note", {"free": [1, True, "text"]}))
    vector("genuine-attempt", kind="attempt")
    for reason, code, verdict in (
            ("interrupted", "interrupted", "interrupted"), ("worker-lost", "worker-lost", "interrupted"),
            ("stalled", "drive-stalled", "failed"), ("too-slow", "drive-too-slow", "failed"),
            ("drive-vanished", "drive-vanished", "failed"), ("io", "io-error", "failed")):
        stopped = failed_attempt()
        stopped["method"].update({"stopped": reason, "stop_text": "asked to stop"})
        stopped.update({"verdict": verdict, "findings": [{"code": code, "text": "asked to stop"}]})
        del stopped["method"]["passes"]
        vector("attempt-" + code, payload=stopped, kind="attempt")
    silent = failed_attempt()
    silent.update({"verdict": "indeterminate"})
    vector("attempt-claims-less", payload=silent, kind="attempt")
    late = changed(failed_attempt(), "timing.started_at", "2025-01-15T12:00:00Z")
    vector("attempt-clock-set", payload=late, kind="attempt")
    vector("attempt-as-certificate", "E_TYPE", kind="attempt", stem="QTS-EXAMPLE-00000002.qdc")
    vector("missing-signature", "I_FILE", payload=good(), missing=[".p7s"])
    vector("missing-payload", "I_FILE", payload=good(), missing=[".json"])
    text = canonical(good())
    vector("tampered-payload", "E_DIGEST", payload=text.replace(b"Bench 1", b"Bench 2"), signed=text)


def with_health(record, limit="", **told):
    """As it was found; `limit`: what follows from that."""
    record["drive"].update({"kind": "ata", "health": {"power_on_hours": 1234, "text": "", **told}})
    record["limits"] = sorted({*record["limits"], *([limit] if limit else [])})
    return record


def of_health():
    """A host cannot reach what a drive has taken out of use."""
    remapped, unknown = "remapped-blocks-may-hold-data", "health-unknown"
    cases = (("sound", "", {"reallocated": 0, "pending": 0}), ("without-pending", "", {"reallocated": 0}),
             ("remapped", remapped, {"reallocated": 3, "pending": 0}),
             ("pending", remapped, {"reallocated": 0, "pending": 1}), ("unknown", unknown, {"pending": 0}))
    for name, limit, told in cases:
        vector("valid-health-" + name, payload=with_health(on_a_drive(good()), limit, **told))
        if limit:
            vector(f"health-{name}-kept-quiet", "E_SEM_RESULT", payload=with_health(on_a_drive(good()), **told))
    vector("health-left-out", "E_SEM_RESULT",
           payload=changed(with_health(on_a_drive(good()), remapped, reallocated=3), "drive.health", None))
    vector("health-without-text", "E_SCHEMA",
           payload=changed(with_health(on_a_drive(good()), reallocated=0), "drive.health.text", None))
    vector("health-of-no-number", "E_SCHEMA",
           payload=changed(with_health(on_a_drive(good()), reallocated=0), "drive.health.reallocated", "none"))
    meanwhile = with_health(on_a_drive(good()), remapped, reallocated=0)
    meanwhile["method"]["health_after"] = {"reallocated": 1, "pending": 0, "text": ""}
    vector("valid-health-remapped-meanwhile", payload=meanwhile)
    vector("health-remapped-meanwhile-kept-quiet", "E_SEM_RESULT",
           payload=changed(meanwhile, "limits", on_a_drive(good())["limits"]))
    silent = with_health(on_a_drive(good()), unknown, reallocated=0)
    silent["method"]["health_after"] = {"text": "the drive does not tell of its health any more"}
    vector("valid-health-unknown-afterwards", payload=silent)
    both = with_health(on_a_drive(good()), remapped, reallocated=2)
    both["method"]["health_after"] = {"reallocated": 3, "text": ""}
    vector("valid-health-remapped-twice", payload=both)
    unmarked = with_health(rehearsal([REHEARSAL]), unknown, reallocated=0)
    unmarked["method"]["health_after"] = {"text": "it does not tell"}
    vector("rehearsal-health-afterwards-unmarked", "E_REHEARSAL", payload=unmarked, kind="rehearsal")
    unmarked = with_health(rehearsal([REHEARSAL]), unknown, text="the drive keeps no SMART data")
    vector("rehearsal-health-unmarked", "E_REHEARSAL", payload=unmarked, kind="rehearsal")


def interrupted_and_resumed():
    def vector_of(name, codes, *changes):
        record = resumed(on_a_drive(good()))
        for path, value in changes:
            record = changed(record, path, value)
        vector(name, codes, payload=record, stem=record["id"] + ".qdc")

    one = resumed(on_a_drive(good()))["method"]["resumed"][0]
    vector_of("valid-resumed", "")
    vector_of("resumed-twice", "",
              ("method.resumed", [dict(one, job="QTS-EXAMPLE-00000001", step=1, first_block=0, carried_bytes=0,
                                       resumed_at="2025-01-15T08:50:08Z"), one]))
    vector_of("resumed-without-its-limit", "E_SEM_RESULT",
              ("limits", ["spare-blocks-not-reached", "technique-not-proven-on-hardware"]))
    vector_of("resumed-unsaid", "E_SEM_RESULT", ("method.resumed", None))
    sample = sampled(on_a_drive(good()))
    vector_of("resumed-and-sampled", "E_SEM_RESULT", ("verification", sample["verification"]), ("grade", "E2"),
              ("limits", sorted({*sample["limits"], "interrupted-and-resumed"})))
    vector_of("resumed-with-a-later-job", "E_STATION", ("method.resumed.0.job", "QTS-EXAMPLE-00000004"))
    vector_of("resumed-with-another-station", "E_STATION", ("method.resumed.0.job", "QTS-ANOTHER-00000003"))
    vector_of("resumed-in-no-order", "E_STATION",
              ("method.resumed", [one, dict(one, job="QTS-EXAMPLE-00000002")]))
    vector_of("resumed-before-it-began", "E_SEM_TIME_ORDER", ("method.resumed.0.resumed_at", "2025-01-15T08:00:00Z"))
    vector_of("resumed-after-it-ended", "E_SEM_TIME_ORDER", ("method.resumed.0.resumed_at", "2025-01-15T08:55:00Z"))
    vector_of("resumed-at-no-time", "E_SCHEMA", ("method.resumed.0.resumed_at", ""))
    vector_of("resumed-with-no-journal", "E_SCHEMA", ("method.resumed.0.journal_sha256", "ab"))
    vector_of("resumed-at-no-step", "E_SEM_RESULT", ("method.resumed.0.step", 4))
    vector_of("resumed-midway-in-a-probe", "E_SEM_RESULT", ("method.resumed.0.step", 1))
    vector_of("resumed-beyond-what-was-written", "E_SEM_RESULT", ("method.resumed.0.first_block", 1025))
    vector_of("resumed-beyond-the-drive", "E_SEM_RESULT", ("method.resumed.0.carried_bytes", CAPACITY + 512))
    vector_of("resumed-compared-with-more", "E_SEM_RESULT", ("method.resumed.0.compared_bytes", CAPACITY + 512))


def note(text):
    """The sound certificate with this JSON text as one more member."""
    return canonical(changed(good(), "x_note", 0)).replace(b'"x_note":0', b'"x_note":' + text)


def octets_of_json():
    text = canonical(good())
    vector("json-byte-order-mark", "E_JSON_UTF8", payload=b"\xef\xbb\xbf" + text)
    vector("json-not-utf8", "E_JSON_UTF8", payload=note(b'"\xff"'))
    vector("json-overlong-utf8", "E_JSON_UTF8", payload=note(b'"\xc0\xaf"'))
    vector("json-half-a-character", "E_JSON_SURROGATE", payload=note(rb'"\ud83d"'))
    vector("json-trailing-comma", "E_JSON_SYNTAX", payload=text[:-1] + b",}")
    vector("json-two-values", "E_JSON_SYNTAX", payload=text + b"{}")
    vector("json-cut", "E_JSON_SYNTAX", payload=text[:-1])
    vector("json-leading-zero", "E_JSON_SYNTAX", payload=note(b"01"))
    vector("json-duplicate-member", "E_JSON_DUPKEY",
           payload=text.replace(b'"verdict":"erased"', b'"verdict":"failed","verdict":"erased"'))
    vector("json-too-deep", "E_JSON_DEPTH", payload=note(b"[" * 12 + b"]" * 12))
    vector("json-deep-enough", payload=note(b"[" * 11 + b"]" * 11))
    vector("json-fraction", "E_JSON_NUMBER", payload=note(b"1.0"))
    vector("json-exponent", "E_JSON_NUMBER", payload=note(b"1e2"))
    vector("json-large-integer", "E_JSON_NUMBER", payload=note(b"9007199254740992"))
    vector("json-largest-integer", payload=note(b"9007199254740991"))
    vector("json-null", "E_JSON_NULL", payload=note(b"null"))
    vector("json-control-character", "E_JSON_CONTROL", payload=note(rb'"\u0007"'))
    vector("json-bare-control-character", "E_JSON_CONTROL", payload=note(b'"\x07"'))
    vector("json-c1-control-character", "E_JSON_CONTROL", payload=note("\"\u0085\"".encode()))
    vector("json-member-name", "E_JSON_NAME", payload=note(b'{"A":1}'))
    vector("json-long-string", "E_JSON_STRING", payload=note(b'"' + b"a" * 4097 + b'"'))
    vector("json-not-form-c", "E_JSON_NFC", payload=note("\"e\u0301\"".encode()))
    vector("json-form-c", payload=note("\"\u00e9\"".encode()))
    vector("json-white-space", "E_JSON_NOT_CANONICAL", payload=text.replace(b'":', b'": ', 1))
    vector("json-final-newline", "E_JSON_NOT_CANONICAL", payload=text + b"\n")
    vector("json-unsorted", "E_JSON_NOT_CANONICAL", payload=note(b'{"b":1,"a":2}'))
    vector("json-escaped-slash", "E_JSON_NOT_CANONICAL", payload=note(rb'"a\/b"'))
    vector("json-escaped-letter", "E_JSON_NOT_CANONICAL", payload=note(rb'"\u0061"'))
    vector("json-minus-zero", "E_JSON_NOT_CANONICAL", payload=note(b"-0"))


def form():
    def vector_of(name, codes, path, value):
        vector(name, codes, payload=changed(good(), path, value))

    vector_of("type-unknown", "E_TYPE", "type", "quietus.promise")
    vector_of("schema-version", "E_SCHEMA_VERSION", "schema", 2)
    vector_of("schema-missing-member", "E_SCHEMA", "journal_sha256", None)
    vector_of("schema-unknown-member", "E_SCHEMA_MEMBER", "drive.owner", "somebody")
    vector_of("schema-wrong-type", "E_SCHEMA", "drive.removable", "no")
    vector_of("schema-unknown-word", "E_SCHEMA", "drive.kind", "tape")
    vector_of("schema-negative-size", "E_SCHEMA", "drive.physical_block_bytes", -1)
    vector_of("schema-native-capacity", "E_SCHEMA", "drive.native_capacity_bytes", "large")
    vector_of("schema-upper-case-digest", "E_SCHEMA", "journal_sha256", digest("x").upper())
    vector_of("schema-no-such-day", "E_SCHEMA", "issued_at", "2025-02-30T09:00:00Z")
    vector_of("schema-local-time", "E_SCHEMA", "retain_until", "2040-01-16T09:00:00+00:00")
    vector_of("schema-title-of-an-attempt", "E_SCHEMA", "title", "THIS DRIVE IS NOT PROVEN ERASED")
    vector_of("schema-no-marking", "E_SCHEMA", "document_marking", "")
    vector_of("schema-policy-statement", "E_SCHEMA", "policy.applied", True)
    undecided = good()
    undecided["policy"].update(statement="a policy was applied", applied=True)
    vector("schema-policy-undecided", "E_SCHEMA", payload=undecided)
    ordered = good()
    ordered["statements"]["order"] = {"id": "D-1", "sha256": digest("no order"), "approver": "ap01"}
    vector("order-without-its-text", "I_ORDER_TEXT", payload=ordered)
    stated = good()
    stated["statements"]["order"] = {"id": "D-1", "sha256": digest("no order"), "approver": ""}
    vector("order-that-nobody-signed", payload=stated)
    vector_of("schema-level-source", "E_SCHEMA", "method.level_source", "IEEE 2883")
    early = good()
    early["method"]["steps"].insert(2, dict(early["method"]["steps"][1]))
    early["method"]["passes"].append(write_pass(3, "random_stream"))
    early["verification"]["read_backs"][0].update({"step": 4, "of_step": 3, "timing": timing(40)})
    vector("schema-seed-of-an-early-pass", "E_SCHEMA", payload=early)
    vector_of("id-of-another-number", "E_STATION", "id", "QTS-EXAMPLE-00000003")
    vector("station-of-another-name", "E_STATION", payload=certificate([STATION], station="ANOTHER"),
           stem="QTS-ANOTHER-00000001.qdc")
    vector("renamed", payload=good(), stem="copy.qdc")


def lies_about_coverage():
    def vector_of(name, codes, *changes):
        record = on_a_drive(good())
        for path, value in changes:
            record = changed(record, path, value)
        vector(name, codes, payload=record)

    short = [{"offset": 0, "length": CAPACITY - 512}]
    vector_of("coverage-short", "E_SEM_COVERAGE E_SEM_RESULT", ("coverage.bytes_proven", CAPACITY - 512),
              ("coverage.unproven", [{"offset": CAPACITY - 512, "length": 512}]))
    vector_of("coverage-sum", "E_SEM_COVERAGE E_SEM_RESULT", ("coverage.bytes_proven", CAPACITY - 1))
    vector_of("pass-short", "E_SEM_COVERAGE E_SEM_RESULT", ("method.passes.0.written", short),
              ("method.passes.0.bytes_written", CAPACITY - 512))
    vector_of("pass-with-a-gap", "E_SEM_COVERAGE E_SEM_RESULT",
              ("method.passes.0.written", [{"offset": 0, "length": 4096}, {"offset": 8192, "length": CAPACITY - 8192}]),
              ("method.passes.0.bytes_written", CAPACITY - 4096))
    vector_of("pass-total-off-by-one", "E_SEM_TOTALS E_SEM_RESULT", ("method.passes.0.bytes_written", CAPACITY - 1))
    vector_of("read-back-total-off-by-one", "E_SEM_TOTALS E_SEM_RESULT",
              ("verification.read_backs.0.bytes_matched", CAPACITY - 1))
    vector_of("read-back-short", "E_SEM_RESULT", ("verification.read_backs.0.matched", short),
              ("verification.read_backs.0.bytes_read", CAPACITY - 512),
              ("verification.read_backs.0.bytes_matched", CAPACITY - 512))
    vector_of("read-more-than-there-is", "E_SEM_TOTALS E_SEM_RESULT",
              ("verification.read_backs.0.bytes_read", CAPACITY + 1))
    vector_of("extents-overlap", "E_SEM_COVERAGE",
              ("method.passes.0.written", [{"offset": 0, "length": 8192}, {"offset": 4096, "length": CAPACITY - 4096}]))
    vector_of("extents-out-of-order", "E_SEM_COVERAGE",
              ("method.passes.0.written", [{"offset": 4096, "length": CAPACITY - 4096}, {"offset": 0, "length": 4096}]))
    vector_of("extent-beyond-the-drive", "E_SEM_COVERAGE", ("method.passes.0.written", whole(CAPACITY + 1)))
    vector_of("extent-empty", "E_SEM_COVERAGE", ("method.probe.wrong", [{"offset": 0, "length": 0}]))
    vector_of("capacity-unknown", "E_SEM_CAPACITY E_SEM_RESULT", ("drive.native_capacity_bytes", "unknown"))
    vector_of("capacity-hidden", "E_SEM_CAPACITY E_SEM_RESULT", ("drive.native_capacity_bytes", 2 * CAPACITY))
    omitted = {"list": "method.passes.0.written", "extents": 9, "bytes": CAPACITY, "sha256": digest("a list"),
               "note": "in the journal"}
    vector_of("extents-omitted", "E_SEM_COVERAGE", ("omitted", [omitted]), ("method.passes.0.written", None))


def lies_about_results():
    def vector_of(name, codes, *changes, **other):
        record = other.get("record") or on_a_drive(good())
        for path, value in changes:
            record = changed(record, path, value)
        vector(name, codes, payload=record, kind=other.get("kind", "certificate"))

    vector_of("level-above", "E_SEM_RESULT", ("level", "purge"), ("method.level", "purge"))
    vector_of("level-of-an-image", "E_SEM_RESULT", ("level", "clear"), record=changed(good(), "method.level", "clear"))
    vector_of("grade-above", "E_SEM_RESULT", ("grade", "E3"), record=sampled(on_a_drive(good())))
    vector_of("limit-left-out", "E_SEM_RESULT", ("limits", ["spare-blocks-not-reached"]))
    vector_of("verdict-failed", "E_SEM_RESULT", ("verdict", "failed"))
    vector_of("not-read-back", "E_SEM_RESULT", ("verification.read_backs", None))
    vector_of("not-flushed", "E_SEM_RESULT", ("method.passes.0.flushed", False))
    vector_of("pass-missing", "E_SEM_RESULT", ("method.passes", None))
    vector_of("probe-missing", "E_SEM_RESULT", ("method.probe", None))
    vector_of("wrong-pattern", "E_SEM_RESULT", ("method.passes.1.bytes", "ab"), record=three_passes(on_a_drive(good())))
    vector_of("plan-unsound", "E_SEM_RESULT", ("method.steps.1.of", 1))
    vector_of("mismatch-kept-quiet", "E_SEM_RESULT",
              ("verification.read_backs.0.mismatched", [{"offset": 0, "length": 512}]))
    vector_of("unwritable-kept-quiet", "E_SEM_COVERAGE E_SEM_RESULT",
              ("method.passes.0.unwritable", [{"offset": 0, "length": 512}]))
    vector_of("stopped-kept-quiet", "E_SEM_RESULT", ("method.stopped", "io"))
    vector_of("sample-too-small", "E_SEM_RESULT", ("verification.read_backs.0.strata", 1),
              ("verification.statements.0",
               sampled(good(), 1)["verification"]["statements"][0]), record=sampled(on_a_drive(good())))
    vector_of("sample-sentence", "E_SEM_TOTALS",
              ("verification.statements.0", "nothing was wrong"), record=sampled(on_a_drive(good())))
    vector_of("sample-sentence-unasked", "E_SEM_TOTALS", ("verification.statements", ["nothing was wrong"]))
    vector_of("times-reversed", "E_SEM_TIME_ORDER", ("timing.ended_at", "2025-01-15T08:00:00Z"))
    vector_of("issued-before-the-run", "E_SEM_TIME_ORDER", ("issued_at", "2025-01-14T09:00:00Z"))
    vector_of("attempt-erased", "E_SEM_RESULT", ("verdict", "erased"), record=attempt([STATION]), kind="attempt")
    vector_of("attempt-without-its-finding", "E_SEM_RESULT", ("findings", None), record=attempt([STATION]),
              kind="attempt")
    vector_of("attempt-claims-proof", "E_SEM_RESULT", ("coverage", {"bytes_proven": CAPACITY}),
              record=attempt([STATION]), kind="attempt")
    bad = attempt([STATION])
    record = certificate([STATION])["verification"]["read_backs"][0]
    record.update({"mismatched": [{"offset": 1024, "length": 1024}], "bytes_matched": CAPACITY - 1024,
                   "matched": [{"offset": 0, "length": 1024}, {"offset": 2048, "length": CAPACITY - 2048}]})
    bad.update({
        "verification": {**FULL, "read_backs": [record]}, "verdict": "failed",
        "coverage": {"bytes_proven": CAPACITY - 1024, "unproven": [{"offset": 1024, "length": 1024}]},
        "findings": [{"code": "mismatch", "text": "read-back: mismatch", "first_block": 2, "blocks": 2},
                     {"code": "incomplete-read-back", "text": "read-back found less"}]})
    vector_of("attempt-failed", "", record=bad, kind="attempt")
    vector_of("attempt-block-moved", "E_SEM_RESULT", ("findings.0.first_block", 3), record=bad, kind="attempt")


def rehearsals():
    vector("rehearsal", kind="rehearsal")
    vector("rehearsal-that-failed", payload=rehearsal_of_an_attempt([REHEARSAL]), kind="rehearsal")
    for name, path in [("marking", "document_marking"), ("serial", "drive.serial"), ("site", "statements.site"),
                       ("reference", "statements.references.0"), ("tool", "tool.version")]:
        vector(f"rehearsal-{name}-unmarked", "E_REHEARSAL", payload=changed(rehearsal([REHEARSAL]), path, "plain"),
               kind="rehearsal")
    unmarked = changed(rehearsal_of_an_attempt([REHEARSAL]), "findings.0.text", "the plan asks for no read-back")
    vector("rehearsal-finding-unmarked", "E_REHEARSAL", payload=unmarked, kind="rehearsal")
    vector("rehearsal-title", "E_SCHEMA", kind="rehearsal",
           payload=changed(rehearsal([REHEARSAL]), "title", "CERTIFICATE OF ERASURE"))
    vector("rehearsal-of-a-real-drive", "E_REHEARSAL", kind="rehearsal",
           payload=changed(rehearsal([REHEARSAL]), "drive.provenance", "machine"))
    vector("rehearsal-not-read-back", "E_SEM_RESULT", kind="rehearsal",
           payload=changed(rehearsal([REHEARSAL]), "verification.read_backs", None))
    vector("rehearsal-by-a-station", "E_ROLE_MISSING E_ROLE_UNEXPECTED", kind="rehearsal", signers=[Signer(STATION)])
    vector("rehearsal-by-another-station", "E_STATION", kind="rehearsal",
           signers=[Signer(signer("REHEARSAL2", "rehearsal", ISSUING))])
    # However genuine the key is: what it signs is no certificate, under no name and in no form.
    vector("certificate-by-a-rehearsal-key", "E_ROLE_MISSING E_ROLE_UNEXPECTED", signers=[Signer(REHEARSAL)])
    vector("certificate-of-an-emulated-drive", "E_REHEARSAL",
           payload=changed(good(), "drive.provenance", "rehearsal"))
    posing = changed(rehearsal([REHEARSAL]), "type", "quietus.certificate")
    posing["title"] = "CERTIFICATE OF ERASURE"
    vector("rehearsal-posing-as-certificate", "E_REHEARSAL E_ROLE_MISSING E_ROLE_UNEXPECTED", payload=posing,
           signers=[Signer(REHEARSAL)], stem="QTS-REHEARSAL-00000003.qdc")
    vector("rehearsal-renamed", "E_TYPE", kind="rehearsal", stem="QTS-REHEARSAL-00000003.qdc")
    vector("rehearsal-signature-on-a-certificate", "E_REHEARSAL E_SIG_CONTENT_TYPE E_ROLE_MISSING E_ROLE_UNEXPECTED", payload=posing,
           p7s=signed_data(canonical(posing), [Signer(REHEARSAL)], "rehearsal"), stem="QTS-REHEARSAL-00000003.qdc")


def define():
    sound()
    of_health()
    interrupted_and_resumed()
    octets_of_json()
    form()
    lies_about_coverage()
    lies_about_results()
    rehearsals()
