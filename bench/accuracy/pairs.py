#!/usr/bin/env python3
"""pairs.py split PAIRS.jsonl BASE: BASE.zh.jsonl and BASE.en.jsonl, ids in BASE.uid (id, uid) and BASE.uids (only the first pair of each uid).
pairs.py score ZH.jsonl EN.jsonl: answers to the same reports in two languages, line by line: do they hold the same concepts?
Compared are the concepts of the findings that are stated (not derived), present or possible."""
import collections
import json
import sys
import answers


def split(path, base):
    seen = set()
    out = {k: open('%s.%s' % (base, k), 'w', encoding='utf-8') for k in ('zh.jsonl', 'en.jsonl', 'uid', 'uids')}
    for pair in answers.answers(path):
        if pair['report'] in seen:
            continue  # a second rewriting of the same report would count its gold twice
        seen.add(pair['report'])
        for lang in ('zh', 'en'):
            print(json.dumps({'id': pair['id'], 'text': pair[lang], 'lang': lang}, ensure_ascii=False), file=out[lang + '.jsonl'])
        print(pair['id'], pair['report'], sep='\t', file=out['uid'])
        print(pair['report'], file=out['uids'])


def concepts(answer):
    return {f['name'] for f in answer.get('findings', ()) if f['presence'] in ('present', 'possible') and f['method'] != 'derived'}


def score(zh_path, en_path):
    same = total = overlap = 0
    only = collections.Counter()
    for zh, en in zip(answers.answers(zh_path), answers.answers(en_path), strict=True):
        a, b = concepts(zh), concepts(en)
        total += 1
        same += a == b
        overlap += 2 * len(a & b) / (len(a) + len(b)) if a or b else 1
        only.update('zh only: ' + c for c in a - b)
        only.update('en only: ' + c for c in b - a)
    print('pairs %d, same concept sets %d = %.4f, mean overlap (Dice) %.4f' % (total, same, same / total, overlap / total))
    print('most often in one only:', ', '.join('%s %d' % x for x in only.most_common(12)))


{'split': split, 'score': score}[sys.argv[1]](*sys.argv[2:4])
