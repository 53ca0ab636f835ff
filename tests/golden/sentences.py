#!/usr/bin/env python3
"""sentences.py: what the program makes of the places in corpus/sentences/*.tsv, each sentence a report of its own.
Columns: sentence, target ("target#2": its second place in the sentence), presence, temporality, change, laterality, sizes (mm, joined
by x), count (where the table has it); "-" is none, an empty cell is not checked. presence normal: no finding of the patient that is present or
possible meets the target.
Prints what differs and closes with "N passed, N failed, N skipped"."""
import glob
import json
import os
import subprocess
import sys

os.environ.setdefault('ROENTEXT_HOME', '.')
program = os.environ.get('ROENTEXT', 'build/release/roentext')
COLUMNS = ('presence', 'temporality', 'change', 'laterality', 'sizes', 'count')


def rows():
    for path in sorted(glob.glob('corpus/sentences/*.tsv')):
        lines = [(i, line.rstrip('\n')) for i, line in enumerate(open(path, encoding='utf-8'), 1) if line.strip() and line[0] != '#']
        head = lines[0][1].split('\t')
        for i, line in lines[1:]:
            yield '%s:%d' % (path, i), dict(zip(head, line.split('\t')))


def place(row):
    target, _, nth = row['target'].partition('#')
    at = -1
    for _ in range(int(nth or 1)):
        at = row['sentence'].find(target, at + 1)
    return at, at + len(target)


def sizes(finding):
    values = [('%g' % v) for m in finding['measurements'] or () if m['unit'] == 'mm' and not m['prior'] for v in m['values']]
    return 'x'.join(values) or '-'


def differs(row, findings):
    """What is wrong, in words; empty if all is right."""
    b, e = place(row)
    if b < 0:
        return 'the target does not stand in the sentence'
    meets = [f for f in findings if f['method'] != 'derived' and f['b'] < e and b < f['e']]
    if row['presence'] == 'normal':
        return ''.join('%s is %s' % (f['text'], f['presence']) for f in meets if f['presence'] in ('present', 'possible') and f['experiencer'] == 'patient')
    if not meets:
        return 'no finding'
    f = max(meets, key=lambda f: (min(e, f['e']) - max(b, f['b']), f['b'] - f['e']))
    got = dict(f, sizes=sizes(f), count=str(f['count'] or '-'))
    return ', '.join('%s %s' % (c, got[c] or '-') for c in COLUMNS if row.get(c) and (got[c] or '-') != row[c])


cases = list(rows())
reports = ''.join(json.dumps({'id': where, 'text': row['sentence']}, ensure_ascii=False) + '\n' for where, row in cases)
said = subprocess.run([program, 'convert', '--from', 'jsonl', '--to', 'jsonl', '-'], input=reports.encode(), stdout=subprocess.PIPE, check=True).stdout
failed = 0
for (where, row), line in zip(cases, said.decode().splitlines(), strict=True):
    wrong = differs(row, json.loads(line)['findings'])
    if wrong:
        failed += 1
        print('FAILED %s: %s in %s: %s' % (where, row['target'], row['sentence'][:60], wrong))
print('%d passed, %d failed, 0 skipped' % (len(cases) - failed, failed))
sys.exit(failed > 0)
