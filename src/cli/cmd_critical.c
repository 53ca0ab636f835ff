/* critical: the worklist of critical findings, from an index or straight from reports. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/err.h"
#include "cli/command.h"

typedef struct critical_opts {
    rt_input_opts input;
    unsigned format; /* rt_table_format */
    unsigned limit;
    bool count;
} critical_opts;

static const char *const format_words[] = {"table", "jsonl", "csv", NULL}; /* rt_table_format */

static const rt_option options[] = {
    {'F', RT_OPT_WORD, "format", "FORMAT", "how rows are written", offsetof(critical_opts, format),
     format_words},
    {'n', RT_OPT_NUMBER, "limit", "N", "at most N rows, 0: all", offsetof(critical_opts, limit),
     NULL},
    {'c', RT_OPT_FLAG, "count", NULL, "the number of critical findings alone",
     offsetof(critical_opts, count), NULL},
    RT_INPUT_OPTIONS(critical_opts),
};

static const rt_usage usage = {
    "critical",
    "DB|[FILE...]",
    "Critical findings, most urgent first: category (1: minutes, 2: hours, 3: days), time limit,\n"
    "rule, report, name in the language of the report, definite or equivocal, whether the report\n"
    "says that somebody was told, evidence. DB is an index made by `roentext index`, FILE as for\n"
    "`roentext convert`; without either, reports are read from standard input.",
    options,
    sizeof options / sizeof options[0],
    0,
    -1,
};

static bool is_database(const char *path)
{
    static const char magic[16] = "SQLite format 3";
    char head[sizeof magic] = "";
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    ssize_t n = read(fd, head, sizeof head);
    close(fd);
    return n == (ssize_t)sizeof head && memcmp(head, magic, sizeof magic) == 0;
}

static bool wants_colour(void)
{
    const char *never = getenv("NO_COLOR");
    return isatty(STDOUT_FILENO) == 1 && (never == NULL || never[0] == '\0');
}

static rt_code list(rt_index *index, const critical_opts *opts, rt_err *err)
{
    rt_out out;
    size_t count = 0;
    rt_query_opts o = {.format = (rt_table_format)opts->format,
                       .colour = opts->format == RT_TABLE_TABLE && wants_colour(),
                       .count = opts->count,
                       .limit = opts->limit};
    rt_code code = rt_out_open(&out, NULL, err);
    if (code != RT_OK)
        return code;
    code = rt_index_critical(index, &o, rt_out_sink(&out), &count, err);
    rt_code closed = rt_out_close(&out, true, err);
    if (code == RT_OK && closed == RT_OK && opts->count)
        printf("%zu\n", count);
    return code == RT_OK ? closed : code;
}

static rt_code take(void *user, rt_item *item, rt_err *err)
{
    return item->report != NULL ? rt_index_add(user, item->report, err) : RT_OK;
}

static int work(const rt_engine *engine, const critical_opts *opts, char **args, int n_args)
{
    rt_index *index = NULL;
    rt_err err = {.code = RT_OK};
    int status = RT_EXIT_OK;
    bool stored = n_args == 1 && is_database(args[0]);
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
        code = list(index, opts, &err);
    rt_index_close(index);
    if (code == RT_OK)
        return status;
    rt_err_print(&err, stderr);
    return RT_EXIT_USAGE;
}

int rt_cmd_critical(int argc, char **argv)
{
    critical_opts opts = {.limit = 0};
    rt_engine *engine = NULL;
    int first = 0;
    int status = rt_options_parse(&usage, argc, argv, &opts, &first);
    if (status != RT_USAGE_GO_ON)
        return status;
    status = rt_engine_open_home(&engine);
    for (int i = first; i < argc && argc - first > 1 && status == RT_EXIT_OK; i++)
        if (is_database(argv[i]))
            status = rt_usage_error("critical", "%s is an index: it stands alone", argv[i]);
    if (status == RT_EXIT_OK)
        status = work(engine, &opts, argv + first, argc - first);
    rt_engine_close(engine);
    return status;
}
