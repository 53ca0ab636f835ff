#!/bin/bash
# convert and explain: formats, files and folders, order, and the properties that every output keeps.
. "$(dirname "$0")/cli.inc"

cat >"$tmp/one.txt" <<'END'
FINDINGS: There is a 12 x 8 mm nodule in the right upper lobe. No pneumothorax.
IMPRESSION: Right upper lobe nodule.
END
cat >"$tmp/two.jsonl" <<'END'
{"id":"r1","text":"Lungs are clear. No pneumothorax."}
{"uid":2,"text":"胸部CT：左肺下叶见结节，直径约8mm。未见气胸。","unknown":{"a":[1]}}
END

# ---- one report, every format
run 0 "$roentext" convert "$tmp/one.txt"
says out '<.*urn:roentext:report:1'
cp "$tmp/out" "$tmp/one.xml"
if command -v xmllint >/dev/null; then
    run 0 xmllint --noout --nonet --schema templates/schema/roentext-report.xsd "$tmp/one.xml"
else skip 'no xmllint'; fi
run 0 "$roentext" convert --validate "$tmp/one.txt"
run 0 "$roentext" convert -t html "$tmp/one.txt"
says out '<html'
run 0 "$roentext" convert --to jsonl "$tmp/one.txt"
holds 'one line for one report' lines out 1
says out '"name":"pneumothorax"[^}]*"presence":"absent"'
says out '"values":\[12,8\]'
run 0 "$roentext" explain "$tmp/one.txt"
says out 'nodule'
says_not out $'\033'
run 0 "$roentext" explain --colour always "$tmp/one.txt"
says out $'\033'

# ---- input: standard input, formats, language
run 0 "$roentext" convert --to jsonl "$tmp/two.jsonl"
cp "$tmp/out" "$tmp/two.out"
says out '^\{"id":"r1","lang":"en"'
says out '^\{"id":"2","lang":"zh"'
run 0 "$roentext" convert --to jsonl - <"$tmp/two.jsonl"
holds 'standard input gives the same' cmp "$tmp/out" "$tmp/two.out"
run 0 "$roentext" convert --to jsonl <"$tmp/one.txt"
says out '"id":"stdin"'
run 0 "$roentext" convert --to jsonl --from text "$tmp/two.jsonl"
holds 'as text the file is one report' lines out 1
run 0 "$roentext" convert --to jsonl "$tmp/one.txt" "$tmp/two.jsonl"
holds 'three reports of two files' lines out 3

# ---- stages
for stage in text hit section sentence mention measure assertion relation finding critical field issue; do
    run 0 "$roentext" convert --dump "$stage" "$tmp/one.txt"
    says out '[a-z]+	[a-z]+'
done
run 0 "$roentext" convert --dump finding "$tmp/one.txt"
says out '^b	e	text	concept	presence	temporality	experiencer	laterality	severity	change	sizes_mm	anatomy	method$'
says out '	pneumothorax	pneumothorax	absent	current	patient	'
run 0 "$roentext" convert --dump=finding "$tmp/two.jsonl"
says out '^# r1$'

# ---- output: file, folder, names
run 0 "$roentext" convert --to jsonl -o "$tmp/file.jsonl" "$tmp/two.jsonl"
holds 'the file holds what standard output held' cmp "$tmp/file.jsonl" "$tmp/two.out"
holds 'standard output is empty' lines out 0
printf '%s\n' '{"id":"../x/y","text":"No effusion."}' '{"id":"same","text":"No effusion."}' \
    '{"id":"same","text":"Effusion."}' '{"id":".hidden","text":"Effusion."}' '{"id":"肺","text":"Effusion."}' >"$tmp/names.jsonl"
run 0 "$roentext" convert -o "$tmp/new/" "$tmp/names.jsonl"
ls -A "$tmp/new" >"$tmp/list"
printf '%s\n' _._x_y.xml _hidden.xml same-2.xml same.xml 肺.xml | sort >"$tmp/list.want"
holds 'names are safe and apart' bash -c "sort '$tmp/list' | diff - '$tmp/list.want'"
run 0 "$roentext" convert --to jsonl -o "$tmp/new" "$tmp/one.txt"
holds 'an existing folder is one' test -n "$(find "$tmp/new" -name '*one.jsonl')"
run 2 "$roentext" convert -o "$tmp/no/such/file.xml" "$tmp/one.txt"
says err 'No such file'

# ---- many reports: order, threads, spans, widths
python3 - "$tmp" <<'END'
import glob, json, sys
def wide(s): return ''.join(chr(ord(c) + 0xfee0) if '!' <= c <= '~' else c for c in s)
texts = [(p, open(p, encoding='utf-8').read()) for p in sorted(glob.glob('corpus/*/*.txt'))]
with open(sys.argv[1] + '/many.jsonl', 'w', encoding='utf-8') as out:
    for i in range(10):
        for path, text in texts: out.write(json.dumps({'id': f'{path}#{i}', 'text': text}) + '\n')
for name, change in ('narrow', lambda s: s), ('wide', wide):
    with open(f'{sys.argv[1]}/{name}.jsonl', 'w', encoding='utf-8') as out:
        for path, text in texts: out.write(json.dumps({'id': path, 'text': change(text)}) + '\n')
END
for n in 1 2 8; do
    run 0 "$roentext" convert --to jsonl -j $n -o "$tmp/many.$n" "$tmp/many.jsonl"
done
holds '1 thread and 2 threads give the same bytes' cmp "$tmp/many.1" "$tmp/many.2"
holds '1 thread and 8 threads give the same bytes' cmp "$tmp/many.1" "$tmp/many.8"
run 0 "$roentext" convert --to jsonl -o "$tmp/narrow.out" "$tmp/narrow.jsonl"
run 0 "$roentext" convert --to jsonl -o "$tmp/wide.out" "$tmp/wide.jsonl"
cat >"$tmp/prove.py" <<'END'
# Every span of every answer proves itself in the text of its record; answers come in order.
import json, sys
n = 0
def span(s, text, what):
    b, e = s
    assert 0 <= b <= e <= len(text), (what, s)
    return text[b:e]
for line, answer in zip(open(sys.argv[1], encoding='utf-8'), open(sys.argv[2], encoding='utf-8'), strict=True):
    r, a = json.loads(line), json.loads(answer)
    text = r['text']
    assert a['id'] == r['id'], (r['id'], a['id'])
    for f in a['findings']:
        assert span((f['b'], f['e']), text, f) == f['text'] != '', f
        n += 1
        if f['cue']: assert span(f['cue'], text, f)
        for s in f['anatomy_spans']: assert span(s, text, f)
        assert len(f['anatomy']) == len(f['anatomy_spans']), f
        for m in f['measurements']: assert any(c.isdigit() or c in '一二三四五六七八九十' for c in span((m['b'], m['e']), text, m)), m
        ids = {g['id'] for g in a['findings']}
        assert set(f['suggests']) <= ids
    for kind in 'sections', 'communications', 'recommendations', 'critical':
        for x in a[kind]: span((x['b'], x['e']), text, x)
    for c in a['critical']: assert c['finding'] in ids, c
    for c in a['fields']: assert set(c['findings']) <= {f['id'] for f in a['findings']}, c
assert n > 100, n
END
holds 'spans prove themselves' python3 "$tmp/prove.py" "$tmp/narrow.jsonl" "$tmp/narrow.out"
holds 'also over full-width text' python3 "$tmp/prove.py" "$tmp/wide.jsonl" "$tmp/wide.out"
cat >"$tmp/widths.py" <<'END'
import json, sys
keys = 'concept', 'presence', 'temporality', 'laterality', 'severity', 'change', 'b', 'e', 'section'
for a, b in zip(open(sys.argv[1]), open(sys.argv[2]), strict=True):
    a, b = json.loads(a), json.loads(b)
    x, y = ([[f[k] for k in keys] + [m['values'] for m in f['measurements']] for f in r['findings']] for r in (a, b))
    assert x == y, (a['id'], [p for p in zip(x, y) if p[0] != p[1]][:2], len(x), len(y))
END
holds 'full-width text gives the same findings' python3 "$tmp/widths.py" "$tmp/narrow.out" "$tmp/wide.out"

# ---- a reader that goes away, and SIGINT
"$roentext" convert --to jsonl "$tmp/many.jsonl" 2>"$tmp/err" | head -n 1 >"$tmp/out"
holds 'a closed pipe is no message' test ! -s "$tmp/err"
cat >"$tmp/interrupt.py" <<'END'
# One report, then silence; SIGINT: the answer is written, the status is 130.
import signal, subprocess, sys, time
p = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
p.stdin.write(b'{"id":"r1","text":"No effusion."}\n' * 3); p.stdin.flush()
time.sleep(1.5)
p.send_signal(signal.SIGINT)
out = p.stdout.read(); status = p.wait(10)
assert status == 130, status
assert out.count(b'\n') == 3 and out.endswith(b'}\n'), out
END
holds 'SIGINT finishes what is in flight' python3 "$tmp/interrupt.py" "$roentext" convert --from jsonl --to jsonl

# ---- the help and what is refused
for command in convert explain index search critical assert 'lexicon check' 'lexicon compile' 'lexicon lookup' 'template list' 'template check'; do
    run 0 "$roentext" $command --help
    says out '^Usage: roentext '
done
run 0 "$roentext" template list
says out '^xr\.chest	zh	'
run 0 "$roentext" template check
run 0 "$roentext" --version
says out '^roentext [0-9]+\.[0-9]+'
run 0 "$roentext" --help
run 2 "$roentext"
run 2 "$roentext" no-such
run 2 "$roentext" convert --to nonsense "$tmp/one.txt"
says err 'nonsense.*xml jsonl'
run 2 "$roentext" convert --dump nonsense "$tmp/one.txt"
run 2 "$roentext" convert --validate --to jsonl "$tmp/one.txt"

# Normal vessels of the mediastinum say nothing of emboli or of calcified coronary arteries.
for text in 'FINDINGS: Mediastinal main vascular structures are normal. Heart size is normal.' '影像所见：纵隔大血管未见异常。心脏大小正常。'; do
    echo "$text" >"$tmp/vessels.txt"
    run 0 "$roentext" convert --template ct.chest --dump field "$tmp/vessels.txt"
    says out '^ct.chest	great_vessels	negated'
    says_not out '	(pulmonary_embolism|coronary_calcification|aorta)	negated'
done
finish
