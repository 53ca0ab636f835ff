#!/usr/bin/env python3
"""openi.py LEXICONS MAP ANSWERS [IDS]: the rows that score_openi.py reads, from our answers by a class map.
IDS: lines of `id<TAB>uid` that rename the reports. Locations are named by openi_location.tsv beside this file."""
import os
import sys
import answers

lexicon = answers.Lexicon(sys.argv[1])
classes = answers.ClassMap(sys.argv[2], lexicon)
uid = dict(line.rstrip('\n').split('\t') for line in open(sys.argv[4])) if len(sys.argv) > 4 else {}
places = [(r['location'], classes.conditions(r['where']), set(filter(None, r['classes'].split('|'))), set(filter(None, r['not_classes'].split('|'))), r['side'])
          for r in answers.table(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'openi_location.tsv'))]


def locations(finding, name):
    """Where the annotators say that a finding of a class lies, and on which side."""
    holding = [(where, side) for where, conditions, only, never, side in places
               if (not only or name in only) and name not in never and classes.holds(finding, conditions)]
    told = [side for _, side in holding if side] + [finding['laterality']]
    return '|'.join(sorted({where for where, _ in holding if where})), told[0] if told[0] in ('left', 'right', 'bilateral') else ''


print('uid\tclass\tstatus\tside\tseverity\tlocation')
for answer in answers.answers(sys.argv[3]):
    for f in answers.body(answer):
        for name, status in classes.classes(f).items():
            where, side = locations(f, name)
            print(uid.get(answer['id'], answer['id']), name, status, side, f['severity'] or '', where, sep='\t')
