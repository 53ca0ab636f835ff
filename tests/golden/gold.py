#!/usr/bin/env python3
"""Every expected finding in corpus/ can be true of its report: columns, closed words, spans in order that cut out the text they claim."""
import glob
import sys

HEAD = "b e text concept presence temporality experiencer laterality severity change sizes_mm anatomy".split()
WORDS = {
    "presence": "present absent possible unlikely queried",
    "temporality": "current historical",
    "experiencer": "patient family other",
    "laterality": "left right bilateral midline -",
    "severity": "mild moderate severe borderline -",
    "change": "new increased decreased stable resolved -",
}
bad = 0


def complain(path, line, message):
    global bad
    bad += 1
    print(f"{path}:{line}: {message}")


def check(path, report, rows):
    last = -1
    for n, row in enumerate(rows, 2):
        if len(row) != len(HEAD):
            complain(path, n, f"{len(row)} columns, not {len(HEAD)}")
            continue
        cell = dict(zip(HEAD, row))
        for column, words in WORDS.items():
            if cell[column] not in words.split():
                complain(path, n, f"{column} is not {cell[column]!r}")
        b, e = int(cell["b"]), int(cell["e"])
        text = cell["text"].replace("\\n", "\n")  # as the dump writes a line end inside a cell
        if report[b:e] != text:
            complain(path, n, f"{b}-{e} is {report[b:e]!r}, not {text!r}")
        if b < last:
            complain(path, n, "not in the order of b")
        if "" in row:
            complain(path, n, "empty cell (write -)")
        last = b


paths = sorted(glob.glob("corpus/*/*.findings"))
for path in paths:
    with open(path[: -len("findings")] + "txt", encoding="utf-8", newline="") as f:
        report = f.read()
    with open(path, encoding="utf-8", newline="") as f:
        lines = f.read().split("\n")
    if lines[0].split("\t") != HEAD:
        complain(path, 1, "not the column names")
    if lines[-1] != "":
        complain(path, len(lines), "no newline at the end")
    check(path, report, [line.split("\t") for line in lines[1:-1]])
sys.exit(bad > 0 or not paths)
