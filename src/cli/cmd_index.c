/* index: reports into a database that `roentext search` and any SQLite tool can read. */
#include <stdio.h>

#include "base/err.h"
#include "cli/command.h"

typedef struct index_opts {
    rt_input_opts input;
    bool check, rebuild;
} index_opts;

static const rt_option options[] = {
    RT_INPUT_OPTIONS(index_opts),
    {0, RT_OPT_FLAG, "check", NULL, "is the index whole? complaints on stdout",
     offsetof(index_opts, check), NULL},
    {0, RT_OPT_FLAG, "rebuild", NULL, "analyse all stored reports anew (after a change of lexicon)",
     offsetof(index_opts, rebuild), NULL},
};

static const rt_usage usage = {
    "index",
    "DB [FILE...]",
    "Converts reports and adds them to the index DB, which is made if it is missing. A report\n"
    "with the id of an older one replaces it. Without FILE, or with -, standard input is read.\n"
    "Reports are committed in batches: what was committed survives whatever happens to the\n"
    "program, and all of them a power cut once it has ended.",
    options,
    sizeof options / sizeof options[0],
    1,
    -1,
};

static int told(const rt_err *err)
{
    rt_err_print(err, stderr);
    return RT_EXIT_USAGE;
}

/* ---- adding */

/* In a worker: all that needs no database. */
static rt_code prepare(void *user, rt_item *item, rt_err *err)
{
    rt_index_row *row = item->own;
    (void)user;
    if (item->report == NULL)
        return RT_OK;
    rt_code code = row == NULL ? rt_index_row_new(&row, err) : RT_OK;
    item->own = row;
    return code == RT_OK ? rt_index_prepare(row, item->report, err) : code;
}

static void drop(void *own)
{
    rt_index_row_free(own);
}

static rt_code take(void *user, rt_item *item, rt_err *err)
{
    return item->good ? rt_index_add_row(user, item->own, err) : RT_OK;
}

static int run(rt_batch *b, const rt_engine *engine, const index_opts *opts, rt_index *index)
{
    rt_err err = {.code = RT_OK};
    b->engine = engine;
    b->input = &opts->input;
    b->command = "index";
    b->findings_only = b->in_groups = true;
    b->render = prepare;
    b->take = take;
    b->drop = drop;
    b->user = index;
    int status = rt_batch_run(b);
    return rt_index_commit(index, &err) == RT_OK ? status : told(&err);
}

static int add(const rt_engine *engine, const index_opts *opts, rt_index *index, char **files,
               int n_files)
{
    rt_batch b = {.files = files, .n_files = n_files};
    return run(&b, engine, opts, index);
}

/* ---- --rebuild: what is stored goes the same way */

static rt_code next_stored(void *user, rt_record *out, bool *more, rt_err *err)
{
    return rt_index_next(user, out, more, err);
}

static int rebuild(const rt_engine *engine, const index_opts *opts, rt_index *index, char **path)
{
    rt_err err = {.code = RT_OK};
    rt_batch b = {.files = path, .n_files = 1, .next = next_stored};
    int status = run(&b, engine, opts, index);
    if (status == RT_EXIT_OK && rt_index_rebuilt(index, &err) != RT_OK)
        return told(&err);
    return status;
}

/* ---- --check */

static int check(rt_index *index)
{
    rt_out out;
    rt_err err = {.code = RT_OK};
    if (rt_out_open(&out, NULL, &err) != RT_OK)
        return told(&err);
    rt_code code = rt_index_check(index, rt_out_sink(&out), &err);
    rt_out_close(&out, true, &err);
    return code == RT_OK ? RT_EXIT_OK : told(&err);
}

/* ---- the command */

static int work(const rt_engine *engine, const index_opts *opts, char **args, int n_args)
{
    rt_index *index = NULL;
    rt_err err = {.code = RT_OK};
    if (rt_index_open(engine, args[0], RT_INDEX_WRITE, &index, &err) != RT_OK)
        return told(&err);
    int status = RT_EXIT_OK;
    if (opts->rebuild)
        status = rebuild(engine, opts, index, args);
    if (status == RT_EXIT_OK && (n_args > 1 || (!opts->rebuild && !opts->check)))
        status = add(engine, opts, index, args + 1, n_args - 1);
    if (status == RT_EXIT_OK && opts->check)
        status = check(index);
    rt_index_close(index);
    return status;
}

int rt_cmd_index(int argc, char **argv)
{
    index_opts opts = {.check = false};
    rt_engine *engine = NULL;
    int first = 0;
    int status = rt_options_parse(&usage, argc, argv, &opts, &first);
    if (status != RT_USAGE_GO_ON)
        return status;
    status = rt_engine_open_under(opts.input.profile, &engine);
    if (status == RT_EXIT_OK)
        status = work(engine, &opts, argv + first, argc - first);
    rt_engine_close(engine);
    return status;
}
