/* Tests of text/text: places in the folded text are places in the report. */
#include <check.h>

#include "text/fold.h"

static char block[1 << 14];
static bool full;
static rt_text t;

static void fold(const char *doc)
{
    full = false;
    rt_arena a = {block, block + sizeof block, &full};
    rt_fold(&a, rt_str_from(doc), &t);
    ck_assert(!full);
}

/* The document text under the first occurrence of `folded` in the folded text. */
static void expect_origin(const char *folded, const char *doc)
{
    size_t pos;
    ck_assert_msg(rt_str_find(t.folded, rt_str_from(folded), &pos), "\"%s\"", folded);
    rt_fspan at = {(uint32_t)pos, (uint32_t)(pos + strlen(folded))};
    rt_str got = rt_text_slice(&t, rt_text_origin(&t, at));
    ck_assert_msg(rt_str_eq(got, rt_str_from(doc)), "\"%s\" comes from \"%.*s\", not \"%s\"",
                  folded, (int)got.len, got.ptr, doc);
}

START_TEST(what_matched_is_what_stands_there)
{
    fold("  The   Ground-Glass\n\n OPACITY ");
    expect_origin("the", "The");
    expect_origin("ground glass", "Ground-Glass");
    expect_origin("the ground", "The   Ground");
    expect_origin("glass\n\nopacity", "Glass\n\n OPACITY");
    expect_origin("opacity", "OPACITY");
    fold("右肺上葉，１２×８㎜（Ⅱ级）");
    expect_origin("右肺上叶", "右肺上葉");
    expect_origin(",", "，");
    expect_origin("12x8mm", "１２×８㎜");
    expect_origin("mm", "㎜");
    expect_origin("m", "㎜"); /* a part of a character is the character */
    expect_origin("(ii级)", "（Ⅱ级）");
    fold("le\xC3\xAFo\xCC\x81ma \xE2\x80\x8B x");
    expect_origin("leio", "le\xC3\xAFo"); /* without the accent dropped behind it */
    expect_origin("leioma", "le\xC3\xAFo\xCC\x81ma");
    expect_origin("x", "x");
    fold("\xC4\xB0\xE2\x80\x8By"); /* a letter that becomes longer, then one that goes */
    expect_origin("i", "\xC4\xB0");
    expect_origin("y", "y");
}
END_TEST

START_TEST(empty_ranges_and_the_end)
{
    fold(" ab ");
    ck_assert_uint_eq(rt_text_origin(&t, (rt_fspan){0, 0}).beg, 1);
    rt_span end = rt_text_origin(&t, (rt_fspan){2, 2});
    ck_assert(end.beg == 4 && end.end == 4);
    fold("");
    end = rt_text_origin(&t, (rt_fspan){0, 0});
    ck_assert(end.beg == 0 && end.end == 0);
    ck_assert_uint_eq(rt_text_folded(&t, 0), 0);
}
END_TEST

START_TEST(line_ends_point_to_line_ends)
{
    fold("a  \n \n\n b \n c");
    for (uint32_t i = 0; i < t.folded.len; i++)
        if (t.folded.ptr[i] == '\n')
            ck_assert_int_eq(t.doc.ptr[rt_text_origin(&t, (rt_fspan){i, i + 1}).beg], '\n');
    ck_assert(rt_str_eq(t.folded, RT_STR("a\n\nb\nc")));
}
END_TEST

START_TEST(and_back)
{
    fold("Ａ　　b×㎜c");
    static const char *const order[] = {"Ａ", "　", "b", "×", "㎜", "c"};
    static const uint32_t folded[] = {0, 1, 2, 3, 4, 6};
    size_t doc = 0;
    for (size_t i = 0; i < 6; i++) {
        size_t pos;
        ck_assert(rt_str_find(rt_str_slice(t.doc, doc, t.doc.len), rt_str_from(order[i]), &pos));
        doc += pos;
        ck_assert_uint_eq(rt_text_folded(&t, (uint32_t)doc), folded[i]);
    }
    ck_assert_uint_eq(rt_text_folded(&t, 6), 2); /* the blank that went: where the next stands */
    ck_assert_uint_eq(rt_text_folded(&t, (uint32_t)t.doc.len), 7);
    fold("x\xC4\xB0y");
    ck_assert_uint_eq(rt_text_folded(&t, 1), 1);
    ck_assert_uint_eq(rt_text_folded(&t, 3), (uint32_t)t.folded.len - 1);
}
END_TEST

START_TEST(line_and_column)
{
    uint32_t line, col;
    rt_str text = RT_STR("ab\n肺c");
    rt_text_line_col(text, 0, &line, &col);
    ck_assert(line == 1 && col == 1);
    rt_text_line_col(text, 6, &line, &col);
    ck_assert(line == 2 && col == 3);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("text");
    TCase *c = tcase_create("text");
    tcase_add_test(c, what_matched_is_what_stands_there);
    tcase_add_test(c, empty_ranges_and_the_end);
    tcase_add_test(c, line_ends_point_to_line_ends);
    tcase_add_test(c, and_back);
    tcase_add_test(c, line_and_column);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed == 0 ? 0 : 1;
}
