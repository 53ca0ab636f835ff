#!/usr/bin/env python3
"""Compares the template fields that the program fills with those that people expect.

corpus/GROUP/NAME.fields is a table: field, state, value; `#` lines are remarks. A field of a group is written
group@n.field or group@item.field (nodule@1.nodule_size, level@L4-5.level_bulge); the row `template` names the template,
`also` that of a second exam. What is not listed is expected to be silent (not-mentioned, not-applicable). The
recommendation is tested elsewhere and is no row here. A normal statement ("liver unremarkable") implies more than a
reader would list: a field that is negated by such statements alone is not held against the program where the table does
not list it.

A place is right if it is a part of the expected words or has them as a part ("right upper lobe", "upper lobe").

Lesions of a group are told apart by what is said of them, not by their number: each expected one is held against the one of
the program that it agrees with most.

NAME.fields.todo holds the known differences: "# reason", then lines "-" expected and "+" got. UPDATE=1 rewrites it.
The rate is: expected fields that are right in state and value, of all that are expected or wrongly filled."""
import glob, json, os, re, subprocess, sys
from collections import defaultdict

SILENT = ('not-mentioned', 'not-applicable')
MINIMUM = 91.5  # per cent; below it the suite fails


def read_table(path):
    rows, remarks = [], []
    for number, line in enumerate(open(path, encoding='utf-8'), 1):
        line = line.rstrip('\n')
        if line.startswith('#'):
            remarks.append(line)
            continue
        if line == 'field\tstate\tvalue':
            continue
        cells = line.split('\t')
        if len(cells) != 3 or not all(cells):
            sys.exit(f'{path}:{number}: field, state and value, none of them empty')
        rows.append(tuple(cells))
    return rows, remarks


def name_of(field):
    if 'group' not in field:
        return field['id']
    group, n = field['group'].split('@')
    return f"{group}@{field.get('item', n)}.{field['id']}"


def got_rows(report):
    """rows of the report, and those of them that only normal statements deny"""
    derived = {f['id'] for f in report['findings'] if f['method'] == 'derived'}
    rows, implied = [('template', 'filled', report['template']['id'])], set()
    if 'also' in report['template']:
        rows.append(('also', 'filled', report['template']['also']))
    for f in report['fields']:
        if f['state'] in SILENT or f['id'].endswith('recommendation'):
            continue
        value = f['value'] or '-'
        row = (name_of(f), f['state'], value.replace('\n', ' '))
        rows.append(row)
        if f['state'] == 'negated' and set(f['findings']) <= derived:
            implied.add(row)
    return rows, implied


def lesions(rows):
    """group -> number -> {(field, state, value)} of the groups that are numbered"""
    out = defaultdict(lambda: defaultdict(set))
    for name, state, value in rows:
        m = re.fullmatch(r'(.+)@(\d+)\.(.+)', name)
        if m:
            out[m[1]][int(m[2])].add((m[3], state, value))
    return out


def renumber(expected, got):
    """the rows of got with the lesions numbered as in expected"""
    want, have = lesions(expected), lesions(got)
    new = {}
    for group, instances in have.items():
        pairs = sorted(((len(e & g), -k, -n, k, n) for k, e in want[group].items() for n, g in instances.items()),
                       reverse=True)
        taken, free = {}, max(want[group], default=0) + 1
        for agree, _, _, k, n in pairs:
            if n not in taken and k not in taken.values() and agree > 0:
                taken[n] = k
        for n in instances:
            if n not in taken:
                left = [k for k in want[group] if k not in taken.values()]
                taken[n] = left[0] if left else free
                free += not left
            new[group, n] = taken[n]

    def name(row):
        m = re.fullmatch(r'(.+)@(\d+)\.(.+)', row[0])
        return (f'{m[1]}@{new[m[1], int(m[2])]}.{m[3]}',) + row[1:] if m else row
    return name


def same_place(expected, got):
    return any(g in expected or expected in g for g in got.split('; '))


def settle_places(expected, rows):
    """rows with the words of a place as they are expected, where they name it too"""
    want = {r[:2]: r[2] for r in expected if r[0].endswith('_place')}
    return {r[:2] + (want[r[:2]],) if r[:2] in want and same_place(want[r[:2]].lower(), r[2].lower()) else r: v
            for r, v in rows.items()}


def compare(expected, report):
    """number right, number counted, differences"""
    got, implied = got_rows(report)
    listed = {r[0] for r in expected}
    rename = renumber(expected, got)
    rows = settle_places(expected, {rename(r): r in implied for r in got})
    right = [r for r in expected if r in rows]
    missed = [r for r in expected if r not in rows]
    extra = [r for r in rows if r not in expected and (r[0] in listed or not rows[r])]
    only = [r for r in extra if r[0] not in listed]
    lines = ['-' + '\t'.join(r) for r in missed] + ['+' + '\t'.join(r) for r in extra]
    return len(right), len(expected) + len(only), sorted(lines, key=lambda x: (x[1:].split('\t')[0], x[0] == '+'))


def analyse(paths):
    program = os.environ.get('ROENTEXT', 'build/release/roentext')
    env = dict(os.environ, ROENTEXT_HOME=os.environ.get('ROENTEXT_HOME', '.'))
    run = subprocess.run([program, 'convert', '--to', 'jsonl'] + paths, env=env, stdout=subprocess.PIPE, check=False)
    if run.returncode != 0:
        sys.exit(f'FAILED: {program} ended with {run.returncode}')
    reports = [json.loads(line) for line in run.stdout.decode().split('\n') if line]
    assert len(reports) == len(paths)
    return reports


def main():
    only = sys.argv[1] if len(sys.argv) > 1 else ''
    tables = sorted(p for p in glob.glob('corpus/*/*.fields') if only in p)
    passed = failed = skipped = 0
    score = defaultdict(lambda: [0, 0])
    if not tables:
        print('FAILED corpus: no table of fields\n0 passed, 1 failed, 0 skipped')
        return 1
    for path, report in zip(tables, analyse([p[:-7] + '.txt' for p in tables])):
        expected, _ = read_table(path)
        right, counted, lines = compare(expected, report)
        template = next(v for n, _, v in expected if n == 'template')
        for key in (template, report['lang'], 'all'):
            score[key][0] += right
            score[key][1] += counted
        todo = path + '.todo'
        known, remarks = [], ['# unreviewed']
        if os.path.exists(todo):
            text = open(todo, encoding='utf-8').read().split('\n')
            remarks = [x for x in text if x.startswith('#')] or remarks
            known = [x for x in text if x and not x.startswith('#')]
        if os.environ.get('UPDATE'):
            if lines:
                open(todo, 'w', encoding='utf-8').write('\n'.join(remarks + lines) + '\n')
            elif os.path.exists(todo):
                os.remove(todo)
            known = lines
        if lines != known:
            failed += 1
            print(f'FAILED {path}: ' + ('differs (- expected, + got)' if not known else 'differs otherwise than its .todo says'))
            for x in [x for x in lines if x not in known] + ['no longer: ' + x for x in known if x not in lines]:
                print('    ' + x)
        elif lines:
            skipped += 1
        else:
            passed += 1
    for todo in glob.glob('corpus/*/*.fields.todo'):
        if not os.path.exists(todo[:-5]):
            failed += 1
            print(f'FAILED {todo}: has no table beside it')
    for key in sorted(score, key=lambda k: (k == 'all', k)):
        right, counted = score[key]
        print(f'{key:14} {right:5} of {counted:5} fields right  {100 * right / counted:5.1f} %')
    if not only and 100 * score['all'][0] / score['all'][1] < MINIMUM:
        failed += 1
        print(f'FAILED fields: fewer than {MINIMUM:.0f} % are right')
    print(f'{passed} passed, {failed} failed, {skipped} skipped')
    return failed > 0


sys.exit(main())
