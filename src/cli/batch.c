/* Many records through the worker threads: convert, explain, index and critical all stand on this.
 *
 *   files -> reader (caller's thread) -> [jobs: parse, analyse, render] -> take (caller's thread)
 *
 * A job is one record and owns its scratch, so that its report is still valid when it is taken;
 * there are a few jobs a worker, so memory is bounded. Where the results do without the report, a
 * job is a group of records: waking threads costs as much as a fifth of analysing a short report,
 * and the group uses the scratch of its worker, whose memory stays in the cache. Bad records travel
 * like good ones and are told of in their turn, which keeps stderr in the order of the input. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/pool.h"
#include "cli/command.h"

/* Limits. */
enum {
    MAX_WORKERS = 256,
    JOBS_A_WORKER = 4,         /* so that one long report does not stop the others */
    GROUP_RECORDS = 32,        /* of a group at most */
    GROUP_BYTES = 64 * 1024,   /* ... which ends when it has so many */
    GROUPS_A_WORKER = 32,      /* work for the time that a commit takes */
    MANY_GROUPS = 64,          /* ... of a single thread, however many work */
    KEPT_BUFFER = 1024 * 1024, /* larger ones, after a huge record, are given back */
};

const char *const rt_format_words[] = {"auto", "text", "jsonl", "csv", "hl7", NULL}; /* rt_format */
const char *const rt_lang_words[] = {"auto", "zh", "en", NULL};

typedef struct job {
    rt_item *items; /* heap, as many as the job may have; so are raws */
    rt_raw *raws;
    size_t n;
    rt_buf bytes;        /* the raw records, copied out of the reader */
    rt_scratch *scratch; /* NULL: that of the worker */
} job;

typedef struct run {
    rt_batch *b;
    unsigned workers;
    size_t group;           /* records of a job at most */
    rt_scratch **scratches; /* of the workers; NULL: each job has one */
    rt_reader *reader;      /* of the current file, or NULL */
    int next_file;
    rt_progress progress;
    bool trouble; /* a file could not be read, or the output failed */
    bool stopped;
    rt_err err; /* of take */
} run;

/* ---- SIGINT. The one mutable static of the program: a signal handler can reach nothing else. */

static volatile sig_atomic_t interrupted;

static void on_interrupt(int sig)
{
    (void)sig;
    interrupted = 1;
}

bool rt_interrupted(void)
{
    return interrupted != 0;
}

/* The first SIGINT asks to stop, the second one ends the program. Reads are not restarted, so that
 * waiting for input ends too. */
static void catch_interrupt(void)
{
    struct sigaction act = {.sa_handler = on_interrupt, .sa_flags = (int)SA_RESETHAND};
    sigemptyset(&act.sa_mask);
    sigaction(SIGINT, &act, NULL);
}

/* ---- produce: the next raw record of the files */

static void tell(run *r, const rt_err *err)
{
    rt_progress_clear(&r->progress);
    rt_err_print(err, stderr);
}

static const char *file_name(const rt_batch *b, int i)
{
    return b->n_files == 0 ? "-" : b->files[i];
}

/* A map says that the input is CSV. */
static rt_code open_reader(const rt_input_opts *o, const char *name, rt_reader **out, rt_err *err)
{
    rt_format format = (rt_format)o->from;
    if (o->map != NULL && format == RT_FORMAT_AUTO)
        format = RT_FORMAT_CSV;
    rt_code code = rt_reader_open(name, format, 0, out, err);
    if (code != RT_OK || o->map == NULL)
        return code;
    code = rt_reader_map(*out, o->map, err);
    if (code != RT_OK) {
        rt_reader_close(*out);
        *out = NULL;
    }
    return code;
}

static bool open_next(run *r)
{
    const rt_batch *b = r->b;
    int n = b->n_files == 0 ? 1 : b->n_files;
    while (r->reader == NULL && r->next_file < n) {
        rt_err err = {.code = RT_OK};
        const char *name = file_name(b, r->next_file++);
        if (open_reader(b->input, name, &r->reader, &err) == RT_OK)
            break;
        r->trouble = true;
        tell(r, &err);
    }
    return r->reader != NULL;
}

static void close_current(run *r)
{
    rt_reader_close(r->reader);
    r->reader = NULL;
}

/* The next raw record of any file; a file that fails is told of and left. */
static bool next_raw(run *r, rt_raw *raw)
{
    while (!interrupted && open_next(r)) {
        bool more = false;
        rt_err err = {.code = RT_OK};
        rt_code code = rt_reader_next(r->reader, raw, &more, &err);
        if (code == RT_OK && more)
            return true;
        if (code != RT_OK && !interrupted) {
            r->trouble = true;
            tell(r, &err);
        }
        close_current(r);
    }
    return false;
}

static void reset_buffer(rt_buf *b)
{
    if (b->cap > KEPT_BUFFER) {
        rt_buf_free(b);
        rt_buf_init(b, SIZE_MAX);
    }
    rt_buf_clear(b);
}

/* Now that they move no more. */
static void place_bytes(job *j)
{
    size_t at = 0;
    for (size_t i = 0; i < j->n; i++) {
        size_t len = j->raws[i].bytes.len;
        j->raws[i].bytes = (rt_str){j->bytes.ptr + at, len};
        at += len;
    }
}

static bool add_raw(run *r, job *j)
{
    rt_raw *raw = &j->raws[j->n];
    if (!next_raw(r, raw))
        return false;
    rt_buf_add(&j->bytes, raw->bytes);
    raw->source = file_name(r->b, r->next_file - 1);
    return true;
}

/* The fields of a record, one behind the other, stand for its raw bytes. */
static bool add_record(run *r, job *j)
{
    rt_record *record = &j->items[j->n].record;
    bool more = false;
    if (interrupted || r->b->next(r->b->user, record, &more, &r->err) != RT_OK || !more) {
        r->stopped = r->err.code != RT_OK;
        return false;
    }
    size_t before = j->bytes.len;
    for (unsigned i = 0; i < RT_FIELD_COUNT; i++)
        rt_buf_add(&j->bytes, record->field[i]);
    j->raws[j->n] = (rt_raw){.bytes = {NULL, j->bytes.len - before},
                             .source = file_name(r->b, 0),
                             .format = record->format};
    return true;
}

static bool produce(void *user, void *slot)
{
    run *r = user;
    job *j = slot;
    reset_buffer(&j->bytes);
    for (j->n = 0; j->n < r->group && j->bytes.len < GROUP_BYTES && !r->stopped; j->n++) {
        if (!(r->b->next != NULL ? add_record(r, j) : add_raw(r, j)))
            break;
        reset_buffer(&j->items[j->n].out);
    }
    if (j->bytes.code == RT_OK)
        place_bytes(j);
    return j->n > 0;
}

/* ---- work: parse, analyse, render */

static rt_code read_record(const rt_batch *b, const rt_raw *raw, rt_scratch *s, rt_item *item)
{
    size_t at = 0;
    if (b->next == NULL)
        return rt_record_parse(s, raw, &item->record, &item->err);
    for (unsigned i = 0; i < RT_FIELD_COUNT; i++) {
        rt_str *field = &item->record.field[i];
        *field = rt_str_slice(raw->bytes, at, at + field->len);
        at += field->len;
    }
    return RT_OK;
}

static rt_code convert(const rt_batch *b, const job *j, const rt_raw *raw, rt_scratch *s,
                       rt_item *item)
{
    rt_code code = rt_buf_check(&j->bytes, &item->err);
    if (code == RT_OK)
        code = read_record(b, raw, s, item);
    if (code != RT_OK)
        return code;
    rt_str *lang = &item->record.field[RT_FIELD_LANG];
    if (lang->len == 0 && b->input->lang > 0)
        *lang = rt_str_from(rt_lang_words[b->input->lang]);
    return rt_analyze(b->engine, s, &item->record, &item->report, &item->err);
}

static void place_error(const rt_raw *raw, rt_err *err)
{
    if (err->where[0] == '\0')
        snprintf(err->where, sizeof err->where, "%s", raw->source);
    if (err->line == 0)
        err->line = raw->line;
}

static void work_one(const rt_batch *b, const job *j, const rt_raw *raw, rt_scratch *s,
                     rt_item *item)
{
    item->err = (rt_err){.code = RT_OK};
    item->report = NULL;
    if (b->next == NULL)
        item->record = (rt_record){.line = raw->line, .format = raw->format};
    item->source = raw->source;
    item->format = raw->format;
    item->good = convert(b, j, raw, s, item) == RT_OK;
    if (item->good && b->render != NULL && b->render(b->user, item, &item->err) != RT_OK) {
        item->good = false;
        rt_buf_clear(&item->out);
    }
    if (item->good)
        return;
    item->report = NULL;
    place_error(raw, &item->err);
    rt_err ignored = {.code = RT_OK};
    if (b->render != NULL)
        b->render(b->user, item, &ignored);
}

static void work(void *user, void *slot, unsigned worker)
{
    const run *r = user;
    const job *j = slot;
    rt_scratch *s = j->scratch != NULL ? j->scratch : r->scratches[worker];
    for (size_t i = 0; i < j->n; i++)
        work_one(r->b, j, &j->raws[i], s, &j->items[i]);
}

/* ---- consume */

static void take_one(run *r, const rt_raw *raw, rt_item *item)
{
    if (!item->good) {
        r->b->bad++;
        tell(r, &item->err);
    }
    r->b->done++;
    rt_code code = r->b->take(r->b->user, item, &r->err);
    rt_progress_step(&r->progress, raw->bytes.len + 1);
    r->stopped = code != RT_OK;
}

static bool consume(void *user, void *slot)
{
    run *r = user;
    const job *j = slot;
    for (size_t i = 0; i < j->n && !r->stopped; i++)
        take_one(r, &j->raws[i], &j->items[i]);
    return !r->stopped;
}

/* ---- the run */

static uint64_t total_size(const rt_batch *b)
{
    uint64_t total = 0;
    for (int i = 0; i < b->n_files; i++) {
        struct stat st;
        if (b->next != NULL || stat(b->files[i], &st) != 0)
            continue;
        if (!S_ISREG(st.st_mode))
            return 0;
        total += (uint64_t)st.st_size;
    }
    return total;
}

static unsigned worker_count(const rt_input_opts *o)
{
    long n = o->jobs > 0 ? (long)o->jobs : sysconf(_SC_NPROCESSORS_ONLN);
    return n < 1 ? 1 : n > MAX_WORKERS ? MAX_WORKERS : (unsigned)n;
}

static rt_code scratch_new(const rt_batch *b, rt_scratch **out, rt_err *err)
{
    rt_code code = rt_scratch_new(b->engine, 0, out, err);
    if (code == RT_OK && b->findings_only)
        rt_scratch_findings_only(*out);
    return code == RT_OK
               ? rt_scratch_template(b->engine, *out, rt_str_from(b->input->template_id), err)
               : code;
}

static rt_code job_new(const run *r, job *j, rt_err *err)
{
    rt_buf_init(&j->bytes, SIZE_MAX);
    j->items = calloc(r->group, sizeof *j->items);
    j->raws = calloc(r->group, sizeof *j->raws);
    if (j->items == NULL || j->raws == NULL)
        return rt_fail(err, RT_ENOMEM, "out of memory");
    for (size_t i = 0; i < r->group; i++)
        rt_buf_init(&j->items[i].out, SIZE_MAX);
    return r->scratches == NULL ? scratch_new(r->b, &j->scratch, err) : RT_OK;
}

static void job_free(const run *r, job *j)
{
    for (size_t i = 0; j->items != NULL && i < r->group; i++) {
        if (r->b->drop != NULL)
            r->b->drop(j->items[i].own);
        rt_buf_free(&j->items[i].out);
    }
    rt_scratch_free(j->scratch);
    rt_buf_free(&j->bytes);
    free(j->items);
    free(j->raws);
}

static rt_code run_jobs(run *r, job *jobs, void **slots, unsigned depth, rt_err *err)
{
    static const rt_pool_ops ops = {produce, work, consume};
    rt_code code = RT_OK;
    for (unsigned i = 0; i < r->workers && r->scratches != NULL && code == RT_OK; i++)
        code = scratch_new(r->b, &r->scratches[i], err);
    for (unsigned i = 0; i < depth && code == RT_OK; i++) {
        slots[i] = &jobs[i];
        code = job_new(r, &jobs[i], err);
    }
    return code == RT_OK ? rt_pool_run(&ops, r, slots, depth, r->workers, err) : code;
}

/* A single thread hands each record on before it reads the next one. */
static unsigned pool_depth(const run *r)
{
    unsigned groups = r->workers * GROUPS_A_WORKER;
    if (r->workers <= 1)
        return 1;
    if (r->scratches == NULL || r->workers * JOBS_A_WORKER > MANY_GROUPS)
        return r->workers * JOBS_A_WORKER;
    return groups < MANY_GROUPS ? groups : MANY_GROUPS;
}

static rt_code run_pool(run *r, rt_err *err)
{
    bool in_groups = r->b->in_groups && r->workers > 1;
    r->group = in_groups ? GROUP_RECORDS : 1;
    r->scratches = in_groups ? calloc(r->workers, sizeof(rt_scratch *)) : NULL;
    unsigned depth = pool_depth(r);
    job *jobs = calloc(depth, sizeof *jobs);
    void **slots = calloc(depth, sizeof *slots);
    bool whole = jobs != NULL && slots != NULL && (!in_groups || r->scratches != NULL);
    rt_code code =
        whole ? run_jobs(r, jobs, slots, depth, err) : rt_fail(err, RT_ENOMEM, "out of memory");
    for (unsigned i = 0; jobs != NULL && i < depth; i++)
        job_free(r, &jobs[i]);
    for (unsigned i = 0; r->scratches != NULL && i < r->workers; i++)
        rt_scratch_free(r->scratches[i]);
    free(r->scratches);
    free(jobs);
    free(slots);
    return code;
}

static int exit_status(const run *r, rt_code code)
{
    if (code != RT_OK || r->trouble)
        return RT_EXIT_USAGE;
    if (interrupted)
        return RT_EXIT_INTERRUPTED;
    return r->b->bad > 0 ? RT_EXIT_BAD : RT_EXIT_OK;
}

int rt_batch_run(rt_batch *b)
{
    run r = {.b = b, .workers = worker_count(b->input)};
    catch_interrupt();
    rt_progress_start(&r.progress, b->command, total_size(b));
    rt_err err = {.code = RT_OK};
    rt_code code = run_pool(&r, &err);
    rt_progress_clear(&r.progress);
    close_current(&r);
    if (code == RT_OK && r.stopped) {
        code = r.err.code;
        err = r.err;
    }
    if (code != RT_OK)
        rt_err_print(&err, stderr);
    return exit_status(&r, code);
}
