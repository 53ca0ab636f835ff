#!/bin/bash
# CSV in: names of columns, charset, broken rows, and that neither time nor memory grows out of bounds.
. "$(dirname "$0")/cli.inc"
convert() { "$roentext" convert --to jsonl "$@"; }

printf 'id,text,modality,sex\r\nr1,"FINDINGS: Left pneumothorax, ""small"".\r\nIMPRESSION: Pneumothorax.",CR,F\r\nr2,Clear lungs.,CR,M\r\n' >"$tmp/a.csv"
run 0 convert "$tmp/a.csv"
holds 'a report a row' lines out 2
holds 'the fields of a row arrive' python3 -c '
import json, sys
first = json.loads(open(sys.argv[1], encoding="utf-8").readline())
assert first["id"] == "r1" and first["template"]["id"] == "xr.chest", first
found = first["findings"][0]
assert (found["name"], found["laterality"]) == ("pneumothorax", "left") and len(first["sections"]) == 2, first' "$tmp/out"
cp "$tmp/out" "$tmp/want"
run 0 convert - <"$tmp/a.csv"
holds 'CSV is recognised by its heading' cmp "$tmp/out" "$tmp/want"

# ---- other names, other charset
printf '检查号;报告内容\n17;左侧气胸，肺压缩约30%%。\n' >"$tmp/zh.csv"
run 0 convert --map text=报告内容,id=检查号 "$tmp/zh.csv"
says out '"id":"17".*气胸'
cp "$tmp/out" "$tmp/want"
iconv -f UTF-8 -t GB18030 "$tmp/zh.csv" >"$tmp/gb.csv"
run 0 convert --map text=报告内容,id=检查号 "$tmp/gb.csv"
holds 'GB18030 gives the same' cmp "$tmp/out" "$tmp/want"
run 0 convert --map text=报告内容,id=检查号 - <"$tmp/zh.csv"
holds 'a map says that it is CSV' cmp "$tmp/out" "$tmp/want"
run 2 convert "$tmp/zh.csv"
says err 'zh\.csv:1: CSV: the heading has no column "text"; --map'
run 2 convert --map bogus=a "$tmp/a.csv"
says err 'map: there is no field "bogus"'
run 2 convert --map text "$tmp/a.csv"
says err 'not of the form field=column'

# ---- broken rows are answered in their place, the good ones go on
printf 'id,text\n1,"open\n2,good\n3,a,b\n4,\n5,"bad" quote\n6,good\n' >"$tmp/bad.csv"
run 1 convert "$tmp/bad.csv"
holds 'as many answers as rows' lines out 6
for line in 2 4 5 6; do says err "bad\.csv:$line: CSV"; says out "\"error\":.*\"line\":$line\}"; done
says out '"id":"2",.*"findings":\[\]'
says out '"id":"6",.*"findings":\[\]'

# ---- an open quote in front of many rows, and quotes that never match: time stays linear
python3 - "$tmp" <<'EOF'
import sys
rows = "".join(f"{i},Lungs are clear.\n" for i in range(100000))
open(sys.argv[1] + "/open.csv", "w").write('id,text\n0,"open\n' + rows)
open(sys.argv[1] + "/odd.csv", "w").write("id,text\n" + '0,"odd\n1,even\n' * 50000)
EOF
run 1 timeout $((60 * patience)) "$roentext" convert --to jsonl -o "$tmp/open.jsonl" "$tmp/open.csv"
holds 'all rows behind an open quote' lines "$tmp/open.jsonl" 100001
run 1 timeout $((60 * patience)) "$roentext" convert --to jsonl -o "$tmp/odd.jsonl" "$tmp/odd.csv"
holds 'every other row is good' bash -c "[ \"\$(grep -c '\"error\"' '$tmp/odd.jsonl')\" -eq 50000 ]"

# ---- memory does not grow with the file
if [[ $roentext != *san/* ]] && python3 -c 'import resource' 2>/dev/null; then
    holds 'memory is flat' python3 - "$roentext" "$tmp" <<'EOF'
import resource, subprocess, sys
program, folder = sys.argv[1:]
peaks = []
for n in (2000, 60000):
    with open(folder + "/big.csv", "w") as f:
        f.write("id,text\n")
        for i in range(n):
            f.write(f'{i},"Lungs are clear.\nNo effusion, no {"x" * 400}."\n')
    subprocess.run([program, "convert", "-j1", "--to", "jsonl", "-o", "/dev/null", folder + "/big.csv"], check=True)
    peaks.append(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
assert peaks[1] < peaks[0] + 4096, peaks
EOF
else skip 'no way to see the memory, or that of a sanitizer as well'; fi
finish
