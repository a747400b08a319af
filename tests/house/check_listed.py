#!/usr/bin/env python3
"""Every source, test and fuzz target on disk is one that the build names, and the top level stays.

usage: check_listed.py ROOT
"""
import pathlib
import re
import sys

TEST_PATTERNS = ("*_test.cpp", "*_test.py", "*_test.sh", "fuzz/*.cpp")

TOP_LEVEL = {"CMakeLists.txt", "CMakePresets.json", "src", "include", "certificates", "tests", "man",
             "packaging", "build", "LICENSE", "README.md", "ARCHITECTURE.md", "CONTRIBUTING.md",
             "SECURITY.md", "CHANGELOG.md", "THREAT-MODEL.md"}  # and dot-files


def words(path):
    """What a CMakeLists.txt names, comments left out."""
    text = re.sub(r"#[^\n]*", "", path.read_text())
    return re.findall(r"[^\s()\"]+", text)


def listed_sources(root):
    """Paths under the root: spelled out, or as quietus_module(NAME SOURCES file...) has them."""
    text = re.sub(r"#[^\n]*", "", (root / "CMakeLists.txt").read_text())
    listed = set(words(root / "CMakeLists.txt"))
    for module, body in re.findall(r"\bquietus_module\(\s*(\w+)([^)]*)\)", text):
        listed.update(f"src/{module}/{word}" for word in body.split())
    return listed


def listed_tests(root):
    """Paths under the root that any list of CMake's under tests names, relative to itself."""
    listed = set()
    tests = root / "tests"
    for path in [*tests.rglob("CMakeLists.txt"), *tests.rglob("*.cmake")]:
        folder = path.parent.relative_to(root).as_posix()
        listed.update(f"{folder}/{word.removeprefix('${CMAKE_CURRENT_SOURCE_DIR}/')}"
                      for word in words(path))
    return listed


def unlisted(root, found, listed):
    places = {path.relative_to(root).as_posix() for path in found}
    return sorted(places - listed), len(places)


def main(arguments):
    root = pathlib.Path(arguments[0])
    tests = {path for pattern in TEST_PATTERNS for path in (root / "tests").rglob(pattern)}
    forgotten_tests, test_count = unlisted(root, tests, listed_tests(root))
    forgotten, source_count = unlisted(root, set((root / "src").rglob("*.cpp")), listed_sources(root))
    strangers = sorted(path.name for path in root.iterdir()
                       if path.name not in TOP_LEVEL and not path.name.startswith("."))
    for name in strangers:
        print(f"{name}: has no place at the top level")
    for place in forgotten_tests:
        print(f"{place}: named in no CMakeLists.txt under tests")
    for place in forgotten:
        print(f"{place}: not named in CMakeLists.txt")
    print(f"listed: {source_count} sources, {test_count} test files")
    wrong = strangers or forgotten or forgotten_tests or not source_count or not test_count
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
