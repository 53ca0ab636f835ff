/* qa: the worklist of inconsistencies, from an index or straight from reports; qa explain Q01. */
#include <stdio.h>

#include "base/err.h"
#include "cli/command.h"

typedef struct qa_opts {
    rt_input_opts input;
    unsigned format;   /* rt_table_format */
    unsigned severity; /* 0 low, 1 medium, 2 high */
    unsigned by;       /* rt_qa_by */
    unsigned limit;
    const char *check;
    bool noisy;
} qa_opts;

static const char *const format_words[] = {"table", "jsonl", "csv", NULL}; /* rt_table_format */
static const char *const severity_words[] = {"low", "medium", "high", NULL};
static const char *const by_words[] = {"nothing", "check", "author", "month", NULL}; /* rt_qa_by */

static const rt_option options[] = {
    {'F', RT_OPT_WORD, "format", "FORMAT", "how rows are written", offsetof(qa_opts, format),
     format_words},
    {'s', RT_OPT_WORD, "severity", "LEVEL", "of this severity or above",
     offsetof(qa_opts, severity), severity_words},
    {'k', RT_OPT_TEXT, "check", "ID", "of this check alone", offsetof(qa_opts, check), NULL},
    {'y', RT_OPT_WORD, "by", "WHAT", "only how many, by check, author or month",
     offsetof(qa_opts, by), by_words},
    {'N', RT_OPT_FLAG, "noisy", NULL, "with checks that are noisy by nature",
     offsetof(qa_opts, noisy), NULL},
    {'n', RT_OPT_NUMBER, "limit", "N", "at most N rows, 0: all", offsetof(qa_opts, limit), NULL},
    RT_INPUT_OPTIONS(qa_opts),
};

static const rt_usage usage = {
    "qa",
    "DB|[FILE...]|explain ID",
    "Inconsistencies of reports, the gravest first: severity, check, report, message. DB is an\n"
    "index made by `roentext index`, FILE as for `roentext convert`; without either, reports are\n"
    "read from standard input. Reports with patient_id and date are also checked against the\n"
    "earlier reports of their patient (P01 to P04). `qa explain Q01` says what a check looks at "
    "and leaves alone.",
    options,
    sizeof options / sizeof options[0],
    0,
    -1,
};

static rt_code list(rt_index *index, const qa_opts *opts, rt_err *err)
{
    rt_out out;
    size_t count = 0;
    rt_qa_opts o = {.format = (rt_table_format)opts->format,
                    .severity = opts->severity,
                    .by = (rt_qa_by)opts->by,
                    .noisy = opts->noisy,
                    .check = rt_str_from(opts->check),
                    .limit = opts->limit};
    rt_code code = rt_out_open(&out, NULL, err);
    if (code != RT_OK)
        return code;
    code = rt_index_qa(index, &o, rt_out_sink(&out), &count, err);
    rt_code closed = rt_out_close(&out, true, err);
    return code == RT_OK ? closed : code;
}

static rt_code take(void *user, rt_item *item, rt_err *err)
{
    return item->report != NULL ? rt_index_add(user, item->report, err) : RT_OK;
}

static int work(const rt_engine *engine, const qa_opts *opts, char **args, int n_args)
{
    rt_index *index = NULL;
    rt_err err = {.code = RT_OK};
    int status = RT_EXIT_OK;
    bool stored = n_args == 1 && rt_is_database(args[0]);
    rt_code code = rt_index_open(engine, stored ? args[0] : NULL,
                                 stored ? RT_INDEX_READ : RT_INDEX_WRITE, &index, &err);
    if (code == RT_OK && !stored) {
        rt_index_keep_patients(index);
        rt_batch b = {.engine = engine,
                      .input = &opts->input,
                      .command = "qa",
                      .files = args,
                      .n_files = n_args,
                      .take = take,
                      .user = index};
        status = rt_batch_run(&b);
    }
    if (code == RT_OK)
        code = list(index, opts, &err);
    rt_index_close(index);
    if (code == RT_OK)
        return status;
    rt_err_print(&err, stderr);
    return RT_EXIT_USAGE;
}

static int explain(const rt_engine *engine, const char *id)
{
    rt_out out;
    rt_err err = {.code = RT_OK};
    rt_code code = rt_out_open(&out, NULL, &err);
    if (code == RT_OK) {
        code = rt_qa_explain(engine, rt_str_from(id), rt_out_sink(&out), &err);
        rt_code closed = rt_out_close(&out, true, &err);
        code = code == RT_OK ? closed : code;
    }
    if (code == RT_OK)
        return RT_EXIT_OK;
    rt_err_print(&err, stderr);
    return RT_EXIT_USAGE;
}

int rt_cmd_qa(int argc, char **argv)
{
    qa_opts opts = {.limit = 0};
    rt_engine *engine = NULL;
    rt_err err = {.code = RT_OK};
    int first = 0;
    int status = rt_options_parse(&usage, argc, argv, &opts, &first);
    if (status != RT_USAGE_GO_ON)
        return status;
    status = rt_engine_open_home(&engine);
    bool explains = argc - first == 2 && strcmp(argv[first], "explain") == 0;
    for (int i = first; i < argc && argc - first > 1 && status == RT_EXIT_OK && !explains; i++)
        if (rt_is_database(argv[i]))
            status = rt_usage_error("qa", "%s is an index: it stands alone", argv[i]);
    if (status == RT_EXIT_OK && opts.check != NULL &&
        rt_qa_known(engine, rt_str_from(opts.check), &err) != RT_OK)
        status = rt_usage_error("qa", "--check: %s", err.msg);
    if (status == RT_EXIT_OK)
        status = explains ? explain(engine, argv[first + 1])
                          : work(engine, &opts, argv + first, argc - first);
    rt_engine_close(engine);
    return status;
}
