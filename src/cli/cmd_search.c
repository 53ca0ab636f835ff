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
    unsigned limit, offset;
    bool count, explain;
} search_opts;

static const unsigned table_rows = 20, not_stated = UINT_MAX;

static const char *const format_words[] = {"table", "jsonl", "csv", NULL}; /* rt_table_format */
static const char *const sort_words[] = {"newest", "oldest", NULL};        /* rt_sort */

static const rt_option options[] = {
    {'F', RT_OPT_WORD, "format", "FORMAT", "how rows are written", offsetof(search_opts, format),
     format_words},
    {'n', RT_OPT_NUMBER, "limit", "N", "at most N rows, 0: all (default: 20 in a table)",
     offsetof(search_opts, limit), NULL},
    {0, RT_OPT_NUMBER, "offset", "N", "leave out the first N rows", offsetof(search_opts, offset),
     NULL},
    {0, RT_OPT_WORD, "sort", "ORDER", "by the time of indexing", offsetof(search_opts, sort),
     sort_words},
    {'c', RT_OPT_FLAG, "count", NULL, "the number of reports alone", offsetof(search_opts, count),
     NULL},
    {0, RT_OPT_FLAG, "explain", NULL, "what the query means, in words",
     offsetof(search_opts, explain), NULL},
};

static const rt_usage usage = {
    "search",
    "DB QUERY",
    "Finds reports in an index made by `roentext index`. A query is made of\n"
    "\n"
    "  effusion                 a word; a term of the lexicon is found in either language: it "
    "also\n"
    "                           finds 积液; two words that are one term are taken together\n"
    "  =effusion \"no acute\"     this word or phrase as it stands; Chinese needs no marks: "
    "胸腔积液\n"
    "  pneumo*                  words that begin so\n"
    "  a b   a AND b   a OR b   both; both; one of them. NOT a: without it. ( ) group\n"
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
    "\n"
    "Several values of a field: presence:present|possible. A value with blanks is quoted:\n"
    "finding:\"pleural effusion\". A group is what AND joins: a whole query, a branch of OR, the\n"
    "inside of ( ).",
    options,
    sizeof options / sizeof options[0],
    2,
    2,
};

static bool wants_colour(void)
{
    const char *never = getenv("NO_COLOR");
    return isatty(STDOUT_FILENO) == 1 && (never == NULL || never[0] == '\0');
}

static rt_query_opts query_opts(const search_opts *o)
{
    bool table = o->format == RT_TABLE_TABLE;
    unsigned usual = table ? table_rows : 0;
    return (rt_query_opts){.format = (rt_table_format)o->format,
                           .sort = (rt_sort)o->sort,
                           .colour = table && wants_colour(),
                           .count = o->count,
                           .explain = o->explain,
                           .limit = o->limit == not_stated ? usual : o->limit,
                           .offset = o->offset};
}

/* On a terminal: how many rows the limit kept back. */
static rt_code tell_rest(rt_index *index, rt_str query, rt_query_opts o, rt_err *err)
{
    rt_buf count;
    double hits = 0;
    if (o.format != RT_TABLE_TABLE || o.limit == 0 || o.count || o.explain ||
        isatty(STDERR_FILENO) != 1)
        return RT_OK;
    o.count = true;
    rt_buf_init(&count, SIZE_MAX);
    rt_code code = rt_index_search(index, query, &o, rt_buf_sink(&count), err);
    double shown = (double)o.offset + (double)o.limit;
    if (code == RT_OK && rt_str_number(rt_str_trim(rt_buf_str(&count)), &hits) && hits > shown)
        fprintf(stderr, "%.0f more; --limit 0 shows all\n", hits - shown);
    rt_buf_free(&count);
    return code;
}

static rt_code search(const rt_engine *engine, const search_opts *opts, char **args, rt_err *err)
{
    rt_index *index = NULL;
    rt_out out;
    rt_query_opts o = query_opts(opts);
    rt_str query = rt_str_from(args[1]);
    rt_code code = rt_index_open(engine, args[0], RT_INDEX_READ, &index, err);
    if (code != RT_OK)
        return code;
    if (rt_index_stale(index))
        fprintf(stderr,
                "%s: made with another version of the lexicon; `roentext index --rebuild %s` "
                "brings it up to date\n",
                args[0], args[0]);
    code = rt_out_open(&out, NULL, err);
    if (code == RT_OK) {
        code = rt_index_search(index, query, &o, rt_out_sink(&out), err);
        rt_code closed = rt_out_close(&out, true, err);
        code = code == RT_OK ? closed : code;
    }
    if (code == RT_OK)
        code = tell_rest(index, query, o, err);
    rt_index_close(index);
    return code;
}

int rt_cmd_search(int argc, char **argv)
{
    search_opts opts = {.limit = not_stated};
    rt_engine *engine = NULL;
    rt_err err = {.code = RT_OK};
    int first = 0;
    int status = rt_options_parse(&usage, argc, argv, &opts, &first);
    if (status != RT_USAGE_GO_ON)
        return status;
    status = rt_engine_open_home(&engine);
    if (status == RT_EXIT_OK && search(engine, &opts, argv + first, &err) != RT_OK) {
        rt_err_print(&err, stderr);
        status = RT_EXIT_USAGE;
    }
    rt_engine_close(engine);
    return status;
}
