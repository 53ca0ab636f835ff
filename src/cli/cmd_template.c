/* template list | check | import-mrrt | export-mrrt (cmd_mrrt.c). The templates are read and
 * checked whenever the engine opens. */
#include <stdio.h>

#include "base/err.h"
#include "cli/command.h"

static const rt_usage check_usage = {
    "template check",
    "",
    "Reads the templates of the home with the lexicons they refer to; the first complaint is\n"
    "written as file:line: message. Exit status 2 if there is one.",
    NULL,
    0,
    0,
    0,
};

static int check(int argc, char **argv)
{
    int first = 0;
    int status = rt_options_parse(&check_usage, argc, argv, NULL, &first);
    if (status != RT_USAGE_GO_ON)
        return status;
    rt_engine *engine = NULL;
    status = rt_engine_open_home(&engine);
    if (status == RT_EXIT_OK)
        puts("no complaints");
    rt_engine_close(engine);
    return status;
}

static const rt_usage list_usage = {
    "template list",
    "",
    "The report templates: id, language, version, number of fields, title.",
    NULL,
    0,
    0,
    0,
};

static rt_code print_list(const rt_engine *engine, rt_err *err)
{
    rt_out out;
    rt_code code = rt_out_open(&out, NULL, err);
    if (code != RT_OK)
        return code;
    code = rt_template_list(engine, rt_out_sink(&out), err);
    rt_code closed = rt_out_close(&out, true, err);
    return code != RT_OK ? code : closed;
}

static int list(int argc, char **argv)
{
    int first = 0;
    int status = rt_options_parse(&list_usage, argc, argv, NULL, &first);
    if (status != RT_USAGE_GO_ON)
        return status;
    rt_engine *engine = NULL;
    status = rt_engine_open_home(&engine);
    rt_err err = {.code = RT_OK};
    if (status == RT_EXIT_OK && print_list(engine, &err) != RT_OK) {
        rt_err_print(&err, stderr);
        status = RT_EXIT_USAGE;
    }
    rt_engine_close(engine);
    return status;
}

static const rt_subcommand commands[] = {
    {"list", "the templates", list},
    {"check", "read the templates and complain of the first mistake", check},
    {"import-mrrt", "read MRRT and RadReport templates", rt_cmd_import_mrrt},
    {"export-mrrt", "write a template as MRRT", rt_cmd_export_mrrt},
};

int rt_cmd_template(int argc, char **argv)
{
    return rt_subcommand_run("template", commands, sizeof commands / sizeof commands[0], argc,
                             argv);
}
