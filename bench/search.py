#!/usr/bin/env python3
"""search.py ROENTEXT [N] [DB]: how fast reports are indexed and found.

Makes N (100000) reports with bench/generate, indexes them with everything, analysis included, on two threads, and beside it inserts the same
texts into a contentless FTS5 table with unicode61 on one: FTS5's own floor. Ratios are given by the clock and by CPU time. Then asks each query of each kind 20 times, each time a new run of
the program (start, opening, count, first page and its snippets), warm, and prints p50 and p95 of the time by the clock and of the CPU time that the
run took, which other work on the machine lengthens less. With DB, that index is asked, and none is made."""
import json, os, resource, sqlite3, subprocess, sys, tempfile, time

roentext, n = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 100000
here = os.path.dirname(os.path.abspath(__file__))
KINDS = [
    ('word', ['=effusion', '=left', '=积液', '=nodule', '=spiculated']),
    ('concept', ['finding:pneumothorax presence:present', 'finding:胸腔积液 presence:absent', 'nodule', 'finding:RX02195 presence:present', '骨折']),
    ('phrase', ['"pleural effusion"', '=胸腔积液', '"right upper lobe"', '=未见明显异常', '"No pleural effusion or pneumothorax"']),
    ('same finding', ['[nodule right size>8mm present]', '[气胸 左侧 present]', '[fracture present severity:severe]', '[effusion left mild]', '[anatomy:liver size>2cm]']),
    ('by date', ['=effusion --sort latest', 'nodule --sort latest']),
    ('by relevance', ['=effusion --sort relevance', 'nodule spiculated --sort relevance']),
    ('facets, some', ['finding:pneumothorax presence:present --facet modality,body_part,finding,presence,side,severity,year,sex,critical,qa']),
    ('facets, all', ['NOT zebra --facet modality,body_part,finding,presence,side,severity,year,sex,critical,qa']),
]


def index(tmp):
    made, db = tmp + '/made.jsonl', tmp + '/made.db'
    subprocess.run([here + '/generate', '-n', str(n), '-o', made], check=True)
    texts = [json.loads(line)['text'] for line in open(made, encoding='utf-8')]
    size = sum(len(t.encode()) for t in texts)
    begun, used = time.monotonic(), time.process_time()
    floor = sqlite3.connect(tmp + '/floor.db', isolation_level=None)
    floor.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; CREATE VIRTUAL TABLE t USING fts5(text, content='', tokenize='unicode61');"
                        "INSERT INTO t(t, rank) VALUES('hashsize', 67108864); BEGIN")
    floor.executemany('INSERT INTO t(rowid, text) VALUES(?, ?)', enumerate(texts))
    floor.execute('COMMIT')
    least, least_cpu = time.monotonic() - begun, time.process_time() - used
    begun, used = time.monotonic(), cpu()
    subprocess.run([roentext, 'index', '-j', '2', db, made], check=True)
    took, took_cpu = time.monotonic() - begun, cpu() - used
    print('FTS5 alone, contentless, unicode61, one thread   %7.1f MB/s %8.0f reports/s' % (size / least / 1e6, n / least))
    print('roentext index, everything, two threads         %7.1f MB/s %8.0f reports/s   %.2f of the floor' % (size / took / 1e6, n / took, least / took))
    print('CPU time a report: %.1f us FTS5 alone, %.1f us roentext index; on two cores that nobody else uses %.2f of the floor' %
          (least_cpu / n * 1e6, took_cpu / n * 1e6, 2 * least_cpu / took_cpu))
    print('text %.1f MB, index %.1f MB: %.2f of the text, %d bytes a report' % (size / 1e6, os.path.getsize(db) / 1e6, os.path.getsize(db) / size, os.path.getsize(db) / n))
    return db


def cpu():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def spread(times):
    times.sort()
    return 'p50 %7.1f  p95 %7.1f' % (times[len(times) // 2], times[int(len(times) * 0.95)])


def ask(db):
    rows = subprocess.run([roentext, 'search', db, 'NOT zebra', '--count'], capture_output=True, text=True).stdout.strip()
    print('%s reports; ms of a run of the program, count and first page; by the clock, then of CPU' % rows)
    for kind, queries in KINDS:
        walls, cpus, hits = [], [], []
        for q in queries:
            words = q.split(' --')
            command = [roentext, 'search', db, words[0]] + [w for o in words[1:] for w in ('--' + o).split(' ')]
            hits.append(subprocess.run(command[:4] + ['--count'], capture_output=True, text=True).stdout.strip())
            for i in range(21):
                begun, used = time.monotonic(), cpu()
                p = subprocess.run(command, capture_output=True)
                if i: walls.append((time.monotonic() - begun) * 1000)
                if i: cpus.append((cpu() - used) * 1000)
                if p.returncode: sys.exit(q + ': ' + p.stderr.decode())
        print('%-14s %s   CPU %s   hits %s' % (kind, spread(walls), spread(cpus), ' '.join(hits)))


with tempfile.TemporaryDirectory() as tmp:
    ask(sys.argv[3] if len(sys.argv) > 3 else index(tmp))
