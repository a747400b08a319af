#!/usr/bin/env python3
"""Writes nfc_table.go: what normalisation form C needs of Unicode, which Go's standard library lacks.

usage: make_nfc_table.py >nfc_table.go
"""
import sys
import unicodedata

HANGUL = range(0xAC00, 0xD7A4)


def decompositions():
    for code in range(sys.maxunicode + 1):
        text = unicodedata.decomposition(chr(code))
        if not text or text.startswith("<") or code in HANGUL:
            continue
        parts = [int(each, 16) for each in text.split()]
        # Excluded from composition: what does not come back.
        mark = "" if unicodedata.normalize("NFC", chr(code)) == chr(code) else "-"
        yield f"{mark}{code:x}=" + "+".join(f"{part:x}" for part in parts)


def classes():
    code, last = 0, sys.maxunicode
    while code <= last:
        combining = unicodedata.combining(chr(code))
        end = code
        while end < last and unicodedata.combining(chr(end + 1)) == combining:
            end += 1
        if combining:
            yield f"{code:x}-{end:x}={combining}"
        code = end + 1


def constant(name, words):
    lines, line = [], ""
    for word in words:
        if len(line) + len(word) > 100:
            lines.append(line)
            line = ""
        line += word + " "
    return f"const {name} = \"\" +\n" + " +\n".join(f"\t\"{each}\"" for each in [*lines, line]) + "\n"


print("// Made by make_nfc_table.py from Unicode " + unicodedata.unidata_version + "; do not edit.")
print("package main\n")
print(constant("decompositionTable", decompositions()))
print(constant("combiningTable", classes()), end="")
