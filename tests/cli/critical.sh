#!/bin/bash
# Critical findings as a user meets them: communication records, addenda, profiles, the worklist, taking note, the exit status
# for monitoring; and the rules under their complaints.
. tests/cli/cli.inc

cat >"$tmp/told.jsonl" <<'END'
{"id":"t1","date":"2024-03-02","time":"09:41","text":"IMPRESSION: Right tension pneumothorax. Discussed with Dr. A. Moreno by telephone at 10:05, read back."}
{"id":"t2","date":"2024-03-02","time":"23:50","text":"诊断：右侧张力性气胸。已于00:05电话通知临床李医生并复述。"}
{"id":"t3","report_date":"2024-03-02","report_time":"1300","text":"IMPRESSION: Free air. Dr. Lee in the emergency department was notified at 1:32 pm. Read back was obtained."}
{"id":"t4","text":"NOTE: Critical results will be communicated to the ordering physician within 30 minutes.\nIMPRESSION: Large pneumothorax."}
{"id":"t5","text":"诊断：主动脉夹层。请及时通知临床医生。"}
{"id":"t6","text":"IMPRESSION: Testicular torsion. Attempted to reach Dr. Wong without success."}
{"id":"t7","text":"囊肿与侧脑室相沟通。"}
END
run 0 "$roentext" convert --from jsonl --to jsonl "$tmp/told.jsonl"
holds 'communications' python3 - "$tmp/out" <<'END'
import json, sys
got = {d['id']: d for d in map(json.loads, open(sys.argv[1], encoding='utf-8'))}
want = {'t1': [('Dr. A. Moreno', '10:05', True, 24, None)], 't2': [('临床李医生', '00:05', True, 15, None)],
        't3': [('Dr. Lee', '1:32 pm', True, None, 32)], 't4': [], 't5': [], 't6': [], 't7': []}
for i, w in want.items():
    c = [(c['to'], c['at'], c['read_back'], c['minutes_from_exam'], c['minutes_from_report']) for c in got[i]['communications']]
    assert c == w, (i, c, w)
    for flag in got[i]['critical']: assert flag['communicated'] == bool(w), (i, flag)
END
run 0 "$roentext" convert --from jsonl --to xml --validate -o "$tmp/xml/" "$tmp/told.jsonl"
says "$tmp/xml/t1.xml" '<communication to="Dr. A. Moreno" at="10:05" readBack="true" minutesFromExam="24"'

# ---- what must not fire, and addenda
rules() { "$roentext" convert --from jsonl --to jsonl "$@" - | python3 -c 'import json, sys
for l in sys.stdin: print(*sorted((c["rule"] + ("?" if c["certainty"] == "equivocal" else "") for c in json.loads(l)["critical"])))'; }
fires() { # TEXT RULES [OPTION...]
    local text=$1 want=$2 got; shift 2
    got=$(python3 -c 'import json, sys; print(json.dumps({"id": "x", "text": sys.argv[1]}))' "$text" | rules "$@")
    if [ "$got" = "$want" ]; then pass; else fail "'$text' fires '$got', not '$want'"; fi
}
fires 'IMPRESSION: Small left pneumothorax.' C032
fires 'IMPRESSION: Possible small left pneumothorax.' 'C032?'
fires 'IMPRESSION: Probable small left pneumothorax.' C032
fires 'FINDINGS: Left pneumothorax, possibly under tension. IMPRESSION: Left pneumothorax, tension pneumothorax cannot be excluded.' 'C030? C032'
fires $'IMPRESSION: Small left pneumothorax.\nADDENDUM: On review this is a skin fold. There is no pneumothorax.' ''
fires $'IMPRESSION: No pneumothorax.\nADDENDUM: On review there is a small left pneumothorax.' C032
fires $'FINDINGS: Unchanged small left pneumothorax.\nIMPRESSION: Small left pneumothorax.' ''
fires $'FINDINGS: Unchanged small left pneumothorax.\nIMPRESSION: Small right pneumothorax.' C032
fires 'Critical findings such as tension pneumothorax are called within 10 minutes.' ''

# ---- profiles
fires 'IMPRESSION: 7 mm of midline shift.' C005
fires 'IMPRESSION: 7 mm of midline shift.' '' --profile cn-2024
fires 'IMPRESSION: 12 mm of midline shift.' C005 --profile cn-2024
printf 'id\tuse\tcategory\tminutes\tthreshold\tconcept\tnote\nC032\tno\nC031\t\t2\t45\tpercent>=60%%\nC038\t\t\t\tsize>55mm\tabdominal aortic aneurysm\tas operated on\n' >"$tmp/site.tsv"
fires 'IMPRESSION: Small left pneumothorax.' '' --profile "$tmp/site.tsv"
fires 'IMPRESSION: 5.3 cm abdominal aortic aneurysm.' C038
fires 'IMPRESSION: 5.3 cm abdominal aortic aneurysm.' C126 --profile "$tmp/site.tsv"
fires 'IMPRESSION: 6.4 cm thoracic aortic aneurysm.' C038 --profile "$tmp/site.tsv"
complains() { # ROW PLACE WORDS
    printf 'id\tuse\tcategory\tminutes\tthreshold\tconcept\tnote\n%b\n' "$1" >"$tmp/bad.tsv"
    run 2 "$roentext" critical --profile "$tmp/bad.tsv" "$tmp/told.jsonl"; says err "bad.tsv:$2: .*$3"
}
complains 'C999\tno' 2:1 'no such rule'
complains 'C031\tmaybe' 2:6 'use must be'
complains 'C031\t\t4' 2:7 'category must be'
complains 'C031\t\t\t\tsize>=3mm' 2:9 'no such condition'
complains 'C031\t\t\t\tpercent>=3mm' 2:19 'unit'
complains 'C031\t\t\t\tchange=new' 2:9 'a threshold is a number'
run 2 "$roentext" critical --profile no-such "$tmp/told.jsonl"; says err 'no-such'

# ---- rules complain with their place
mkdir "$tmp/home"; cp -R "$ROENTEXT_HOME/lexicons" "$ROENTEXT_HOME/templates" "$tmp/home/"; chmod -R u+w "$tmp/home"
rule() { # WHEN WORDS
    printf 'id\tfamily\tcategory\tminutes\tconcepts\twhen\tunless\tname_en\tname_zh\tsource\nC1\tf\t1\t10\tpneumothorax\t%s\t\tn\tm\n' "$1" >"$tmp/home/lexicons/critical.tsv"
    run 1 "$roentext" lexicon check "$tmp/home/lexicons"; says err "critical.tsv:2:[0-9]+: .*$2"
}
rule 'colour=red' 'not a condition'
rule 'side=upper' 'not a value'
rule 'size~5' 'another operator'
rule 'size>=5ml' 'not the unit'
rule 'text~(' 'malformed'
rule 'with=flying saucer' 'no concept'
rule '@nothing' 'no set'
rule 'change=' 'no value'

# ---- the worklist and taking note
run 0 "$roentext" index "$tmp/a.db" "$tmp/told.jsonl"
run 0 "$roentext" critical "$tmp/a.db" --format jsonl
holds 'urgent and old first' python3 - "$tmp/out" <<'END'
import json, sys
rows = [json.loads(l) for l in open(sys.argv[1], encoding='utf-8')]
assert rows == sorted(rows, key=lambda r: (r['category'], r['minutes'], r['certainty'], r['date'] or '', r['time'] or '')), rows
END
run 0 "$roentext" critical "$tmp/a.db" --open --count; says out '^3$'
run 0 "$roentext" critical "$tmp/a.db" --category 1 --count; says out '^6$'
run 3 "$roentext" critical "$tmp/a.db" --fail-if-open
run 3 "$roentext" critical "$tmp/told.jsonl" --fail-if-open --count
run 0 "$roentext" critical ack "$tmp/a.db" t4 --by 'Dr. Li' --at 10:30 --note 'by phone, at once'
run 0 "$roentext" critical ack "$tmp/a.db" t4 --by 'Dr. Wu'
run 0 "$roentext" critical ack "$tmp/a.db" t5 --by 'Dr. Li' --rule C036
run 0 "$roentext" critical ack "$tmp/a.db" t4 --format csv
says out '^t4,C031,Dr. Li,10:30,"by phone, at once",'; says out '^t4,C031,Dr. Wu,,,'; holds 'history is kept' lines out 3
run 0 "$roentext" critical "$tmp/a.db" --format csv; says out 'C031,1,10,.*,Dr. Wu,'; holds 'taken last' test "$(tail -n 1 "$tmp/out" | cut -d, -f2)" != C092
run 2 "$roentext" critical ack "$tmp/a.db" t7 --by x; says err 'no such critical finding'
run 2 "$roentext" critical ack "$tmp/a.db" t5 --by x --rule C030; says err 'no such critical finding'
run 2 "$roentext" critical ack "$tmp/a.db" t5 --note x; says err '--by'
run 2 "$roentext" critical ack "$tmp/told.jsonl" t5 --by x; says err 'no index'
run 0 "$roentext" critical ack "$tmp/a.db" t6 --by 'Dr. Li'
run 0 "$roentext" critical "$tmp/a.db" --fail-if-open --count
run 0 "$roentext" index "$tmp/a.db" "$tmp/told.jsonl"
run 0 "$roentext" critical "$tmp/a.db" --open --count; says out '^0$'
run 0 "$roentext" index "$tmp/a.db" --check

# ---- an index keeps its profile
run 2 "$roentext" critical "$tmp/a.db" --profile acr; says err 'rebuild'
run 2 "$roentext" index --profile acr "$tmp/a.db" "$tmp/told.jsonl"; says err 'another --profile'
run 0 "$roentext" index --profile acr --rebuild "$tmp/a.db"
run 0 "$roentext" critical "$tmp/a.db" --format csv; says out '^t4,C031,2,720,'; says out ',Dr. Wu,'
finish
