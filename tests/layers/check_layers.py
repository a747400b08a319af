#!/usr/bin/env python3
"""Layer check: who may include whom, by the table in layers.txt.

usage: check_layers.py ROOT [TABLE]    prints one line a breach; exit 1 when there is any
"""
import pathlib
import re
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
SECTIONS = ("modules", "third-party", "anywhere")


class TableError(Exception):
    pass


def read_table(path):
    """The three sections: modules and third-party as dicts of word lists, anywhere as a set."""
    modules, homes, anywhere = {}, {}, set()
    section = None
    for number, raw in enumerate(path.read_text().splitlines(), 1):
        line = raw.split("#", 1)[0].strip()
        if not line:
            continue
        if line.startswith("["):
            section = line.strip("[]")
            if section not in SECTIONS:
                raise TableError(f"{path}:{number}: no such section: {line}")
        elif section == "anywhere":
            anywhere.update(line.split())
        else:
            name, colon, words = line.partition(":")
            if not colon or section is None:
                raise TableError(f"{path}:{number}: not of the form `name: words`")
            if section == "third-party":
                homes[name] = words.split()
            else:
                modules[name] = allowed_modules(f"{path}:{number}", name, words.split(), modules)
    return modules, homes, anywhere


def allowed_modules(where, name, words, earlier):
    if name in earlier:
        raise TableError(f"{where}: {name} has two rows")
    for word in words:
        if word != "*" and word not in earlier:
            raise TableError(f"{where}: {name} may not name {word}, which has no earlier row")
    return list(earlier) if "*" in words else words


def layer_of(place, modules):
    """The row that a file under src or include/quietus belongs to: its module, or its program."""
    parts = pathlib.PurePath(place).with_suffix("").parts
    if parts[0] != "bin":
        return parts[0]
    layer = "/".join(parts[:2])
    while layer not in modules and "_" in layer:
        layer = layer.rpartition("_")[0]
    return layer


def breach(place, bracket, header, table):
    """What is wrong with one include of the file at `place`, or None."""
    modules, homes, anywhere = table
    layer = layer_of(place, modules)
    if header.startswith("quietus/"):
        module = header.split("/")[1]
        if module == layer or module in modules[layer]:
            return None
        return f"{layer} may not include {module}"
    if bracket == '"':
        return None if ".." not in header else "leaves its folder by .."
    if header in anywhere or ("." not in header and "/" not in header):
        return None
    for start, places in homes.items():
        if header.startswith(start):
            at_home = any(re.match(re.escape(home) + r"(?=[/.]|$)", place) for home in places)
            return None if at_home else f"its home is {' '.join(places)}"
    return "no row in the table"


def check(root, table):
    findings = []
    if not list((root / "src").rglob("*.cpp")):
        return [f"{root}: no sources there"]
    for top in ("include/quietus", "src"):
        for path in sorted((root / top).rglob("*.[hc]pp")):
            place = path.relative_to(root / top).as_posix()
            layer = layer_of(place, table[0])
            if layer not in table[0]:
                findings.append(f"{top}/{place}: {layer} has no row in the table")
                continue
            for number, line in enumerate(path.read_text().splitlines(), 1):
                found = INCLUDE.match(line)
                wrong = found and breach(place, found[1], found[2], table)
                if wrong:
                    findings.append(f"{top}/{place}:{number}: {found[2]}: {wrong}")
    return findings


def main(arguments):
    root = pathlib.Path(arguments[0])
    path = pathlib.Path(arguments[1]) if len(arguments) > 1 else root / "tests/layers/layers.txt"
    try:
        findings = check(root, read_table(path))
    except TableError as error:
        findings = [str(error)]
    print("\n".join(findings) or "layers: every include is allowed")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
