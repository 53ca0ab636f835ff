#!/usr/bin/env python3
"""search.py ROENTEXT SHARED MAP [CLASSES]: does a search find the reports that have a finding?

Indexes the OpenI development set and asks, for the 40 most frequent classes of its gold (field cat95), four ways: concept
[finding:X presence:present], also with possible and historical, where the class map counts them; the plain word (the name of the class's
first concept as written, =word); and all words that the lexicon knows for it, affirmed or not (X without brackets would also find the other
language; here every synonym as =word). Precision, recall and F1 of reports, mean over the classes. What a class is in our concepts stands in
the map (openi95.tsv, format in answers.py)."""
import collections, csv, os, subprocess, sys, tempfile
import answers

roentext, shared, path = sys.argv[1:4]
n_classes = int(sys.argv[4]) if len(sys.argv) > 4 else 40
data = shared + '/data/en'
gold = collections.defaultdict(set)
with open(data + '/openi_gold_dev.tsv', encoding='utf-8') as f:
    for r in csv.DictReader(f, delimiter='\t', quoting=csv.QUOTE_NONE):
        if r['cat95']: gold[r['cat95']].add(r['uid'])
rows = collections.defaultdict(list)
for r in answers.table(path):
    rows[r['class']].append(r)
lexicon = answers.table(os.environ.get('ROENTEXT_HOME', '.') + '/lexicons/concepts.tsv')
findings = {r['pref_en'] for r in lexicon if r['type'] in ('finding', 'diagnosis', 'device', 'procedure')}
forms = {r['pref_en']: [r['pref_en']] + [x for x in (r['en'] or '').split('|') if x] for r in lexicon}


def ask(db, query):
    p = subprocess.run([roentext, 'search', db, query, '--format', 'csv'], capture_output=True, text=True)
    if p.returncode: sys.exit(query + '\n' + p.stderr)
    return {r['id'] for r in csv.DictReader(p.stdout.splitlines())}


def concept(r, more):
    """The row as a query; where it asks for the words of a finding (text=), the report must have a word that begins so. Conditions that no query
    can ask (what is NOT there, one hedge and not another) are left out."""
    names = [n for n in r['concepts'].split('|') if n.lstrip('=') in findings]
    if not names: return None
    presence = ['present'] + [k for k in ('possible', 'historical') if more and r[k] == 'yes']
    one, beside = '', ''
    for part in filter(None, (r['where'] or '').split(';')):
        key, value = part.split('=', 1)
        if key == 'place': one += ' anatomy:"%s"' % value
        if key in ('side', 'severity'): one += ' %s:%s' % (key, value)
        pieces = [v for v in value.split('|') if v.isascii() and v.isalpha()]
        if key == 'text' and pieces: beside = ' (%s)' % ' OR '.join(v + '*' for v in pieces)
    return '[finding:"%s" presence:%s%s section:findings|impression|addendum|other]%s' % ('|'.join(names), '|'.join(presence), one, beside)


def words(r):
    names = [n.lstrip('=') for n in r['concepts'].split('|')]
    return ['="%s"' % f.replace('"', '') for n in names for f in forms.get(n, [n])]


def score(found, right):
    tp = len(found & right)
    p, q = tp / len(found) if found else 0.0, tp / len(right) if right else 0.0
    return p, q, 2 * p * q / (p + q) if p + q else 0.0


with tempfile.TemporaryDirectory() as tmp:
    db = tmp + '/openi.db'
    subprocess.run([roentext, 'index', db, '--from', 'jsonl', data + '/openi_dev.jsonl'], check=True)
    total = collections.defaultdict(lambda: [0.0] * 3)
    print('%-28s %5s  %-20s %-20s %-20s %-20s' % ('class', 'gold', 'present P R F1', '+possible P R F1', 'plain word P R F1', 'all synonyms P R F1'))
    classes = [c for c in sorted(gold, key=lambda c: (-len(gold[c]), c)) if any(concept(r, True) for r in rows[c])][:n_classes]
    for c in classes:
        use = [r for r in rows[c] if concept(r, True)]
        all_words = [w for r in use for w in words(r)]
        ways = [set().union(*(ask(db, concept(r, False)) for r in use)), set().union(*(ask(db, concept(r, True)) for r in use)), ask(db, all_words[0]),
                ask(db, ' OR '.join(all_words))]
        line = '%-28s %5d ' % (c, len(gold[c]))
        for i, found in enumerate(ways):
            s = score(found, gold[c])
            total[i] = [a + b for a, b in zip(total[i], s)]
            line += ' %.2f %.2f %.3f      ' % s
        print(line.rstrip())
    for i, name in enumerate(('[finding:X presence:present]', '... possible and historical as the map says', 'plain word', 'all synonyms')):
        print('mean of %d classes, %-44s P %.3f R %.3f F1 %.3f' % ((len(classes), name) + tuple(t / len(classes) for t in total[i])))
