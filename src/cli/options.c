/* Option tables over getopt_long: one table is the parser and the help of a command. */
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/command.h"

enum { MAX_OPTIONS = 32, HELP = 1000 }; /* of one command; getopt's value of --help */

int rt_usage_error(const char *command, const char *fmt, ...)
{
    va_list args;
    fprintf(stderr, "roentext %s: ", command);
    va_start(args, fmt);
    vfprintf(stderr, fmt, args);
    va_end(args);
    fputc('\n', stderr);
    return RT_EXIT_USAGE;
}

/* ---- help */

static void print_option(const rt_option *o)
{
    char left[64];
    snprintf(left, sizeof left, "%c%c%s --%s%s%s", o->letter ? '-' : ' ',
             o->letter ? o->letter : ' ', o->letter ? "," : " ", o->name, o->arg ? " " : "",
             o->arg ? o->arg : "");
    printf("  %-26s %s", left, o->help);
    if (o->words != NULL) {
        fputs(":", stdout);
        for (const char *const *w = o->words; *w != NULL; w++)
            printf(" %s", *w);
    }
    putchar('\n');
}

static int print_help(const rt_usage *u)
{
    printf("Usage: roentext %s%s%s%s\n\n%s\n\n", u->command, u->n_options > 0 ? " [OPTION...]" : "",
           u->operands[0] != '\0' ? " " : "", u->operands, u->about);
    puts("Options:");
    for (size_t i = 0; i < u->n_options; i++)
        print_option(&u->options[i]);
    printf("  %-26s %s\n", "-h, --help", "this text");
    return RT_EXIT_OK;
}

/* ---- parsing */

/* What getopt wants to know, made from our table. */
static void fill_getopt(const rt_usage *u, struct option *longs, char *shorts)
{
    *shorts++ = ':';
    for (size_t i = 0; i < u->n_options; i++) {
        const rt_option *o = &u->options[i];
        longs[i] = (struct option){o->name, o->kind != RT_OPT_FLAG, NULL, (int)i};
        if (o->letter == 0)
            continue;
        *shorts++ = o->letter;
        if (o->kind != RT_OPT_FLAG)
            *shorts++ = ':';
    }
    longs[u->n_options] = (struct option){"help", 0, NULL, HELP};
    longs[u->n_options + 1] = (struct option){NULL, 0, NULL, 0};
    *shorts++ = 'h';
    *shorts = '\0';
}

static bool parse_number(const char *text, unsigned *out)
{
    double v = 0;
    if (!rt_str_number(rt_str_from(text), &v) || v < 0 || v > 1e9 || v != (double)(unsigned)v)
        return false;
    *out = (unsigned)v;
    return true;
}

static bool parse_word(const rt_option *o, const char *text, unsigned *out)
{
    for (unsigned i = 0; o->words[i] != NULL; i++) {
        if (strcmp(o->words[i], text) == 0) {
            *out = i;
            return true;
        }
    }
    return false;
}

static int word_error(const rt_usage *u, const rt_option *o, const char *text)
{
    fprintf(stderr, "roentext %s: --%s: \"%s\" is none of", u->command, o->name, text);
    for (const char *const *w = o->words; *w != NULL; w++)
        fprintf(stderr, " %s", *w);
    fputc('\n', stderr);
    return RT_EXIT_USAGE;
}

static int take_option(const rt_usage *u, const rt_option *o, const char *text, void *into)
{
    void *value = (char *)into + o->at;
    switch (o->kind) {
    case RT_OPT_FLAG:
        memcpy(value, &(bool){true}, sizeof(bool));
        return RT_USAGE_GO_ON;
    case RT_OPT_TEXT:
        memcpy(value, &text, sizeof text);
        return RT_USAGE_GO_ON;
    case RT_OPT_NUMBER: {
        unsigned n = 0;
        if (!parse_number(text, &n))
            return rt_usage_error(u->command, "--%s: \"%s\" is not a whole number", o->name, text);
        memcpy(value, &n, sizeof n);
        return RT_USAGE_GO_ON;
    }
    case RT_OPT_WORD: {
        unsigned word = 0;
        if (!parse_word(o, text, &word))
            return word_error(u, o, text);
        memcpy(value, &word, sizeof word);
        return RT_USAGE_GO_ON;
    }
    }
    return RT_EXIT_USAGE;
}

static const rt_option *option_of(const rt_usage *u, int got)
{
    if (got >= 0 && (size_t)got < u->n_options && got < MAX_OPTIONS)
        return &u->options[got];
    for (size_t i = 0; i < u->n_options; i++)
        if (u->options[i].letter != 0 && u->options[i].letter == got)
            return &u->options[i];
    return NULL;
}

/* A single letter may stand among others (-nqx): optopt names it, where nothing else does. */
static int no_option(const rt_usage *u, const char *word)
{
    if (optopt > ' ' && optopt < 127)
        return rt_usage_error(u->command,
                              "no option -%c; see --help. Behind -- nothing is an option", optopt);
    return rt_usage_error(u->command, "no option %s; see --help", word);
}

static int check_operands(const rt_usage *u, int n)
{
    if (n < u->min_operands)
        return rt_usage_error(u->command, "%s is missing; see --help", u->operands);
    if (u->max_operands >= 0 && n > u->max_operands)
        return rt_usage_error(u->command, "too many arguments; see --help");
    return RT_USAGE_GO_ON;
}

int rt_options_parse(const rt_usage *u, int argc, char **argv, void *into, int *first)
{
    struct option longs[MAX_OPTIONS + 2];
    char shorts[2 * MAX_OPTIONS + 3];
    fill_getopt(u, longs, shorts);
    optind = 0; /* GNU: start anew */
    opterr = 0;
    for (;;) {
        int got = getopt_long(argc, argv, shorts, longs, NULL);
        if (got == -1)
            break;
        if (got == HELP || got == 'h')
            return print_help(u);
        if (got == ':')
            return rt_usage_error(u->command, "%s wants a value; see --help", argv[optind - 1]);
        const rt_option *o = option_of(u, got);
        if (o == NULL)
            return no_option(u, argv[optind - 1]);
        int status = take_option(u, o, optarg, into);
        if (status != RT_USAGE_GO_ON)
            return status;
    }
    *first = optind;
    return check_operands(u, argc - optind);
}

/* ---- groups of commands */

static int group_help(const char *group, const rt_subcommand *table, size_t n)
{
    printf("Usage: roentext %s COMMAND [OPTION...] [ARGUMENT...]\n\nCommands:\n", group);
    for (size_t i = 0; i < n; i++)
        printf("  %-11s %s\n", table[i].name, table[i].summary);
    return RT_EXIT_OK;
}

int rt_subcommand_run(const char *group, const rt_subcommand *table, size_t n, int argc,
                      char **argv)
{
    if (argc < 2)
        return rt_usage_error(group, "a command is missing; see --help");
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
        return group_help(group, table, n);
    for (size_t i = 0; i < n; i++)
        if (strcmp(argv[1], table[i].name) == 0)
            return table[i].run(argc - 1, argv + 1);
    return rt_usage_error(group, "no command \"%s\"; see --help", argv[1]);
}
