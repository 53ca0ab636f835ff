#!/usr/bin/env python3
"""laterality.py SHARED: does check Q01 find the pairs of findings and impression whose sides disagree, and no others?"""
import json
import os
import subprocess
import sys
import tempfile

with open(sys.argv[1] + '/data/en/openi_laterality_dev.jsonl', encoding='utf-8') as f:
    rows = [json.loads(line) for line in f]
with tempfile.NamedTemporaryFile('w', suffix='.jsonl', encoding='utf-8') as reports:
    for i, r in enumerate(rows):
        print(json.dumps({'id': str(i), 'text': 'FINDINGS: %s\nIMPRESSION: %s' % (r['findings'], r['impression'])}), file=reports)
    reports.flush()
    program = os.environ.get('ROENTEXT', 'build/release/roentext')
    out = subprocess.run([program, 'convert', '--from', 'jsonl', '--to', 'jsonl', reports.name], check=True, text=True, capture_output=True).stdout
alarms = [any(q['check'] == 'Q01' for q in json.loads(line)['qa']) for line in out.splitlines()]
conflicts = [bool(r['conflict']) for r in rows]
found = sum(a and c for a, c in zip(alarms, conflicts, strict=True))
print('Q01: %d of %d conflicts found, %d alarms on %d pairs without' %
      (found, sum(conflicts), sum(alarms) - found, len(rows) - sum(conflicts)))
