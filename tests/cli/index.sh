#!/bin/bash
# index, search and critical as a user meets them: both languages, rows that prove themselves, what happens to databases
# that are not ours, to a full disk, to a run that is killed, and after a change of the lexicon.
. "$(dirname "$0")/cli.inc"
db=$tmp/test.db
index() { "$roentext" index "$@"; }
search() { "$roentext" search "$db" "$@"; }
hits() { local got; got=$(search "$2" --count 2>"$tmp/err"); if [ "$got" = "$1" ]; then pass; else
    fail "$2: $got hits, not $1"; head -n 3 "$tmp/err"; fi; }

cat >"$tmp/in.jsonl" <<'END'
{"id":"e1","text":"FINDINGS: Small left pleural effusion. No pneumothorax.\nIMPRESSION: Left pleural effusion.","modality":"XR","date":"2024-03-05","sex":"F","age":57}
{"id":"e2","text":"FINDINGS: There is a large right pneumothorax. A 12 mm nodule in the right upper lobe.\nIMPRESSION: Right pneumothorax.","modality":"CT","date":"2024-05-01"}
{"id":"z1","text":"检查所见：右侧气胸，右肺压缩约30%。未见胸腔积液。\n诊断意见：右侧气胸。","modality":"XR","date":"20240610"}
{"id":"z2","text":"检查所见：左侧少量胸腔积液，未见气胸。右肺上叶见结节，大小约6mm。\n诊断意见：左侧胸腔积液。","sex":"M"}
END

# ---- in, and found again in either language
run 0 index "$db" "$tmp/in.jsonl"
for both in 'finding:pneumothorax finding:气胸 4' 'pneumothorax 气胸 4' '"finding:RID5352 presence:present" "气胸 presence:present" 2' \
    '"finding:pneumothorax presence:absent" "finding:气胸 presence:absent" 2' '"finding:\"pleural effusion\"" 胸腔积液 3' \
    '"[pneumothorax right present]" "[气胸 右侧 present]" 2' '"[nodule size>8mm]" "[结节 size>8mm]" 1'; do
    eval "set -- $both"
    hits "$3" "$1"; hits "$3" "$2"
done
hits 1 '"pleural effusion"' # a phrase is what it says, in its language
hits 1 '"left pleural effusion"'
hits 2 '=气胸'
hits 2 '肺压 OR "large right"'
hits 1 'section:impression "right pneumothorax"'
hits 1 'modality:CT'
hits 2 'date:2024-05..2024-06'
hits 1 'sex:F age:50..60'
hits 0 'finding:pneumothorax presence:present side:midline'
hits 2 'language:zh'
run 0 search nosuchword; holds 'no hits, no rows' lines out 0
run 0 search 'pneumothorax' --limit 1; holds 'one row' lines out 1; says out '^z2|^e'
run 0 search '=pneumothorax' --sort oldest; says out '^e1 .*2024-03-05.*No «pneumothorax»'
run 0 search '[nodule right size>8mm present]' --explain; says out 'a finding: .*side right, larger than 8 mm'

# ---- rows for programs: every span is the text it speaks of
run 0 search 'finding:pneumothorax OR effusion' --format jsonl
holds 'spans prove themselves' python3 - "$tmp/in.jsonl" "$tmp/out" <<'END'
import json, sys
texts = {r['id']: r['text'] for r in map(json.loads, open(sys.argv[1], encoding='utf-8'))}
rows = [json.loads(l) for l in open(sys.argv[2], encoding='utf-8')]
assert [r['id'] for r in rows] == ['z2', 'z1', 'e2', 'e1'], rows
words = set()
for r in rows:
    text = texts[r['id']]
    b, e = r['snippet_at']
    assert text[b:e] == r['snippet'] and r['hits'], r
    for h in r['hits']:
        words.add(text[h['b']:h['e']].lower())
        if 'concept' in h:
            assert h['concept'].startswith('R') and h['presence'] in ('present', 'absent'), h
assert words and all(w.endswith(('pneumothorax', 'effusion', '气胸', '胸腔积液')) for w in words), words
END
run 0 search 'critical:0 OR critical:1' --format csv
holds 'CSV with a heading and a row a report' python3 -c '
import csv, sys
rows = list(csv.DictReader(open(sys.argv[1], encoding="utf-8", newline="")))
assert [r["id"] for r in rows] == ["z2", "z1", "e2", "e1"] and rows[3]["age"] == "57", rows' "$tmp/out"

# ---- mistakes in a query: one line, the query, a caret
while IFS='|' read -r query message; do
    run 2 search "$query"
    says err "^query:1:[0-9]+: .*$message"
    says err '^ +\^$'
    says_not err 'SQL|fts5|syntax error'
done <<'END'
(pneumothorax|not closed
pneumothorax OR|missing here
colour:red|no field "colour"
finding:chair|no finding "chair"
"no acute|quotation mark
[nodule size>big]|a length was expected
END
run 2 "$roentext" search "$db"
run 2 search 'a' --format html
says err 'none of table jsonl csv'

# ---- the tables, for any SQLite tool
if command -v sqlite3 >/dev/null; then
    sql() { sqlite3 "$db" "$1"; }
    run 0 sql "SELECT id, text, side, size_mm FROM finding WHERE name_en = 'pneumothorax' AND presence = 'present' ORDER BY id"
    says out '^e2\|pneumothorax\|right\|'
    says out '^z1\|气胸\|right\|'
    run 0 sql 'PRAGMA integrity_check'; says out '^ok$'
else
    skip 'no sqlite3'
fi

# ---- the same id again replaces
sed 's/Small left pleural effusion. //; s/Left pleural effusion/Normal/' "$tmp/in.jsonl" >"$tmp/new.jsonl"
run 0 index "$db" "$tmp/new.jsonl"
hits 4 'critical:0 OR critical:1'
hits 0 '"left pleural effusion"'
hits 1 'id:e1 normal'
run 0 index --check "$db"
holds 'nothing to complain about' lines out 0

# ---- bad records between good ones
{ head -n 1 "$tmp/in.jsonl"; echo '{"id":"bad"}'; tail -n 1 "$tmp/in.jsonl"; } >"$tmp/bad.jsonl"
run 1 index "$tmp/bad.db" "$tmp/bad.jsonl"
says err 'bad\.jsonl:2'
run 0 "$roentext" search "$tmp/bad.db" 'language:en OR language:zh' --count; says out '^2$'

# ---- threads take records in groups: whatever their number, the same rows in the same order, the same complaints
python3 - "$tmp/in.jsonl" "$tmp/mixed.jsonl" <<'END'
import json, sys
reports = [json.loads(line) for line in open(sys.argv[1], encoding='utf-8')]
with open(sys.argv[2], 'w', encoding='utf-8') as f:
    for i in range(700):
        r = dict(reports[i % 4], id='r%d' % (i % 650))
        if i % 41 == 0: del r['text']
        if i % 97 == 0: r['text'] = reports[i % 4]['text'] * 900
        f.write(json.dumps(r, ensure_ascii=i % 2 == 0) + '\n')
END
rows() { python3 -c 'import sqlite3, sys
for t in "report", "claim", "claim_report", "flag", "report_length", "report_fts_data":
    for row in sqlite3.connect(sys.argv[1]).execute("SELECT * FROM " + t): print(t, row)' "$1"; }
for j in 1 2 5; do
    run 1 index -j $j "$tmp/mixed$j.db" "$tmp/mixed.jsonl"; holds "-j $j: each bad record is told of" lines err 17
    mv "$tmp/err" "$tmp/mixed$j.err"; rows "$tmp/mixed$j.db" >"$tmp/mixed$j.rows"
    holds "-j $j: the rows of -j 1" cmp "$tmp/mixed1.rows" "$tmp/mixed$j.rows"
    holds "-j $j: the complaints of -j 1" cmp "$tmp/mixed1.err" "$tmp/mixed$j.err"
done
holds 'and there are rows' test "$(wc -l <"$tmp/mixed1.rows")" -gt 600

run 0 index --check "$tmp/mixed2.db"; holds 'replaced within a batch: nothing to complain about' lines out 0
for j in 1 3; do
    cp "$tmp/mixed1.db" "$tmp/again$j.db"; run 0 index --rebuild -j $j "$tmp/again$j.db"
    run 0 index --check "$tmp/again$j.db"; rows "$tmp/again$j.db" >"$tmp/again$j.rows"
    holds "--rebuild -j $j: the rows of -j 1" cmp "$tmp/again1.rows" "$tmp/again$j.rows"
done
holds 'they were analysed anew' test "$(grep -c "^report " "$tmp/again1.rows")" -eq "$(grep -c "^report " "$tmp/mixed1.rows")"
holds 'under new numbers' bash -c '! grep -q "^report (1," "$1"' - "$tmp/again1.rows"

# ---- segments of words that we write ourselves: FTS5 must be able to read, merge and mend them
python3 - "$tmp" <<'END'
import json, random, sys
random.seed(5)
odd = ['word ' * 30000, 'FINDINGS: ' + 'x' * 70000 + ' y. IMPRESSION: ' + 'z' * 32768 + ' ' + 'z' * 32767, '的话。' * 9000, '...',
       ' '.join('%x' % random.randrange(1 << 60) for _ in range(4000)), 'a ab abcdefg abcdefgh abcdefghi abcdefghj 肺 肺a 肺肺肺']
with open(sys.argv[1] + '/odd.jsonl', 'w', encoding='utf-8') as f:
    for i in range(3000):
        few = ' '.join(random.choice('nodule left effusion no 肺 气胸 a ab abcdefgh abcdefghi'.split()) for _ in range(i % 40 + 1))
        f.write(json.dumps({'id': 'o%d' % (i % 2500), 'text': odd[i // 100 - 6] if i % 100 == 0 and 600 <= i < 1200 else few}) + '\n')
for i in range(100):
    with open('%s/part%d.jsonl' % (sys.argv[1], i), 'w', encoding='utf-8') as f:
        f.write(json.dumps({'id': 'p%d' % (i % 30), 'text': 'FINDINGS: part%d. ' % i + random.choice(['No effusion.', '右侧气胸。'])}) + '\n')
END
segments() { python3 -c 'import sqlite3, sys
print(sqlite3.connect(sys.argv[1]).execute("SELECT count(DISTINCT segid) FROM report_fts_idx").fetchone()[0])' "$1"; }
run 0 index "$tmp/odd.db" "$tmp/odd.jsonl"
run 0 index --check "$tmp/odd.db"; holds 'odd words: nothing to complain about' lines out 0
for word in word 话 abcdefghj y; do
    run 0 "$roentext" search "$tmp/odd.db" "=$word" --count; says out '^1$'
done
good=0
for i in $(seq 0 99); do index "$tmp/parts.db" "$tmp/part$i.jsonl" && good=$((good + 1)); done
holds 'a hundred small batches' test $good -eq 100
holds "they were merged: $(segments "$tmp/parts.db") segments" test "$(segments "$tmp/parts.db")" -lt 45
run 0 index --check "$tmp/parts.db"; holds 'merged: nothing to complain about' lines out 0
run 0 "$roentext" search "$tmp/parts.db" '=part3' --count; says out '^0$'
run 0 "$roentext" search "$tmp/parts.db" '=part93' --count; says out '^1$'
run 0 "$roentext" search "$tmp/parts.db" 'part*' --count; says out '^30$'

# ---- a report that says one thing two hundred thousand times: the check goes through it once
python3 -c 'import json; print(json.dumps({"id": "r", "text": "FINDINGS: " + "left effusion. " * 200000}))' >"$tmp/repeated.jsonl"
run 0 index "$tmp/repeated.db" "$tmp/repeated.jsonl"
run 0 timeout $((30 * patience)) "$roentext" index --check "$tmp/repeated.db"

# ---- databases that are none of ours stay as they were
echo 'a shopping list, long enough to be taken for something else' >"$tmp/list.db"
: >"$tmp/empty.db"
python3 -c 'import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute("CREATE TABLE t(x)"); c.commit()' "$tmp/other.db"
for file in list other; do
    cp "$tmp/$file.db" "$tmp/$file.copy"
    run 2 index "$tmp/$file.db" "$tmp/in.jsonl"; says err "$file\.db.*not a roentext index"
    run 2 "$roentext" search "$tmp/$file.db" a; says err "$file\.db.*not a roentext index"
    holds "$file.db is unchanged" cmp "$tmp/$file.db" "$tmp/$file.copy"
done
run 2 "$roentext" search "$tmp/empty.db" a; says err 'an empty file'
run 0 index "$tmp/empty.db" "$tmp/in.jsonl"
run 2 "$roentext" search "$tmp/none.db" a; says err 'none\.db.*No such file'
holds 'a search makes no file' test ! -e "$tmp/none.db"
run 2 index "$tmp" "$tmp/in.jsonl"
run 2 index "$tmp/no/such/folder.db" "$tmp/in.jsonl"

# ---- where nothing may be written: searching works, indexing says why not
mkdir "$tmp/ro"; cp "$db" "$tmp/ro/ro.db"; chmod a+rx "$tmp"; chmod -R a-w,a+rX "$tmp/ro"
as_nobody=$([ "$(id -u)" -ne 0 ] || echo 'setpriv --reuid=65534 --regid=65534 --clear-groups')
if [ -z "$as_nobody" ] || $as_nobody "$roentext" --version >/dev/null 2>&1 && $as_nobody test -r "${ROENTEXT_HOME}/lexicons/concepts.tsv"; then
    run 0 $as_nobody "$roentext" search "$tmp/ro/ro.db" '=气胸' --count; says out '^2$'
    run 2 $as_nobody "$roentext" index "$tmp/ro/ro.db" "$tmp/in.jsonl"; says err 'ro\.db'
    run 2 $as_nobody "$roentext" index "$tmp/ro/new.db" "$tmp/in.jsonl"; says err 'new\.db'
else
    skip 'a read-only folder: cannot become an ordinary user here'
fi
chmod -R u+w "$tmp/ro"

# ---- many reports, for what takes time
python3 - "$tmp/many.jsonl" <<'END'
import json, random, sys
random.seed(1)
words = 'heart lung effusion nodule stable mild left right pneumothorax consolidation normal no small'.split()
with open(sys.argv[1], 'w') as f:
    for i in range(30000):
        text = '. '.join(' '.join(random.choices(words, k=6)) for _ in range(6)) + f'. Number {i}.'
        f.write(json.dumps({'id': f'm{i}', 'text': text}) + '\n')
END
committed() { python3 -c 'import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute("SELECT count(*) FROM report").fetchone()[0])' "$1" 2>/dev/null || echo 0; }
interrupt() { # signal, database: in the middle of a run; its status is in $status
    "$roentext" index "$2" "$tmp/many.jsonl" >"$tmp/out" 2>"$tmp/err" &
    local pid=$!
    for _ in $(seq 600); do
        [ "$(committed "$2")" -ge 5000 ] && break
        kill -0 $pid 2>/dev/null || break
        sleep 0.02
    done
    kill "-$1" $pid 2>/dev/null
    wait $pid 2>/dev/null; status=$?
}

interrupt KILL "$tmp/many.db"
holds "killed in the middle: it ended with $status" test "$status" -eq 137
left=$(committed "$tmp/many.db")
holds "some reports are left by the kill, not all: $left" test "$left" -ge 5000 -a "$left" -lt 30000
run 0 index --check "$tmp/many.db"
run 0 index "$tmp/many.db" "$tmp/many.jsonl"
run 0 index --check "$tmp/many.db"
holds 'every report is there, once' test "$(committed "$tmp/many.db")" -eq 30000
run 0 "$roentext" search "$tmp/many.db" 'number' --count; says out '^30000$'
run 0 "$roentext" search "$tmp/many.db" '"number 17"' --format jsonl; holds 'exactly one' lines out 1

interrupt INT "$tmp/int.db"
holds "SIGINT: it ended with $status" test "$status" -eq 130
run 0 index --check "$tmp/int.db"

# ---- a disk that is full
if mkdir "$tmp/small" && mount -t tmpfs -o size=2m tmpfs "$tmp/small" 2>/dev/null; then
    run 2 index "$tmp/small/full.db" "$tmp/many.jsonl"; says err 'disk full'
    holds 'what was committed can be read' test "$(($(committed "$tmp/small/full.db") % 5000))" -eq 0
    umount "$tmp/small"
else
    skip 'a full disk: cannot mount one here'
fi
limited() { (ulimit -f 2048; trap '' XFSZ; exec "$roentext" index "$tmp/limit.db" "$tmp/many.jsonl"); }
run 2 limited; says err 'limit\.db: '
run 0 index --check "$tmp/limit.db"
holds 'whole batches stay' test "$(($(committed "$tmp/limit.db") % 5000))" -eq 0

# ---- critical findings: the same from the index and from the files
cat >"$tmp/critical.jsonl" <<'END'
{"id":"c1","text":"FINDINGS: Large left tension pneumothorax with mediastinal shift. Findings were discussed with Dr. Example by telephone at 10:05."}
{"id":"c2","text":"FINDINGS: No pneumothorax. The heart is normal."}
{"id":"c3","text":"检查所见：左侧张力性气胸，纵隔右移。"}
END
run 0 index "$tmp/critical.db" "$tmp/critical.jsonl"
for format in table jsonl csv; do
    run 0 "$roentext" critical "$tmp/critical.jsonl" --format $format; cp "$tmp/out" "$tmp/from-files"
    run 0 "$roentext" critical "$tmp/critical.db" --format $format
    holds "$format: files and index agree" cmp "$tmp/out" "$tmp/from-files"
done
run 0 "$roentext" critical "$tmp/critical.db" --format jsonl
holds 'worklist' python3 - "$tmp/critical.jsonl" "$tmp/out" <<'END'
import json, sys
texts = {r['id']: r['text'] for r in map(json.loads, open(sys.argv[1], encoding='utf-8'))}
rows = [json.loads(l) for l in open(sys.argv[2], encoding='utf-8')]
ids = {r['id'] for r in rows}
assert 'c1' in ids and 'c3' in ids and 'c2' not in ids, rows
assert rows == sorted(rows, key=lambda r: (r['category'], r['minutes'])), rows
for r in rows:
    assert texts[r['id']][r['b']:r['e']] == r['text'] and r['text'] in r['evidence'], r
    assert r['rule'] and r['name'] and r['certainty'] in ('definite', 'equivocal'), r
assert all(ord(r['name'][0]) > 0x3000 for r in rows if r['id'] == 'c3'), rows
END
run 0 "$roentext" critical "$tmp/critical.db" --count; says out '^[1-9]'
run 0 "$roentext" search "$tmp/critical.db" 'critical:1' --count; says out '^2$'
run 2 "$roentext" critical "$tmp/critical.db" "$tmp/critical.jsonl"; says err 'it stands alone'
run 2 "$roentext" critical "$tmp/no-such.txt"; says err 'no-such\.txt'

# ---- another lexicon
mkdir "$tmp/home"; cp -R "$ROENTEXT_HOME/lexicons" "$ROENTEXT_HOME/templates" "$tmp/home/"; chmod -R u+w "$tmp/home"
echo '# changed' >>"$tmp/home/lexicons/concepts.tsv"
changed() { ROENTEXT_HOME=$tmp/home "$roentext" "$@"; }
run 0 changed search "$db" '=气胸' --count; says out '^2$'; says err 'another version of the lexicon'
run 2 changed index "$db" "$tmp/in.jsonl"; says err '--rebuild'
run 0 changed index --rebuild "$db"
run 0 changed search "$db" '气胸' --count; says out '^4$'; says_not err 'lexicon'
run 0 changed index --check "$db" "$tmp/in.jsonl"
finish
