/* Many records through the worker threads: convert, explain, index and critical all stand on this.
 *
 *   files -> reader (caller's thread) -> [jobs: parse, analyse, render] -> take (caller's thread)
 *
 * A job owns its scratch, so that its report is still valid when it is taken; there are a few jobs
 * a worker, so memory is bounded. Bad records travel like good ones and are told of in their turn,
 * which keeps stderr in the order of the input. */
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
    KEPT_BUFFER = 1024 * 1024, /* larger ones, after a huge record, are given back */
};

const char *const rt_format_words[] = {"auto", "text", "jsonl", "csv", "hl7", NULL}; /* rt_format */
const char *const rt_lang_words[] = {"auto", "zh", "en", NULL};

typedef struct job {
    rt_item item;
    rt_raw raw;
    rt_buf bytes;       /* the raw record, copied out of the reader */
    const char *source; /* name of the file, of the command line */
    rt_scratch *scratch;
} job;

typedef struct run {
    rt_batch *b;
    rt_reader *reader; /* of the current file, or NULL */
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

static bool produce(void *user, void *slot)
{
    run *r = user;
    job *j = slot;
    rt_raw raw;
    if (r->stopped || !next_raw(r, &raw))
        return false;
    reset_buffer(&j->bytes);
    reset_buffer(&j->item.out);
    rt_buf_add(&j->bytes, raw.bytes);
    j->source = file_name(r->b, r->next_file - 1);
    j->raw = raw;
    j->raw.bytes = rt_buf_str(&j->bytes);
    j->raw.source = j->source;
    j->item.err = (rt_err){.code = RT_OK};
    return true;
}

/* ---- work: parse, analyse, render */

static rt_code convert(const rt_batch *b, job *j)
{
    rt_item *item = &j->item;
    rt_code code = rt_buf_check(&j->bytes, &item->err);
    if (code == RT_OK)
        code = rt_record_parse(j->scratch, &j->raw, &item->record, &item->err);
    if (code != RT_OK)
        return code;
    rt_str *lang = &item->record.field[RT_FIELD_LANG];
    if (lang->len == 0 && b->input->lang > 0)
        *lang = rt_str_from(rt_lang_words[b->input->lang]);
    return rt_analyze(b->engine, j->scratch, &item->record, &item->report, &item->err);
}

static void place_error(const job *j, rt_err *err)
{
    if (err->where[0] == '\0')
        snprintf(err->where, sizeof err->where, "%s", j->source);
    if (err->line == 0)
        err->line = j->raw.line;
}

static void work(void *user, void *slot, unsigned worker)
{
    (void)worker;
    const rt_batch *b = ((run *)user)->b;
    job *j = slot;
    rt_item *item = &j->item;
    item->report = NULL;
    item->record = (rt_record){.line = j->raw.line, .format = j->raw.format};
    item->source = j->source;
    item->format = j->raw.format;
    if (convert(b, j) != RT_OK)
        item->report = NULL;
    if (b->render != NULL && item->report != NULL &&
        b->render(b->user, item, &item->err) != RT_OK) {
        item->report = NULL;
        rt_buf_clear(&item->out);
    }
    if (item->report != NULL)
        return;
    place_error(j, &item->err);
    rt_err ignored = {.code = RT_OK};
    if (b->render != NULL)
        b->render(b->user, item, &ignored);
}

/* ---- consume */

static bool consume(void *user, void *slot)
{
    run *r = user;
    job *j = slot;
    if (j->item.report == NULL) {
        r->b->bad++;
        tell(r, &j->item.err);
    }
    r->b->done++;
    rt_code code = r->b->take(r->b->user, &j->item, &r->err);
    rt_progress_step(&r->progress, j->raw.bytes.len + 1);
    r->stopped = code != RT_OK;
    return !r->stopped;
}

/* ---- the run */

static uint64_t total_size(const rt_batch *b)
{
    uint64_t total = 0;
    for (int i = 0; i < b->n_files; i++) {
        struct stat st;
        if (stat(b->files[i], &st) != 0)
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

static rt_code jobs_new(const rt_batch *b, job *jobs, void **slots, unsigned n, rt_err *err)
{
    rt_code code = RT_OK;
    for (unsigned i = 0; i < n && code == RT_OK; i++) {
        slots[i] = &jobs[i];
        rt_buf_init(&jobs[i].bytes, SIZE_MAX);
        rt_buf_init(&jobs[i].item.out, SIZE_MAX);
        code = rt_scratch_new(b->engine, 0, &jobs[i].scratch, err);
        if (code == RT_OK && b->findings_only)
            rt_scratch_findings_only(jobs[i].scratch);
        if (code == RT_OK)
            code = rt_scratch_template(b->engine, jobs[i].scratch,
                                       rt_str_from(b->input->template_id), err);
    }
    return code;
}

static void jobs_free(const rt_batch *b, job *jobs, unsigned n)
{
    for (unsigned i = 0; jobs != NULL && i < n; i++) {
        if (b->drop != NULL)
            b->drop(jobs[i].item.own);
        rt_scratch_free(jobs[i].scratch);
        rt_buf_free(&jobs[i].bytes);
        rt_buf_free(&jobs[i].item.out);
    }
    free(jobs);
}

static rt_code run_pool(run *r, rt_err *err)
{
    static const rt_pool_ops ops = {produce, work, consume};
    unsigned workers = worker_count(r->b->input);
    unsigned depth = workers == 1 ? 1 : workers * JOBS_A_WORKER;
    job *jobs = calloc(depth, sizeof *jobs);
    void **slots = calloc(depth, sizeof *slots);
    rt_code code = jobs != NULL && slots != NULL ? jobs_new(r->b, jobs, slots, depth, err)
                                                 : rt_fail(err, RT_ENOMEM, "out of memory");
    if (code == RT_OK)
        code = rt_pool_run(&ops, r, slots, depth, workers, err);
    jobs_free(r->b, jobs, depth);
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
    run r = {.b = b};
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
