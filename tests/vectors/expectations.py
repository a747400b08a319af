"""The folders of certificates/vectors as a verifier is given them, and what it must find."""
import dataclasses
import pathlib

JUDGED_AT = "2025-06-01T00:00:00Z"


@dataclasses.dataclass
class Expectation:
    name: str
    document: pathlib.Path  # any of its files
    verdict: str
    codes: list  # all but W_, sorted
    trust: pathlib.Path  # or None
    at: str  # the time of judging

    def difference(self, verdict, codes):
        """What another verifier found instead, as a line; None when it agrees."""
        found = sorted(code for code in codes if code[0] != "W")
        if (verdict, found) == (self.verdict, self.codes):
            return None
        return f"{self.name}: expected {self.verdict} {self.codes}, found {verdict} {found}"


def read_one(folder):
    lines = dict(line.split(": ", 1) for line in (folder / "expect").read_text().splitlines())
    verdict, *codes = lines["expect"].split()
    trust = lines.get("trust")
    file = {None: folder.parent / "root.pem", "none": None}.get(trust, folder / str(trust))
    document = sorted(path for path in folder.iterdir() if path.suffix in (".json", ".p7s"))[0]
    return Expectation(folder.name, document, verdict, sorted(codes), file, lines.get("at", JUDGED_AT))


def read_all(vectors):
    """Every folder has an `expect`; one without fails here."""
    return [read_one(path) for path in sorted(pathlib.Path(vectors).iterdir()) if path.is_dir()]
