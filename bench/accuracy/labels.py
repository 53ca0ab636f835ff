#!/usr/bin/env python3
"""labels.py LEXICONS MAP GOLD.jsonl ANSWERS.jsonl [--errors N]: reports with a set of labels each (`labels`), micro and by label."""
import sys
import answers

classes = answers.ClassMap(sys.argv[2], answers.Lexicon(sys.argv[1]))
gold = {str(r['id']): set(r['labels']) for r in answers.answers(sys.argv[3])}
show = int(sys.argv[6]) if len(sys.argv) > 6 else 0
count, errors = {}, []
for answer in answers.answers(sys.argv[4]):
    got = {name for f in answers.body(answer) for name in classes.classes(f)}
    want = gold[answer['id']]
    for name in got | want:
        tally = count.setdefault(name, [0, 0, 0])
        tally[0 if name in got & want else 1 if name in got else 2] += 1
        if (name in got) != (name in want):
            errors.append('%s %s %s' % (answer['id'], 'extra' if name in got else 'missed', name))


def line(name, tp, fp, fn):
    p, r = tp / max(1, tp + fp), tp / max(1, tp + fn)
    print('%-28s P %.4f R %.4f F1 %.4f  tp %d fp %d fn %d' % (name, p, r, 2 * p * r / max(1e-9, p + r), tp, fp, fn))


line('micro, %d labels' % len(count), *(sum(c[i] for c in count.values()) for i in range(3)))
for name, c in sorted(count.items()):
    line(name, *c)
print('\n'.join(errors[:show]))
