#!/bin/bash
# Compares what the program makes of corpus/GROUP/NAME.txt with what people wrote beside it:
#   NAME.findings   the expected findings (rows whose method is derived and the column method are left out)
#   NAME.xml        the expected structured report of a few
#   NAME.todo       known differences to NAME.findings: lines "# reason", then the diff lines ("-" expected, "+" got)
# Equal: passed. Different, exactly as NAME.todo says: skipped. Anything else, also a NAME.todo that is no longer needed: failed.
# UPDATE=1 rewrites the diff lines of NAME.todo (its # lines stay) and NAME.xml; it never touches NAME.findings.
# run.sh [PATTERN]: only the reports whose path holds PATTERN. Closes with "N passed, N failed, N skipped".
set -u
export LC_ALL=C.UTF-8
roentext=${ROENTEXT:-build/release/roentext}
export ROENTEXT_HOME=${ROENTEXT_HOME:-.}
tmp=$(mktemp -d); trap 'rm -rf "$tmp"' EXIT
passed=0 failed=0 skipped=0

fail() { echo "FAILED $1: $2"; [ -s "${3-}" ] && head -n 40 "$3"; failed=$((failed + 1)); }

# Lines that differ, "-" expected and "+" got, without diff's own lines.
differences() { diff -U 0 "$1" "$2" | sed -n '/^--- /d; /^+++ /d; /^[-+]/p'; }

update_todo() {
    if [ ! -s "$2" ]; then rm -f "$1"; return; fi
    { if [ -f "$1" ]; then grep '^#' "$1"; else echo '# unreviewed'; fi; cat "$2"; } >"$tmp/todo" && cp "$tmp/todo" "$1"
}

check_findings() {
    local base=$1
    "$roentext" convert --dump finding "$base.txt" >"$tmp/dump" 2>"$tmp/err" ||
        { fail "$base.findings" "the program ended with $?" "$tmp/err"; return; }
    awk -F'\t' -v OFS='\t' 'NF != 13 { print "line with " NF " columns: " $0; next } $13 != "derived" { NF = 12; print }' "$tmp/dump" >"$tmp/got"
    differences "$base.findings" "$tmp/got" >"$tmp/diff"
    if [ -n "${UPDATE-}" ]; then update_todo "$base.todo" "$tmp/diff"; fi
    if [ ! -s "$tmp/diff" ]; then
        if [ -f "$base.todo" ]; then fail "$base.todo" 'passes now: remove it (UPDATE=1 does)'; else passed=$((passed + 1)); fi
    elif [ -f "$base.todo" ] && grep -v '^#' "$base.todo" | cmp -s - "$tmp/diff"; then
        if grep -q '^# .' "$base.todo"; then skipped=$((skipped + 1)); else fail "$base.todo" 'has no line "# reason"'; fi
    elif [ -f "$base.todo" ]; then
        grep -v '^#' "$base.todo" >"$tmp/known"; differences "$tmp/known" "$tmp/diff" >"$tmp/change"
        fail "$base.findings" "differs otherwise than $base.todo says" "$tmp/change"
    else
        fail "$base.findings" 'differs (- expected, + got)' "$tmp/diff"
    fi
}

check_xml() {
    local base=$1
    "$roentext" convert --to xml "$base.txt" >"$tmp/got" 2>"$tmp/err" ||
        { fail "$base.xml" "the program ended with $?" "$tmp/err"; return; }
    if [ -n "${UPDATE-}" ]; then cp "$tmp/got" "$base.xml"; fi
    differences "$base.xml" "$tmp/got" >"$tmp/diff"
    if [ -s "$tmp/diff" ]; then fail "$base.xml" 'differs (- expected, + got)' "$tmp/diff"; else passed=$((passed + 1)); fi
}

shopt -s nullglob
[ -z "${UPDATE-}" ] || tests/golden/fields.py "${1-}" >/dev/null # its deviations are recorded with the others
for text in corpus/*/*.txt; do
    [[ $text == *"${1-}"* ]] || continue
    base=${text%.txt} known=
    if [ -f "$base.findings" ]; then check_findings "$base"; known=yes; fi
    if [ -f "$base.xml" ]; then check_xml "$base"; known=yes; fi
    if [ -f "$base.fields" ]; then known=yes; fi # tests/golden/fields.py
    if [ -z "$known" ]; then fail "$text" 'has neither .findings nor .fields nor .xml beside it'; fi
done
for lost in corpus/*/*.{findings,fields,xml,todo}; do
    case $lost in *.fields.todo) continue ;; esac
    [ -f "${lost%.*}.txt" ] || fail "$lost" 'has no report beside it'
done
[ $((passed + failed + skipped)) -gt 0 ] || fail corpus 'holds no report'
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
