#!/bin/bash
# Does the program still need no more instructions than bench/gate.tsv says, plus 5 %? Counted by callgrind over the reports of
# corpus/, so that no clock and no neighbour matters; the counts belong to one compiler and one set of libraries, which the
# file names. UPDATE=1 writes it anew.
set -eu
roentext=${ROENTEXT:-build/release/roentext}
export ROENTEXT_HOME=${ROENTEXT_HOME:-.}
table=bench/gate.tsv
tmp=$(mktemp -d); trap 'rm -rf "$tmp"' EXIT
passed=0 failed=0

count() { # instructions of a command
    valgrind --tool=callgrind --callgrind-out-file="$tmp/out" "$@" >/dev/null 2>"$tmp/err" || { cat "$tmp/err" >&2; exit 1; }
    awk '/^summary:|^totals:/ { n = $2 } END { print n }' "$tmp/out"
}

run() { # NAME COMMAND...
    local name=$1 now before
    shift
    now=$(count "$@")
    printf '%s\t%s\n' "$name" "$now" >>"$tmp/table"
    before=$(awk -F'\t' -v name="$name" '$1 == name { print $2 }' $table 2>/dev/null || true)
    if [ -n "${UPDATE-}" ]; then echo "$name: $now instructions"; return; fi
    if awk -v now="$now" -v before="${before:-0}" 'BEGIN { exit !(now <= before * 1.05) }'; then
        echo "$name: $now instructions, $before before"; passed=$((passed + 1))
    else
        echo "FAILED $name: $now instructions, more than $before + 5 %"; failed=$((failed + 1))
    fi
}

machine="# $(${CC:-gcc} --version | head -n 1), ICU $(pkg-config --modversion icu-uc), SQLite $(pkg-config --modversion sqlite3)"
if [ -z "${UPDATE-}" ] && ! grep -qxF "$machine" $table; then
    echo "counted with other tools than these ($machine): UPDATE=1 on the commit before the change, then again"; exit 1
fi
run start "$roentext" --version
run one-report "$roentext" convert -o /dev/null corpus/abdomen/en-01-ruptured-aaa.txt
run convert-jsonl "$roentext" convert -j 1 --to jsonl -o "$tmp/jsonl" corpus/*/*.txt
run convert-xml "$roentext" convert -j 1 --to xml -o "$tmp/xml" corpus/*/*.txt
run index "$roentext" index "$tmp/db" corpus/*/*.txt
if [ -n "${UPDATE-}" ]; then { echo "$machine"; cat "$tmp/table"; } >$table; exit 0; fi
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
