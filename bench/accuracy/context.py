#!/usr/bin/env python3
"""context.py rows CASES.tsv: the cases as `roentext assert` reads them ("target#2" is the second place of that target in the sentence).
context.py score CASES.tsv ANSWERS.tsv: cases of which all four judgements are right, and the others."""
import sys
import answers

cases = answers.table(sys.argv[2])
if sys.argv[1] == 'rows':
    print('row\tsentence\ttarget\toccurrence')
    for c in cases:
        target, _, nth = c['target'].partition('#')
        print(c['id'], c['sentence'], target, nth or 1, sep='\t')
else:
    got = {r['row']: r for r in answers.table(sys.argv[3])}
    right, wrong = 0, []
    for c in cases:
        g = got.get(c['id'], {})
        judged = (g.get('presence') == 'absent', g.get('presence') in ('possible', 'unlikely'), g.get('temporality') == 'historical', g.get('experiencer') == 'family')
        if judged == tuple(c[k] == '1' for k in ('negated', 'uncertain', 'historical', 'family')):
            right += 1
        else:
            wrong.append('%s "%s" in "%s": %s' % (c['id'], c['target'], c['sentence'], ' '.join(g.get(k, '') for k in ('presence', 'temporality', 'experiencer'))))
    print('cases right %d of %d = %.4f' % (right, len(cases), right / len(cases)))
    print('\n'.join(wrong))
