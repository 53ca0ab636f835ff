"""One task of one engine, timed: peers.py TASK-ENGINE INPUT OUTPUT. Called by run.sh, which says what is compared."""
import csv, json, os, resource, sqlite3, subprocess, sys, time

FEW = 300  # reports that an engine in Python reads; the others read all
ROENTEXT = os.environ.get('ROENTEXT', 'build/release/roentext')
TABLE = os.environ.get('PEERS_TABLE', os.devnull)  # every line of tell() is appended to it: what, engine, MB/s


def rows(path):
    with open(path, encoding='utf-8') as f:
        return [json.loads(line) for line in f]


def tsv(path):
    with open(path, encoding='utf-8') as f:
        return list(csv.DictReader(f, delimiter='\t', quoting=csv.QUOTE_NONE))


def text_of(row):
    return row['text']


def tell(task, n, unit, size, seconds, children=False):
    use = resource.getrusage(resource.RUSAGE_CHILDREN if children else resource.RUSAGE_SELF)
    print('%-20s %6d %s in %8.3f s %10.1f/s %9.3f MB/s %7.0f MiB' %
          (task, n, unit, seconds, n / seconds, size / 1e6 / seconds, use.ru_maxrss / 1024), flush=True)
    what, engine = task.split('-', 1)
    with open(TABLE, 'a', encoding='utf-8') as table:
        print(what, engine, '%.4f' % (size / 1e6 / seconds), sep='\t', file=table)


def timed(work, items):
    begun = time.perf_counter()
    results = [work(item) for item in items]
    return results, time.perf_counter() - begun


def program(*command, to=None, well=(0,)):
    begun = time.perf_counter()
    status = subprocess.run([ROENTEXT, *command], stdout=to).returncode
    if status not in well:
        raise RuntimeError('roentext ended with %d' % status)
    return time.perf_counter() - begun


# ---- pipelines of spaCy, with the targets given

def observation_forms():
    """English forms of findings, diagnoses and the like, from our own table."""
    with open('lexicons/concepts.tsv', encoding='utf-8') as f:
        lines = [line.rstrip('\n').split('\t') for line in f if line.strip() and not line.startswith('#')]
    names = lines[0]
    kinds = {'finding', 'diagnosis', 'device', 'procedure'}
    forms = set()
    for cells in lines[1:]:
        row = dict(zip(names, cells))
        if row['type'] in kinds:
            forms.update(x for x in [row['pref_en'], *row['en'].split('|')] if x)
    return sorted(forms)


def medspacy_pipeline(targets):
    import medspacy
    from loguru import logger
    from medspacy.ner import TargetRule
    logger.remove()
    nlp = medspacy.load(enable=['medspacy_pyrush', 'medspacy_target_matcher', 'medspacy_context'])
    nlp.get_pipe('medspacy_target_matcher').add([TargetRule(t, 'TARGET') for t in targets])
    return nlp, lambda e: ('absent' if e._.is_negated else 'possible' if e._.is_uncertain else 'present',
                           'historical' if e._.is_historical else 'current')


def negspacy_pipeline(targets):
    import spacy
    import negspacy.negation  # registers the component
    nlp = spacy.blank('en')
    nlp.add_pipe('sentencizer')
    ruler = nlp.add_pipe('entity_ruler', config={'phrase_matcher_attr': 'LOWER'})
    ruler.add_patterns([{'label': 'TARGET', 'pattern': t} for t in targets])
    nlp.add_pipe('negex', config={'ent_types': ['TARGET']})
    return nlp, lambda e: ('absent' if e._.negex else 'present', 'current')


PIPELINES = {'medspacy': medspacy_pipeline, 'negspacy': negspacy_pipeline}


# ---- tasks

def assertion(task, engine, source, target):
    data = tsv(source)
    size = sum(len(r['sentence'].encode()) for r in data)
    if engine == 'roentext':
        with open(target, 'wb') as out:
            seconds = program('assert', source, to=out, well=(0, 1))  # 1: a target that is not in its sentence
        tell(task, len(data), 'sentences', size, seconds, True)
        return
    nlp, judge = PIPELINES[engine](sorted({r['target'] for r in data}))
    docs, seconds = timed(nlp, [r['sentence'] for r in data])
    with open(target, 'w', encoding='utf-8') as out:
        print('row', 'presence', 'temporality', 'experiencer', sep='\t', file=out)
        for r, doc in zip(data, docs):
            found = [e for e in doc.ents if e.text.lower() == r['target'].lower()]
            presence, temporality = judge(found[0]) if found else ('present', 'current')
            print(r['row'], presence, temporality, 'patient', sep='\t', file=out)
    tell(task, len(data), 'sentences', size, seconds)


def extract(task, engine, source, target):
    data = rows(source)
    size = sum(len(text_of(r).encode()) for r in data)
    if engine == 'roentext':
        seconds = program('convert', '--from', 'jsonl', '--to', 'jsonl', '-j', '1', '-o', target, source)
        tell(task, len(data), 'reports', size, seconds, True)
        return
    data = data[:FEW]
    size = sum(len(text_of(r).encode()) for r in data)
    if engine == 'radreport':
        from radreport import ReportParser
        parser = ReportParser()
        _, seconds = timed(parser.parse, [text_of(r) for r in data])
        tell(task, len(data), 'reports', size, seconds)
        return
    nlp, judge = PIPELINES[engine](observation_forms())
    docs, seconds = timed(nlp, [text_of(r) for r in data])
    with open(target, 'w', encoding='utf-8') as out:
        for r, doc in zip(data, docs):
            found = [dict(b=e.start_char, e=e.end_char, text=e.text, name=e.text, presence=judge(e)[0], temporality=judge(e)[1])
                     for e in doc.ents]
            print(json.dumps({'id': str(r.get('id', r.get('uid'))), 'findings': found}, ensure_ascii=False), file=out)
    tell(task, len(data), 'reports', size, seconds)


def words(task, engine, source, _):
    texts = [text_of(r) for r in rows(source)]
    size = sum(len(t.encode()) for t in texts)
    if engine == 'icu':
        out = subprocess.run(['build/release/bench/bench', '.', source, 'build/release/lexicon.rtl'], check=True, text=True,
                             capture_output=True).stdout
        line = [line for line in out.split('\n') if line.startswith('ICU words')][0]
        tell(task, len(texts), 'reports', size, size / 1e6 / float(line.split()[-2]), True)  # words and sentences, from C
        return
    module = __import__(engine)
    cut = module.pkuseg().cut if engine == 'pkuseg' else getattr(module, 'lcut', None) or module.cut
    cut('预热')  # loads the dictionary
    _, seconds = timed(cut, texts)
    tell(task, len(texts), 'reports', size, seconds)


QUERIES = {'en': ['pneumothorax', 'effusion', 'cardiomegaly', 'granuloma', 'opacity', 'fracture', 'atelectasis', 'nodule',
                  'emphysema', 'scoliosis'] * 20,
           'zh': ['气胸', '积液', '心影增大', '结节', '肿块', '骨折', '肺不张', '转移', '肺气肿', '淋巴结'] * 20}


def tell_queries(n, p50, p95):
    print('    %d queries for the first ten: p50 %.3f ms, p95 %.3f ms' % (n, p50 * 1e3, p95 * 1e3), flush=True)


def ask(queries, query):
    times = []
    for q in queries:
        begun = time.perf_counter()
        query(q)
        times.append(time.perf_counter() - begun)
    times.sort()
    tell_queries(len(times), times[len(times) // 2], times[len(times) * 95 // 100])


def folder_size(path):
    if os.path.isfile(path):
        return os.path.getsize(path)
    return sum(os.path.getsize(os.path.join(d, f)) for d, _, files in os.walk(path) for f in files)


def tell_size(target, size, note=''):
    print('    index of %.2f MB, %.2f x the text%s' % (folder_size(target) / 1e6, folder_size(target) / size, note))


def lucene(task, engine, texts, size, target, queries):
    """Times itself, without the start of Java; its memory is that of the whole virtual machine."""
    lines = ''.join(t.replace('\n', ' ') + '\n' for _, t in texts)
    out = subprocess.run(['java', '-cp', 'build/peers/lucene/*', 'bench/peers/Lucene.java', engine.removeprefix('lucene_'), target, *queries],
                         input=lines, check=True, text=True, capture_output=True).stdout.split()
    n, seconds, p50, p95 = map(float, out)
    tell(task, int(n), 'reports', size, seconds, True)
    tell_size(target, size)
    tell_queries(len(queries), p50, p95)


def search(task, engine, source, target):
    data = rows(source)
    texts = [(str(r.get('id', r.get('uid'))), text_of(r)) for r in data]
    size = sum(len(t.encode()) for _, t in texts)
    queries = QUERIES['zh' if any('\u4e00' <= c <= '\u9fff' for c in texts[0][1]) else 'en']
    if engine.startswith('lucene'):
        lucene(task, engine, texts, size, target, queries)
        return
    begun = time.perf_counter()
    if engine == 'roentext':
        subprocess.run([ROENTEXT, 'index', target, '--from', 'jsonl', source], check=True, stdout=subprocess.DEVNULL)
    elif engine == 'fts5':
        db = sqlite3.connect(target)
        db.execute('CREATE VIRTUAL TABLE t USING fts5(text, content="")')
        db.executemany('INSERT INTO t(rowid, text) VALUES (?, ?)', enumerate((t for _, t in texts), 1))
        db.commit()
    elif engine == 'tantivy':
        import tantivy
        os.mkdir(target)
        builder = tantivy.SchemaBuilder()
        builder.add_text_field('id', stored=True)
        builder.add_text_field('text')
        db = tantivy.Index(builder.build(), path=target)
        writer = db.writer()
        for i, t in texts:
            writer.add_document(tantivy.Document(id=i, text=t))
        writer.commit()
        db.reload()
    else:
        import xapian
        db = xapian.WritableDatabase(target, xapian.DB_CREATE)
        maker = xapian.TermGenerator()
        for _, t in texts:
            document = xapian.Document()
            maker.set_document(document)
            maker.index_text(t)
            db.add_document(document)
        db.commit()
    seconds = time.perf_counter() - begun
    tell(task, len(texts), 'reports', size, seconds, engine == 'roentext')
    tell_size(target, size, ' (with the text, the findings and the concepts)' if engine == 'roentext' else '')
    if engine == 'roentext':
        db = sqlite3.connect(target)
        db.enable_load_extension(True)
        db.load_extension(os.path.join(os.path.dirname(os.path.abspath(ROENTEXT)), 'roentext_fts5'))
        ask(queries, lambda q: db.execute('SELECT rowid FROM report_fts(?) ORDER BY rank LIMIT 10', (q,)).fetchall())
    elif engine == 'fts5':
        ask(queries, lambda q: db.execute('SELECT rowid FROM t WHERE t MATCH ? ORDER BY rank LIMIT 10', (q,)).fetchall())
    elif engine == 'tantivy':
        searcher = db.searcher()
        ask(queries, lambda q: searcher.search(db.parse_query(q, ['text']), 10).hits)
    elif engine == 'xapian':
        enquire = xapian.Enquire(db)

        def query(q):
            enquire.set_query(xapian.Query(q))
            return list(enquire.get_mset(0, 10))
        ask(queries, query)


if __name__ == '__main__':
    name, source, target = sys.argv[1:]
    task, engine = name.split('-')
    {'assert': assertion, 'mentions': extract, 'extract': extract, 'words': words, 'search': search, 'search_zh': search}[task](name, engine, source, target)
