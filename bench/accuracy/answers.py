"""What the benches read of the engine: answers (`convert --to jsonl`), the lexicon's chains, and class maps.

A class map is a TSV: a finding belongs to `class` if its concept is one of `concepts` or a kind of it ("=name": only itself), and
`where` holds; "type:device" stands for all concepts of a type. where: conditions joined by ";", each KEY=NAME|NAME or KEY!=...; place: some place of the finding is it or lies in it;
at: some place is just it; modifier, side, severity: as answered; text: its words hold one of these pieces (for a gold that indexes the word and not the thing). possible, historical: does a finding of that kind count (yes or no)?
possible may also name the hedges that count, as pieces of the cue's words ("versus|probabl"). Several rows of a class are
alternatives, and a finding may belong to several classes. What is absent, queried or somebody else's never counts."""
import csv
import json


def table(path):
    with open(path, encoding='utf-8') as f:
        lines = [line for line in f if not line.startswith('#')]
    return list(csv.DictReader(lines, delimiter='\t', quoting=csv.QUOTE_NONE))


def answers(path):
    with open(path, encoding='utf-8') as f:
        return [json.loads(line) for line in f]


class Lexicon:
    """Ids, names and chains of lexicons/concepts.tsv."""

    def __init__(self, folder):
        rows = table(folder + '/concepts.tsv')
        self.by_name = {}
        for r in rows:
            self.by_name.setdefault(r['pref_en'], r['id'])
        self.parents = {r['id']: [p for p in (r['is_a'] or '').split('|') if p] for r in rows}
        self.wholes = {r['id']: [p for p in (r['part_of'] or '').split('|') if p] for r in rows}

    def id(self, name):
        if name in self.parents:
            return name
        if name not in self.by_name:
            raise SystemExit('no concept "%s" in the lexicon' % name)
        return self.by_name[name]

    def up(self, concept, part):
        """The concept and what lies above it: its kinds, with part also what it is part of."""
        seen, todo = set(), [concept]
        while todo:
            c = todo.pop()
            if c not in seen and c in self.parents:
                seen.add(c)
                todo += self.parents[c] + (self.wholes[c] if part else [])
        return seen


class ClassMap:
    def __init__(self, path, lexicon):
        self.lexicon, self.rules = lexicon, []
        for r in table(path):
            exact, kinds, types = set(), set(), set()
            for name in r['concepts'].split('|'):
                if name.startswith('type:'):
                    types.add(name[5:])
                else:
                    (exact if name.startswith('=') else kinds).add(lexicon.id(name.lstrip('=')))
            self.rules.append((r['class'], exact, kinds, types, self.conditions(r['where']), self.hedges(r['possible']), r['historical'] == 'yes'))

    def conditions(self, text):
        out = []
        for part in filter(None, text.split(';')):
            key, names = part.split('=', 1)
            names = names.split('|')
            if key.rstrip('!') in ('place', 'at'):
                names = [self.lexicon.id(n) for n in names]
            out.append((key.rstrip('!'), set(names), key.endswith('!')))
        return out

    def hedges(self, text):
        return {'yes': [''], 'no': []}.get(text, text.split('|'))

    def values(self, finding, key, names):
        if key == 'place':
            return set().union(*(self.lexicon.up(a['concept'], True) for a in finding['anatomy'] or [])) if finding['anatomy'] else set()
        if key == 'at':
            return {a['concept'] for a in finding['anatomy'] or []}
        if key == 'modifier':
            return {m['value'] for m in finding['modifiers'] or []}
        if key == 'text':
            return {name for name in names if name in finding['text'].lower()}
        return {finding['laterality' if key == 'side' else key] or 'none'}

    def holds(self, finding, conditions):
        return all(bool(self.values(finding, key, names) & names) != negated for key, names, negated in conditions)

    def classes(self, finding):
        """The classes of a finding that counts, each with "affirmed" or "uncertain"."""
        if finding['presence'] not in ('present', 'possible') or finding['experiencer'] != 'patient':
            return {}
        kinds, out = self.lexicon.up(finding['concept'], False), {}
        possible, past = finding['presence'] == 'possible', finding['temporality'] == 'historical'
        cue = finding.get('cue_text', '').lower()
        for name, exact, wanted, types, conditions, doubt, history in self.rules:
            known = finding['concept'] in exact or kinds & wanted or finding['type'] in types
            if known and (not possible or any(hedge in cue for hedge in doubt)) and (history or not past) and self.holds(finding, conditions):
                out[name] = 'uncertain' if possible else 'affirmed'
        return out


def body(answer):
    """Findings of the report itself: not of the request, the history, or the comparison."""
    return [f for f in answer.get('findings', ()) if f['section'] in ('findings', 'impression', 'addendum', 'other')]
