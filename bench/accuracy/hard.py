#!/usr/bin/env python3
"""hard.py LABELS.tsv SENTENCES.jsonl PROGRAM: labelled places in hard Chinese sentences; each sentence is a report of its own.
A place is right if a finding meets it with the presence, temporality and change of the label (the finding that covers most of it
counts); presence normal: no finding that is present or possible meets it."""
import collections
import json
import subprocess
import sys
import answers

labels = answers.table(sys.argv[1])
sentences = list(answers.answers(sys.argv[2]))
reports = '\n'.join(json.dumps({'id': str(i), 'text': s['sentence'], 'lang': 'zh'}, ensure_ascii=False) for i, s in enumerate(sentences))
said = subprocess.run([sys.argv[3], 'convert', '--from', 'jsonl', '--to', 'jsonl', '-'], input=reports.encode(), stdout=subprocess.PIPE, check=True).stdout
found = [[f for f in json.loads(line).get('findings', ()) if f['method'] != 'derived'] for line in said.decode().splitlines()]


def judge(label):
    b, e = int(label['begin']), int(label['end'])
    meets = [f for f in found[int(label['line'])] if f['b'] < e and b < f['e']]
    if label['presence'] == 'normal':
        return 'normal' if not any(f['presence'] in ('present', 'possible') for f in meets) else 'present'
    if not meets:
        return 'missed'
    f = max(meets, key=lambda f: (min(e, f['e']) - max(b, f['b']), -(f['e'] - f['b'])))
    return ' '.join((f['presence'], f['temporality'], f['change'] or '-'))


right, kinds, wrong = 0, collections.defaultdict(lambda: [0, 0]), []
for label in labels:
    sentence = sentences[int(label['line'])]
    want = label['presence'] if label['presence'] == 'normal' else ' '.join((label['presence'], label['temporality'], label['change']))
    got = judge(label)
    kinds[sentence['category']][got == want] += 1
    right += got == want
    if got != want:
        wrong.append('line %s %s-%s: %s, not %s' % (label['line'], label['begin'], label['end'], got, want))
for kind, (bad, good) in kinds.items():
    print('%3d of %3d  %s' % (good, good + bad, kind))
print('right %d of %d = %.4f' % (right, len(labels), right / len(labels)))
print('\n'.join(wrong))
