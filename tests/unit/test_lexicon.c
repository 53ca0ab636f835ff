/* Reading the lexicon: complaints have their place; the compiled form says the same as the tables.
 * Run from the root. */
#include <check.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "knowledge/compiled.h"

static char dir[] = "/tmp/roentext-lexicon-XXXXXX";

static void put(const char *name, const char *text)
{
    char path[200];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *f = fopen(path, "w");
    ck_assert(f && fputs(text, f) >= 0 && fclose(f) == 0);
}

#define CONCEPTS "id\ttype\tregion\tpref_en\tpref_zh\ten\tzh\tis_a\tpart_of\tflags\n"
#define LUNG "RX1\tanatomy\tchest\tlung\t肺\tlung\t肺\t\t\tpaired\n"

static void small_lexicon(const char *concepts)
{
    put("concepts.tsv", concepts);
    put("abbrev.tsv", "abbr\tlang\tconcept\tcase\trequire\tforbid\n");
    put("ambiguous.tsv", "form\tlang\tconcept\trequire\tforbid\n");
    put("cues.tsv",
        "cue\tlang\tcategory\tdirection\tscope\trelation\nno\ten\tabsent\tforward\tlist\t\n");
    put("headings.tsv", "heading\tlang\tsection\n");
    put("normals.tsv", "phrase\tlang\tanatomy\tabsent\n");
    put("blockers.tsv", "phrase\tlang\tkeep\n");
    put("units.tsv", "form\tlang\tunit\tkind\tfactor\n");
    put("quantifiers.tsv", "form\tlang\tmeaning\n");
    put("qa_words.tsv", "set\tform\tlang\tvalue\trequire\tforbid\n");
    put("relators.tsv", "form\tlang\tmeaning\n");
}

static void make_dir(void)
{
    ck_assert(mkdtemp(dir) != NULL);
}

static const struct {
    const char *concepts;
    uint32_t line, col;
    const char *msg;
} faults[] = {
    /* the caret stands under the first byte of the faulty cell or value */
    {CONCEPTS "RX1\torgan\tchest\tlung\t肺\tlung\t肺\t\t\t\n", 2, 5,
     "\"organ\" is not allowed here"},
    {CONCEPTS LUNG "RX1\tanatomy\tchest\tliver\t肝\tliver\t肝\t\t\t\n", 3, 1,
     "the id \"RX1\" stands twice"},
    {CONCEPTS LUNG "RX2\tanatomy\tchest\tlobe\t叶\tlobe|lung\t叶\t\tRX1\t\n", 3, 32,
     "\"lung\" is also a form of RX1"},
    {CONCEPTS "RX1\tanatomy\tchest\tlung\t肺\tlung\t肺\t\tRX9\t\n", 2, 36,
     "no concept has the id \"RX9\""},
    {CONCEPTS "RX1\tanatomy\tchest\tlung\t肺\tlung\t肺\tRX1\t\t\n", 2, 1,
     "is_a and part_of run in a circle"},
    {CONCEPTS "RX1\tfinding\tchest\tno\t无\tno\t无\t\t\t\n", 2, 1,
     "\"no\" is a cue that blocks concept RX1"},
    {CONCEPTS "RX1\tfinding\tchest\tbleed\t\tbleed\t\t\t\tcritical\n", 2, 1,
     "a critical concept needs both languages"},
};

START_TEST(complaints_have_their_place)
{
    small_lexicon(faults[_i].concepts);
    rt_lexicon *x;
    rt_err err = {0};
    ck_assert_int_eq(rt_lexicon_load(dir, NULL, &x, &err), RT_EINPUT);
    ck_assert_str_eq(err.msg, faults[_i].msg);
    ck_assert_uint_eq(err.line, faults[_i].line);
    ck_assert_uint_eq(err.col, faults[_i].col);
}
END_TEST

START_TEST(shipped_lexicon_is_clean)
{
    rt_err err = {0};
    rt_buf b;
    rt_buf_init(&b, 1U << 20);
    rt_code code = rt_lexicon_check("lexicons", rt_buf_sink(&b), &err);
    ck_assert_msg(code == RT_OK, "%s: %.*s", err.msg, (int)b.len, b.ptr ? b.ptr : "");
    rt_buf_free(&b);
}
END_TEST

START_TEST(compiled_says_the_same)
{
    small_lexicon(CONCEPTS LUNG);
    char path[200];
    snprintf(path, sizeof path, "%s/lexicon.rtl", dir);
    rt_lexicon *x, *y;
    ck_assert_int_eq(rt_lexicon_load(dir, NULL, &x, NULL), RT_OK);
    ck_assert_int_eq(rt_compiled_write(x, path, NULL), RT_OK);
    ck_assert_int_eq(rt_compiled_open(path, &y, NULL), RT_OK);
    ck_assert_str_eq(x->checksum, y->checksum);
    ck_assert_uint_eq(x->n_patterns, y->n_patterns);
    uint32_t a, b;
    ck_assert(rt_lexicon_by_name(x, RT_STR("Lungs"), &a) &&
              rt_lexicon_by_name(y, RT_STR("Lungs"), &b));
    ck_assert_uint_eq(a, b); /* the plural is derived */
    rt_lexicon_close(x);
    rt_lexicon_close(y);
}
END_TEST

START_TEST(damaged_file_is_refused)
{
    small_lexicon(CONCEPTS LUNG);
    char path[200];
    snprintf(path, sizeof path, "%s/lexicon.rtl", dir);
    ck_assert_int_eq(rt_lexicon_compile(dir, path, NULL), RT_OK);
    ck_assert_int_eq(truncate(path, 500), 0);
    rt_lexicon *x;
    rt_err err = {0};
    ck_assert_int_eq(rt_compiled_open(path, &x, &err), RT_EINPUT);
    put("lexicon.rtl", "hello");
    err = (rt_err){0};
    ck_assert_int_eq(rt_compiled_open(path, &x, &err), RT_EINPUT);
    ck_assert(strstr(err.msg, "not a compiled lexicon") != NULL);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("lexicon");
    TCase *t = tcase_create("load");
    tcase_add_unchecked_fixture(t, make_dir, NULL);
    tcase_add_loop_test(t, complaints_have_their_place, 0, sizeof faults / sizeof *faults);
    tcase_add_test(t, shipped_lexicon_is_clean);
    tcase_add_test(t, compiled_says_the_same);
    tcase_add_test(t, damaged_file_is_refused);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}
