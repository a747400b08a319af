#!/usr/bin/env python3
"""The schemas say what documents are: an independent validator accepts with them every vector that holds, and
refuses those whose form is wrong.

usage: schema_test.py CERTIFICATES     the folder with `schema` and `vectors`
       ends with 77 without the validator
"""
import json
import pathlib
import sys
import warnings

try:
    import jsonschema
except ImportError:
    print("skipped: needs python3-jsonschema")
    sys.exit(77)
warnings.simplefilter("ignore", DeprecationWarning)

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "vectors"))
import expectations  # noqa: E402

TYPES = ("certificate", "attempt", "rehearsal", "destruction", "validation", "confirmation")
# What a schema cannot say: a day of the calendar, and what one member means for another.
BEYOND_SCHEMA = {"schema-no-such-day", "schema-policy-statement", "schema-policy-undecided",
                 "schema-seed-of-an-early-pass", "validation-of-no-day", "validation-rejected-for-nothing",
                 "destruction-by-no-policy", "destruction-that-suffices-not", "destruction-for-a-reason",
                 "destruction-on-no-day", "own-erasure-as-an-overwrite", "own-erasure-without-options"}
SHA256, SHA384 = "ab" * 32, "cd" * 48


def read(path):
    return json.loads(path.read_text())


def validator(folder, kind):
    path = folder / f"{kind}.schema.json"
    schema = read(path)
    jsonschema.Draft202012Validator.check_schema(schema)
    resolver = jsonschema.RefResolver(path.resolve().as_uri(), schema)
    return jsonschema.Draft202012Validator(schema, resolver=resolver)


def kind_of(document):
    return document["type"].removeprefix("quietus.")


def holds(vector):
    return vector.verdict in ("valid", "not-an-erasure")


def of_vectors(validators, vectors):
    for vector in vectors:
        file = vector.document.with_suffix(".json")
        is_of_form = bool({"E_SCHEMA", "E_SCHEMA_MEMBER"} & set(vector.codes)) and vector.name not in BEYOND_SCHEMA
        if not holds(vector) and not is_of_form:
            continue
        beside = file.with_suffix(".validation.json")
        if beside.exists():
            if validators["validation"].is_valid(read(beside)) != holds(vector):
                yield f"{vector.name}: the schema says otherwise of the statement beside it"
            continue
        document = read(file)
        if validators[kind_of(document)].is_valid(document) != holds(vector):
            yield f"{vector.name}: the schema says otherwise"
        statement = document.get("confirmation", {}).get("statement")
        if statement and not validators["confirmation"].is_valid(json.loads(statement)):
            yield f"{vector.name}: the schema refuses the confirmation"


def destruction(drive_and_people):
    kept = ("id", "issued_at", "retain_until", "document_marking", "drive", "statements", "tool", "station",
            "time_source")
    required = [{"role": role, "certificate_sha256": SHA256} for role in ("station", "operator", "witness")]
    policy = {"statement": "a policy was applied", "applied": True, "profile": "p", "rule": "r", "source": "s"}
    done = {"method": "shred", "equipment": "a machine", "residue": "", "residue_counts_as": "",
            "destroyed_at": drive_and_people["issued_at"]}
    return {"type": "quietus.destruction", "schema": 1, "title": "STATEMENT OF PHYSICAL DESTRUCTION",
            "basis": "persons_stated", "seen_by_station": True, "signers_required": required, "policy": policy,
            "destruction": done, "sufficient": True, "reason": "", "log": drive_and_people["log"],
            **{name: drive_and_people[name] for name in kept}}


def validation(document):
    kept = ("id", "issued_at", "retain_until", "tool", "time_source")
    return {"type": "quietus.validation", "schema": 1, "title": "STATEMENT OF VALIDATION", "station": "EXAMPLE",
            "document_marking": "OFFICIAL", "payload_sha384": SHA384, "decision": "accepted", "validator": "vd01",
            "classification": "OFFICIAL", "reason": "", **{name: document[name] for name in kept},
            "signers_required": [{"role": "validator", "certificate_sha256": SHA256}]}


def of_persons(validators, certificate):
    """Statements of persons: what must be there is, what must never be is refused."""
    destroyed, accepted = destruction(certificate), validation(certificate)
    one_person = destroyed["signers_required"][1:2]
    station_instead = destroyed["signers_required"][:2]
    for name, document, good in [
            ("a statement of destruction", destroyed, True),
            ("one that says erased", {**destroyed, "title": "DRIVE ERASED"}, False),
            ("one with a verdict", {**destroyed, "verdict": "erased"}, False),
            ("one by a single person", {**destroyed, "signers_required": one_person}, False),
            ("one by a person and a station", {**destroyed, "signers_required": station_instead}, False),
            ("one on another basis", {**destroyed, "basis": "host_read_back"}, False),
            ("a validation", accepted, True),
            ("one that decides nothing", {**accepted, "decision": "perhaps"}, False),
            ("one of no document", {**accepted, "payload_sha384": ""}, False)]:
        if validators[kind_of(document)].is_valid(document) != good:
            yield f"{name}: the schema should {'accept' if good else 'refuse'} it"


def main(arguments):
    certificates = pathlib.Path(arguments[0])
    folder = certificates / "schema"
    files = {path.name for path in folder.glob("*.json")}
    expected = {f"{name}.schema.json" for name in (*TYPES, "definitions")}
    problems = [f"{name}: not one for each type and what they share" for name in files ^ expected]
    validators = {name: validator(folder, name) for name in TYPES}
    vectors = expectations.read_all(certificates / "vectors")
    problems += of_vectors(validators, vectors)
    good = next(each for each in vectors if each.name == "valid-drive")
    problems += of_persons(validators, read(good.document.with_suffix(".json")))
    print("\n".join(problems) or f"{len(validators)} schemas, {len(vectors)} vectors as expected")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
