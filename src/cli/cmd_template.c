/* template check: are the report templates sound? They are read whenever the engine opens. */
#include <stdio.h>

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

static const rt_subcommand commands[] = {
    {"check", "read the templates and complain of the first mistake", check},
};

int rt_cmd_template(int argc, char **argv)
{
    return rt_subcommand_run("template", commands, sizeof commands / sizeof commands[0], argc,
                             argv);
}
