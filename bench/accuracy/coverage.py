#!/usr/bin/env python3
"""coverage.py ROENTEXT [-n N] FILE.jsonl...: how many of the content words the lexicon knows, and the N (40) most frequent that it does not.

English: words of three letters and more that are no function words; Chinese: Han characters, the gaps as runs of them between what is known.
Known is what lies in a form of the lexicon, whatever it says (concept, cue, normal statement, heading, unit ...), but for the words of quality
checks, which tell what is wrong. De-identification marks (XXXX) are left out. Gaps are counted by reports, not by places."""
import argparse, collections, re, subprocess

FUNCTION = set('''a about above after again all also although an and any are as at be because been before being below between both but by can could did do
does done due during each either for from further had has have having he her here him his how however if in into is it its just may might more most must
neither no nor not now of off on once only onto or other our out over per quite rather same she should since so some still such than that the their them
then there therefore these they this those though through thus to too under until up upon us very via was we were what when where whether which while who
whose why will with within without would yet you your'''.split())
ESCAPES = {'t': '\t', 'n': '\n'}


def dump(roentext, stage, path):
    """blocks of lines, one a report"""
    out = subprocess.run([roentext, 'convert', '--from', 'jsonl', '--dump', stage, path], stdout=subprocess.PIPE, check=True).stdout.decode()
    return [block.split('\n') for block in re.split(r'(?m)^# .*\n', out)[1:]]


def known(lines):
    spans = []
    for line in lines[1:]:
        cell = line.split('\t')
        if len(cell) > 3 and cell[3] != 'mark': spans.append((int(cell[0]), int(cell[1])))
    return spans


def pieces(text, covered):
    """(content, known) of each English word and Han character, then the gaps"""
    for m in re.finditer(r"[A-Za-z][A-Za-z']+", text):
        word = m[0].lower()
        if len(word) >= 3 and word not in FUNCTION and word.strip('x'):
            yield word, all(covered[m.start():m.end()])
    for m in re.finditer(r'[\u4e00-\u9fff]', text): yield None, covered[m.start()]
    for m in re.finditer(r'[\u4e00-\u9fff]{2,8}', ''.join('.' if c else t for t, c in zip(text, covered))): yield m[0], None


def main():
    args = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    args.add_argument('roentext'); args.add_argument('-n', type=int, default=40); args.add_argument('files', nargs='+')
    args = args.parse_args()
    for path in args.files:
        total, found, gaps = collections.Counter(), collections.Counter(), collections.Counter()
        for text_lines, hit_lines in zip(dump(args.roentext, 'text', path), dump(args.roentext, 'hit', path), strict=True):
            if len(text_lines) < 2: continue
            text = re.sub(r'\\(.)', lambda m: ESCAPES.get(m[1], m[1]), text_lines[1].split('\t')[2])
            covered = [False] * len(text)
            for b, e in known(hit_lines): covered[b:e] = [True] * (e - b)
            missing = set()
            for piece, is_known in pieces(text, covered):
                kind = 'Han characters' if piece is None or is_known is None else 'words'
                if is_known is not None:
                    total[kind] += 1
                    found[kind] += is_known
                if piece and not is_known: missing.add(piece)
            gaps.update(missing)
        print(f'== {path}')
        for kind in total: print(f'{found[kind] / total[kind]:.4f} of {total[kind]} {kind} known')
        print('not known, by reports: ' + ', '.join(f'{word} {n}' for word, n in gaps.most_common(args.n)))


main()
