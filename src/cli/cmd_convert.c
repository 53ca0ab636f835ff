/* convert: reports in, structured reports out. */
#include <stddef.h>
#include <stdio.h>

#include "base/err.h"
#include "cli/command.h"

typedef struct convert_opts {
    rt_input_opts input;
    unsigned to; /* rt_output */
    bool validate;
    const char *output;
    unsigned dump; /* a stage, instead of `to`; NO_DUMP: none */
} convert_opts;

static const char *const output_words[] = {
#define X(c, word, suffix) word,
    RT_OUTPUTS(X)
#undef X
        NULL};
static const char *const output_suffixes[] = {
#define X(c, word, suffix) suffix,
    RT_OUTPUTS(X)
#undef X
};

static const char *const stage_words[] = {
    "text",     "hit",     "section",  "sentence", "mention", "measure", "assertion",
    "relation", "finding", "critical", "qa",       "field",   "issue",   NULL,
};
enum { NO_DUMP = sizeof stage_words / sizeof stage_words[0] };

static const rt_option options[] = {
    {'t', RT_OPT_WORD, "to", "FORMAT", "format of the output", offsetof(convert_opts, to),
     output_words},
    {'o', RT_OPT_TEXT, "output", "FILE|DIR",
     "where to; a folder (DIR or DIR/) gets one file a report", offsetof(convert_opts, output),
     NULL},
    RT_INPUT_OPTIONS(convert_opts),
    {0, RT_OPT_FLAG, "validate", NULL, "check each XML document against the schema",
     offsetof(convert_opts, validate), NULL},
    {0, RT_OPT_WORD, "dump", "STAGE", "what a stage made, as a table", offsetof(convert_opts, dump),
     stage_words},
};

static const rt_usage usage = {
    "convert",
    "[FILE...]",
    "Reports in, structured reports out. Without FILE, or with -, standard input is read.\n"
    "A text file is one report; JSONL holds one a line (members id, text, exam, ...), CSV one a "
    "row\n"
    "(columns called the same, or --map), HL7 v2 one a message.",
    options,
    sizeof options / sizeof options[0],
    0,
    -1,
};

typedef struct converter {
    const convert_opts *opts;
    const rt_engine *engine;
    rt_out out;
    bool labels; /* dump: several reports, so each table is told whose it is */
} converter;

/* ---- one record */

static rt_code render_dump(const converter *c, rt_item *item, rt_err *err)
{
    rt_str id = item->record.field[RT_FIELD_ID];
    if (item->report == NULL)
        return RT_OK;
    if (c->labels || item->format != RT_FORMAT_TEXT)
        rt_buf_addf(&item->out, "# %.*s\n", (int)id.len, id.ptr);
    return rt_report_dump(item->report, stage_words[c->opts->dump], rt_buf_sink(&item->out), err);
}

static rt_code render(void *user, rt_item *item, rt_err *err)
{
    const converter *c = user;
    rt_output to = (rt_output)c->opts->to;
    rt_sink sink = rt_buf_sink(&item->out);
    if (c->opts->dump != NO_DUMP)
        return render_dump(c, item, err);
    if (item->report == NULL)
        return rt_error_write(&item->record, &item->err, to, sink, err);
    rt_code code = rt_report_write(item->report, to, sink, err);
    if (code == RT_OK && c->opts->validate)
        code = rt_validate_xml(c->engine, rt_buf_str(&item->out), err);
    return code;
}

static rt_code take(void *user, rt_item *item, rt_err *err)
{
    converter *c = user;
    rt_str bytes = rt_buf_str(&item->out);
    rt_code code = rt_buf_check(&item->out, err);
    if (code != RT_OK || bytes.len == 0)
        return code;
    if (c->out.folder == NULL)
        return rt_out_write(&c->out, bytes, err);
    rt_str id = item->record.field[RT_FIELD_ID];
    if (item->format == RT_FORMAT_TEXT && id.len > 4 &&
        rt_str_eq(rt_str_slice(id, id.len - 4, id.len), RT_STR(".txt")))
        id.len -= 4;
    const char *suffix = c->opts->dump != NO_DUMP ? ".tsv" : output_suffixes[c->opts->to];
    return rt_out_file(&c->out, id, suffix, bytes, err);
}

/* ---- all of them */

static int finish(converter *c, int status)
{
    rt_err err = {.code = RT_OK};
    bool complete = status != RT_EXIT_INTERRUPTED;
    if (!complete && c->out.temp != NULL)
        fprintf(stderr, "roentext convert: interrupted; what was done is in %s\n", c->out.temp);
    if (rt_out_close(&c->out, complete, &err) == RT_OK)
        return status;
    rt_err_print(&err, stderr);
    return RT_EXIT_USAGE;
}

static int convert(const convert_opts *opts, char **files, int n_files)
{
    rt_engine *engine = NULL;
    int status = rt_engine_open_home(&engine);
    if (status != RT_EXIT_OK)
        return status;
    converter c = {.opts = opts, .engine = engine, .labels = n_files > 1};
    rt_err err = {.code = RT_OK};
    if (rt_out_open(&c.out, opts->output, &err) == RT_OK) {
        rt_batch b = {.engine = engine,
                      .input = &opts->input,
                      .command = "convert",
                      .files = files,
                      .n_files = n_files,
                      .render = render,
                      .take = take,
                      .user = &c};
        status = finish(&c, rt_batch_run(&b));
    } else {
        rt_err_print(&err, stderr);
        status = RT_EXIT_USAGE;
    }
    rt_engine_close(engine);
    return status;
}

int rt_cmd_convert(int argc, char **argv)
{
    convert_opts opts = {.to = RT_OUTPUT_XML, .dump = NO_DUMP};
    int first = 0;
    int status = rt_options_parse(&usage, argc, argv, &opts, &first);
    if (status != RT_USAGE_GO_ON)
        return status;
    if (opts.validate && (opts.to != RT_OUTPUT_XML || opts.dump != NO_DUMP))
        return rt_usage_error("convert", "--validate is for --to xml");
    return convert(&opts, argv + first, argc - first);
}
