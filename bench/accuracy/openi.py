#!/usr/bin/env python3
"""openi.py LEXICONS MAP ANSWERS [IDS]: the rows that score_openi.py reads, from our answers by a class map.
IDS: lines of `id<TAB>uid` that rename the reports. Locations are named by openi_location.tsv beside this file."""
import os
import sys
import answers

lexicon = answers.Lexicon(sys.argv[1])
classes = answers.ClassMap(sys.argv[2], lexicon)
uid = dict(line.rstrip('\n').split('\t') for line in open(sys.argv[4])) if len(sys.argv) > 4 else {}
places = []
for r in answers.table(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'openi_location.tsv')):
    places.append((r['location'], {lexicon.id(n) for n in r['places'].split('|')}, set(filter(None, r['classes'].split('|'))),
                   set(filter(None, r['not_classes'].split('|')))))


def locations(finding, name):
    above = set().union(set(), *(lexicon.up(a['concept'], True) for a in finding['anatomy'] or []))
    return [where for where, ids, only, never in places if above & ids and (not only or name in only) and name not in never]


print('uid\tclass\tstatus\tside\tseverity\tlocation')
for answer in answers.answers(sys.argv[3]):
    for f in answers.body(answer):
        for name, status in classes.classes(f).items():
            side = f['laterality'] if f['laterality'] in ('left', 'right', 'bilateral') else ''
            print(uid.get(answer['id'], answer['id']), name, status, side, f['severity'] or '', '|'.join(locations(f, name)), sep='\t')
