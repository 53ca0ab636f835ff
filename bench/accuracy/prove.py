#!/usr/bin/env python3
"""prove.py TEXT.tsv ANSWERS.jsonl: lines in = lines out, errors, and findings whose words are not what the document text holds there.
TEXT.tsv: `convert --dump text`, three lines a report."""
import re
import sys
import answers

escapes = {'t': '\t', 'n': '\n'}
rows = open(sys.argv[1], encoding='utf-8').read().split('\n')[2::3]
n = errors = findings = wrong = 0
for row, answer in zip(rows, answers.answers(sys.argv[2]), strict=True):
    text = re.sub(r'\\(.)', lambda m: escapes.get(m[1], m[1]), row.split('\t')[2])
    n += 1
    errors += 'error' in answer
    for f in answer.get('findings', ()):
        findings += 1
        wrong += text[f['b']:f['e']] != f['text']
print('%d reports, %d errors, %d findings, %d spans that do not prove themselves' % (n, errors, findings, wrong))
