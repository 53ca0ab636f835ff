/* The program: finds the command, runs it, returns its exit status. */
#include <signal.h>
#include <stdio.h>

#include "cli/command.h"

static const struct {
    const char *name, *summary;
    rt_command_run *run;
} commands[] = {
    {"convert", "reports in, structured reports out", rt_cmd_convert},
    {"explain", "one report on the terminal: what was found, where, why", rt_cmd_explain},
    {"index", "convert reports and add them to an index", rt_cmd_index},
    {"search", "find reports in an index", rt_cmd_search},
    {"critical", "the worklist of critical findings", rt_cmd_critical},
    {"qa", "the worklist of inconsistencies", rt_cmd_qa},
    {"assert", "presence, time and experiencer of given phrases in sentences", rt_cmd_assert},
    {"lexicon", "check, compile and look up the lexicons", rt_cmd_lexicon},
    {"template", "list and check the report templates", rt_cmd_template},
};
enum { N_COMMANDS = sizeof commands / sizeof commands[0] };

static int help(void)
{
    puts("Usage: roentext COMMAND [OPTION...] [ARGUMENT...]\n\n"
         "Free-text radiology reports, Chinese and English, to structured reports.\n\nCommands:");
    for (size_t i = 0; i < N_COMMANDS; i++)
        printf("  %-10s %s\n", commands[i].name, commands[i].summary);
    puts("\n`roentext COMMAND --help` explains a command. Without files, standard input is read.");
    return RT_EXIT_OK;
}

static int run(int argc, char **argv)
{
    rt_str name = rt_str_from(argc > 1 ? argv[1] : "");
    if (rt_str_eq(name, RT_STR("--help")) || rt_str_eq(name, RT_STR("-h")) ||
        rt_str_eq(name, RT_STR("help")))
        return help();
    if (rt_str_eq(name, RT_STR("--version"))) {
        printf("roentext %s\n", rt_version());
        return RT_EXIT_OK;
    }
    for (size_t i = 0; i < N_COMMANDS; i++)
        if (rt_str_eq(name, rt_str_from(commands[i].name)))
            return commands[i].run(argc - 1, argv + 1);
    if (argc < 2)
        fputs("roentext: a command is missing; `roentext --help` lists them\n", stderr);
    else
        fprintf(stderr, "roentext: no command \"%s\"; `roentext --help` lists them\n", argv[1]);
    return RT_EXIT_USAGE;
}

int main(int argc, char **argv)
{
    signal(SIGPIPE, SIG_DFL); /* a reader that has gone ends the program quietly, also where it was
                                 started with the signal ignored */
    int status = run(argc, argv);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        perror("roentext: standard output");
        return RT_EXIT_USAGE;
    }
    return status;
}
