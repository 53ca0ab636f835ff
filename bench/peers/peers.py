"""One task of one engine, timed: peers.py TASK-ENGINE INPUT OUTPUT. Called by run.sh, which says what is compared."""
import csv, json, os, resource, sqlite3, subprocess, sys, time

FEW = 300  # reports that an engine in Python reads; the others read all
ROENTEXT = os.environ.get('ROENTEXT', 'build/release/roentext')


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


def timed(work, items):
    begun = time.perf_counter()
    results = [work(item) for item in items]
    return results, time.perf_counter() - begun


def program(*command, to=None):
    begun = time.perf_counter()
    subprocess.run([ROENTEXT, *command], check=True, stdout=to)
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
            tell(task, len(data), 'sentences', size, program('assert', source, to=out), True)
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
        print('icu (words and sentences, from bench)', [line for line in out.split('\n') if line.startswith('ICU')][0])
        return
    module = __import__(engine)
    cut = getattr(module, 'lcut', None) or module.cut
    cut('预热')  # loads the dictionary
    _, seconds = timed(cut, texts)
    tell(task, len(texts), 'reports', size, seconds)


QUERIES = ['pneumothorax', 'effusion', 'cardiomegaly', 'granuloma', 'opacity', 'fracture', 'atelectasis', 'nodule', 'emphysema',
           'scoliosis'] * 20


def ask(task, query):
    times = []
    for q in QUERIES:
        begun = time.perf_counter()
        query(q)
        times.append(time.perf_counter() - begun)
    times.sort()
    print('    %d queries for the first ten: p50 %.3f ms, p95 %.3f ms' %
          (len(times), times[len(times) // 2] * 1e3, times[len(times) * 95 // 100] * 1e3), flush=True)


def folder_size(path):
    if os.path.isfile(path):
        return os.path.getsize(path)
    return sum(os.path.getsize(os.path.join(d, f)) for d, _, files in os.walk(path) for f in files)


def search(task, engine, source, target):
    data = rows(source)
    texts = [(str(r.get('id', r.get('uid'))), text_of(r)) for r in data]
    size = sum(len(t.encode()) for _, t in texts)
    begun = time.perf_counter()
    if engine == 'roentext':
        subprocess.run([ROENTEXT, 'index', target, '--from', 'jsonl', source], check=True, stdout=subprocess.DEVNULL)
        db = None
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
    print('    index of %.2f MB, %.2f x the text%s' % (folder_size(target) / 1e6, folder_size(target) / size,
          ' (with the text, the findings and the concepts)' if engine == 'roentext' else ''))
    if engine == 'fts5':
        ask(task, lambda q: db.execute('SELECT rowid FROM t WHERE t MATCH ? ORDER BY rank LIMIT 10', (q,)).fetchall())
    elif engine == 'tantivy':
        searcher = db.searcher()
        ask(task, lambda q: searcher.search(db.parse_query(q, ['text']), 10).hits)
    elif engine == 'xapian':
        enquire = xapian.Enquire(db)

        def query(q):
            enquire.set_query(xapian.Query(q))
            return list(enquire.get_mset(0, 10))
        ask(task, query)


if __name__ == '__main__':
    name, source, target = sys.argv[1:]
    task, engine = name.split('-')
    {'assert': assertion, 'extract': extract, 'words': words, 'search': search}[task](name, engine, source, target)
