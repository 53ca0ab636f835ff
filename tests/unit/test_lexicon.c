/* Reading the lexicon: complaints have their place; the compiled form says the same as the tables.
 * Run from the root. */
#include <check.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "knowledge/compiled.h"
#include "knowledge/image.h"
#include "knowledge/template.h"

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
    put("abbrev.tsv", "abbr\tlang\tconcept\tcase\trequire\tforbid\tside\n");
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
    ck_assert(rt_lexicon_by_folded(y, RT_STR("lungs"), &b));
    ck_assert_uint_eq(a, b);
    ck_assert(!rt_lexicon_by_folded(y, RT_STR("Lungs"), &b)); /* not folded */
    ck_assert_uint_eq(y->abnormality, RT_NIL);                /* this lexicon has none */
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

/* ---- what else a compiled lexicon holds */

typedef struct leaf {
    const char *name;
    uint64_t number;
} leaf;

typedef struct tree {
    const leaf *one, *two, *three; /* the first two are the same */
    const uint64_t *numbers;
    uint64_t n;
} tree;

static void walk_leaf(rt_image *m, void *at)
{
    rt_image_text(m, &((leaf *)at)->name);
}

static void walk_tree(rt_image *m, void *at)
{
    tree *t = at;
    rt_image_records(m, (void *)&t->one, 2, sizeof *t->one, walk_leaf);
    rt_image_records(m, (void *)&t->two, 2, sizeof *t->two, walk_leaf);
    rt_image_records(m, (void *)&t->three, 1, sizeof *t->three, walk_leaf);
    rt_image_plain(m, (void *)&t->numbers, t->n * sizeof *t->numbers);
}

enum { STAMP = 77 };

/* The image of a small tree as lists of x; m owns them. */
static rt_image *small_image(rt_lexicon *x)
{
    static const leaf leaves[] = {{"lung", 1}, {NULL, 2}}, alike[] = {{"lung", 1}};
    static const uint64_t numbers[] = {3, 4, 5};
    const tree t = {leaves, leaves, alike, numbers, 3};
    rt_image *m = rt_image_new();
    ck_assert_ptr_nonnull(m);
    rt_image_part(m, RT_PART_CHECKS, STAMP, &t, sizeof t, walk_tree);
    ck_assert_int_eq(rt_image_end(m, x, NULL), RT_OK);
    return m;
}

START_TEST(image_gives_back_what_was_there)
{
    rt_lexicon x = {.n_pool = 0};
    rt_image *m = small_image(&x);
    rt_parts *p;
    ck_assert_int_eq(rt_parts_open(&x, &p, NULL), RT_OK);
    tree *t = rt_parts_take(p, RT_PART_CHECKS, STAMP, sizeof *t);
    ck_assert_ptr_nonnull(t);
    ck_assert_ptr_eq(t->one, t->two);
    ck_assert_ptr_ne(t->one, t->three); /* equal, but another */
    ck_assert_str_eq(t->one[0].name, "lung");
    ck_assert_ptr_eq(t->one[0].name, t->three[0].name); /* bytes are kept once */
    ck_assert_ptr_null(t->one[1].name);
    ck_assert_uint_eq(t->one[1].number, 2);
    ck_assert_uint_eq(t->numbers[2], 5);
    ck_assert_ptr_null(rt_parts_take(p, RT_PART_CHECKS, STAMP + 1, sizeof *t));
    ck_assert_ptr_null(rt_parts_take(p, RT_PART_RULES, STAMP, sizeof *t));
    ck_assert_ptr_null(rt_parts_take(p, RT_PART_CHECKS, STAMP, sizeof *t + 8));
    free(t);
    rt_parts_close(p);
    rt_image_free(m);
}
END_TEST

/* Offsets and slots that lead out of their lists: every number of the pointer lists, every word
 * that they name. */
START_TEST(image_with_a_bad_pointer_is_refused)
{
    rt_lexicon x = {.n_pool = 0};
    rt_image *m = small_image(&x);
    uint32_t *near = malloc(x.n_near * sizeof *near);
    uint64_t *records = malloc(x.n_records * sizeof *records);
    ck_assert(near && records && x.n_near == 3 && x.n_far == 3);
    memcpy(near, x.near, x.n_near * sizeof *near);
    memcpy(records, x.records, x.n_records * sizeof *records);
    x.near = near;
    x.records = records;
    for (uint32_t i = 0; i < x.n_near + x.n_far; i++) {
        rt_parts *p = NULL;
        rt_err err = {0};
        uint32_t slot = i < x.n_near ? near[i] : x.far[i - x.n_near];
        uint64_t before = records[slot];
        records[slot] = i < x.n_near ? x.n_records * 8U : x.n_plain;
        ck_assert_int_eq(rt_parts_open(&x, &p, &err), RT_EINPUT);
        ck_assert(strstr(err.msg, "damaged") != NULL);
        records[slot] = before;
        if (i >= x.n_near)
            continue;
        near[i] = x.n_records;
        ck_assert_int_eq(rt_parts_open(&x, &p, NULL), RT_EINPUT);
        near[i] = slot;
    }
    free(near);
    free(records);
    rt_image_free(m);
}
END_TEST

/* The shipped templates: from the compiled lexicon as long as no file has changed. */
START_TEST(compiled_templates_are_those_of_the_files)
{
    char path[200];
    rt_lexicon *x;
    rt_parts *p;
    rt_templates *a, *b;
    snprintf(path, sizeof path, "%s/shipped.rtl", dir);
    ck_assert_int_eq(rt_lexicon_compile("lexicons", path, NULL), RT_OK);
    ck_assert_int_eq(rt_compiled_open(path, &x, NULL), RT_OK);
    ck_assert_uint_eq(x->n_parts, 6);
    ck_assert_int_eq(rt_parts_open(x, &p, NULL), RT_OK);
    ck_assert_int_eq(rt_templates_open("templates", x, p, &a, NULL), RT_OK);
    ck_assert_int_eq(rt_templates_load("templates", x, &b, NULL), RT_OK);
    rt_image *m = rt_image_new(), *n = rt_image_new();
    ck_assert(m && n);
    rt_lexicon one = {.n_pool = 0}, other = {.n_pool = 0};
    rt_templates_image(m, "templates", a);
    rt_templates_image(n, "templates", b);
    ck_assert_int_eq(rt_image_end(m, &one, NULL), RT_OK);
    ck_assert_int_eq(rt_image_end(n, &other, NULL), RT_OK);
    ck_assert_uint_gt(one.n_records, 10000);
    ck_assert_uint_eq(one.n_records, other.n_records);
    ck_assert_mem_eq(one.records, other.records, one.n_records * sizeof *one.records);
    ck_assert_uint_eq(one.n_plain, other.n_plain);
    ck_assert_mem_eq(one.plain, other.plain, one.n_plain);
    rt_image_free(m);
    rt_image_free(n);
    rt_templates_close(a);
    rt_templates_close(b);
    rt_parts_close(p);
    rt_lexicon_close(x);
}
END_TEST

/* Whatever byte is another. */
START_TEST(changed_byte_is_refused)
{
    small_lexicon(CONCEPTS LUNG);
    char path[200];
    snprintf(path, sizeof path, "%s/lexicon.rtl", dir);
    ck_assert_int_eq(rt_lexicon_compile(dir, path, NULL), RT_OK);
    rt_bytes file;
    ck_assert_int_eq(rt_file_read(path, 1U << 20, &file, NULL), RT_OK);
    for (size_t i = 0; i < file.len; i += i < 600 ? 7 : 997) {
        rt_lexicon *x = NULL;
        rt_err err = {0};
        file.ptr[i] ^= 0x11;
        ck_assert_int_eq(rt_file_write(path, rt_bytes_str(&file), NULL), RT_OK);
        file.ptr[i] ^= 0x11;
        ck_assert_int_eq(rt_compiled_open(path, &x, &err), RT_EINPUT);
        ck_assert(err.msg[0] != '\0');
    }
    rt_bytes_free(&file);
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
    tcase_add_test(t, changed_byte_is_refused);
    tcase_add_test(t, image_gives_back_what_was_there);
    tcase_add_test(t, image_with_a_bad_pointer_is_refused);
    tcase_add_test(t, compiled_templates_are_those_of_the_files);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}
