/* template import-mrrt | export-mrrt. */
#include <stdio.h>
#include <time.h>

#include "base/err.h"
#include "cli/command.h"

/* ---- import */

typedef struct import_opts {
    bool strict, quiet;
    const char *output;
} import_opts;

static const rt_option import_options[] = {
    {'o', RT_OPT_TEXT, "output", "FILE|DIR", "where to; several files need a folder (DIR or DIR/)",
     offsetof(import_opts, output), NULL},
    {0, RT_OPT_FLAG, "strict", NULL, "refuse what breaks the rules of MRRT",
     offsetof(import_opts, strict), NULL},
    {'q', RT_OPT_FLAG, "quiet", NULL, "do not tell what was left out", offsetof(import_opts, quiet),
     NULL},
};

static const rt_usage import_usage = {
    "template import-mrrt",
    "FILE...",
    "Reads MRRT and RadReport templates (HTML) and writes them as urn:roentext:template:1. What\n"
    "breaks the rules, and what cannot be mapped, is told on standard error. Preset answers are\n"
    "not taken. Put the result into the folder templates/, then `convert --template ID` fills it.",
    import_options,
    sizeof import_options / sizeof import_options[0],
    1,
    -1,
};

static rt_code to_stderr(void *user, const char *p, size_t n, rt_err *err)
{
    const import_opts *opts = user;
    if (opts->quiet || fwrite(p, 1, n, stderr) == n)
        return RT_OK;
    return rt_fail(err, RT_EIO, "cannot write to standard error");
}

/* The name of the file without folder and ending: what the result is called in a folder. */
static rt_str stem(const char *path)
{
    const char *slash = strrchr(path, '/');
    rt_str s = rt_str_from(slash != NULL ? slash + 1 : path);
    for (size_t i = s.len; i > 1; i--)
        if (s.ptr[i - 1] == '.')
            return rt_str_slice(s, 0, i - 1);
    return s;
}

static rt_code import_file(const rt_engine *engine, import_opts *opts, rt_out *out,
                           const char *path, rt_err *err)
{
    rt_buf xml;
    rt_buf_init(&xml, SIZE_MAX);
    rt_sink notes = {to_stderr, opts};
    rt_code code =
        rt_template_import_mrrt(engine, path, opts->strict, rt_buf_sink(&xml), notes, err);
    if (code == RT_OK && out->folder != NULL)
        code = rt_out_file(out, stem(path), ".xml", rt_buf_str(&xml), err);
    else if (code == RT_OK)
        code = rt_out_write(out, rt_buf_str(&xml), err);
    rt_buf_free(&xml);
    return code;
}

static int import_files(const rt_engine *engine, import_opts *opts, char **files, int n)
{
    rt_out out;
    rt_err err = {.code = RT_OK};
    int status = RT_EXIT_OK;
    if (rt_out_open(&out, opts->output, &err) != RT_OK) {
        rt_err_print(&err, stderr);
        return RT_EXIT_USAGE;
    }
    if (n > 1 && out.folder == NULL)
        status = rt_usage_error("template import-mrrt", "several files need a folder: -o DIR/");
    for (int i = 0; i < n && status != RT_EXIT_USAGE; i++) {
        rt_err one = {.code = RT_OK};
        rt_code code = import_file(engine, opts, &out, files[i], &one);
        if (code == RT_OK)
            continue;
        rt_err_print(&one, stderr);
        status = code == RT_EINPUT || code == RT_ELIMIT ? RT_EXIT_BAD : RT_EXIT_USAGE;
    }
    bool complete = status == RT_EXIT_OK || out.folder != NULL;
    if (rt_out_close(&out, complete, &err) == RT_OK)
        return status;
    rt_err_print(&err, stderr);
    return RT_EXIT_USAGE;
}

int rt_cmd_import_mrrt(int argc, char **argv)
{
    import_opts opts = {.strict = false};
    int first = 0;
    int status = rt_options_parse(&import_usage, argc, argv, &opts, &first);
    if (status != RT_USAGE_GO_ON)
        return status;
    rt_engine *engine = NULL;
    status = rt_engine_open_home(&engine);
    if (status == RT_EXIT_OK)
        status = import_files(engine, &opts, argv + first, argc - first);
    rt_engine_close(engine);
    return status;
}

/* ---- export */

typedef struct export_opts {
    const char *output, *date;
    unsigned lang; /* index in rt_lang_words */
} export_opts;

static const rt_option export_options[] = {
    {'o', RT_OPT_TEXT, "output", "FILE", "where to", offsetof(export_opts, output), NULL},
    {0, RT_OPT_WORD, "lang", "LANG", "of the template", offsetof(export_opts, lang), rt_lang_words},
    {0, RT_OPT_TEXT, "date", "YYYY-MM-DD", "of publication, default today",
     offsetof(export_opts, date), NULL},
};

static int export_to(const rt_engine *engine, const export_opts *opts, const char *id,
                     const char *today)
{
    rt_out out;
    rt_err err = {.code = RT_OK};
    rt_code code = rt_out_open(&out, opts->output, &err);
    if (code == RT_OK) {
        code = out.folder == NULL
                   ? rt_template_export_mrrt(
                         engine, id, opts->lang > 0 ? rt_lang_words[opts->lang] : NULL,
                         opts->date != NULL ? opts->date : today, rt_out_sink(&out), &err)
                   : rt_fail(&err, RT_EUSAGE, "the output is one file, not a folder");
        rt_code closed = rt_out_close(&out, code == RT_OK, &err);
        code = code != RT_OK ? code : closed;
    }
    if (code == RT_OK)
        return RT_EXIT_OK;
    rt_err_print(&err, stderr);
    return RT_EXIT_USAGE;
}

static const rt_usage export_usage = {
    "template export-mrrt",
    "ID",
    "Writes a template as IHE MRRT (HTML 5).",
    export_options,
    sizeof export_options / sizeof export_options[0],
    1,
    1,
};

int rt_cmd_export_mrrt(int argc, char **argv)
{
    export_opts opts = {.output = NULL};
    int first = 0;
    int status = rt_options_parse(&export_usage, argc, argv, &opts, &first);
    if (status != RT_USAGE_GO_ON)
        return status;
    char today[16] = "";
    time_t now = time(NULL);
    struct tm tm;
    if (gmtime_r(&now, &tm) != NULL)
        strftime(today, sizeof today, "%Y-%m-%d", &tm);
    rt_engine *engine = NULL;
    status = rt_engine_open_home(&engine);
    if (status == RT_EXIT_OK)
        status = export_to(engine, &opts, argv[first], today);
    rt_engine_close(engine);
    return status;
}
