/* search: reports out of an index. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/err.h"
#include "cli/command.h"

typedef struct search_opts {
    unsigned format; /* rt_table_format */
    unsigned sort;   /* rt_sort */
    unsigned to;     /* index in output_words */
    unsigned by;     /* index in by_words */
    unsigned limit, offset, sample, seed;
    bool count, explain, queries;
    const char *after, *facets, *save, *saved, *output;
} search_opts;

static const unsigned table_rows = 20, not_stated = UINT_MAX;

/* clang-format off */
static const char *const format_words[] = {"table", "jsonl", "csv", NULL}; /* rt_table_format */
static const char *const sort_words[] = {"newest", "oldest", "latest", "earliest", "relevance",
                                         NULL}; /* rt_sort */
static const char *const by_words[] = {"year", "month", "day", "age", NULL};
static const char *const output_words[] = {
#define X(constant, word, suffix) word,
    RT_OUTPUTS(X)
#undef X
    NULL};
/* clang-format on */

static const rt_option options[] = {
    {'F', RT_OPT_WORD, "format", "FORMAT", "how rows are written: table, jsonl, csv",
     offsetof(search_opts, format), format_words},
    {'n', RT_OPT_NUMBER, "limit", "N", "at most N rows, 0: all (default: 20 in a table)",
     offsetof(search_opts, limit), NULL},
    {0, RT_OPT_NUMBER, "offset", "N", "leave out the first N rows", offsetof(search_opts, offset),
     NULL},
    {0, RT_OPT_TEXT, "after", "ID", "only what follows the report ID: the next page, whatever came",
     offsetof(search_opts, after), NULL},
    {0, RT_OPT_WORD, "sort", "ORDER",
     "newest, oldest (indexed); latest, earliest (date of the exam); relevance",
     offsetof(search_opts, sort), sort_words},
    {'c', RT_OPT_FLAG, "count", NULL, "the number of reports alone", offsetof(search_opts, count),
     NULL},
    {0, RT_OPT_TEXT, "facet", "FIELDS", "how many reports have which value: modality,finding,...",
     offsetof(search_opts, facets), NULL},
    {0, RT_OPT_WORD, "by", "PERIOD", "a time series: reports by year, month, day; or by age",
     offsetof(search_opts, by), by_words},
    {0, RT_OPT_NUMBER, "sample", "N", "only N of the hits, chosen by --seed",
     offsetof(search_opts, sample), NULL},
    {0, RT_OPT_NUMBER, "seed", "S", "another S, another sample", offsetof(search_opts, seed), NULL},
    {'t', RT_OPT_WORD, "to", "FORMAT", "whole reports instead of rows, as of `roentext convert`",
     offsetof(search_opts, to), output_words},
    {'o', RT_OPT_TEXT, "output", "PATH", "to a file; with --to also a folder",
     offsetof(search_opts, output), NULL},
    {0, RT_OPT_TEXT, "save", "NAME", "keep the query in the index under this name",
     offsetof(search_opts, save), NULL},
    {0, RT_OPT_TEXT, "saved", "NAME",
     "the query kept under this name; a QUERY beside it narrows it", offsetof(search_opts, saved),
     NULL},
    {0, RT_OPT_FLAG, "queries", NULL, "list the queries that are kept",
     offsetof(search_opts, queries), NULL},
    {0, RT_OPT_FLAG, "explain", NULL, "what the query means, in words",
     offsetof(search_opts, explain), NULL},
};

static const rt_usage usage = {
    "search",
    "DB [QUERY]",
    "Finds reports in an index made by `roentext index`. A query is made of\n"
    "\n"
    "  effusion                 a word; a term of the lexicon is found in either language: it "
    "also\n"
    "                           finds 积液; two words that are one term are taken together\n"
    "  =effusion \"no acute\"     this word or phrase as it stands; Chinese needs no marks: "
    "胸腔积液\n"
    "  pneumo*                  words that begin so\n"
    "  a b   a AND b   a OR b   both; both; one of them. NOT a, -a: without it. ( ) group\n"
    "  a NEAR/5 b               at most 5 words between\n"
    "  finding:pneumothorax     a finding, or a kind of it, in either language, also by RID;\n"
    "                           alone: affirmed, denied or asked for\n"
    "  anatomy:lung             a finding there, or in a part of it\n"
    "  presence:present         present absent possible unlikely queried historical family: of\n"
    "                           the findings of its group, also of words that name a finding\n"
    "  section:impression       the words and findings of its group stand in this section\n"
    "  side:left  severity:severe  change:new  size>8mm  size:5..10mm     some finding is so\n"
    "  [nodule right size>8mm present]                   ONE finding is all of this\n"
    "  modality:CT  sex:F  age:40..60  date:2024-01..2024-06  exam:chest  id:X  language:zh\n"
    "  critical:1  critical:C030  communicated:no        flags of `roentext critical`\n"
    "  qa:1  qa:Q01  qa:high                             issues of `roentext qa`\n"
    "  advice:1  advice:follow-up                        recommendations\n"
    "\n"
    "Several values of a field: presence:present|possible. A value with blanks is quoted:\n"
    "finding:\"pleural effusion\". A group is what AND joins: a whole query, a branch of OR, the\n"
    "inside of ( ).\n"
    "\n"
    "--facet takes modality body_part exam sex language status author patient_id year month day\n"
    "age critical qa advice; finding (present ones), kind (with all they are kinds of), anatomy,\n"
    "region (with all those are parts of), presence section side severity change.",
    options,
    sizeof options / sizeof options[0],
    1,
    2,
};

static bool wants_colour(void)
{
    const char *never = getenv("NO_COLOR");
    return isatty(STDOUT_FILENO) == 1 && (never == NULL || never[0] == '\0');
}

/* ---- whole reports: the stored record is analysed again, by the lexicon it was indexed with */

typedef struct exporter {
    const rt_engine *engine;
    rt_scratch *scratch;
    rt_output as;
    rt_out *out;
    rt_buf bytes;
} exporter;

static rt_code export_record(void *user, const rt_record *record, rt_err *err)
{
    static const char *const suffixes[] = {
#define X(constant, word, suffix) suffix,
        RT_OUTPUTS(X)
#undef X
    };
    exporter *x = user;
    const rt_report *report = NULL;
    rt_buf_clear(&x->bytes);
    rt_code code = rt_analyze(x->engine, x->scratch, record, &report, err);
    if (code == RT_OK)
        code = rt_report_write(report, x->as, rt_buf_sink(&x->bytes), err);
    if (code != RT_OK)
        return code;
    if (x->out->folder == NULL)
        return rt_out_write(x->out, rt_buf_str(&x->bytes), err);
    return rt_out_file(x->out, record->field[RT_FIELD_ID], suffixes[x->as], rt_buf_str(&x->bytes),
                       err);
}

static rt_code export_reports(rt_index *index, exporter *x, rt_str query, rt_query_opts o,
                              rt_err *err)
{
    if (rt_index_stale(index))
        return rt_fail(err, RT_EUSAGE,
                       "--to: the index was made with another version of the lexicon; `roentext "
                       "index --rebuild` brings it up to date");
    o.record = export_record;
    o.user = x;
    rt_buf_init(&x->bytes, SIZE_MAX);
    rt_code code = rt_scratch_new(x->engine, 0, &x->scratch, err);
    if (code == RT_OK)
        code = rt_index_search(index, query, &o, rt_out_sink(x->out), err);
    rt_scratch_free(x->scratch);
    rt_buf_free(&x->bytes);
    return code;
}

/* ---- the search */

static rt_query_opts query_opts(const search_opts *o, uint64_t *found)
{
    bool table = o->format == RT_TABLE_TABLE && o->to == not_stated;
    unsigned usual = table && o->by == not_stated && o->sample == 0 ? table_rows : 0;
    bool series = o->by != not_stated;
    return (rt_query_opts){.format = (rt_table_format)o->format,
                           .sort = (rt_sort)o->sort,
                           .colour = table && wants_colour(),
                           .count = o->count,
                           .explain = o->explain,
                           .limit = o->limit == not_stated ? usual : o->limit,
                           .offset = o->offset,
                           .after = rt_str_from(o->after),
                           .sample = o->sample,
                           .seed = o->seed,
                           .facets = rt_str_from(series ? by_words[o->by] : o->facets),
                           .by_value = series,
                           .found = found};
}

/* On a terminal: how many rows the limit kept back. */
static void tell_rest(const rt_query_opts *o, uint64_t found)
{
    uint64_t shown = (uint64_t)o->offset + o->limit;
    if (o->format == RT_TABLE_TABLE && o->limit > 0 && !o->count && !o->explain &&
        o->facets.len == 0 && o->after.len == 0 && o->record == NULL && found > shown &&
        isatty(STDERR_FILENO) == 1)
        fprintf(stderr, "%llu more; --limit 0 shows all\n", (unsigned long long)(found - shown));
}

/* Nothing was found: words that no report has. */
static rt_code tell_why(rt_index *index, rt_str query, rt_err *err)
{
    rt_buf words;
    rt_buf_init(&words, SIZE_MAX);
    rt_code code = rt_index_suggest(index, query, rt_buf_sink(&words), err);
    if (code == RT_OK)
        fprintf(stderr, "%.*s", (int)words.len, words.len > 0 ? words.ptr : "");
    rt_buf_free(&words);
    return code;
}

/* The query given, within the one saved. */
static rt_code whole_query(rt_index *index, const search_opts *opts, const char *given, rt_buf *q,
                           rt_err *err)
{
    if (opts->saved == NULL) {
        rt_buf_addz(q, given);
        return rt_buf_check(q, err);
    }
    rt_buf_addz(q, given != NULL ? "(" : "");
    rt_code code = rt_index_saved_query(index, rt_str_from(opts->saved), rt_buf_sink(q), err);
    if (given != NULL) {
        rt_buf_addz(q, ") (");
        rt_buf_addz(q, given);
        rt_buf_addc(q, ')');
    }
    return code == RT_OK ? rt_buf_check(q, err) : code;
}

static rt_code run(const rt_engine *engine, rt_index *index, const search_opts *opts, rt_str query,
                   rt_out *out, rt_err *err)
{
    uint64_t found = 0;
    rt_query_opts o = query_opts(opts, &found);
    rt_code code = RT_OK;
    if (opts->queries)
        return rt_index_saved_query(index, RT_STR(""), rt_out_sink(out), err);
    if (opts->to != not_stated && !o.count && !o.explain && o.facets.len == 0) {
        exporter x = {.engine = engine, .as = (rt_output)opts->to, .out = out};
        return export_reports(index, &x, query, o, err);
    }
    code = rt_index_search(index, query, &o, rt_out_sink(out), err);
    if (code == RT_OK)
        tell_rest(&o, found);
    if (code == RT_OK && found == 0 && !o.explain)
        code = tell_why(index, query, err);
    if (code == RT_OK && opts->save != NULL)
        code = rt_index_save_query(index, rt_str_from(opts->save), query, err);
    return code;
}

static rt_code search(const rt_engine *engine, const search_opts *opts, char **args, int n_args,
                      rt_err *err)
{
    rt_index *index = NULL;
    rt_out out;
    rt_buf query;
    rt_index_mode mode = opts->save != NULL ? RT_INDEX_WRITE : RT_INDEX_READ;
    rt_code code = rt_index_open(engine, args[0], mode, &index, err);
    if (code != RT_OK)
        return code;
    if (rt_index_stale(index))
        fprintf(stderr,
                "%s: made with another version of the lexicon; `roentext index --rebuild %s` "
                "brings it up to date\n",
                args[0], args[0]);
    rt_buf_init(&query, SIZE_MAX);
    if (!opts->queries)
        code = whole_query(index, opts, n_args > 1 ? args[1] : NULL, &query, err);
    if (code == RT_OK)
        code = rt_out_open(&out, opts->output, err);
    if (code == RT_OK) {
        code = run(engine, index, opts, rt_buf_str(&query), &out, err);
        rt_code closed = rt_out_close(&out, code == RT_OK, err);
        code = code == RT_OK ? closed : code;
    }
    rt_buf_free(&query);
    rt_index_close(index);
    return code;
}

/* What contradicts itself, before anything is opened. */
static int check_usage(const search_opts *o, int n_args)
{
    bool query = n_args > 1 || o->saved != NULL || o->queries;
    if (!query)
        return rt_usage_error("search", "what is searched for? a QUERY, --saved or --queries");
    if (o->by != not_stated && o->facets != NULL)
        return rt_usage_error("search", "--by and --facet are two questions");
    if (o->output != NULL && o->to == not_stated && o->output[0] != '\0' &&
        o->output[strlen(o->output) - 1] == '/')
        return rt_usage_error("search", "a folder needs --to");
    return RT_EXIT_OK;
}

int rt_cmd_search(int argc, char **argv)
{
    search_opts opts = {.limit = not_stated, .to = not_stated, .by = not_stated};
    rt_engine *engine = NULL;
    rt_err err = {.code = RT_OK};
    int first = 0;
    int status = rt_options_parse(&usage, argc, argv, &opts, &first);
    if (status != RT_USAGE_GO_ON)
        return status;
    status = check_usage(&opts, argc - first);
    bool terms = opts.to == not_stated && opts.save == NULL; /* nothing is analysed or written */
    if (status == RT_EXIT_OK)
        status = terms ? rt_engine_open_search(&engine) : rt_engine_open_home(&engine);
    if (status == RT_EXIT_OK && search(engine, &opts, argv + first, argc - first, &err) != RT_OK) {
        rt_err_print(&err, stderr);
        status = RT_EXIT_USAGE;
    }
    rt_engine_close(engine);
    return status;
}
