#!/bin/bash
# Reports of one patient against each other, from a file and from an index; how the time grows with a patient's reports.
. "$(dirname "$0")/cli.inc"
cat >"$tmp/in.jsonl" <<'END'
{"id":"a2","patient_id":"P1","date":"2023-03-05","author":"B","modality":"CT","text":"FINDINGS: The 9 mm nodule in the right upper lobe has decreased. The gallbladder is normal. Right adrenal nodule, unchanged. New left pleural effusion.\nIMPRESSION: Right adrenal nodule, unchanged. New left pleural effusion."}
{"id":"a1","patient_id":"P1","date":"2023-01-05","author":"A","modality":"CT","text":"HISTORY: cholecystectomy. FINDINGS: There is a 6 mm nodule in the right upper lobe. Left adrenal nodule, 14 mm. Small left pleural effusion.\nIMPRESSION: Left adrenal nodule. Left pleural effusion."}
{"id":"b1","patient_id":"P2","date":"2023-01-05","text":"检查所见：右肺上叶见结节，大小约6mm。左肾切除术后。\n诊断意见：右肺上叶结节。"}
{"id":"b2","patient_id":"P2","date":"2023-05-05","text":"检查所见：右肺上叶见结节，大小约12mm，较前缩小。左肾大小形态正常。\n诊断意见：右肺上叶结节较前缩小。"}
{"id":"c1","patient_id":"P3","date":"2023-01-05","text":"HISTORY: cholecystectomy. FINDINGS: Left adrenal nodule, 14 mm. Small left pleural effusion.\nIMPRESSION: Left adrenal nodule. Left pleural effusion."}
{"id":"c2","patient_id":"P3","date":"2023-02-05","text":"FINDINGS: No pleural effusion. Left adrenal nodule, 14 mm, unchanged. Surgical clips in the gallbladder fossa.\nIMPRESSION: Left adrenal nodule, unchanged."}
{"id":"c3","patient_id":"P3","date":"2023-03-05","text":"FINDINGS: New left pleural effusion. Left adrenal nodule, 15 mm, unchanged.\nIMPRESSION: New left pleural effusion."}
{"id":"d1","patient_id":"P4","text":"HISTORY: cholecystectomy. FINDINGS: No free fluid.\nIMPRESSION: No free fluid."}
{"id":"d2","patient_id":"P4","text":"FINDINGS: The gallbladder is normal.\nIMPRESSION: Normal gallbladder."}
END
qa() { "$roentext" qa "$@"; }
all() { # all SOURCE...
    run 0 qa "$@"
    says out '^high +P01 +a2 .*gallbladder is normal.*cholecystectomy.*2023-01-05.*\[a1\]'; says out '^high +P01 +b2 .*左肾大小形态正常.*左肾切除'
    says out '^high +P02 +a2 .*Right adrenal nodule.*Left adrenal nodule'; says out '^medium +P03 +a2 .*9 mm nodule.*6 mm'
    says out '^medium +P03 +b2 .*12mm.*6mm'; says out '^medium +P04 +a2 .*New left pleural'
    says_not out '^[a-z]+ +P[0-9]+ +(a1|b1|c[123]|d[12]) '
}
all "$tmp/in.jsonl"
run 0 "$roentext" index "$tmp/test.db" "$tmp/in.jsonl"
all "$tmp/test.db"
run 0 qa "$tmp/test.db" --check P02 --format jsonl
says out '"id":"a2","check":"P02".*"spans":\[\[[0-9]+,[0-9]+\]\],"prior":"a1","prior_spans":\[\[[0-9]+,[0-9]+\]\]'; holds 'P02 alone' lines out 1
holds 'the spans prove themselves' python3 -c '
import json, sys
row = json.load(open(sys.argv[1])); texts = {r["id"]: r["text"] for r in map(json.loads, open(sys.argv[2]))}
for text, (b, e) in ((texts[row["id"]], row["spans"][0]), (texts[row["prior"]], row["prior_spans"][0])):
    assert text[b:e] == "adrenal nodule", text[b:e]' "$tmp/out" "$tmp/in.jsonl"
run 0 qa "$tmp/test.db" --by check; says out '^P01 +2$'; says out '^P03 +2$'
run 0 qa "$tmp/test.db" --by author --severity high; says out '^B +2$'; says_not out '^A '
run 0 qa "$tmp/test.db" --by month --format csv; says out '^2023-05,2$'
run 0 qa "$tmp/test.db" --format csv; says out 'b2,e2,prior$'; says out '^a2,P04,medium,.*,a1$'
run 0 qa explain p03; says out '^P03 .*medium, on'
sed 's/cholecystectomy/fever/' "$tmp/in.jsonl" >"$tmp/again.jsonl"
run 0 "$roentext" index "$tmp/test.db" "$tmp/again.jsonl"
run 0 qa "$tmp/test.db" --check P01; says_not out ' a2 '; says out ' b2 '
run 0 "$roentext" index "$tmp/test.db" --check

# Four times the reports of one patient take about four times the time, not sixteen: what is known of a patient is bounded.
many() {
    python3 - "$1" <<'END'
import sys
for i in range(int(sys.argv[1])):
    print('{"id":"m%d","patient_id":"M","date":"%04d-%02d-%02d","text":"FINDINGS: Left adrenal nodule, %d mm, unchanged. Small left pleural effusion. No pneumothorax.\\nIMPRESSION: Left adrenal nodule."}'
          % (i, 1950 + i // 336, i // 28 % 12 + 1, i % 28 + 1, 10 + i % 3))
END
}
for n in 8000 32000; do many $n >"$tmp/$n.jsonl"; run 0 "$roentext" index "$tmp/$n.db" "$tmp/$n.jsonl"; done
holds 'time grows with the number of a patient'\''s reports alone' python3 -c '
import resource, subprocess, sys
def used(): # both: how a run is shared out between them is a guess
    u = resource.getrusage(resource.RUSAGE_CHILDREN)
    return u.ru_utime + u.ru_stime
def seconds(db):
    best = 9e9
    for _ in range(3):
        before = used()
        subprocess.run([sys.argv[1], "qa", db, "--check", "P02"], check=True, stdout=subprocess.DEVNULL)
        best = min(best, used() - before)
    return best
small, large, empty = (seconds(d) for d in sys.argv[2:])
assert (large - empty) < 8 * max(small - empty, 0.02), (small, large, empty)' "$roentext" "$tmp/8000.db" "$tmp/32000.db" "$tmp/test.db"
finish
