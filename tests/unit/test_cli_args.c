/* Tests of cli/options: option tables, words, numbers, operands, and what is refused. */
#include <check.h>

#include "cli/options.c"

typedef struct opts {
    bool flag;
    const char *text;
    unsigned number, word;
} opts;

static const char *const words[] = {"xml", "jsonl", NULL};
static const rt_option table[] = {
    {'q', RT_OPT_FLAG, "quiet", NULL, "say nothing", offsetof(opts, flag), NULL},
    {'o', RT_OPT_TEXT, "output", "FILE", "where to", offsetof(opts, text), NULL},
    {'j', RT_OPT_NUMBER, "jobs", "N", "threads", offsetof(opts, number), NULL},
    {0, RT_OPT_WORD, "to", "FORMAT", "format", offsetof(opts, word), words},
};
static const rt_usage usage = {"test", "[FILE...]", "About.", table, 4, 0, 2};

static opts got;
static int first;
static char *args[16];
static int n_args;

/* The arguments are the words of the line. */
static int parse(const rt_usage *u, const char *line)
{
    static char copy[256];
    snprintf(copy, sizeof copy, "test %s", line);
    n_args = 0;
    for (char *p = copy; *p != '\0' && n_args < 15;) {
        args[n_args++] = p;
        p += strcspn(p, " ");
        if (*p != '\0')
            *p++ = '\0';
    }
    args[n_args] = NULL;
    got = (opts){.word = 1};
    return rt_options_parse(u, n_args, args, &got, &first);
}

START_TEST(all_kinds)
{
    ck_assert_int_eq(parse(&usage, "-q -o a/b --jobs 4 --to xml in.txt"), RT_USAGE_GO_ON);
    ck_assert(got.flag);
    ck_assert_str_eq(got.text, "a/b");
    ck_assert_uint_eq(got.number, 4);
    ck_assert_uint_eq(got.word, 0);
    ck_assert_int_eq(n_args - first, 1);
    ck_assert_str_eq(args[first], "in.txt");
}
END_TEST

START_TEST(defaults_and_other_spellings)
{
    ck_assert_int_eq(parse(&usage, ""), RT_USAGE_GO_ON);
    ck_assert(!got.flag && got.text == NULL && got.number == 0 && got.word == 1);
    ck_assert_int_eq(first, n_args);
    ck_assert_int_eq(parse(&usage, "a.txt -j8 --to=jsonl --output= -"), RT_USAGE_GO_ON);
    ck_assert_uint_eq(got.number, 8);
    ck_assert_uint_eq(got.word, 1);
    ck_assert_str_eq(got.text, "");
    ck_assert_str_eq(args[first], "a.txt");
    ck_assert_str_eq(args[first + 1], "-");
    ck_assert_int_eq(parse(&usage, "-- -q"), RT_USAGE_GO_ON);
    ck_assert(!got.flag);
    ck_assert_str_eq(args[first], "-q");
}
END_TEST

START_TEST(help)
{
    ck_assert_int_eq(parse(&usage, "--help"), RT_EXIT_OK);
    ck_assert_int_eq(parse(&usage, "-h --no-such"), RT_EXIT_OK);
}
END_TEST

START_TEST(mistakes)
{
    static const char *const lines[] = {
        "--no-such", "-x",      "-qx",       "-o",       "--jobs",    "-j x",  "-j -1",
        "-j 1.5",    "-j 9e99", "--to html", "--to XML", "--quiet=1", "a b c",
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        ck_assert_msg(parse(&usage, lines[i]) == RT_EXIT_USAGE, "\"%s\" is accepted", lines[i]);
}
END_TEST

START_TEST(number_of_operands)
{
    static const rt_usage strict = {"test", "DB QUERY", "About.", NULL, 0, 2, 2};
    ck_assert_int_eq(parse(&strict, "a"), RT_EXIT_USAGE);
    ck_assert_int_eq(parse(&strict, "a b"), RT_USAGE_GO_ON);
    ck_assert_int_eq(parse(&strict, "a b c"), RT_EXIT_USAGE);
}
END_TEST

static int run_one(int argc, char **argv)
{
    return 40 + argc + (argv[0][0] == 'o');
}

START_TEST(groups)
{
    static const rt_subcommand group[] = {{"one", "the only one", run_one}};
    char *wanted[] = {(char[]){"lexicon"}, (char[]){"one"}, (char[]){"x"}, NULL};
    char *wrong[] = {(char[]){"lexicon"}, (char[]){"two"}, NULL};
    char *asks[] = {(char[]){"lexicon"}, (char[]){"--help"}, NULL};
    ck_assert_int_eq(rt_subcommand_run("lexicon", group, 1, 3, wanted), 43);
    ck_assert_int_eq(rt_subcommand_run("lexicon", group, 1, 2, wrong), RT_EXIT_USAGE);
    ck_assert_int_eq(rt_subcommand_run("lexicon", group, 1, 2, asks), RT_EXIT_OK);
    ck_assert_int_eq(rt_subcommand_run("lexicon", group, 1, 1, wanted), RT_EXIT_USAGE);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("cli_args");
    TCase *t = tcase_create("cli_args");
    tcase_add_test(t, all_kinds);
    tcase_add_test(t, defaults_and_other_spellings);
    tcase_add_test(t, help);
    tcase_add_test(t, mistakes);
    tcase_add_test(t, number_of_operands);
    tcase_add_test(t, groups);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed == 0 ? 0 : 1;
}
