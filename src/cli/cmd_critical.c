/* critical: the worklist of critical findings, from an index or straight from reports, and taking
 * note of them (critical ack). */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/err.h"
#include "cli/command.h"

typedef struct critical_opts {
    rt_input_opts input;
    unsigned format; /* rt_table_format */
    unsigned limit, category;
    bool count, open, fail_if_open;
} critical_opts;

static const char *const format_words[] = {"table", "jsonl", "csv", NULL}; /* rt_table_format */

static const rt_option options[] = {
    {'F', RT_OPT_WORD, "format", "FORMAT", "how rows are written", offsetof(critical_opts, format),
     format_words},
    {'n', RT_OPT_NUMBER, "limit", "N", "at most N rows, 0: all", offsetof(critical_opts, limit),
     NULL},
    {'c', RT_OPT_FLAG, "count", NULL, "the number of critical findings alone",
     offsetof(critical_opts, count), NULL},
    {0, RT_OPT_NUMBER, "category", "N", "only categories up to N",
     offsetof(critical_opts, category), NULL},
    {0, RT_OPT_FLAG, "open", NULL, "only what nobody was told of and nobody has acknowledged",
     offsetof(critical_opts, open), NULL},
    {0, RT_OPT_FLAG, "fail-if-open", NULL, "exit status 3 if any such row was found",
     offsetof(critical_opts, fail_if_open), NULL},
    RT_INPUT_OPTIONS(critical_opts),
};

static const rt_usage usage = {
    "critical",
    "DB|[FILE...]",
    "Critical findings, most urgent first: category (1: minutes, 2: hours, 3: days), time limit "
    "in\n"
    "minutes, rule, date of the exam, report, name in the language of the report, definite or\n"
    "equivocal, state (open; told: the report says that somebody was told; taken: acknowledged),\n"
    "evidence. DB is an index made by `roentext index`, FILE as for `roentext convert`; without\n"
    "either, reports are read from standard input. `roentext critical ack` takes note of findings.",
    options,
    sizeof options / sizeof options[0],
    0,
    -1,
};

static bool wants_colour(void)
{
    const char *never = getenv("NO_COLOR");
    return isatty(STDOUT_FILENO) == 1 && (never == NULL || never[0] == '\0');
}

/* ---- the worklist */

static rt_code list(rt_index *index, const critical_opts *opts, rt_worklist_size *size, rt_err *err)
{
    rt_out out;
    rt_worklist_opts o = {.format = (rt_table_format)opts->format,
                          .colour = opts->format == RT_TABLE_TABLE && wants_colour(),
                          .count = opts->count,
                          .open = opts->open,
                          .category = opts->category,
                          .limit = opts->limit};
    rt_code code = rt_out_open(&out, NULL, err);
    if (code != RT_OK)
        return code;
    code = rt_index_critical(index, &o, rt_out_sink(&out), size, err);
    rt_code closed = rt_out_close(&out, true, err);
    if (code == RT_OK && closed == RT_OK && opts->count)
        printf("%zu\n", size->rows);
    return code == RT_OK ? closed : code;
}

static rt_code take(void *user, rt_item *item, rt_err *err)
{
    return item->report != NULL ? rt_index_add(user, item->report, err) : RT_OK;
}

static int work(const rt_engine *engine, const critical_opts *opts, char **args, int n_args)
{
    rt_index *index = NULL;
    rt_worklist_size size = {0};
    rt_err err = {.code = RT_OK};
    int status = RT_EXIT_OK;
    bool stored = n_args == 1 && rt_is_database(args[0]);
    rt_code code = rt_index_open(engine, stored ? args[0] : NULL,
                                 stored ? RT_INDEX_READ : RT_INDEX_WRITE, &index, &err);
    if (code == RT_OK && !stored) {
        rt_batch b = {.engine = engine,
                      .input = &opts->input,
                      .command = "critical",
                      .files = args,
                      .n_files = n_args,
                      .take = take,
                      .user = index};
        status = rt_batch_run(&b);
    }
    if (code == RT_OK)
        code = list(index, opts, &size, &err);
    rt_index_close(index);
    if (code == RT_OK)
        return status == RT_EXIT_OK && opts->fail_if_open && size.open > 0 ? RT_EXIT_OPEN : status;
    rt_err_print(&err, stderr);
    return RT_EXIT_USAGE;
}

static int worklist(int argc, char **argv)
{
    critical_opts opts = {.limit = 0};
    rt_engine *engine = NULL;
    int first = 0;
    int status = rt_options_parse(&usage, argc, argv, &opts, &first);
    if (status != RT_USAGE_GO_ON)
        return status;
    if (opts.category > 3)
        return rt_usage_error("critical", "--category is 1, 2 or 3");
    bool stored = argc - first == 1 && rt_is_database(argv[first]);
    if (stored && opts.input.profile != NULL)
        return rt_usage_error("critical", "--profile: an index keeps what was found when it was "
                                          "made; give it to `roentext index --rebuild`");
    status = rt_engine_open_under(opts.input.profile, &engine);
    for (int i = first; i < argc && argc - first > 1 && status == RT_EXIT_OK; i++)
        if (rt_is_database(argv[i]))
            status = rt_usage_error("critical", "%s is an index: it stands alone", argv[i]);
    if (status == RT_EXIT_OK)
        status = work(engine, &opts, argv + first, argc - first);
    rt_engine_close(engine);
    return status;
}

/* ---- ack */

typedef struct ack_opts {
    const char *by, *at, *note, *rule;
    unsigned format;
} ack_opts;

static const rt_option ack_options[] = {
    {0, RT_OPT_TEXT, "by", "WHO", "who takes note; without it, what was noted so far is listed",
     offsetof(ack_opts, by), NULL},
    {0, RT_OPT_TEXT, "at", "TIME", "when", offsetof(ack_opts, at), NULL},
    {0, RT_OPT_TEXT, "note", "TEXT", "what else is to be known", offsetof(ack_opts, note), NULL},
    {0, RT_OPT_TEXT, "rule", "RULE", "one finding, default: all that the report has",
     offsetof(ack_opts, rule), NULL},
    {'F', RT_OPT_WORD, "format", "FORMAT", "how rows are written", offsetof(ack_opts, format),
     format_words},
};

static const rt_usage ack_usage = {
    "critical ack",
    "DB REPORT",
    "Takes note of the critical findings of a report (its id) in the index DB. Every note is "
    "kept;\n"
    "the latest shows in the worklist. Without --by: all notes of the report, oldest first.",
    ack_options,
    sizeof ack_options / sizeof ack_options[0],
    2,
    2,
};

static rt_code history(rt_index *index, const char *id, unsigned format, rt_err *err)
{
    rt_out out;
    rt_code code = rt_out_open(&out, NULL, err);
    if (code != RT_OK)
        return code;
    code = rt_index_acknowledged(index, rt_str_from(id), (rt_table_format)format, rt_out_sink(&out),
                                 err);
    rt_code closed = rt_out_close(&out, true, err);
    return code == RT_OK ? closed : code;
}

static rt_code note(const rt_engine *engine, const ack_opts *opts, char **args, rt_err *err)
{
    rt_index *index = NULL;
    size_t count = 0;
    rt_acknowledgement a = {rt_str_from(args[1]), rt_str_from(opts->rule), rt_str_from(opts->by),
                            rt_str_from(opts->at), rt_str_from(opts->note)};
    rt_code code =
        rt_index_open(engine, args[0], opts->by ? RT_INDEX_WRITE : RT_INDEX_READ, &index, err);
    if (code == RT_OK && opts->by == NULL)
        code = history(index, args[1], opts->format, err);
    else if (code == RT_OK)
        code = rt_index_acknowledge(index, &a, &count, err);
    rt_index_close(index);
    return code;
}

static int acknowledge(int argc, char **argv)
{
    ack_opts opts = {0};
    rt_engine *engine = NULL;
    rt_err err = {.code = RT_OK};
    int first = 0;
    int status = rt_options_parse(&ack_usage, argc, argv, &opts, &first);
    if (status != RT_USAGE_GO_ON)
        return status;
    if (opts.by == NULL && (opts.at || opts.note || opts.rule))
        return rt_usage_error("critical ack", "--by WHO is missing");
    if (!rt_is_database(argv[first]))
        return rt_usage_error("critical ack", "%s is no index", argv[first]);
    status = rt_engine_open_home(&engine);
    if (status == RT_EXIT_OK && note(engine, &opts, argv + first, &err) != RT_OK) {
        rt_err_print(&err, stderr);
        status = RT_EXIT_USAGE;
    }
    rt_engine_close(engine);
    return status;
}

int rt_cmd_critical(int argc, char **argv)
{
    bool ack = argc > 1 && strcmp(argv[1], "ack") == 0;
    return ack ? acknowledge(argc - 1, argv + 1) : worklist(argc, argv);
}
