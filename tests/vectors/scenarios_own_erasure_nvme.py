"""Scenarios about NVMe drives that erased themselves: what holds, and lies that are signed."""
from documents import CAPACITY, changed, timing
from own_erasure import blocks_at, clear, unproven
from own_erasure_nvme import COMMANDS, by_the_nvme_drive, log_of
from scenarios_confirmation import decision
from world import STATION, vector

SIGNERS = [STATION]
BLOCK_ERASE = COMMANDS["nvme-sanitize-block-erase"]


def sound():
    for technique in COMMANDS:
        vector("valid-own-erasure-" + technique, payload=by_the_nvme_drive(SIGNERS, technique))
    vector("valid-own-erasure-nvme-format", payload=clear(by_the_nvme_drive(SIGNERS, "nvme-format-crypto-erase")))
    unread = by_the_nvme_drive(SIGNERS)
    unread["method"]["firmware"]["nvme_sanitize"]["verification"] = "cancelled"
    unread["limits"] = ["level-reported-by-drive", "medium-not-read", "technique-not-proven-on-hardware"]
    vector("valid-own-erasure-nvme-medium-not-read", payload=unread)
    beside = by_the_nvme_drive(SIGNERS)
    for name in ("scope_before", "scope_after"):
        beside["method"]["firmware"][name]["excluded"] = ["boot partitions"]
    beside["limits"] = ["beside-namespaces-not-reached", "level-reported-by-drive", "technique-not-proven-on-hardware"]
    vector("valid-own-erasure-nvme-boot-partitions", payload=beside)
    worn = by_the_nvme_drive(SIGNERS)
    worn["method"]["firmware"]["health_after"]["media_errors"] = 1
    vector("valid-own-erasure-nvme-worn", payload=clear(worn, "remapped-blocks-may-hold-data"))


def claimed_by_the_vendor(technique="nvme-format-crypto-erase", claim="accepted"):
    """Purge where a rule accepts that the vendor's way of it is such."""
    record = by_the_nvme_drive(SIGNERS, technique)
    for name in ("scope_before", "scope_after"):
        record["method"]["firmware"][name].update({"unallocated_bytes": "0", "total_bytes": str(CAPACITY)})
    answer = {**decision(), "medium": "nvme", "offered": [technique], "method": technique, "level": "purge"}
    record["policy"] = {"statement": "a policy was applied", "applied": True, "profile": "p", "rule": "r", "source": "s",
                        "decision": {**answer, **({"vendor_claim": claim} if claim else {})}}
    record["limits"] = ["level-by-vendor-claim", "level-reported-by-drive", "technique-not-proven-on-hardware"]
    return record


def by_a_vendors_claim():
    def vector_of(name, codes, record):
        vector("own-erasure-nvme-vendor-claim" + name, codes + "I_POLICY_TEXT", payload=record)

    vector_of("", "", claimed_by_the_vendor())
    vector_of("-kept-quiet", "E_SEM_RESULT ",
              {**claimed_by_the_vendor(), "limits": ["level-reported-by-drive", "technique-not-proven-on-hardware"]})
    vector_of("-not-accepted", "E_SEM_RESULT ", claimed_by_the_vendor(claim=None))
    apart = claimed_by_the_vendor()
    apart["method"]["firmware"]["scope_before"] = by_the_nvme_drive(SIGNERS)["method"]["firmware"]["scope_before"]
    vector_of("-of-blocks-in-no-namespace", "E_SEM_RESULT ", apart)
    vector_of("-of-user-data", "E_SEM_RESULT ", claimed_by_the_vendor("nvme-format-user-data"))
    vector("own-erasure-nvme-vendor-claim-unknown-word", "E_SCHEMA", payload=claimed_by_the_vendor(claim="perhaps"))


def that_ended_otherwise():
    left = by_the_nvme_drive(SIGNERS)
    left["method"]["firmware"]["medium_read"]["canaries_left"] = blocks_at(100)
    vector("own-erasure-nvme-left-on-the-medium", kind="attempt",
           payload=unproven(left, "failed", "canary-left", proven=True, placed=100))


def lies():
    def vector_of(name, codes, *changes, record=None):
        record = record or by_the_nvme_drive(SIGNERS)
        for path, value in changes:
            record = changed(record, "method.firmware." + path, value)
        vector("own-erasure-nvme-" + name, codes, payload=record)

    vector_of("ended-after-the-read-back", "E_SEM_TIME_ORDER", ("nvme_sanitize.timing", timing(20, 70)))
    state = "nvme_sanitize."
    vector_of("log-of-another-command", "E_SEM_RESULT", (state + "log_after", log_of(BLOCK_ERASE + 1)))
    vector_of("log-without-gde", "E_SEM_RESULT", (state + "log_after", log_of(BLOCK_ERASE, erased=0)))
    vector_of("log-of-a-failure", "E_SEM_RESULT", (state + "log_after", log_of(BLOCK_ERASE, state=3)))
    vector_of("log-malformed", "E_SCHEMA", (state + "log_after", "xx"))
    vector_of("not-what-was-asked", "E_SEM_RESULT", (state + "command", BLOCK_ERASE | 8),
              (state + "log_after", log_of(BLOCK_ERASE | 8)))
    vector_of("the-same-success-before", "E_SEM_RESULT", (state + "seen_in_progress", False),
              (state + "log_before", log_of(BLOCK_ERASE)))
    vector_of("still-verifying", "E_SEM_RESULT", (state + "stage", "media-verification"))
    vector_of("medium-not-read-kept-quiet", "E_SEM_RESULT", ("medium_read", None))
    vector_of("without-scope", "E_SEM_RESULT", ("scope_after", None))
    vector_of("not-accounted-for", "E_SEM_RESULT", ("scope_before.accounted", False))
    vector_of("total-malformed", "E_SCHEMA", ("scope_before.total_bytes", "1e6"))
    unattached = by_the_nvme_drive(SIGNERS)
    for name in ("scope_before", "scope_after"):
        scope = unattached["method"]["firmware"][name]
        scope["namespaces"].append({**scope["namespaces"][1], "nsid": 3, "attached": False})
    vector_of("unattached", "E_SEM_RESULT", record=unattached)
    border = by_the_nvme_drive(SIGNERS)
    canaries = border["method"]["firmware"]["canaries"]
    canaries["written"] = canaries["gone"] = [*canaries["written"][:3], canaries["written"][4]]
    vector_of("border-without-canary", "E_SEM_RESULT", record=border)
    one = by_the_nvme_drive(SIGNERS, "nvme-format-user-data")
    one["method"]["firmware"]["nvme_format"]["commands"].pop()
    vector_of("format-of-one", "E_SEM_RESULT", record=clear(one))
    vector_of("format-of-another-form", "E_SEM_RESULT", ("nvme_format.formats_kept", False),
              record=clear(by_the_nvme_drive(SIGNERS, "nvme-format-user-data")))
    purged = by_the_nvme_drive(SIGNERS, "nvme-format-crypto-erase")
    vector_of("format-as-a-purge", "E_SEM_RESULT", record=purged)


def define():
    sound()
    by_a_vendors_claim()
    that_ended_otherwise()
    lies()
