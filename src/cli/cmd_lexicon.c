/* lexicon check | compile | lookup */
#include <stdio.h>
#include <stdlib.h>

#include "base/err.h"
#include "cli/command.h"

/* DIR, or the lexicons/ of the home. Caller frees; NULL: neither. */
static char *lexicon_folder(const char *stated)
{
    if (stated != NULL)
        return strdup(stated);
    char *home = rt_home_find();
    if (home == NULL)
        return NULL;
    size_t n = strlen(home) + sizeof "/lexicons";
    char *folder = malloc(n);
    if (folder != NULL)
        snprintf(folder, n, "%s/lexicons", home);
    free(home);
    return folder;
}

static rt_code no_folder(rt_err *err)
{
    return rt_fail(err, RT_EUSAGE, "no folder with lexicons/ and templates/ was found: name it");
}

static rt_code standard_output(void *user, const char *p, size_t n, rt_err *err)
{
    (void)user;
    return fwrite(p, 1, n, stdout) == n ? RT_OK : rt_fail(err, RT_EIO, "cannot write the output");
}

static const rt_sink to_stdout = {standard_output, NULL};

/* ---- check */

static const rt_usage check_usage = {
    "lexicon check",
    "[DIR]",
    "Reads the tables of DIR (default: the lexicons in use) and writes every complaint as\n"
    "file:line:column: message. Exit status 1 if there is any.",
    NULL,
    0,
    0,
    1,
};

static int check(int argc, char **argv)
{
    int first = 0;
    int status = rt_options_parse(&check_usage, argc, argv, NULL, &first);
    if (status != RT_USAGE_GO_ON)
        return status;
    rt_err err = {.code = RT_OK};
    char *dir = lexicon_folder(first < argc ? argv[first] : NULL);
    rt_code code = dir != NULL ? rt_lexicon_check(dir, to_stdout, &err) : no_folder(&err);
    if (code == RT_OK)
        printf("%s: no complaints\n", dir);
    else
        rt_err_print(&err, stderr);
    free(dir);
    return code == RT_OK ? RT_EXIT_OK : code == RT_EINPUT ? RT_EXIT_BAD : RT_EXIT_USAGE;
}

/* ---- compile */

typedef struct compile_opts {
    const char *lexicons, *output;
} compile_opts;

static const rt_option compile_options[] = {
    {0, RT_OPT_TEXT, "lexicons", "DIR", "the tables, default: the lexicons in use",
     offsetof(compile_opts, lexicons), NULL},
    {'o', RT_OPT_TEXT, "output", "FILE", "the compiled lexicon", offsetof(compile_opts, output),
     NULL},
};

static const rt_usage compile_usage = {
    "lexicon compile",
    "",
    "Compiles the tables, and the templates in ../templates, to one file, which the program maps\n"
    "into memory at its start. The same files give the same bytes; a file that has changed since "
    "is\n"
    "read itself.",
    compile_options,
    sizeof compile_options / sizeof compile_options[0],
    0,
    0,
};

static int compile(int argc, char **argv)
{
    compile_opts opts = {NULL, NULL};
    int first = 0;
    int status = rt_options_parse(&compile_usage, argc, argv, &opts, &first);
    if (status != RT_USAGE_GO_ON)
        return status;
    if (opts.output == NULL)
        return rt_usage_error(compile_usage.command, "-o FILE is missing");
    rt_err err = {.code = RT_OK};
    char *dir = lexicon_folder(opts.lexicons);
    rt_code code = dir != NULL ? rt_lexicon_compile(dir, opts.output, &err) : no_folder(&err);
    if (code != RT_OK)
        rt_err_print(&err, stderr);
    free(dir);
    return code == RT_OK ? RT_EXIT_OK : code == RT_EINPUT ? RT_EXIT_BAD : RT_EXIT_USAGE;
}

/* ---- lookup */

static const rt_usage lookup_usage = {
    "lexicon lookup",
    "WORD...",
    "What a word or phrase means to the engine: its readings, concepts, kinds and parts.",
    NULL,
    0,
    1,
    -1,
};

static int lookup(int argc, char **argv)
{
    int first = 0;
    int status = rt_options_parse(&lookup_usage, argc, argv, NULL, &first);
    if (status != RT_USAGE_GO_ON)
        return status;
    rt_engine *engine = NULL;
    status = rt_engine_open_home(&engine);
    for (int i = first; i < argc && status != RT_EXIT_USAGE; i++) {
        rt_err err = {.code = RT_OK};
        rt_code code = rt_lexicon_lookup(engine, rt_str_from(argv[i]), to_stdout, &err);
        if (code != RT_OK) {
            rt_err_print(&err, stderr);
            status = code == RT_EINPUT ? RT_EXIT_BAD : RT_EXIT_USAGE;
        }
    }
    rt_engine_close(engine);
    return status;
}

static const rt_subcommand commands[] = {
    {"check", "read the tables and list every complaint", check},
    {"compile", "compile the tables to one file", compile},
    {"lookup", "what a word means to the engine", lookup},
};

int rt_cmd_lexicon(int argc, char **argv)
{
    return rt_subcommand_run("lexicon", commands, sizeof commands / sizeof commands[0], argc, argv);
}
