/* What a report costs, part by part, against floors measured in the same run on the same text.
 *
 *   bench HOME FILE.jsonl [COMPILED_LEXICON]
 *
 * Each part goes once over all reports (none is repeated), with one thread. The floors: memcpy of
 * the text, and ICU word and sentence iteration alone, which is the least that any engine of this
 * kind pays. The ratio to ICU is the figure that compares between machines. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "base/buf.h"
#include "base/err.h"
#include "text/segment.h"

typedef struct records {
    rt_raw *raw;
    rt_str *text; /* document text, for the floors */
    size_t n, cap;
    uint64_t source_bytes, text_bytes;
} records;

typedef struct bench {
    rt_engine *engine;
    rt_scratch *scratch;
    records in;
    rt_buf out;
    uint64_t out_bytes, bad;
} bench;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void *check_memory(void *p)
{
    if (p == NULL) {
        fputs("bench: out of memory\n", stderr);
        exit(2);
    }
    return p;
}

static void check(rt_code code, const rt_err *err)
{
    if (code == RT_OK)
        return;
    rt_err_print(err, stderr);
    exit(2);
}

static rt_str keep(rt_str s)
{
    char *p = check_memory(malloc(s.len + 1));
    memcpy(p, s.ptr, s.len);
    return (rt_str){p, s.len};
}

/* ---- the input, held in memory so that reading it is in no part's time */

static void add_record(bench *b, const rt_raw *raw)
{
    records *in = &b->in;
    rt_record record;
    rt_err err = {.code = RT_OK};
    if (in->n == in->cap) {
        in->cap = in->cap > 0 ? in->cap * 2 : 1024;
        in->raw = check_memory(realloc(in->raw, in->cap * sizeof *in->raw));
        in->text = check_memory(realloc(in->text, in->cap * sizeof *in->text));
    }
    if (rt_record_parse(b->scratch, raw, &record, &err) != RT_OK) {
        b->bad++;
        return;
    }
    in->raw[in->n] = *raw;
    in->raw[in->n].bytes = keep(raw->bytes);
    in->text[in->n] = keep(record.field[RT_FIELD_TEXT]);
    in->source_bytes += raw->bytes.len;
    in->text_bytes += in->text[in->n].len;
    in->n++;
}

static void load(bench *b, const char *path, rt_reader **reader)
{
    rt_err err = {.code = RT_OK};
    rt_raw raw;
    bool more = true;
    check(rt_reader_open(path, RT_FORMAT_JSONL, 0, reader, &err), &err);
    for (;;) {
        check(rt_reader_next(*reader, &raw, &more, &err), &err);
        if (!more)
            return;
        add_record(b, &raw);
    }
}

/* ---- floors */

static void floor_memcpy(bench *b)
{
    char *to = check_memory(malloc(b->in.text_bytes + 1));
    size_t n = 0;
    for (size_t i = 0; i < b->in.n; i++) {
        memcpy(to + n, b->in.text[i].ptr, b->in.text[i].len);
        n += b->in.text[i].len;
    }
    b->out_bytes += (unsigned char)to[n / 2] & 1U; /* so that the copy is not thrown away */
    free(to);
}

static void floor_icu(bench *b)
{
    enum { BLOCK = 64 << 20 };
    rt_segmenter *seg = NULL;
    rt_err err = {.code = RT_OK};
    bool full = false;
    char *block = check_memory(malloc(BLOCK));
    check(rt_segmenter_open(&seg, &err), &err);
    for (size_t i = 0; i < b->in.n; i++) {
        rt_arena a = {block, block + BLOCK, &full};
        rt_bounds bounds = {0};
        rt_words words = {0};
        check(rt_segment_sentences_icu(seg, &a, b->in.text[i], &bounds, &err), &err);
        check(rt_segment_words_icu(seg, &a, b->in.text[i], &words, &err), &err);
    }
    rt_segmenter_close(seg);
    free(block);
}

/* ---- parts */

static const rt_report *analyze(bench *b, size_t i, rt_record *record)
{
    const rt_report *report = NULL;
    rt_err err = {.code = RT_OK};
    check(rt_record_parse(b->scratch, &b->in.raw[i], record, &err), &err);
    check(rt_analyze(b->engine, b->scratch, record, &report, &err), &err);
    return report;
}

static void part_parse(bench *b)
{
    for (size_t i = 0; i < b->in.n; i++) {
        rt_record record;
        check(rt_record_parse(b->scratch, &b->in.raw[i], &record, NULL), &(rt_err){.code = RT_OK});
    }
}

static void part_analyze(bench *b)
{
    for (size_t i = 0; i < b->in.n; i++) {
        rt_record record;
        analyze(b, i, &record);
    }
}

static void convert(bench *b, rt_output to)
{
    rt_err err = {.code = RT_OK};
    for (size_t i = 0; i < b->in.n; i++) {
        rt_record record;
        const rt_report *report = analyze(b, i, &record);
        rt_buf_clear(&b->out);
        check(rt_report_write(report, to, rt_buf_sink(&b->out), &err), &err);
        b->out_bytes += b->out.len;
    }
}

static void part_jsonl(bench *b)
{
    convert(b, RT_OUTPUT_JSONL);
}

static void part_xml(bench *b)
{
    convert(b, RT_OUTPUT_XML);
}

static const struct {
    const char *name;
    void (*run)(bench *b);
} parts[] = {
    {"memcpy of the text", floor_memcpy},
    {"ICU words and sentences", floor_icu},
    {"parse JSONL", part_parse},
    {"parse, analyze", part_analyze},
    {"parse, analyze, write JSONL", part_jsonl},
    {"parse, analyze, write XML", part_xml},
};
enum { ICU_PART = 1 };

static void run_parts(bench *b)
{
    double icu = 0;
    printf("%-28s %10s %10s %10s %8s\n", "part, one thread", "us/report", "reports/s", "MB/s text",
           "x ICU");
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        double begun = now();
        parts[i].run(b);
        double s = now() - begun;
        icu = i == ICU_PART ? s : icu;
        printf("%-28s %10.2f %10.0f %10.1f", parts[i].name, s * 1e6 / (double)b->in.n,
               (double)b->in.n / s, (double)b->in.text_bytes / s / 1e6);
        printf(icu > 0 ? " %8.2f\n" : "\n", s / icu);
    }
}

/* ---- the slowest */

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void print_percentiles(bench *b)
{
    double *us = check_memory(malloc((b->in.n + 1) * sizeof *us));
    for (size_t i = 0; i < b->in.n; i++) {
        rt_record record;
        double begun = now();
        analyze(b, i, &record);
        us[i] = (now() - begun) * 1e6;
    }
    qsort(us, b->in.n, sizeof *us, by_value);
    printf("parse, analyze: p50 %.0f us, p99 %.0f us, slowest %.0f us\n", us[b->in.n / 2],
           us[b->in.n * 99 / 100], us[b->in.n - 1]);
    free(us);
}

static long peak_kib(void)
{
    struct rusage use;
    getrusage(RUSAGE_SELF, &use);
    return use.ru_maxrss;
}

int main(int argc, char **argv)
{
    bench b = {.engine = NULL};
    rt_err err = {.code = RT_OK};
    rt_reader *reader = NULL;
    if (argc < 3 || argc > 4) {
        fputs("usage: bench HOME FILE.jsonl [COMPILED_LEXICON]\n", stderr);
        return 2;
    }
    rt_buf_init(&b.out, SIZE_MAX);
    double begun = now();
    check(rt_engine_open(argv[1], argc > 3 ? argv[3] : NULL, &b.engine, &err), &err);
    printf("engine opened in %.1f ms, %ld KiB\n", (now() - begun) * 1e3, peak_kib());
    check(rt_scratch_new(b.engine, 0, &b.scratch, &err), &err);
    load(&b, argv[2], &reader);
    printf("%s: %zu reports, %.2f MB of text in %.2f MB, %llu bad\n", argv[2], b.in.n,
           (double)b.in.text_bytes / 1e6, (double)b.in.source_bytes / 1e6,
           (unsigned long long)b.bad);
    if (b.in.n == 0)
        return 1;
    run_parts(&b);
    print_percentiles(&b);
    printf("output written: %.2f MB\n", (double)b.out_bytes / 1e6);
    for (size_t i = 0; i < b.in.n; i++) {
        free((void *)(uintptr_t)b.in.raw[i].bytes.ptr);
        free((void *)(uintptr_t)b.in.text[i].ptr);
    }
    free(b.in.raw);
    free(b.in.text);
    rt_buf_free(&b.out);
    rt_reader_close(reader);
    rt_scratch_free(b.scratch);
    rt_engine_close(b.engine);
    return 0;
}
