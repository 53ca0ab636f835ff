/* convert: reports in, structured reports out. */
#include <stddef.h>
#include <stdio.h>

#include "base/err.h"
#include "cli/command.h"

typedef struct convert_opts {
    rt_input_opts input;
    unsigned to; /* rt_output */
    bool validate;
    const char *schema; /* of the user's, instead of the shipped one */
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
    {0, RT_OPT_FLAG, "validate", NULL,
     "check each XML document against its schema (not cda, wst500)",
     offsetof(convert_opts, validate), NULL},
    {0, RT_OPT_TEXT, "schema", "FILE", "check each XML document against this schema (CDA.xsd, say)",
     offsetof(convert_opts, schema), NULL},
    {0, RT_OPT_WORD, "dump", "STAGE", "what a stage made, as a table", offsetof(convert_opts, dump),
     stage_words},
};

static const rt_usage usage = {
    "convert",
    "[FILE...]",
    "Reports in, structured reports out. Without FILE, or with -, standard input is read.\n"
    "A text file is one report; JSONL holds one a line (members id, text, exam, ...), CSV one a "
    "row\n"
    "(columns called the same, or --map), HL7 v2 one a message.\n"
    "Into one stream, jsonl and fhir write a line a report; of the XML formats each report is a\n"
    "document that begins with <?xml at the beginning of a line. What cannot be converted leaves "
    "an\n"
    "error in its place: in fhir an OperationOutcome, in XML an element `error`.",
    options,
    sizeof options / sizeof options[0],
    0,
    -1,
};

typedef struct converter {
    const convert_opts *opts;
    rt_xsd *schema; /* NULL: documents are not checked */
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

/* Of what is no XML, its twin in XML. */
static rt_output checked_form(rt_output to)
{
    return to == RT_OUTPUT_FHIR ? RT_OUTPUT_FHIR_XML : to;
}

static rt_code check_form(const converter *c, const rt_item *item, rt_err *err)
{
    rt_output to = (rt_output)c->opts->to, form = checked_form(to);
    if (form == to)
        return rt_xsd_check(c->schema, rt_buf_str(&item->out), err);
    rt_buf twin;
    rt_buf_init(&twin, SIZE_MAX);
    rt_code code = rt_report_write(item->report, form, rt_buf_sink(&twin), err);
    if (code == RT_OK)
        code = rt_xsd_check(c->schema, rt_buf_str(&twin), err);
    rt_buf_free(&twin);
    return code;
}

/* The place that a complaint names is one in the document, which nobody may ever see. */
static rt_code check(const converter *c, const rt_item *item, rt_err *err)
{
    rt_err in_document = {.code = RT_OK};
    rt_code code = check_form(c, item, &in_document);
    if (code == RT_OK)
        return code;
    return rt_fail(err, code, "line %u of the document: %s", in_document.line, in_document.msg);
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
    if (code == RT_OK && c->schema != NULL)
        code = check(c, item, err);
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

static rt_code open_all(converter *c, const rt_engine *engine, rt_err *err)
{
    const convert_opts *o = c->opts;
    rt_code code = RT_OK;
    if (o->validate || o->schema != NULL)
        code = rt_xsd_open(engine, checked_form((rt_output)o->to), o->schema, &c->schema, err);
    if (code == RT_OK)
        code = rt_out_open(&c->out, o->output, err);
    return code;
}

static int convert(const convert_opts *opts, char **files, int n_files)
{
    rt_engine *engine = NULL;
    int status = rt_engine_open_under(opts->input.profile, &engine);
    if (status != RT_EXIT_OK)
        return status;
    converter c = {.opts = opts, .labels = n_files > 1};
    rt_err err = {.code = RT_OK};
    if (open_all(&c, engine, &err) == RT_OK) {
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
    rt_xsd_close(c.schema);
    rt_engine_close(engine);
    return status;
}

/* Only documents can be checked; for some of them the user must bring the schema. */
static int check_usage(const convert_opts *o)
{
    if (!o->validate && o->schema == NULL)
        return RT_EXIT_OK;
    const char *word = output_words[o->to];
    if (o->dump != NO_DUMP ||
        strstr(output_suffixes[checked_form((rt_output)o->to)], ".xml") == NULL)
        return rt_usage_error("convert", "--validate and --schema are for XML and fhir");
    if (o->schema == NULL && (o->to == RT_OUTPUT_CDA || o->to == RT_OUTPUT_WST500))
        return rt_usage_error("convert", "no schema of %s is shipped: name yours with --schema",
                              word);
    return RT_EXIT_OK;
}

int rt_cmd_convert(int argc, char **argv)
{
    convert_opts opts = {.to = RT_OUTPUT_XML, .dump = NO_DUMP};
    int first = 0;
    int status = rt_options_parse(&usage, argc, argv, &opts, &first);
    if (status != RT_USAGE_GO_ON)
        return status;
    status = check_usage(&opts);
    if (status != RT_EXIT_OK)
        return status;
    return convert(&opts, argv + first, argc - first);
}
