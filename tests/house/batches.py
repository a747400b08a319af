#!/usr/bin/env python3
"""Sources joined, so that what they include is read once for several of them: a quicker build from nothing.

usage: batches.py FOLDER NAME SIZE SOURCE...    writes FOLDER/NAME_N.cpp, each of which includes up to SIZE sources;
                                                prints what is to be compiled, separated by semicolons

Sources are joined only when no name that one of them keeps to itself is said by another, of whatever, unless it is a
member of something: then each means what it means alone. One that says `using enum` for itself is never joined. Names
are found by the layout that clang-format gives to every source here.
"""
import os
import pathlib
import re
import sys

UNSAID = re.compile(r'R"(\w*)\(.*?\)\1"|"(?:[^"\\\n]|\\.)*"|//[^\n]*', re.DOTALL)  # texts and comments
WORD = re.compile(r"(?<![\w.:>])[A-Za-z_]\w*")
TYPE = re.compile(r"(?:struct|class|union|enum class|enum)\s+(?:\[\[\w+\]\]\s*)?(\w+)")
ALIAS = re.compile(r"using (\w+) =")
MACRO = re.compile(r"#\s*define (\w+)")
MATCHER = re.compile(r"MATCHER\w*\((\w+)")
OTHER = re.compile(r"[^=({;]*?(\w+)(?:\[[^\]]*\])*\s*[(={;]")
USING_ENUM = re.compile(r"^using enum ", re.MULTILINE)
# What may be said again, and tests, whose names are made of those of their suites.
SAYS_AGAIN = re.compile(r"using [^=]*;|namespace \w+ =|TEST|INSTANTIATE_|GTEST_|TYPED_")


def own_names(text):
    """What is defined in the unnamed namespaces of a source, as its macros are, is no other's."""
    names, inside = set(), False
    for line in text.splitlines():
        if line == "namespace {":
            inside = True
        elif line == "} // namespace":
            inside = False
        elif macro := MACRO.match(line):
            names.add(macro[1])
        elif inside and re.match(r"[A-Za-z_\[]", line) and not SAYS_AGAIN.match(line):
            found = TYPE.match(line) or ALIAS.match(line) or MATCHER.match(line) or OTHER.match(line)
            names.update([found[1]] if found else [])
    return names


def batches(sources, size):
    """Each source in the first batch that has room and where it goes with all others."""
    joined, alone = [], []
    for source in sources:
        text = pathlib.Path(source).read_text()
        own, words = own_names(text), set(WORD.findall(UNSAID.sub("", text)))
        if USING_ENUM.search(text):
            alone.append([(source, own, words)])
            continue
        for batch in joined:
            if len(batch) < size and all(own.isdisjoint(w) and o.isdisjoint(words) for _, o, w in batch):
                batch.append((source, own, words))
                break
        else:
            joined.append([(source, own, words)])
    return [[source for source, _, _ in batch] for batch in joined + alone]


def write(path, text):
    """Untouched when it says so already: a build goes by the time of the file."""
    if not path.exists() or path.read_text() != text:
        path.write_text(text)


def main(arguments):
    folder, name, size, *sources = arguments
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    compiled = []
    for number, batch in enumerate(batches(sources, int(size))):
        if len(batch) == 1:
            compiled += batch
            continue
        path = folder / f"{name}_{number}.cpp"
        there = [os.path.relpath(source, folder) for source in batch]  # the same in every tree, for compilers' caches
        write(path, "".join(f'#include "{source}" // NOLINT(bugprone-suspicious-include)\n' for source in there))
        compiled.append(str(path))
    print(";".join(compiled), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
