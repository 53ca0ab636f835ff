/* explain: a report on the terminal in colour: what was found, where, why. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/err.h"
#include "cli/command.h"

typedef struct explain_opts {
    rt_input_opts input;
    unsigned colour; /* colour_words */
} explain_opts;

enum { COLOUR_AUTO, COLOUR_ALWAYS, COLOUR_NEVER }; /* colour_words */
static const char *const colour_words[] = {"auto", "always", "never", NULL};

static const rt_option options[] = {
    RT_INPUT_OPTIONS(explain_opts),
    {0, RT_OPT_WORD, "colour", "WHEN", "escape sequences", offsetof(explain_opts, colour),
     colour_words},
};

static const rt_usage usage = {
    "explain",
    "[FILE...]",
    "Reports for people: the text with its findings marked, and what each of them means.",
    options,
    sizeof options / sizeof options[0],
    0,
    -1,
};

typedef struct explainer {
    bool colour;
    rt_out out;
} explainer;

static rt_code render(void *user, rt_item *item, rt_err *err)
{
    (void)user;
    if (item->report == NULL)
        return RT_OK;
    return rt_report_write(item->report, RT_OUTPUT_TERMINAL, rt_buf_sink(&item->out), err);
}

/* The bytes up to the next escape sequence, and past it: ESC [ ... letter. */
static rt_str cut_plain(rt_str *rest)
{
    rt_cut cut = rt_str_cut(*rest, '\033');
    size_t at = 0;
    while (at < cut.tail.len &&
           !(cut.tail.ptr[at] >= 'A' && cut.tail.ptr[at] <= 'z' && cut.tail.ptr[at] != '['))
        at++;
    *rest = cut.found && at < cut.tail.len ? rt_str_slice(cut.tail, at + 1, cut.tail.len)
                                           : (rt_str){"", 0};
    return cut.head;
}

static rt_code take(void *user, rt_item *item, rt_err *err)
{
    explainer *x = user;
    rt_str rest = rt_buf_str(&item->out);
    rt_code code = rt_buf_check(&item->out, err);
    if (x->colour && code == RT_OK)
        return rt_out_write(&x->out, rest, err);
    while (rest.len > 0 && code == RT_OK)
        code = rt_out_write(&x->out, cut_plain(&rest), err);
    return code;
}

static bool wants_colour(const explain_opts *opts)
{
    if (opts->colour != COLOUR_AUTO)
        return opts->colour == COLOUR_ALWAYS;
    const char *never = getenv("NO_COLOR");
    return isatty(STDOUT_FILENO) == 1 && (never == NULL || never[0] == '\0');
}

int rt_cmd_explain(int argc, char **argv)
{
    explain_opts opts = {.colour = 0};
    int first = 0;
    int status = rt_options_parse(&usage, argc, argv, &opts, &first);
    if (status != RT_USAGE_GO_ON)
        return status;
    rt_engine *engine = NULL;
    status = rt_engine_open_under(opts.input.profile, &engine);
    if (status != RT_EXIT_OK)
        return status;
    explainer x = {.colour = wants_colour(&opts)};
    rt_err err = {.code = RT_OK};
    rt_batch b = {.engine = engine,
                  .input = &opts.input,
                  .command = "explain",
                  .files = argv + first,
                  .n_files = argc - first,
                  .render = render,
                  .take = take,
                  .user = &x};
    if (rt_out_open(&x.out, NULL, &err) == RT_OK)
        status = rt_batch_run(&b);
    if (rt_out_close(&x.out, true, &err) != RT_OK)
        status = RT_EXIT_USAGE;
    if (err.code != RT_OK)
        rt_err_print(&err, stderr);
    rt_engine_close(engine);
    return status;
}
