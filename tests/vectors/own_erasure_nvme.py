"""Payloads of NVMe drives that erased themselves, which the scenarios change."""
from documents import CAPACITY, digest, step, timing, whole, write_pass
from own_erasure import BLOCK, STEPS, areas, blocks_at, by_the_drive, options

FIRST = CAPACITY // 4  # the first of two namespaces
COMMANDS = {"nvme-sanitize-crypto-erase": 0x404, "nvme-sanitize-block-erase": 0x402, "nvme-sanitize-overwrite": 0x213}


def log_of(command, state=1, erased=1, passes=0):
    """The Sanitize Status log: SPROG, SSTAT, SCDW10, without the zeros at its end."""
    octets = bytes([0xFF, 0xFF, state | passes << 3, erased]) + command.to_bytes(4, "little")
    return octets.rstrip(b"\0").hex()


def namespace(nsid, size):
    return {"nsid": nsid, "attached": True, "described": True, "blocks": size // BLOCK, "block_bytes": BLOCK, "format": 0,
            "metadata_bytes": 0, "metadata_extended": False, "protection": 0, "protection_first": False,
            "write_protected": False, "shared": False}


def scope():
    return {"namespaces": [namespace(1, FIRST), namespace(2, CAPACITY - FIRST)], "total_bytes": str(CAPACITY + 4096),
            "unallocated_bytes": "4096", "namespace_bytes": str(CAPACITY), "complete": True, "accounted": True,
            "other_controllers": False}


def health():
    return {"power_on_hours": 1234, "media_errors": 0, "critical_warning": 2, "text": ""}


def sanitize(technique):
    command = COMMANDS[technique]
    overwrites = technique == "nvme-sanitize-overwrite"
    return {"phase": "ended", "command": command, "pattern": 0xA5A5A5A5 if overwrites else 0, "before": "never",
            "log_before": "ffff", "log_after": log_of(command, passes=1 if overwrites else 0), "announced_seconds": 60,
            "status": "0000", "accepted": True, "seen_in_progress": True, "progress": 65000, "went_backwards": False,
            "asked": 20, "unanswered": 0, "verification": "not-asked" if overwrites else "left", "after": "sanitized",
            "stage": "idle", "echoed": True, "data_erased": True, "passes": 1 if overwrites else 0,
            "outcome": "succeeded", "text": "", "timing": timing(20, 5)}


def formatted(technique):
    crypto = technique == "nvme-format-crypto-erase"
    return {"phase": "ended", "erase": "crypto" if crypto else "user-data", "attributes": 4, "namespaces": [1, 2],
            "commands": [{"nsid": nsid, "command": 0x400 if crypto else 0x200, "status": "0000", "succeeded": True}
                         for nsid in (1, 2)],
            "timeout_seconds": 14400, "end_unseen": False, "formats_kept": True, "outcome": "succeeded", "text": "",
            "timing": timing(20, 5)}


def medium_read(expectation):
    return {"canaries_checked": True, "read_back": {"expectation": expectation, "bytes": "", "matched": whole(),
                                                    "completed": True, "timing": timing(23)}}


def by_the_nvme_drive(signers, technique="nvme-sanitize-block-erase"):
    """A flash drive of two namespaces that erased itself."""
    record = by_the_drive(signers)
    evidence = record["method"]["firmware"]
    del evidence["pass_through"], evidence["sanitize"]
    told = options(pattern=0xA5A5A5A5) if technique == "nvme-sanitize-overwrite" else options()
    border = FIRST // BLOCK
    written = blocks_at(0, 100, border - 1, border, CAPACITY // BLOCK - 1)
    for name in ("identity_before", "identity_after"):
        evidence[name].update({"model": "Example SSD", "security_word": 0, "sha256": digest("the Identify data")})
    everything = {"accessible": areas(CAPACITY, CAPACITY)["accessible"]}
    evidence.update({
        "method": technique, "options": told, "scope_before": scope(), "scope_after": scope(),
        "hidden": {"state": "none", "text": "", "before": everything, "after": everything},
        "health_before": health(), "health_after": health(),
        "canaries": {"written": written, "gone": written, "hidden_from": 0, "checked": True}})
    steps = list(STEPS)
    if technique.startswith("nvme-sanitize-"):
        evidence["nvme_sanitize"] = sanitize(technique)
    else:
        evidence["nvme_format"] = formatted(technique)
    if technique == "nvme-sanitize-block-erase":
        evidence["read_back"].update({"expectation": "zeros-or-ones", "bytes": ""})
        evidence["medium_read"] = medium_read("zeros-or-ones")
    elif technique != "nvme-sanitize-overwrite":
        steps.append(step("write", "random_stream"))
        evidence["read_back"].update({"expectation": "host-pass", "bytes": ""})
        evidence["host_pass"] = write_pass(4, "random_stream", seed=digest("the seed of this pass"))
        if technique == "nvme-sanitize-crypto-erase":
            evidence["medium_read"] = medium_read("host-pass")
    record["drive"].update({"kind": "nvme", "medium": "flash", "model": "Example SSD"})
    record["method"].update({"technique": technique, "options": told, "steps": steps})
    return record
