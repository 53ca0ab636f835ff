#!/bin/bash
# What a search gives back: order and pages, facets, time series, samples, whole reports, saved queries; the two languages.
. "$(dirname "$0")/cli.inc"
db=$tmp/test.db
bench/generate -n 1500 --seed 5 -o "$tmp/in.jsonl" 2>/dev/null
run 0 "$roentext" index "$db" "$tmp/in.jsonl"
search() { "$roentext" search "$db" "$@"; }
ids() { search "$@" --format csv | tail -n +2 | cut -d, -f1; }
every='language:en OR language:zh'

# ---- without: -a is NOT a, behind -- where the query would look like options
run 2 search -effusion
says err '^roentext search: no option -e; '
holds 'a minus is NOT' cmp <(search -n 0 --format csv -- '-effusion' | tail -n +2 | cut -d, -f1) <(ids -n 0 'NOT effusion')

# ---- facets: the fields as they were put in
run 0 search "$every" --facet modality,sex,month,age --format csv
holds 'facets count the records' python3 - "$tmp/in.jsonl" "$tmp/out" <<'END'
import collections, csv, json, sys
want = collections.Counter()
for r in map(json.loads, open(sys.argv[1], encoding='utf-8')):
    d = int(r['age']) // 10 * 10
    want.update([('modality', r['modality']), ('sex', r['sex']), ('month', r['date'][:7]), ('age', '%d-%d' % (d, d + 9))])
got = {(r['facet'], r['value']): int(r['count']) for r in csv.DictReader(open(sys.argv[2], encoding='utf-8'))}
assert got == dict(want), set(got.items()) ^ set(want.items())
END
run 0 search 'effusion' --facet finding,kind,presence,side,severity,anatomy,region,section,critical,qa --format jsonl
holds 'each facet is what a query would count' python3 - "$roentext" "$db" "$tmp/out" <<'END'
import json, subprocess, sys
def count(q): return int(subprocess.run([sys.argv[1], 'search', sys.argv[2], q, '--count'], capture_output=True, text=True).stdout)
rows = [json.loads(l) for l in open(sys.argv[3], encoding='utf-8')]
ask = {'finding': 'effusion [finding:%s presence:present]', 'kind': 'effusion [finding:%s presence:present]', 'region': 'effusion [anatomy:%s presence:present|possible]',
       'presence': 'effusion (presence:%s)', 'side': 'effusion [side:%s presence:present|possible]', 'severity': 'effusion [severity:%s presence:present|possible]',
       'critical': 'effusion critical:%s', 'qa': 'effusion qa:%s'}
asked = 0
for r in rows:
    if r['facet'] not in ask or asked > 60: continue
    q = ask[r['facet']] % r['value']
    n = count(q)
    if r['facet'] == 'finding':
        assert n >= r['count'], (q, n, r)   # the query finds kinds of it too
    elif r['facet'] != 'presence' or r['value'] != 'absent':
        assert n == r['count'], (q, n, r)
    asked += 1
assert asked > 20, asked
END
run 0 search "$every" --facet finding -n 3; holds 'as many rows as asked for' lines out 3; says out '^finding +[0-9]+ +R'
run 2 search "$every" --facet colour; says err 'no facet "colour"'
run 0 search 'id:g0000001 OR id:g0000002' --by month --format csv
holds 'a series has no gaps' python3 - "$tmp/out" <<'END'
import csv, sys
rows = [(r['value'], int(r['count'])) for r in csv.DictReader(open(sys.argv[1]))]
months = [int(v[:4]) * 12 + int(v[5:]) for v, n in rows]
assert months == list(range(months[0], months[-1] + 1)) and sum(n for v, n in rows) == 2, rows
END
run 2 search "$every" --by month --facet sex; says err 'two questions'

# ---- order and pages
ids "$every" --sort latest >"$tmp/latest"; ids "$every" --sort earliest >"$tmp/earliest"
holds 'earliest is latest the other way' cmp <(tac "$tmp/latest") "$tmp/earliest"
holds 'latest is by date' python3 - "$tmp/in.jsonl" "$tmp/latest" <<'END'
import json, sys
date = {r['id']: r['date'] for r in map(json.loads, open(sys.argv[1], encoding='utf-8'))}
got = [date[l.strip()] for l in open(sys.argv[2])]
assert len(got) == 1500 and got == sorted(got, reverse=True)
END
for sort in newest oldest latest earliest relevance; do
    ids pneumothorax --sort $sort >"$tmp/all"
    ids pneumothorax --sort $sort -n 10 >"$tmp/pages"
    last=$(tail -n 1 "$tmp/pages")
    ids pneumothorax --sort $sort --after "$last" -n 15 >>"$tmp/pages"
    ids pneumothorax --sort $sort --offset 25 >>"$tmp/pages"
    holds "$sort: pages make the whole" cmp "$tmp/all" "$tmp/pages"
    holds "$sort: each once" test "$(sort -u "$tmp/all" | wc -l)" = "$(search pneumothorax --count)"
done
ids 'id:g0000007 OR (side:left pneumothorax)' -n 1 --sort earliest >"$tmp/few"
holds 'few are sorted too' test "$(cat "$tmp/few")" = "$(ids 'id:g0000007 OR (side:left pneumothorax)' --sort latest | tail -n 1)"
run 2 search pneumothorax --after nosuch; says err 'does not find a report "nosuch"'
printf '%s\n' '{"id":"a","text":"FINDINGS: The zebra is here. Nothing else to say of it, and much more of other things that are no zebra, one after the other, for long."}' \
    '{"id":"b","text":"FINDINGS: Zebra, zebra, zebra."}' '{"id":"c","text":"FINDINGS: A giraffe."}' >"$tmp/zoo.jsonl"
run 0 "$roentext" index "$tmp/zoo.db" "$tmp/zoo.jsonl"
run 0 "$roentext" search "$tmp/zoo.db" 'zebra OR giraffe' --sort relevance --format csv
holds 'rare and often first' test "$(tail -n +2 "$tmp/out" | cut -d, -f1 | tr '\n' ' ')" = 'c b a ' -o "$(tail -n +2 "$tmp/out" | cut -d, -f1 | tr '\n' ' ')" = 'b c a '

# ---- samples
ids effusion --sample 20 --seed 1 >"$tmp/one"; ids effusion --sample 20 --seed 1 >"$tmp/two"; ids effusion --sample 20 --seed 2 >"$tmp/three"
holds '20 of them' lines "$tmp/one" 20
holds 'the same seed, the same sample' cmp "$tmp/one" "$tmp/two"
holds 'another seed, another' test "$(cmp "$tmp/one" "$tmp/three")"
holds 'all of them are hits' test -z "$(comm -23 <(sort "$tmp/one") <(ids effusion | sort))"
run 0 search effusion --sample 20 --count; says out '^20$'

# ---- whole reports out of what is stored
run 0 "$roentext" convert --from jsonl --to jsonl "$tmp/in.jsonl"; sort "$tmp/out" >"$tmp/converted"
run 0 search "$every" --to jsonl; sort "$tmp/out" >"$tmp/exported"
holds 'the same reports as from the file' cmp "$tmp/converted" "$tmp/exported"
run 0 search '[nodule size>30mm]' --to xml -o "$tmp/folder/" -n 3
holds 'a file each' test "$(ls "$tmp/folder" | wc -l)" -eq 3
run 0 search pneumothorax --format csv -o "$tmp/rows.csv"; holds 'rows to a file' grep -q '^id,date' "$tmp/rows.csv"

# ---- saved queries
run 0 search '[nodule size>20mm]' --save 'large nodules' --count; cp "$tmp/out" "$tmp/n"
run 0 search --saved 'large nodules' --count; holds 'it finds the same' cmp "$tmp/out" "$tmp/n"
run 0 search 'sex:F' --saved 'large nodules' --count; cp "$tmp/out" "$tmp/n"
run 0 search '[nodule size>20mm] sex:F' --count; holds 'narrowed' cmp "$tmp/out" "$tmp/n"
run 0 search --queries; says out '^large nodules.*nodule size>20mm'
run 2 search --saved nosuch; says err 'no query is saved as "nosuch"'
run 2 search; says err 'what is searched for'
run 2 search '(nodule' --save bad; run 0 search --queries; says_not out bad

# ---- did you mean
run 0 search pnuemothorax; says err 'no report has "pnuemothorax"; did you mean "pneumothorax"'
run 0 search '胸腔积夜 NOT zebra'; says err 'no report has "胸腔积夜"; did you mean'; says_not err zebra
run 2 search '[pnuemothorax right]'; says err 'did you mean "pneumothorax"'
run 2 search 'finding:efusion'; says err 'did you mean "effusion"'
run 0 search '=xyzzyqux'; says err 'no report has "xyzzyqux"$'
run 0 search 'finding:=fracture' --count; cp "$tmp/out" "$tmp/alone"
run 0 search 'finding:fracture' --count
holds 'a concept alone is less than with its kinds' test "$(cat "$tmp/alone")" -lt "$(cat "$tmp/out")"

# ---- Chinese asks English reports and the other way round
set -- pneumothorax 气胸 'pleural effusion' 胸腔积液 fracture 骨折 cholelithiasis 胆囊结石 hydronephrosis 肾积水 'pulmonary embolism' 肺栓塞 \
    nodule 结节 lymphadenopathy 淋巴结肿大 ascites 腹水
while [ $# -gt 1 ]; do
    for lang in en zh; do
        for ask in 'finding:"%s"' '[finding:"%s" presence:present]' '[finding:"%s" presence:absent]'; do
            a=$(printf "$ask" "$1"); b=$(printf "$ask" "$2")
            ids "$a language:$lang" >"$tmp/en"; ids "$b language:$lang" >"$tmp/zh"
            holds "$lang: $a is $b" cmp "$tmp/en" "$tmp/zh"
            holds "$lang: $a is found" test -s "$tmp/en"
        done
    done
    shift 2
done
shared=${SHARED:-../shared}/data/zh/openi_zh_en_mt_dev.jsonl
if [ -f "$shared" ]; then
    python3 - "$shared" "$tmp" <<'END'
import json, sys
with open(sys.argv[2] + '/pairs.jsonl', 'w', encoding='utf-8') as out:
    for n, r in enumerate(map(json.loads, open(sys.argv[1], encoding='utf-8'))):
        for lang in ('en', 'zh'): out.write(json.dumps({'id': f'{lang}{n}', 'text': r[lang], 'lang': lang}, ensure_ascii=False) + '\n')
END
    run 0 "$roentext" index "$tmp/pairs.db" "$tmp/pairs.jsonl"
    for pair in 气胸=pneumothorax 胸腔积液=effusion 肺不张=atelectasis 心脏增大=cardiomegaly 肺水肿=edema; do
        for lang in en zh; do
            pids() { "$roentext" search "$tmp/pairs.db" "$1 language:$lang" --format csv | cut -d, -f1; }
            case $pair in *effusion) en='"pleural effusion"' ;; *edema) en='"pulmonary edema"' ;; *) en=${pair#*=} ;; esac
            holds "$lang pairs: ${pair%=*} is $en" cmp <(pids "finding:${pair%=*}") <(pids "finding:$en")
        done
    done
else
    skip 'no ../shared: the pairs of both languages'
fi
finish
