"""Scenarios about volumes that were erased by the destruction of their keys."""
from documents import CAPACITY, attempt, certificate, changed, digest, on_a_drive, read_back, write_pass
from scenarios_confirmation import decision
from world import STATION, vector

SIGNERS = [STATION]
LIMITS = ["ciphertext-left", "earlier-data-not-excluded", "key-copies-not-excluded"]
BEGIN, SIZE, DATA = 131072, 786432, 262144  # a volume of 768 KiB from 128 KiB on, its data 256 KiB behind that
KEPT = [{"offset": BEGIN + DATA, "length": SIZE - DATA}]
BEHIND = BEGIN + SIZE
WRITTEN = [{"offset": 0, "length": BEGIN + DATA}, {"offset": BEHIND, "length": CAPACITY - BEHIND}]
ERASED = CAPACITY - KEPT[0]["length"]
SECOND = BEGIN + 16384
WITHOUT_SECOND = [{"offset": 0, "length": SECOND}, {"offset": SECOND + 4096, "length": BEGIN + DATA - SECOND - 4096},
                  WRITTEN[1]]


def volume(**other):
    return {"offset_bytes": BEGIN, "size_bytes": SIZE, "version": 2, "cipher": "aes-xts-plain64", "key_bits": 512,
            "keys_end": DATA, "data_offset": DATA, **other}


def with_keys_gone(record):
    """All but the ciphertext was written and read back, and no header was found any more."""
    limits = sorted([*record["limits"], *LIMITS])
    written = write_pass(2, "random_stream", seed=digest("the seed of this pass"), capacity=ERASED)
    seen = read_back(3, 2, capacity=ERASED)
    written["written"] = seen["matched"] = WRITTEN
    record["method"].update({
        "technique": "luks-erase", "scheme": "", "scheme_title": "destruction of the keys of a LUKS volume",
        "level": "none", "not_reached": limits, "passes": [written], "volumes": [volume()],
        "luks": {"before": [{"offset_bytes": BEGIN, "headers": 2, "sha256": digest("its keys")}], "looked": True,
                 "text": ""}})
    record["verification"]["read_backs"] = [seen]
    record["coverage"] = {"bytes_proven": ERASED, "unproven": KEPT}
    record.update({"level": "none", "limits": limits})
    return record


def good():
    return with_keys_gone(on_a_drive(certificate(SIGNERS)))


def of_an_attempt():
    """The second header was still there."""
    record = with_keys_gone(attempt(SIGNERS))
    finding = {"code": "key-header-left", "text": "volumes: key-header-left", "first_block": SECOND // 512, "blocks": 8}
    record["method"]["luks"]["left"] = [{"offset": SECOND, "length": 4096}]
    record["verification"].update({"mode": "full", "percent": 100})
    record.update({"verdict": "failed", "findings": [finding]})
    return record


def sound():
    vector("valid-luks-erase", payload=good())
    vector("valid-luks-erase-of-an-image", payload=with_keys_gone(certificate(SIGNERS)))
    vector("luks-erase-header-left", payload=of_an_attempt(), kind="attempt")
    vector("luks-erase-header-left-kept-quiet", "E_SEM_RESULT", payload=changed(of_an_attempt(), "findings", None),
           kind="attempt")
    first = changed(good(), "method.volumes", [volume(version=1)])
    vector("valid-luks-erase-of-version-1", payload=changed(first, "method.luks.before.0.headers", 1))
    odd = changed(good(), "method.volumes.0.data_offset", DATA - 512)  # what is no whole unit is written
    vector("valid-luks-erase-in-whole-units", payload=changed(odd, "method.volumes.0.keys_end", DATA - 512))


def accepted(level="clear", claim="accepted"):
    """A rule takes the destruction of the keys for a clear."""
    record = good()
    answer = {**decision(), "medium": "hdd", "offered": ["luks-erase"], "method": "luks-erase", "level": level}
    record["policy"] = {"statement": "a policy was applied", "applied": True, "profile": "p", "rule": "r", "source": "s",
                        "decision": {**answer, **({"vendor_claim": claim} if claim else {})}}
    record["method"]["level"] = record["level"] = level
    record["limits"] = sorted([*record["limits"], "level-by-vendor-claim"])
    return record


def by_a_rule():
    def vector_of(name, codes, record):
        vector("luks-erase-accepted" + name, codes + "I_POLICY_TEXT", payload=record)

    vector_of("", "", accepted())
    vector_of("-not-at-all", "E_SEM_RESULT ", accepted(claim=None))
    vector_of("-as-a-purge", "E_SEM_RESULT ", accepted("purge"))
    vector_of("-kept-quiet", "E_SEM_RESULT ", {**accepted(), "limits": good()["limits"]})


def define():
    sound()
    by_a_rule()

    def lie(name, codes, *changes):
        record = good()
        for path, value in changes:
            record = changed(record, path, value)
        vector("luks-erase-" + name, codes, payload=record)

    lie("with-a-header-left", "E_SEM_RESULT", ("method.luks.left", [{"offset": SECOND, "length": 4096}]))
    lie("not-looked-for", "E_SEM_RESULT", ("method.luks.looked", False))
    lie("without-its-record", "E_SEM_RESULT", ("method.luks", None))
    lie("of-no-header", "E_SEM_RESULT", ("method.luks.before.0.headers", 0))
    lie("of-keys-elsewhere", "E_SEM_RESULT", ("method.luks.before.0.offset_bytes", BEGIN + 512))
    lie("header-not-written", "E_SEM_COVERAGE E_SEM_RESULT", ("method.passes.0.written", WITHOUT_SECOND),
        ("method.passes.0.bytes_written", ERASED - 4096))
    lie("header-not-read-back", "E_SEM_RESULT", ("verification.read_backs.0.matched", WITHOUT_SECOND),
        ("verification.read_backs.0.bytes_matched", ERASED - 4096),
        ("verification.read_backs.0.bytes_read", ERASED - 4096))
    lie("beyond-its-volume", "E_SEM_COVERAGE E_SEM_RESULT", ("method.volumes.0.size_bytes", SIZE + 65536))
    lie("from-before-its-data", "E_SEM_COVERAGE E_SEM_RESULT", ("method.volumes.0.data_offset", DATA - 65536),
        ("method.volumes.0.keys_end", DATA - 65536))
    lie("proven-in-full", "E_SEM_COVERAGE E_SEM_RESULT", ("coverage", {"bytes_proven": CAPACITY}))
    lie("left-more-than-ciphertext", "E_SEM_COVERAGE E_SEM_RESULT",
        ("coverage", {"bytes_proven": ERASED - 512,
                      "unproven": [{"offset": KEPT[0]["offset"] - 512, "length": KEPT[0]["length"] + 512}]}))
    lie("wrote-the-ciphertext", "E_SEM_RESULT", ("method.passes.0.written", [{"offset": 0, "length": CAPACITY}]),
        ("method.passes.0.bytes_written", CAPACITY))
    lie("level-above", "E_SEM_RESULT", ("method.level", "clear"), ("level", "clear"))
    lie("limit-left-out", "E_SEM_RESULT", ("limits", [each for each in good()["limits"] if each != LIMITS[0]]))
    lie("of-no-volume", "E_SEM_COVERAGE E_SEM_RESULT", ("method.volumes", None))
    lie("of-a-volume-twice", "E_SEM_COVERAGE E_SEM_RESULT", ("method.volumes", [volume(), volume()]))
    lie("of-a-volume-off-the-drive", "E_SEM_COVERAGE E_SEM_RESULT", ("method.volumes.0.size_bytes", CAPACITY))
    lie("keys-in-its-data", "E_SEM_COVERAGE E_SEM_RESULT", ("method.volumes.0.keys_end", DATA + 512))
    lie("detached", "E_SEM_COVERAGE E_SEM_RESULT", ("method.volumes.0.data_offset", 0))
    lie("of-nothing-encrypted", "E_SEM_COVERAGE E_SEM_RESULT", ("method.volumes.0.cipher", "cipher_null-ecb"))
    lie("key-too-short", "E_SEM_COVERAGE E_SEM_RESULT", ("method.volumes.0.key_bits", 64))
    lie("version-unknown", "E_SEM_COVERAGE E_SEM_RESULT", ("method.volumes.0.version", 3))
    lie("sampled", "E_SEM_RESULT", ("verification.mode", "sample"), ("verification.percent", 50))
    lie("as-an-overwrite", "E_SEM_RESULT", ("method.technique", "overwrite"))
    lie("left-off-the-drive", "E_SEM_COVERAGE", ("method.luks.left", [{"offset": CAPACITY, "length": 4096}]))
    lie("cipher-malformed", "E_SCHEMA", ("method.volumes.0.cipher", "aes xts"))
    lie("digest-malformed", "E_SCHEMA", ("method.luks.before.0.sha256", "its keys"))
    lie("member-missing", "E_SCHEMA", ("method.volumes.0.key_bits", None))
    lie("member-unknown", "E_SCHEMA_MEMBER", ("method.luks.uuid", "11111111-2222-4333-8444-555555555556"))
    beside = certificate(SIGNERS)
    beside["method"]["luks"] = good()["method"]["luks"]
    vector("luks-erase-beside-an-overwrite", "E_SEM_RESULT", payload=beside)
