#!/bin/bash
# What is wrong with the input or the machine: a clear message with its place, an answer in place of
# every bad record, the good ones around it converted, and the right exit status.
. "$(dirname "$0")/cli.inc"
convert() { "$roentext" convert --to jsonl "$@"; }
good() { printf '{"id":"%s","text":"There is a pleural effusion."}\n' "$1"; }
printf 'There is a pleural effusion.\n' >"$tmp/good.txt"

# ---- empty and missing text
: >"$tmp/empty.jsonl"
run 0 convert "$tmp/empty.jsonl"
holds 'no lines in, no lines out' lines out 0
: >"$tmp/empty.txt"
run 1 convert "$tmp/empty.txt" "$tmp/good.txt"
says err 'empty\.txt.*no text'
says out '"error":\{"code":"bad-record"'
says out '"name":"pleural effusion"'
run 1 "$roentext" convert --to xml "$tmp/empty.txt"
says out 'error'

# ---- bad records between good ones
{ good r1; echo '{"id":"r2","text":"no end'; good r3; echo '{"id":"r4","text":17}'; echo '{"id":"r5"}'
  echo '[1]'; echo '{"id":"r7","text":"a","text":"b"}'; echo; good r9; } >"$tmp/bad.jsonl"
run 1 convert "$tmp/bad.jsonl"
holds 'a line for every record' lines out 8
holds 'the answers are in order, good and bad' python3 - "$tmp/out" <<'END'
import json, sys
rows = [json.loads(l) for l in open(sys.argv[1], encoding='utf-8')]
assert [r["id"] for r in rows] == ['r1', '2', 'r3', 'r4', 'r5', '6', '7', 'r9'], rows
assert ['error' in r for r in rows] == [False, True, False, True, True, True, True, False]
assert [r['error']['line'] for r in rows if 'error' in r] == [2, 4, 5, 6, 7]
assert all(r['error']['message'] for r in rows if 'error' in r)
END
says err 'bad\.jsonl:2:[0-9]+: JSON: premature end of input'
says err 'bad\.jsonl:4.*"text" must be a string'
says err 'bad\.jsonl:5.*no field "text"'
says err 'bad\.jsonl:6.*not a JSON object'
says err 'bad\.jsonl:7.*duplicate'

# ---- bytes that are no text: the report is still converted
printf 'There is a pleural \xff\xfe effusion. No pneumothorax\x00\x01 seen.\n' >"$tmp/bytes.txt"
run 0 convert "$tmp/bytes.txt"
says out '"issues":\[\{"code":"'
holds 'the answer is JSON in UTF-8' python3 -c 'import json,sys; json.loads(open(sys.argv[1], encoding="utf-8").read())' "$tmp/out"
run 0 "$roentext" convert --validate "$tmp/bytes.txt"
printf '{"id":"u","text":"There is a pleural effusion \xe8\x82."}\n' >"$tmp/bytes.jsonl"
run 0 convert "$tmp/bytes.jsonl"
says out 'undecodable-bytes'
printf '%s\n' '{"id":"n","text":"A pleural effusion.\u0000\u0008 \ud83d end."}' >"$tmp/nul.jsonl"
run 0 convert "$tmp/nul.jsonl"
says out '"name":"pleural effusion"'
run 0 "$roentext" convert --validate "$tmp/nul.jsonl"
for charset in UTF-16 GB18030; do
    python3 -c "import sys; sys.stdout.buffer.write('检查所见：右侧胸腔积液，未见气胸。左肺下叶结节。'.encode('$charset'))" >"$tmp/$charset.txt"
    run 0 convert "$tmp/$charset.txt"
    says out '"name_zh":"胸腔积液"'
done

# ---- a line of 100 MiB: bounded memory, one error record, the rest goes on
cat >"$tmp/long.py" <<'END'
import resource, subprocess, sys
p = subprocess.Popen(sys.argv[2:], stdin=subprocess.PIPE, stdout=open(sys.argv[1], 'wb'))
p.stdin.write(b'{"id":"r1","text":"Effusion."}\n{"id":"big","text":"')
for _ in range(1600): p.stdin.write(b'no effusion. ' * 5041)
p.stdin.write(b'"}\n{"id":"r3","text":"Effusion."}\n'); p.stdin.close()
assert p.wait() == 1
kib = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
assert kib < 160 * 1024 or 'san' in sys.argv[2], kib
END
holds 'a line of 100 MiB is skipped in bounded memory' python3 "$tmp/long.py" "$tmp/long.out" "$roentext" convert --from jsonl --to jsonl
holds 'three lines for it' lines "$tmp/long.out" 3
says "$tmp/long.out" '"id":"2","error":\{"code":"too-large"'
says "$tmp/long.out" '"id":"r3","lang"'

# ---- files
run 2 convert "$tmp/good.txt" "$tmp/no-such.txt" "$tmp/good.txt"
says err 'no-such\.txt.*No such file'
holds 'the others are converted' lines out 2
run 2 convert "$tmp"
says err 'is a directory'
if [ "$(id -u)" -ne 0 ]; then
    cp "$tmp/good.txt" "$tmp/secret.txt"; chmod 000 "$tmp/secret.txt"
    run 2 convert "$tmp/secret.txt" "$tmp/good.txt"
    says err 'secret\.txt.*Permission denied'
    holds 'the other is converted' lines out 1
else skip 'root reads everything'; fi
printf 'a,b\n' >"$tmp/x.csv"
run 2 convert "$tmp/x.csv"
says err 'x\.csv:1: CSV: the heading has no column "text"'
if [ -w /dev/full ]; then
    run 2 bash -c "'$roentext' convert --to jsonl '$tmp/good.txt' >/dev/full"
    says err 'No space left'
    run 2 "$roentext" convert --to jsonl -o /dev/full "$tmp/good.txt"
    says err 'No space left'
else skip 'no /dev/full'; fi
mkdir "$tmp/closed"; chmod 500 "$tmp/closed"
if [ "$(id -u)" -ne 0 ]; then
    run 2 "$roentext" convert -o "$tmp/closed/x.xml" "$tmp/good.txt"
    says err 'Permission denied'
else skip 'root writes everywhere'; fi
ROENTEXT_HOME=$tmp/none run 2 convert "$tmp/good.txt"
holds 'a home that is none is told of' test -s "$tmp/err"
finish
