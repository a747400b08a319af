#!/usr/bin/env python3
"""Size budgets: a file is 600 lines at most, a function 80 from its opening to its closing brace.

usage: check_budgets.py ROOT    fails over a limit, and reports what is over the size seldom exceeded
"""
import pathlib
import re
import sys

FILE_LIMIT, FILE_SELDOM = 600, 450
FUNCTION_LIMIT, FUNCTION_SELDOM = 80, 30
# "path:first line of the function" -> why it may be longer. A byte table may ask for a place here.
EXEMPT = {}

PLACES = ("src", "include", "tests", "packaging", ".ci")
SUFFIXES = {".cpp", ".hpp", ".py", ".sh", ".txt", ".cmake", ""}
# Comments, literals and preprocessor lines hold braces that are none.
NOISE = re.compile(r'R"([^\s()\\]*)\(.*?\)\1"|//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|'
                   r"(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'|^[ \t]*#(?:\\\n|[^\n])*", re.DOTALL | re.MULTILINE)
SCOPE = re.compile(r"^(?:template\b.*>\s*)?(?:inline\s+)?(?:namespace|class|struct|union|enum|extern)\b",
                   re.DOTALL)


def without_noise(text):
    """The same text with blanks for everything that is no code; lines stay where they are."""
    return NOISE.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)


def functions(text):
    """(first line, lines, opening words) of each function; a lambda counts with its function.

    Relies on the format check: a brace that opens a body has a space before it, a braced
    initialiser has none.
    """
    code = without_noise(text)
    found, scopes, start = [], [], 0
    for each in re.finditer(r"[{};]", code):
        initialiser = False
        if each[0] == "{" and not code[each.start() - 1].isspace():
            scopes.append(("initialiser", each.start(), ""))
            initialiser = True
        elif each[0] == "{":
            head = code[start:each.start()].strip()
            head = re.sub(r"^(?:(?:public|private|protected)\s*:\s*)+", "", head)
            inside = any(kind == "function" for kind, _, _ in scopes)
            is_function = "(" in head and not SCOPE.match(head) and not inside
            scopes.append(("function" if is_function else "other", each.start(), head))
        elif each[0] == "}" and scopes:
            kind, opened, head = scopes.pop()
            initialiser = kind == "initialiser"
            if kind == "function":
                first = code.count("\n", 0, opened) + 1
                found.append((first, code.count("\n", opened, each.start()) + 1, head.split("\n")[0]))
        if not initialiser:
            start = each.end()
    return found


def over_budget(place, text, seldom):
    """Breaches of one file; what is only over the seldom size is added to `seldom`."""
    findings = []
    lines = text.count("\n")
    if lines > FILE_LIMIT:
        findings.append(f"{place}: {lines} lines, the limit is {FILE_LIMIT}")
    if lines > FILE_SELDOM:
        seldom["files"].append(place)
    if place.endswith(("pp",)):
        for first, length, head in functions(text):
            if length > FUNCTION_LIMIT and f"{place}:{head}" not in EXEMPT:
                findings.append(f"{place}:{first}: {length} lines, the limit for a function is "
                                f"{FUNCTION_LIMIT}: {head}")
            if length > FUNCTION_SELDOM:
                seldom["functions"].append(f"{place}:{first}")
    return findings


def main(arguments):
    root = pathlib.Path(arguments[0])
    findings, counted = [], 0
    seldom = {"files": [], "functions": []}
    for path in sorted(path for place in PLACES for path in (root / place).rglob("*")):
        if path.suffix not in SUFFIXES or not path.is_file() or "corpus" in path.parts:
            continue
        counted += 1
        findings += over_budget(path.relative_to(root).as_posix(), path.read_text(), seldom)
    if counted == 0:
        findings.append(f"{root}: no files there")
    print("\n".join(findings + [
        f"budgets: {counted} files, {len(seldom['files'])} over {FILE_SELDOM} lines, "
        f"{len(seldom['functions'])} functions over {FUNCTION_SELDOM}"]))
    for place in seldom["files"] + seldom["functions"]:
        print(f"  seldom: {place}")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
