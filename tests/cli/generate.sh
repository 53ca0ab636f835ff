#!/bin/bash
# bench/generate: the same seed gives the same reports, all of them are read, and what it says it put in is found.
. "$(dirname "$0")/cli.inc"
run 0 bench/generate -n 600 --seed 7
cp "$tmp/out" "$tmp/a.jsonl"
says err '^600 reports, [56][0-9][0-9] distinct .* sentences, .* distinct'
run 0 bench/generate -n 600 --seed 7; holds 'the same seed gives the same reports' cmp "$tmp/a.jsonl" "$tmp/out"
run 0 bench/generate -n 600 --seed 8; holds 'another seed gives others' test "$(cmp "$tmp/a.jsonl" "$tmp/out")"
run 0 bench/generate -n 3 --exam us.thyroid --lang zh; says out '甲状腺'
run 2 bench/generate --exam xr.chair; says err 'no exam'
run 0 "$roentext" convert --to jsonl --from jsonl "$tmp/a.jsonl"; cp "$tmp/out" "$tmp/a.out"
holds 'effusions and pneumothoraces are found as they were put in' python3 - "$tmp/a.jsonl" "$tmp/a.out" <<'END'
import json, sys
ids = {'pneumothorax': 'RID5352', '气胸': 'RID5352', 'pleural effusion': 'RID34539', '胸腔积液': 'RID34539'}
asked = found = 0
for made, read in zip(open(sys.argv[1], encoding='utf-8'), open(sys.argv[2], encoding='utf-8')):
    made, read = json.loads(made), json.loads(read)
    got = {(f['concept'], f['presence']) for f in read['findings']}
    for k in made['known']:
        if k['finding'] in ids and (k['presence'] != 'absent' or k['finding'] in made['text']):
            asked += 1
            found += (ids[k['finding']], k['presence']) in got
assert asked > 80 and found >= 0.9 * asked, (asked, found)
END
finish
