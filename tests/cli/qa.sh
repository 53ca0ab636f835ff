#!/bin/bash
# qa as a user meets it: straight from reports and from an index, every format, filters, counts, explanations.
. "$(dirname "$0")/cli.inc"
cat >"$tmp/in.jsonl" <<'END'
{"id":"q1","date":"2024-03-01","author":"A","text":"FINDINGS: Small right pleural effusion.\nIMPRESSION: Left pleural effusion."}
{"id":"q2","date":"2024-04-01","text":"FINDINGS: The liver spans {cm} cm.\nIMPRESSION: Normal liver."}
{"id":"q3","text":"检查所见：左侧胸腔少量积液。\n诊断意见：左侧胸腔少量积液。"}
END
echo '{"id":"n1","text":"FINDINGS: The nodule has grown compared with the prior CT.\nIMPRESSION: Growing nodule."}' >"$tmp/noisy.jsonl"
qa() { "$roentext" qa "$@"; }
run 0 qa "$tmp/in.jsonl"
says out '^high +Q01 +q1 .*right pleural effusion.*Left pleural effusion'; says out '^medium +Q17 +q2 '; says_not out 'q3'
run 0 qa --from jsonl <(cat "$tmp/in.jsonl"); says out '^high +Q01 +q1 '
run 0 qa --severity high "$tmp/in.jsonl"; holds 'one of high severity' lines out 1
run 0 qa --check q17 --format jsonl "$tmp/in.jsonl"; holds 'one of that check' lines out 1; says out '"check":"Q17","severity":"medium".*"spans":\[\[26,30\]\]'
run 0 qa --by month --format csv "$tmp/in.jsonl"; says out '^name,count$'; says out '^2024-03,1$'
run 0 qa --by author "$tmp/in.jsonl"; says out '^A +1$'
run 0 "$roentext" index "$tmp/test.db" "$tmp/in.jsonl"
run 0 qa "$tmp/test.db" --format csv; holds 'heading and two rows' lines out 3
run 0 "$roentext" search "$tmp/test.db" qa:Q01 --count; says out '^1$'
run 0 qa "$tmp/noisy.jsonl"; holds 'noisy checks are left out' lines out 0
run 0 qa --check Q20 "$tmp/noisy.jsonl"; says out '^low +Q20 +n1 '
run 0 qa --noisy "$tmp/noisy.jsonl"; says out '^low +Q20 +n1 '
run 0 qa explain Q20; says out 'noisy: recorded'
run 0 qa explain Q01; says out '^Q01 .*high, on'; says out '脊柱'
run 2 qa explain Q99; says err 'no check is called "Q99"'
run 2 qa --check P99 "$tmp/none.jsonl"; says err '--check: no check is called "P99"'
run 0 "$roentext" convert --to xml --validate "$tmp/in.jsonl"; says out '<inconsistency check="Q01" severity="high"'
cp -r lexicons templates "$tmp"; sed -i 's/^Q01\ton/Q01\tmaybe/' "$tmp/lexicons/qa.tsv"
ROENTEXT_HOME=$tmp run 2 qa "$tmp/in.jsonl"; says err 'qa.tsv:[0-9]+:5: on, asked or off, not "maybe"'
finish
