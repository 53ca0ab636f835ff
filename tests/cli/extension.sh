#!/bin/bash
# roentext_fts5.so: the sqlite3 shell and Python's sqlite3 ask the same words of an index as `roentext search` does.
. "$(dirname "$0")/cli.inc"
extension=${OUT:-build/release}/roentext_fts5.so
db=$tmp/test.db
[ -f "$extension" ] || { skip "no $extension"; finish; }
case ${OUT:-} in *asan* | *tsan* | *ubsan*) skip 'the extension of a sanitizer build needs a program of one'; finish ;; esac
bench/generate -n 800 --seed 3 -o "$tmp/in.jsonl" 2>/dev/null
run 0 "$roentext" index "$db" "$tmp/in.jsonl"
count() { "$roentext" search "$db" "$1" --count; }

# pairs: a query of ours, what it is to FTS5
pairs=('=effusion|effusion' '=积液|积液' '"pleural effusion"|"pleural effusion"' 'finding:气胸 presence:present|rid5352p' 'nodul*|nodul*'
    'section:impression =effusion|impression:effusion' '[pneumothorax absent] OR =骨折|rid5352a OR rid5352n OR 骨折' '=small NEAR/3 =effusion|NEAR(small effusion, 3)')
if command -v sqlite3 >/dev/null && sqlite3 :memory: ".load $extension" 2>/dev/null; then
    sql() { sqlite3 "$db" ".load $extension" "$@"; }
    for pair in "${pairs[@]}"; do
        run 0 sql "SELECT count(*) FROM report_fts WHERE report_fts MATCH '${pair#*|}'"
        holds "$pair" test "$(cat "$tmp/out")" = "$(count "${pair%%|*}")" -a "$(cat "$tmp/out")" -gt 0
    done
    run 0 sql "SELECT highlight(report_fts, 5, '[', ']') FROM report_fts('findings:pneumothorax') LIMIT 1"; says out '\[pneumothorax\]|\[Pneumothorax\]'
    run 0 sql "SELECT highlight(report_fts, 5, '<', '>') FROM report_fts('findings:\"胸腔积液\"') LIMIT 1"; says out '<胸腔积液>'
    run 0 sql "INSERT INTO report_fts(report_fts, rank) VALUES('integrity-check', 1)"
    run 0 sql "SELECT count(*) FROM report_section WHERE concepts LIKE '% %'"; says out '^[1-9]'
    run 0 sql "SELECT f.id FROM finding f WHERE f.name_zh = '气胸' AND f.presence = 'present'"; cp "$tmp/out" "$tmp/rows"
    holds 'the view agrees with the search' test "$(sort -u "$tmp/rows" | wc -l)" = "$(count '[finding:气胸 presence:present]')"
else
    skip 'no sqlite3 that loads extensions'
fi
if python3 -c 'import sqlite3; sqlite3.connect(":memory:").enable_load_extension(True)' 2>/dev/null; then
    run 0 python3 - "$db" "$extension" <<'END'
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.enable_load_extension(True)
db.load_extension(sys.argv[2].removesuffix('.so'))
print(db.execute('SELECT count(*) FROM report_fts WHERE report_fts MATCH ?', ('胸腔积液 AND rid34539p',)).fetchone()[0])
text, = db.execute("SELECT highlight(report_fts, 6, '<', '>') FROM report_fts WHERE report_fts MATCH 'impression:effusion'").fetchone()
assert '<effusion>' in text.lower(), text
END
    holds 'Python finds the same' test "$(cat "$tmp/out")" = "$(count '=胸腔积液 [finding:胸腔积液 presence:present]')"
else
    skip 'a Python whose sqlite3 loads no extensions'
fi
finish
